package views

import (
	"strconv"

	"usher/internal/i18n"
)

func membersSamples(l *i18n.Locale) []sample {
	any := Option{Label: l.T("people.any")}
	p := AdminMembersPage{
		Page: samplePage(l, l.T("admin.members.title"), "/admin/members?page=2&q=example", owner), Total: l.N("admin.members.total", 214),
		Search: MemberSearch{
			Query: "example", From: "2026-01-01", Narrowed: true,
			States: []Option{any, {Value: "active", Label: l.T("admin.member.active"), Selected: true}}, Roles: []Option{any, {Value: "member", Label: l.T("role.member")}},
			Accesses: []Option{any, {Value: "live", Label: l.T("people.access.live"), Selected: true}, {Value: "ended", Label: l.T("people.access.ended")}, {Value: "none", Label: l.T("people.access.none")}},
			Targets:  []Option{{Label: l.T("people.any_target")}, {Value: "everything", Label: l.T("account.everything")}, {Value: "item:1", Label: longTitle}},
			Sorts:    []Option{{Value: "newest", Label: l.T("people.sort.newest"), Selected: true}, {Value: "seen", Label: l.T("people.sort.seen")}},
		},
		All: l.N("people.bulk.all", 214), Hidden: []Hidden{{"q", "example"}, {"state", "active"}},
		Acts:    []Option{{Value: "extend", Label: l.T("people.act.extend")}, {Value: "mail", Label: l.T("people.act.mail")}, {Value: "export", Label: l.T("people.act.export")}},
		PrevURL: "/admin/members?page=1&q=example", NextURL: "/admin/members?page=3&q=example", CanInvite: true,
		Invitations: []InvitationRow{
			{"new@example.org", l.T("admin.members.invited", "Date", "2 Mar 2026, 09:15", "Until", "9 Mar 2026, 09:15")},
			{longAddress, l.T("admin.members.invited", "Date", "1 Mar 2026, 22:15", "Until", "8 Mar 2026, 22:15")},
		},
	}
	for i := range 20 {
		n := strconv.Itoa(i)
		row := AdminMemberRow{
			ID: n, URL: "/admin/members/" + n, Email: "listener" + n + "@example.org", Name: "Anna", Role: l.T("role.member"), Since: "2 Mar 2026, 09:15",
			Seen: "9 Mar 2026, 09:15", Access: l.T("account.until", "Date", "31 Dec 2026, 00:00"), State: l.T("admin.member.active"), Active: true,
		}
		switch i {
		case 1:
			row.Email, row.Name, row.Staff, row.Role = longAddress, longTitle[:80], true, l.T("role.support")
		case 2:
			row.State, row.Active, row.Name, row.Access = l.T("admin.member.disabled"), false, "", l.T("account.ended", "Date", "1 Mar 2026, 00:00")
		case 3:
			row.State, row.Active, row.Seen, row.Access = l.T("admin.member.unconfirmed"), false, l.T("people.never_seen"), l.T("people.no_access")
		}
		p.Rows = append(p.Rows, row)
	}
	closed := AdminMembersPage{Page: p.Page, Search: MemberSearch{Query: "nobody"}, Total: l.N("admin.members.total", 0)}
	wrong := AdminMembersPage{Page: p.Page, Total: l.N("admin.members.total", 1), Rows: p.Rows[:1], CanInvite: true, Email: "anna",
		Errors: map[string]string{"email": l.T("user.error.email")}}
	reader := p
	reader.Acts, reader.Viewer.Rights = nil, Rights{Staff: true, SeePeople: true}
	broad := AdminGrantsPage{Page: samplePage(l, l.T("admin.grants.title"), "/admin/grants?q=example", reader.Viewer), Query: "example",
		Narrowed: true, Broad: l.T("grant.error.broad", "Count", 100000)}
	nothing := broad
	nothing.Broad = ""
	return []sample{
		{"admin_grants_broad", AdminGrants(broad)}, {"admin_grants_nothing", AdminGrants(nothing)},
		{"admin_members", AdminMembers(p)}, {"admin_members_closed", AdminMembers(closed)}, {"admin_members_errors", AdminMembers(wrong)},
		{"admin_members_reader", AdminMembers(reader)},
	}
}

