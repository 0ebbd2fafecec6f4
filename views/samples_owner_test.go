package views

import (
	"slices"
	"strconv"

	"usher/internal/i18n"
)

// peopleSamples are the owner's pages about accounts, mail and settings.
func peopleSamples(l *i18n.Locale) []sample {
	return slices.Concat(settingsSamples(l), connectionSamples(l), setupSamples(l), teamSamples(l), membersSamples(l), memberSamples(l), mailSamples(l))
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

func membersSamples(l *i18n.Locale) []sample {
	p := AdminMembersPage{
		Page: samplePage(l, l.T("admin.members.title"), "/admin/members?page=2&q=example", owner), Query: "example", Total: l.N("admin.members.total", 214),
		PrevURL: "/admin/members?page=1&q=example", NextURL: "/admin/members?page=3&q=example", CanInvite: true,
		Invitations: []InvitationRow{
			{"new@example.org", l.T("admin.members.invited", "Date", "2 Mar 2026, 09:15", "Until", "9 Mar 2026, 09:15")},
			{"a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org", l.T("admin.members.invited", "Date", "1 Mar 2026, 22:15", "Until", "8 Mar 2026, 22:15")},
		},
	}
	for i := range 20 {
		row := AdminMemberRow{URL: "/admin/members/" + strconv.Itoa(i), Email: "listener" + strconv.Itoa(i) + "@example.org", Name: "Anna",
			Role: l.T("role.member"), Since: "2 Mar 2026, 09:15", State: l.T("admin.member.active"), Active: true}
		switch i {
		case 1:
			row.Email, row.Name = "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org", longTitle[:80]
		case 2:
			row.State, row.Active, row.Name = l.T("admin.member.disabled"), false, ""
		case 3:
			row.State, row.Active = l.T("admin.member.unconfirmed"), false
		}
		p.Rows = append(p.Rows, row)
	}
	closed := AdminMembersPage{Page: p.Page, Query: "nobody", Total: l.N("admin.members.total", 0)}
	wrong := AdminMembersPage{Page: p.Page, Total: l.N("admin.members.total", 1), Rows: p.Rows[:1], CanInvite: true, Email: "anna",
		Errors: map[string]string{"email": l.T("user.error.email")}}
	return []sample{
		{"admin_members", AdminMembers(p)}, {"admin_members_closed", AdminMembers(closed)}, {"admin_members_errors", AdminMembers(wrong)},
	}
}

func memberSamples(l *i18n.Locale) []sample {
	p := AdminMemberPage{
		Page: samplePage(l, "Anna", "/admin/members/1", owner), Email: "anna@example.org", Name: "Anna",
		State: l.T("admin.member.active"), Active: true, BaseURL: "/admin/members/1", Fresh: true, FactorOn: true,
		Facts: []Fact{{l.T("login.email"), "anna@example.org"}, {l.T("admin.member.role"), l.T("role.member")},
			{l.T("admin.member.since"), "2 Mar 2026, 09:15"}, {l.T("account.sessions.last_seen"), "9 Mar 2026, 09:15"}, {l.T("admin.member.sessions"), "2"}},
		Ways: []Fact{{l.T("login.password"), l.T("admin.member.yes")}, {l.T("account.passkeys.title"), "1"},
			{l.T("admin.member.factor"), l.T("account.factor.since", "Date", evening(l))}, {l.T("account.identities.title"), "Infomaniak"}},
		Grants:    []GrantRow{{Opens: longTitle, Until: l.T("account.forever"), Live: true}},
		GrantsURL: "/admin/grants?email=anna%40example.org",
		History: []HistoryRow{
			{"9 Mar 2026, 09:15", "anna@example.org", l.T("record.session_start"), "password, Firefox, Linux", "203.0.113.…"},
			{"2 Mar 2026, 09:15", "owner@example.org", l.T("record.session_end_all"), longTitle, ""},
		},
	}
	handed := p
	handed.Link, handed.LinkUntil = "https://radio.example/link/qwertyuiopasdfghjklzxcvbnm234567qwertyuiopasdfghjklzxcvbnm", "3 Mar 2026, 09:15"
	off := p
	off.Fresh, off.ProveURL, off.Disabled, off.Active, off.State = false, "/account/prove", true, false, l.T("admin.member.disabled")
	off.Grants, off.Error = nil, l.T("member.error.disabled")
	own := p
	own.Own, own.Owner, own.Grants, own.History = true, true, nil, nil
	return []sample{
		{"admin_member", AdminMember(p)}, {"admin_member_link", AdminMember(handed)}, {"admin_member_off", AdminMember(off)}, {"admin_member_own", AdminMember(own)},
	}
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
