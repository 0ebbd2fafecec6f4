package views

import (
	"strconv"
	"time"

	"usher/internal/i18n"
)

// figureSamples are the overview and the record of changes.
func figureSamples(l *i18n.Locale) []sample {
	full := overviewSample(l)
	few := AdminOverviewPage{
		Page: full.Page, Counted: full.Counted, Version: "(devel)", Plays: []Figure{{Label: l.T("overview.plays_today"), Value: "0", Note: l.T("overview.plays_today.note")}},
		PlayChart: sampleChart(l, "plays", 0),
	}
	few.Viewer.Rights = Rights{Staff: true, SeeItems: true, EditItems: true}
	return append([]sample{{"admin_overview", AdminOverview(full)}, {"admin_overview_editor", AdminOverview(few)}}, recordSamples(l)...)
}

func sampleChart(l *i18n.Locale, name string, highest int) *Chart {
	c := &Chart{
		ID: "chart-" + name, Title: l.T("overview.chart." + name), Count: l.T("overview.chart." + name + ".count"),
		Highest: l.Number(highest), Empty: highest == 0, Desc: l.T("overview.chart.desc", "Total", "1,234", "Highest", l.Number(highest)),
	}
	for i := range 30 {
		day := time.Date(2026, 3, 1+i, 12, 0, 0, 0, time.UTC)
		c.Bars = append(c.Bars, Bar{Day: l.ShortDate(day), Long: l.Date(day), Amount: l.Number(i * highest / 30), X: strconv.Itoa(i * BarStep), Height: i * min(highest, BarRoom) / 30})
	}
	return c
}

func overviewSample(l *i18n.Locale) AdminOverviewPage {
	return AdminOverviewPage{
		Page: samplePage(l, l.T("overview.title"), "/admin", owner), Version: "v1.4.0 0123456789abcdef0123456789abcdef01234567",
		Counted: l.T("overview.counted", "Date", evening(l), "Zone", "Europe/Zurich"),
		Problems: []AdminNotice{
			{Text: l.T("overview.problem.resting", "Date", "29 Nov 2026, 20:00", "Error", "supplier answered 502"), URL: "/admin/items", Link: l.T("overview.problem.items")},
			{Text: l.T("overview.problem.refused", "Date", "29 Nov 2026, 20:00", "Error", "supplier answered 401"), URL: "/admin/items", Link: l.T("overview.problem.items")},
			{Text: l.T("overview.problem.source", "Title", longTitle, "Source", "MP3", "Date", "29 Nov 2026, 20:00", "Trouble", l.T("trouble.token")), URL: "/admin/items/1", Link: longTitle},
			{Text: l.T("overview.problem.more"), URL: "/admin/items", Link: l.T("admin.items.title")},
			{Text: l.N("admin.health.clock.ahead", 182)}, {Text: l.N("admin.health.clock.behind", 90)},
			{Text: l.T("overview.problem.disk", "Free", "120 MB", "Total", "20,000 MB")},
		},
		Plays: []Figure{
			{Label: l.T("overview.listening"), Value: l.Number(1234567), Note: l.T("overview.listening.note")},
			{Label: l.T("overview.plays_week"), Value: "7", Note: l.T("overview.week.note")}, {Label: l.T("overview.plays_month"), Value: "30", Note: l.T("overview.month.note")},
		},
		People: []Figure{
			{Label: l.T("overview.members"), Value: l.Number(100000), Note: l.T("overview.members.note", "Confirmed", "98,000", "Blocked", "1,000"), URL: "/admin/members"},
			{Label: l.T("overview.new_week"), Value: "1", Note: l.T("overview.week.note")}, {Label: l.T("overview.new_month"), Value: "1", Note: l.T("overview.month.note")},
			{Label: l.T("overview.leaving"), Value: "9", Note: l.T("overview.leaving.note", "Deleted", "2", "Ended", "7")},
			{Label: l.T("overview.ending"), Value: "9", Note: l.T("overview.ending.note", "Date", "6 Dec 2026, 20:00")},
			{Label: l.T("overview.sign_ins"), Value: "9", Note: l.T("overview.sign_ins.note")},
		},
		PlayChart: sampleChart(l, "plays", 100), MemberChart: sampleChart(l, "members", 3),
		MostPlayed: []RankedRow{{longTitle, "/admin/items/1", l.Number(12345)}, {l.T("overview.item_gone"), "", "2"}},
		Listening:  []RankedRow{{"Lumière Jazz", "/admin/items/2", "7"}},
		Refusals: []RankedRow{
			{l.T("overview.reason.signed_out"), "", "9"}, {l.T("overview.reason.no_grant"), "", "8"}, {l.T("overview.reason.grant_ended"), "", "7"},
			{l.T("overview.reason.grant_later"), "", "6"}, {l.T("overview.reason.not_yet_open"), "", "5"}, {l.T("overview.reason.closed"), "", "4"},
			{l.T("overview.reason.disabled"), "", "3"}, {l.T("overview.reason.unconfirmed"), "", "2"},
		},
	}
}