func grantSample(l *i18n.Locale, n int) AdminGrantRow {
	id := strconv.Itoa(n)
	return AdminGrantRow{
		ID: id, Email: "listener" + id + "@example.org", PersonURL: "/admin/members/" + id, Opens: "Lumière Jazz", From: "2 Mar 2026, 09:15",
		Until: l.T("account.until", "Date", evening(l)), Origin: l.T("origin.owner"), Live: true,
		RevokeURL: "/admin/grants/" + id + "/revoke", ExtendURL: "/admin/grants/" + id + "/extend",
	}
}

func memberSamples(l *i18n.Locale) []sample {
	first, over := grantSample(l, 1), grantSample(l, 2)
	first.Opens, first.Note = longTitle, "press"
	over.ExtendURL, over.AgainURL = "", "/admin/grants/2/again"
	over.Live, over.RevokeURL, over.Until = false, "", l.T("account.ended", "Date", evening(l))
	p := AdminMemberPage{
		Page: samplePage(l, "Anna", "/admin/members/1", owner), Email: "anna@example.org", Name: "Anna",
		State: l.T("admin.member.active"), Active: true, BaseURL: "/admin/members/1", Fresh: true, FactorOn: true, MayChange: true,
		Facts: []Fact{{l.T("login.email"), "anna@example.org"}, {l.T("admin.member.role"), l.T("role.member")},
			{l.T("admin.member.since"), "2 Mar 2026, 09:15"}, {l.T("account.sessions.last_seen"), "9 Mar 2026, 09:15"}, {l.T("admin.member.sessions"), "2"}},
		Ways: []Fact{{l.T("login.password"), l.T("admin.member.yes")}, {l.T("account.passkeys.title"), "1"},
			{l.T("admin.member.factor"), l.T("account.factor.since", "Date", evening(l))}, {l.T("account.identities.title"), "Infomaniak"}},
		Grants: []AdminGrantRow{first, over}, Note: "Called on Monday about the concert.\nWants a refund.",
		GrantForm: GrantFields{Opens: []Option{{Value: "everything", Label: l.T("account.everything")}, {Value: "item:1", Label: longTitle}}, Zone: "Europe/Zurich"},
		NextURL:   "/admin/members/1?page=2",
		Timeline: []MomentRow{
			{When: "9 Mar 2026, 09:15", What: l.T("record.session_start"), Detail: "password, Firefox, Linux", Who: l.T("people.moment.self"), From: "203.0.113.*"},
			{When: "8 Mar 2026, 22:15", What: l.T("mailkind.access"), Mail: true, State: l.T("mailstate.failed"), Detail: "550 5.1.1 No such user here", URL: "/admin/mails/1", ResendURL: "/admin/mails/1/resend"},
			{When: "8 Mar 2026, 22:15", What: l.T("mailkind.sign_in"), Mail: true, Good: true, State: l.T("mailstate.sent"), URL: "/admin/mails/2", ResendURL: "/admin/mails/2/resend"},
			{When: "7 Mar 2026, 22:15", What: l.T("people.moment.ended"), Detail: l.T("people.moment.grant", "Opens", longTitle, "Origin", l.T("origin.voucher"))},
			{When: "2 Mar 2026, 09:15", What: l.T("record.grant_extend"), Detail: longAddress + " item:1 until 2026-03-01T23:00:00Z → 2026-03-31T22:00:00Z", Who: "owner@example.org"},
			{When: "2 Mar 2026, 09:15", What: l.T("people.moment.made")},
		},
	}
	handed := p
	handed.Link, handed.LinkUntil = "https://radio.example/link/qwertyuiopasdfghjklzxcvbnm234567qwertyuiopasdfghjklzxcvbnm", "3 Mar 2026, 09:15"
	off := p
	off.Fresh, off.ProveURL, off.Disabled, off.Active, off.State = false, "/account/prove", true, false, l.T("admin.member.disabled")
	off.Grants, off.Error, off.BlockReason = nil, l.T("member.error.disabled"), "Shares the password with "+longAddress
	own := p
	own.Own, own.Owner, own.Grants, own.Timeline, own.NextURL = true, true, nil, nil, ""
	wrong := p
	wrong.Error, wrong.Reason = l.T("error.invalid"), longTitle
	wrong.Errors = map[string]string{"reason": l.T("member.error.reason"), "staff_note": l.T("member.error.note"), "opens": l.T("grant.error.scope"),
		"until": l.T("grant.error.until"), "note": l.T("grant.error.note")}
	reader := p
	reader.MayChange, reader.Viewer.Rights = false, Rights{Staff: true, SeePeople: true}
	return []sample{
		{"admin_member", AdminMember(p)}, {"admin_member_link", AdminMember(handed)}, {"admin_member_off", AdminMember(off)}, {"admin_member_own", AdminMember(own)},
		{"admin_member_errors", AdminMember(wrong)}, {"admin_member_reader", AdminMember(reader)},
	}
}

