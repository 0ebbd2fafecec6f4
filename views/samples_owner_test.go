package views

import (
	"slices"

	"usher/internal/i18n"
)

// peopleSamples are the owner's pages about accounts, mail and settings.
func peopleSamples(l *i18n.Locale) []sample {
	return slices.Concat(settingsSamples(l), connectionSamples(l), setupSamples(l), teamSamples(l), membersSamples(l), memberSamples(l), bulkSamples(l), listSamples(l), mailSamples(l))
}

func teamSamples(l *i18n.Locale) []sample {
	p := AdminTeamPage{
		Page: samplePage(l, l.T("admin.team.title"), "/admin/team", owner), Fresh: true, ProveURL: "/account/prove?next=%2Fadmin%2Fteam",
		Roles: []Choice{
			{"owner", l.T("role.owner"), l.T("role.owner.help"), false}, {"support", l.T("role.support"), l.T("role.support.help"), true},
			{"editor", l.T("role.editor"), l.T("role.editor.help"), false}, {"reader", l.T("role.reader"), l.T("role.reader.help"), false},
		},
		Rows: []TeamRow{
			{Email: "owner@example.org", Name: "Olivia", Role: l.T("role.owner"), State: l.T("admin.member.active"), Active: true, Own: true, URL: "/admin/members/1"},
			{Email: "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org", Name: longTitle[:80], Role: l.T("role.editor"),
				State: l.T("admin.member.disabled"), URL: "/admin/members/2", RoleURL: "/admin/team/2/role",
				Roles: []Option{{"editor", l.T("role.editor"), true}, {"member", l.T("role.member"), false}}},
		},
	}
	stale := p
	stale.Fresh = false
	broken := p
	broken.Error, broken.Email = l.T("member.error.self"), "nobody@example.org"
	broken.Errors = map[string]string{"email": l.T("grant.error.unknown_email"), "role": l.T("team.error.role")}
	return []sample{{"admin_team", AdminTeam(p)}, {"admin_team_stale", AdminTeam(stale)}, {"admin_team_errors", AdminTeam(broken)}}
}

func mailSamples(l *i18n.Locale) []sample {
	list := AdminMailsPage{
		Page: samplePage(l, l.T("admin.mails.title"), "/admin/mails", owner), Total: l.N("admin.mails.total", 4), TestTo: "owner@example.org",
		States: []Option{{Value: "", Label: l.T("admin.mails.any_state")}, {Value: "failed", Label: l.T("mailstate.failed"), Selected: true}},
		Rows: []AdminMailRow{
			{URL: "/admin/mails/1", Kind: l.T("mailkind.sign_in"), To: "anna@example.org", When: "2 Mar 2026, 09:15", State: l.T("mailstate.sent"), Attempts: "1", Answer: "250 2.0.0 Ok: queued as 4711", Sent: true},
			{URL: "/admin/mails/2", Kind: l.T("mailkind.invite"), To: "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org", When: "2 Mar 2026, 09:14", State: l.T("mailstate.failed"), Attempts: "12", Answer: "550 5.1.1 No such user here"},
			{URL: "/admin/mails/3", Kind: l.T("mailkind.test"), To: "owner@example.org", When: "2 Mar 2026, 09:13", State: l.T("mailstate.queued"), Attempts: "0"},
		},
		NextURL: "/admin/mails?page=2",
	}
	list.AdminNotices = []AdminNotice{{Text: l.N("admin.notice.mail_failed", 3), URL: "/admin/mails?state=failed", Link: l.T("admin.mails.title")}}
	none := AdminMailsPage{Page: list.Page, Total: l.N("admin.mails.total", 0), TestTo: "owner@example.org", States: list.States, Query: "nobody"}
	none.AdminNotices = []AdminNotice{{Text: l.T("admin.notice.proxy", "Address", "10.0.0.2")}, {Text: l.T("admin.notice.one_address")}}
	read := AdminMailPage{
		Page: samplePage(l, l.T("mailkind.sign_in"), "/admin/mails/1", owner), Subject: "471100", ResendURL: "/admin/mails/1/resend",
		Text:  "Radio Lumière\n\nEnter this code.\n\n471100\n\n-- \nhttps://radio.example\n",
		Facts: []Fact{{l.T("admin.mails.to"), "anna@example.org"}, {l.T("admin.member.state"), l.T("mailstate.sent")}, {l.T("admin.mail.answer"), "250 2.0.0 Ok: queued as 4711"}},
	}
	locked, over := read, read
	locked.Subject, locked.Text, locked.Locked, locked.ProveURL = "", "", true, "/account/prove"
	over.Subject, over.Text, over.Error = "", "", l.T("mail.error.over")
	return []sample{
		{"admin_mails", AdminMails(list)}, {"admin_mails_empty", AdminMails(none)},
		{"admin_mail", AdminMail(read)}, {"admin_mail_locked", AdminMail(locked)}, {"admin_mail_over", AdminMail(over)},
	}
}