func recordSamples(l *i18n.Locale) []sample {
	list := AdminRecordPage{
		Page: samplePage(l, l.T("audit.title"), "/admin/audit", owner), Zone: "Europe/Zurich", Fresh: true, Total: l.T("audit.total.more", "Count", "10,000"),
		Actors:  []Option{{Label: l.T("audit.anybody")}, {Value: "-", Label: l.T("audit.command")}, {Value: "1", Label: "owner@example.org", Selected: true}},
		Actions: []Option{{Label: l.T("audit.any_action")}, {Value: "item.update", Label: l.T("record.item_update"), Selected: true}},
		Sorts:   []Option{{Value: "newest", Label: l.T("people.sort.newest")}, {Value: "oldest", Label: l.T("people.sort.oldest"), Selected: true}},
		NextURL: "/admin/audit?page=2", Filtered: true, Subject: "Lumière Jazz", SubjectID: "I1", From: "2026-03-01", To: "2026-03-31",
		Rows: []RecordRow{
			{When: "9 Mar 2026, 09:15", Who: "owner@example.org", WhoURL: "/admin/audit?actor=1", Action: l.T("record.item_update"), Detail: `title "a" → "` + longTitle + `"`,
				From: "203.0.113.*", Subject: "Lumière Jazz", SubjectURL: "/admin/items/I1", LinesURL: "/admin/audit?subject=I1"},
			{When: "2 Mar 2026, 09:15", Who: l.T("audit.command"), WhoURL: "/admin/audit?actor=-", Action: l.T("record.user_create"),
				Subject: "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org", SubjectURL: "/admin/members/1", LinesURL: "/admin/audit?subject=1"},
			{When: "2 Mar 2026, 09:14", Who: l.T("audit.command_name", "Name", "demo"), WhoURL: "/admin/audit?actor=-", Action: l.T("record.site_settings"), Detail: "90 → 30",
				Subject: "keep_mails_days", LinesURL: "/admin/audit?subject=keep_mails_days"},
		},
	}
	none := AdminRecordPage{
		Page: list.Page, Zone: list.Zone, Total: l.N("audit.total", 0), Actors: list.Actors, Actions: list.Actions, Filtered: true, Query: "anna@example.org",
		Searched: l.T("audit.searched", "Count", "20,000"), About: "anna@example.org", AboutURL: "/admin/audit?subject=1", ByURL: "/admin/audit?actor=1",
		ProveURL: "/account/prove?next=%2Fadmin%2Faudit", From: "soon", Errors: map[string]string{"from": l.T("audit.error.date")},
	}
	reader := list
	reader.Viewer.Rights = Rights{Staff: true, SeeItems: true, SeePeople: true, SeeRecord: true}
	return []sample{{"admin_record", AdminRecord(list)}, {"admin_record_empty", AdminRecord(none)}, {"admin_record_reader", AdminRecord(reader)}}
}