func bulkSamples(l *i18n.Locale) []sample {
	var all []sample
	base := AdminBulkPage{
		Whom: l.N("people.bulk.all", 214), Query: []Fact{{l.T("admin.members.search"), "example"}, {l.T("people.filter.target"), longTitle}},
		Fresh: true, BackURL: "/admin/members?q=example", Days: "30",
		Grant: GrantFields{Opens: []Option{{Label: l.T("people.bulk.every_grant")}, {Value: "item:1", Label: longTitle}}, Zone: "Europe/Zurich"},
	}
	for _, act := range []string{"extend", "give", "revoke", "block", "unblock", "mail", "export"} {
		p := base
		p.Page, p.Act = samplePage(l, l.T("people.act."+act), "/admin/members/bulk?act="+act, owner), act
		p.Hidden = []Hidden{{"q", "example"}, {"scope", "all"}, {"act", act}}
		all = append(all, sample{"admin_bulk_" + act, AdminBulk(p)})
		if act != "mail" {
			continue
		}
		wrong, sure := p, p
		wrong.Error, wrong.MailOff = l.T("error.invalid"), true
		wrong.Errors = map[string]string{"subject": l.T("bulk.error.subject"), "text": l.T("bulk.error.text")}
		sure.Confirm, sure.Effect, sure.Skipped = true, l.T("people.effect.mail", "People", l.N("admin.members.total", 212)), l.N("people.bulk.skipped", 2)
		sure.MailSubject, sure.MailText = "Concert on Friday", "Radio Lumière\n\nConcert on Friday\n\nThe doors open at eight.\n"
		sure.Typed = []Hidden{{"subject", "Concert on Friday"}, {"text", "The doors open at eight."}}
		none, stale := sure, p
		none.Nothing, none.MailText = l.T("people.bulk.nobody"), ""
		stale.Fresh, stale.ProveURL = false, "/account/prove"
		lost := AdminBulkPage{Page: p.Page, Act: act, Lost: true, Error: l.T("bulk.error.selected"), BackURL: "/admin/members", Fresh: true}
		all = append(all, sample{"admin_bulk_errors", AdminBulk(wrong)}, sample{"admin_bulk_confirm", AdminBulk(sure)},
			sample{"admin_bulk_nobody", AdminBulk(none)}, sample{"admin_bulk_stale", AdminBulk(stale)}, sample{"admin_bulk_lost", AdminBulk(lost)})
	}
	return append(all, jobSamples(l)...)
}

func jobSamples(l *i18n.Locale) []sample {
	p := AdminJobPage{
		Page: samplePage(l, l.T("people.act.mail"), "/admin/members/jobs/1", owner), BaseURL: "/admin/members/jobs/1", MayChange: true,
		Job: JobProgress{
			State: l.T("people.job.running"), Progress: l.T("people.job.progress", "Done", 300, "Total", 10000), Done: "300", Total: "10000", Working: true, Running: true,
			Counts: []Fact{{l.T("people.count.people"), "298"}, {l.T("people.count.skipped"), "2"}},
			Facts:  []Fact{{l.T("people.job.who"), longAddress}, {l.T("people.job.begun"), "2 Mar 2026, 09:15"}},
		},
	}
	stopped := p
	stopped.Job.Working, stopped.Job.Running, stopped.Job.Stopped, stopped.Job.Problem = false, false, true, l.T("job.error.stopped")
	list := AdminJobsPage{Page: samplePage(l, l.T("people.jobs.title"), "/admin/members/jobs", owner), Rows: []JobRow{
		{What: l.T("people.act.mail"), Who: longAddress, When: "2 Mar 2026, 09:15", State: l.T("people.job.running"), Size: l.N("admin.members.total", 10000), URL: "/admin/members/jobs/1"},
		{What: l.T("people.import.of", "File", longTitle), Who: "owner@example.org", When: "1 Mar 2026, 09:15", State: l.T("people.job.done"), Good: true, Size: l.N("people.import.lines", 50000)},
	}}
	return []sample{
		{"admin_job", AdminJob(p)}, {"admin_job_stopped", AdminJob(stopped)},
		{"admin_jobs", AdminJobs(list)}, {"admin_jobs_empty", AdminJobs(AdminJobsPage{Page: list.Page})},
	}
}

