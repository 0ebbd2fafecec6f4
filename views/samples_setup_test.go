package views

import "usher/internal/i18n"

// sampleSettings is the frame of the samples of settings.
func sampleSettings(l *i18n.Locale, key, path string, rows ...SettingRow) SettingsForm {
	return SettingsForm{
		Page: samplePage(l, l.T(key), path, owner), Title: l.T(key), Lead: l.T(key + ".lead"), Action: path,
		Fresh: true, ProveURL: "/account/prove", Rows: rows,
	}
}

func settingsSamples(l *i18n.Locale) []sample {
	changed := l.T("admin.settings.changed", "Date", "24 Nov 2026, 21:15", "Name", "owner@example.org")
	signUpRow := SettingRow{Label: l.T("setting.sign_up"), Value: l.T("admin.settings.sign_up.invitation"),
		Default: l.T("admin.settings.default", "Value", l.T("admin.settings.sign_up.closed")), Changed: changed}
	index := AdminSettingsPage{Page: samplePage(l, l.T("admin.settings.title"), "/admin/settings", owner), Sections: []SettingsSection{
		{Title: l.T("admin.settings.sign_up"), Lead: l.T("admin.settings.sign_up.lead"), URL: "/admin/settings/sign-up", Rows: []SettingRow{signUpRow}},
		{Title: l.T("admin.settings.mail"), Lead: l.T("admin.settings.mail.lead"), URL: "/admin/settings/mail", Rows: []SettingRow{
			{Label: l.T("operator.smtp_host"), Value: longTitle, Env: "USHER_SMTP_HOST"},
			{Label: l.T("operator.smtp_password"), Value: l.T("admin.settings.secret"), Env: "USHER_SMTP_PASSWORD"}}},
		{Title: l.T("admin.settings.team"), Lead: l.T("admin.settings.team.lead"), URL: "/admin/team"},
	}}
	signUp := SettingsSignUpPage{
		SettingsForm: sampleSettings(l, "admin.settings.sign_up", "/admin/settings/sign-up", signUpRow),
		Modes: []Choice{
			{"open", l.T("admin.settings.sign_up.open"), l.T("admin.settings.sign_up.open.help"), false},
			{"invitation", l.T("admin.settings.sign_up.invitation"), l.T("admin.settings.sign_up.invitation.help"), true},
			{"closed", l.T("admin.settings.sign_up.closed"), l.T("admin.settings.sign_up.closed.help"), false},
		},
		Previews: []Option{{Value: "/admin/settings/sign-up/preview?mode=open", Label: l.T("admin.settings.sign_up.open")}},
	}
	broken := signUp
	broken.Error, broken.Errors = l.T("error.invalid"), map[string]string{"sign_up": l.T("settings.error.sign_up")}
	safety := SettingsSafetyPage{SettingsForm: sampleSettings(l, "admin.settings.safety", "/admin/settings/safety"), NoFactor: true}
	stale := safety
	stale.Fresh, stale.NeedFactor, stale.NoFactor = false, true, false
	keeping := SettingsKeepingPage{SettingsForm: sampleSettings(l, "admin.settings.keep", "/admin/settings/keeping"), KeepNetworks: "30", KeepMails: "a year", KeepPlays: "90"}
	keeping.Errors = map[string]string{"keep_mails": l.T("settings.error.days")}
	return append([]sample{
		{"admin_settings", AdminSettings(index)}, {"settings_sign_up", SettingsSignUp(signUp)}, {"settings_sign_up_errors", SettingsSignUp(broken)},
		{"settings_safety", SettingsSafety(safety)}, {"settings_safety_stale", SettingsSafety(stale)},
		{"settings_keeping_errors", SettingsKeeping(keeping)},
		{"settings_server", SettingsServer(SettingsServerPage{Page: samplePage(l, l.T("admin.settings.server"), "/admin/settings/server", owner), Rows: index.Sections[1].Rows})},
	}, mailSettingsSamples(l)...)
}

func mailSettingsSamples(l *i18n.Locale) []sample {
	p := SettingsMailPage{
		Page: samplePage(l, l.T("admin.settings.mail"), "/admin/settings/mail", owner), TestTo: "owner@example.org",
		Rows: []SettingRow{{Label: l.T("operator.smtp_host"), Value: "mail.infomaniak.com"}},
	}
	waits := p
	waits.Waits, waits.Test = true, AdminMailRow{URL: "/admin/mails/1", Kind: l.T("mailkind.test"), When: evening(l), State: l.T("mailstate.queued")}
	sent := waits
	sent.Waits, sent.Test.Sent, sent.Test.State, sent.Test.Answer = false, true, l.T("mailstate.sent"), "250 2.0.0 Ok: queued as 4bXk"
	failed := waits
	failed.Waits, failed.Test.State = false, l.T("mailstate.failed")
	failed.Test.Answer = "550 5.7.1 Sender address rejected: not owned by user no-reply@a-very-long-domain-name-of-a-station.example"
	off := p
	off.Rows, off.Example = nil, "USHER_SMTP_HOST=smtp.station.example\nUSHER_SMTP_USER=no-reply@a-very-long-domain-name-of-a-station.example"
	demo := sent
	demo.Rows, demo.MailboxURL = nil, "/_demo/mailbox"
	return []sample{
		{"settings_mail", SettingsMail(p)}, {"settings_mail_waits", SettingsMail(waits)}, {"settings_mail_sent", SettingsMail(sent)},
		{"settings_mail_failed", SettingsMail(failed)}, {"settings_mail_off", SettingsMail(off)}, {"settings_mail_demo", SettingsMail(demo)},
	}
}

