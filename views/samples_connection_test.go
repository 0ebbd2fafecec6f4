package views

import "usher/internal/i18n"

// connectionSamples are the page of the way to Infomaniak: nothing set, tested
// well and badly, mistakes, and a token of the operator.
func connectionSamples(l *i18n.Locale) []sample {
	styles := []Choice{
		{"v1", l.T("admin.connection.style.v1"), l.T("admin.connection.style.v1.help"), true},
		{"pub", l.T("admin.connection.style.pub"), l.T("admin.connection.style.pub.help"), false},
	}
	empty := AdminConnectionPage{
		Page: samplePage(l, l.T("admin.connection.title"), "/admin/settings/connection", owner), Fresh: true,
		ProveURL: "/account/prove?next=%2Fadmin%2Fsettings%2Fconnection", State: l.T("admin.connection.state.none"), Styles: styles,
		Verdict: HealthBadge{State: "amber", Word: l.T("connection.verdict.none")},
	}
	yes, no, unknown := l.T("connection.finding.yes"), l.T("connection.finding.no"), l.T("connection.finding.unknown")
	full := empty
	full.State, full.Set, full.CanTest, full.Account = l.T("admin.connection.state.ending", "Ending", "ab9Z"), true, true, "48213"
	full.Verdict = HealthBadge{State: "green", Word: l.T("connection.verdict.works")}
	full.Changed = l.T("admin.connection.changed", "Date", evening(l), "Name", "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org")
	full.Report = ConnectionReport{
		When: l.T("admin.connection.test.at", "Date", evening(l)), Headline: l.T("admin.connection.test.works"),
		Missed: l.T("admin.connection.test.missed", "Date", evening(l), "Cause", l.T("trouble.busy")),
		Points: []ConnectionPoint{
			{Finding: yes, Good: true, Text: l.T("connection.check.token.yes")},
			{Finding: yes, Good: true, Text: l.T("connection.check.radio.yes", "Stream", "aveeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeery-long-mountpoint-of-a-radio-128.mp3")},
			{Finding: no, Text: l.T("connection.check.vod.no"), Detail: "403 vod_access_denied (Access denied)"},
			{Finding: unknown, Text: l.T("connection.check.style_pub.unknown"), Cause: l.T("trouble.timeout")},
		},
	}
	stale := full
	stale.Fresh, stale.CanTest, stale.State, stale.Report = false, false, l.T("admin.connection.state.sealed"), ConnectionReport{}
	stale.Verdict = empty.Verdict
	stale.Changed = l.T("admin.connection.changed.nobody", "Date", evening(l))
	empty.FormFirst = true
	broken := empty
	broken.Error, broken.Account = l.T("error.invalid"), "my company"
	broken.Errors = map[string]string{"token": l.T("connection.error.token"), "account": l.T("connection.error.account"), "vod_style": l.T("connection.error.style")}
	broken.More = true
	refused := full
	refused.Error, refused.FormFirst, refused.Anyway = l.T("connection.error.refused"), true, true
	refused.Errors = map[string]string{"token": l.T("connection.error.again")}
	refused.Report = ConnectionReport{
		When: l.T("admin.connection.test.unsaved", "Date", evening(l)), Headline: l.T("admin.connection.test.fails"),
		Points: []ConnectionPoint{{Finding: no, Text: l.T("connection.check.token.no"), Cause: l.T("trouble.token"), Detail: "401 not_authorized"}},
	}
	operator := full
	operator.ByOperator, operator.State, operator.Changed = true, l.T("admin.connection.state.operator"), ""
	return []sample{
		{"admin_connection", AdminConnection(full)}, {"admin_connection_empty", AdminConnection(empty)},
		{"admin_connection_stale", AdminConnection(stale)}, {"admin_connection_errors", AdminConnection(broken)},
		{"admin_connection_refused", AdminConnection(refused)},
		{"admin_connection_operator", AdminConnection(operator)},
	}
}