func listSamples(l *i18n.Locale) []sample {
	start := AdminListsPage{
		Page: samplePage(l, l.T("people.import.title"), "/admin/members/import", owner), Fresh: true, Zone: "Europe/Zurich", Most: "20",
		Rows: []JobRow{{What: l.T("people.import.of", "File", longTitle), Who: "owner@example.org", When: "1 Mar 2026, 09:15", State: l.T("people.job.done"), Good: true,
			Size: l.N("people.import.lines", 50000), URL: "/admin/members/import/1"}},
	}
	stale, wrong := start, start
	stale.Fresh, stale.ProveURL, stale.Rows = false, "/account/prove", nil
	wrong.Errors = map[string]string{"file": l.T("people.import.error.utf16")}
	fields := []Option{{Label: l.T("people.import.ignore")}, {Value: "email", Label: l.T("people.field.email"), Selected: true}, {Value: "name", Label: l.T("people.field.name")}}
	p := AdminListPage{
		Page: samplePage(l, l.T("people.import.of", "File", "members.csv"), "/admin/members/import/1", owner), BaseURL: "/admin/members/import/1",
		Size: l.N("people.import.lines", 50000), Comma: l.T("people.import.semicolon"), Latin: true, Fresh: true, Mapping: true,
		Job: JobProgress{State: l.T("people.job.uploaded"), Facts: []Fact{{l.T("people.job.who"), "owner@example.org"}}},
		Columns: []ListColumn{{Name: "column0", Head: "E-Mail", Samples: []string{"anna@example.org", longAddress}, Fields: fields},
			{Name: "column1", Head: l.T("people.import.column", "Number", 2), Fields: fields}},
		Shows: []Tab{{Label: l.T("people.import.all_lines"), URL: "/admin/members/import/1", Current: true}},
		Rows:  []ListLine{{Number: "2", Cells: []string{"anna@example.org", "Anna"}}, {Number: "3", Cells: []string{longAddress, longTitle}}},
	}
	checked := p
	checked.Checked, checked.ErrorsURL, checked.NextURL = true, "/admin/members/import/1/errors.csv", "/admin/members/import/1?after=20"
	checked.Job.State = l.T("people.job.checked")
	checked.Job.Counts = []Fact{{l.T("people.count.new"), "49990"}, {l.T("people.count.bad"), "10"}}
	checked.Shows = append(checked.Shows, Tab{Label: l.T("people.verdict.bad"), URL: "/admin/members/import/1?show=bad"})
	checked.Rows = []ListLine{{Number: "2", Cells: []string{"anna@example.org", "Anna"}, Verdict: l.T("people.verdict.new")},
		{Number: "3", Cells: []string{longAddress, longTitle}, Verdict: l.T("people.verdict.bad"), Problem: l.T("people.import.error.date"), Bad: true}}
	blocked, done, undone := checked, checked, checked
	blocked.Hindrance, blocked.StopAtBad, blocked.Error = l.T("people.import.error.bad_rows"), true, l.T("people.import.error.state")
	blocked.Errors = map[string]string{"columns": l.T("people.import.error.no_email")}
	done.Mapping, done.Checked, done.CanUndo, done.UndoUntil, done.Job.Good = false, false, true, "1 Apr 2026, 09:15", true
	undone.Mapping, undone.Checked, undone.Undone, undone.ErrorsURL = false, false, true, ""
	return []sample{
		{"admin_lists", AdminLists(start)}, {"admin_lists_stale", AdminLists(stale)}, {"admin_lists_errors", AdminLists(wrong)},
		{"admin_list", AdminList(p)}, {"admin_list_checked", AdminList(checked)}, {"admin_list_blocked", AdminList(blocked)},
		{"admin_list_done", AdminList(done)}, {"admin_list_undone", AdminList(undone)},
	}
}