// sampleStep is a step of the set-up in a state.
func sampleStep(l *i18n.Locale, name, state, fact string) SetupStep {
	s := SetupStep{
		Title: l.T("setup.step." + name + ".title"), Why: l.T("setup.step." + name + ".why"), Time: l.N("setup.minutes", 2),
		State: state, Label: l.T("setup.state." + state), Fact: fact, URL: "/admin/settings/" + name,
	}
	if state != "done" {
		s.SkipURL = "/admin/setup/" + name + "/skip"
	} else {
		s.When = "24 Nov 2026, 21:15"
	}
	return s
}

// skippedStep is one without which nobody can play.
func skippedStep(l *i18n.Locale, name string) SetupStep {
	s := sampleStep(l, name, "open", "")
	s.Skipped, s.Label, s.Without = true, l.T("setup.state.skipped"), l.T("setup.step."+name+".without")
	return s
}

func setupSamples(l *i18n.Locale) []sample {
	first := SetupPage{Page: samplePage(l, l.T("setup.title"), "/login", nobody), Action: "/setup/secret"}
	broken := first
	broken.Email, broken.Name = "olivia@", longTitle
	broken.Errors = map[string]string{"email": l.T("user.error.email"), "name": l.T("user.error.name"), "password": l.T("user.error.password_short")}
	list := AdminSetupPage{
		Page: samplePage(l, l.T("setup.list.title"), "/admin/setup", owner), Done: 1, Of: 4, Guided: true,
		Progress: l.N("setup.count.done", 1) + ", " + l.N("setup.count.left", 3), Next: sampleStep(l, "connection", "open", ""),
		First: []SetupStep{
			sampleStep(l, "owner", "done", l.T("setup.fact.owner", "Email", "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org")),
			sampleStep(l, "connection", "open", ""),
			sampleStep(l, "mail", "trouble", l.T("setup.fact.mail.failed", "Answer", "550 5.7.1 Sender address rejected: not owned by user")),
			sampleStep(l, "items", "open", l.N("setup.fact.items.drafts", 2)),
		},
		Later: []SetupStep{sampleStep(l, "deputy", "open", l.N("setup.fact.deputy", 1))},
	}
	list.Later[0].Skipped, list.Later[0].Label = true, l.T("setup.state.skipped")
	ready := list
	ready.Next, ready.Done, ready.Guided, ready.First = SetupStep{}, 4, false, list.First[:1]
	ready.Page.Title, ready.Progress = l.T("setup.all_done"), l.N("setup.count.done", 4)
	through := ready
	through.First = []SetupStep{list.First[0], skippedStep(l, "connection")}
	through.Page.Title, through.Progress = l.T("setup.through"), l.N("setup.count.done", 1)+", "+l.N("setup.count.skipped", 1)
	return append([]sample{
		{"setup", Setup(first)}, {"setup_errors", Setup(broken)},
		{"admin_setup", AdminSetup(list)}, {"admin_setup_ready", AdminSetup(ready)},
		{"admin_setup_through", AdminSetup(through)},
	}, guideSamples(l)...)
}

func guideSamples(l *i18n.Locale) []sample {
	page := samplePage(l, l.T("setup.invite.title"), "/admin/setup/invite", owner)
	page.Guide = &Guide{Step: sampleStep(l, "invite", "open", l.T("setup.fact.invite.none")), Position: l.T("setup.position", "Step", 8, "Of", 9),
		AfterURL: "/admin/setup/listen", Next: l.T("setup.next", "Step", l.T("setup.step.listen.title"))}
	invite := SetupInvitePage{Page: page, Opens: []Option{{"item:1", longTitle, true}, {"everything", l.T("setup.invite.everything"), false}, {"", l.T("setup.invite.nothing"), false}}}
	closed := invite
	closed.Closed, closed.Email, closed.Error = true, "ben@", l.T("error.invalid")
	closed.Errors = map[string]string{"email": l.T("user.error.email"), "opens": l.T("grant.error.scope")}
	handed := invite
	settled := *page.Guide
	settled.Step, settled.Settled = sampleStep(l, "invite", "done", l.N("setup.fact.invite.members", 1)), true
	handed.Guide, handed.Link = &settled, "https://radio.example/link/4QXG7P2ZJ5N6LK3M4QXG7P2ZJ5N6LK3M4QXG7P2ZJ5N6LK3M1234"
	handed.LinkText = l.T("admin.member.link.text", "Email", "ben@example.org", "Date", evening(l))
	handed.Waiting = []InvitationRow{{"new@example.org", l.T("admin.members.invited", "Date", "2 Mar 2026, 09:15", "Until", "9 Mar 2026, 09:15")}}
	listen := SetupListenPage{Page: samplePage(l, l.T("setup.step.listen.title"), "/admin/setup/listen", owner), ItemsURL: "/admin/items/import"}
	on := listen
	on.Title, on.URL = longTitle, "/listen/lumiere?from=setup"
	last := settled
	last.Step, last.Position, last.Next = sampleStep(l, "listen", "done", l.T("setup.fact.listen")), l.T("setup.position", "Step", 9, "Of", 9), ""
	on.Guide = &last
	listen.Guide = &Guide{Step: skippedStep(l, "connection"), Position: l.T("setup.position", "Step", 3, "Of", 9), AfterURL: "/admin/settings/mail"}
	return []sample{
		{"setup_invite", SetupInvite(invite)}, {"setup_invite_closed", SetupInvite(closed)}, {"setup_invite_link", SetupInvite(handed)},
		{"setup_listen", SetupListen(on)}, {"setup_listen_empty", SetupListen(listen)},
	}
}
