package views

import "usher/internal/i18n"

// healthSamples are the pages that tell whether the paywall holds.
func healthSamples(l *i18n.Locale) []sample {
	badge := func(state string) HealthBadge { return HealthBadge{State: state, Word: l.T("probe.state." + state)} }
	row := func(name, state, cause string) HealthRow {
		return HealthRow{
			URL: "/admin/health/abc", Name: name, Badge: badge(state), Cause: l.T("probe.cause." + cause),
			Since: evening(l), Checked: evening(l), CheckURL: "/admin/health/abc/check",
		}
	}
	leak, key := row("Lumière Jazz, MP3 128 kbit/s", "red", "leak"), row(longTitle, "amber", "key")
	leak.Todo, leak.Link = l.T("probe.do.leak"), HealthLink{"/admin/health/abc#protection", l.T("admin.health.protect")}
	key.Todo, key.Link, key.Draft = l.T("probe.do.key"), HealthLink{"/admin/settings/connection", l.T("admin.health.go.connection")}, l.T("admin.items.draft")
	grey := row("The Seagull", "grey", "never")
	grey.Since, grey.Checked = "–", l.T("admin.health.never")
	full := AdminHealthPage{
		Page: samplePage(l, l.T("admin.health.title"), "/admin/health", owner), Total: l.N("admin.health.total", 4),
		States: []HealthCount{
			{badge("red"), 1, "/admin/health?state=red#sources"}, {badge("amber"), 1, "/admin/health?state=amber#sources"},
			{badge("grey"), 1, "/admin/health?state=grey#sources"}, {badge("green"), 597, "/admin/health?state=green#sources"},
		},
		Problems: []HealthRow{leak, key}, More: l.N("admin.health.more", 12), MoreURL: "#sources",
		Waiting: l.N("admin.health.waiting", 3), Vitals: sampleVitals(l), Query: "lum",
		StateChoices: []Option{{Label: l.T("admin.mails.any_state")}, {Value: "red", Label: l.T("probe.state.red"), Selected: true}},
		Sorts:        []Option{{Value: "state", Label: l.T("admin.health.sort.state")}},
		Rows:         []HealthRow{leak, key, grey, row("Studio", "green", "closed")}, PrevURL: "/admin/health?page=1", NextURL: "/admin/health?page=3",
		Intervals: []Option{{Value: "10", Label: l.N("admin.health.minutes", 10), Selected: true}}, IntervalError: l.T("probe.error.interval"),
	}
	empty := AdminHealthPage{Page: full.Page, Vitals: full.Vitals[:1]}
	none := full
	none.Problems, none.Waiting, none.Rows, none.PrevURL, none.NextURL, none.IntervalError, none.More = nil, "", nil, "", "", "", ""
	return append([]sample{
		{"admin_health", AdminHealth(full)}, {"admin_health_empty", AdminHealth(empty)}, {"admin_health_none", AdminHealth(none)},
	}, sourceSamples(l, badge)...)
}

func sampleVitals(l *i18n.Locale) []Vital {
	return []Vital{
		{Label: l.T("admin.health.vital.connection"), Value: l.T("admin.health.connection.ok", "Date", evening(l)),
			Link: HealthLink{"/admin/settings/connection", l.T("admin.health.go.connection")}},
		{Label: l.T("admin.health.vital.clock"), Value: l.N("admin.health.clock.behind", 42), Bad: true},
		{Label: l.T("admin.health.vital.disk"), Value: l.T("admin.health.disk", "Free", "1.2 GB", "Size", "20.0 GB", "Percent", "6"), Bad: true},
		{Label: l.T("admin.health.vital.version"), Value: l.T("admin.health.version", "Version", "v1.2.0", "Date", evening(l))},
	}
}

func sourceSamples(l *i18n.Locale, badge func(string) HealthBadge) []sample {
	p := AdminSourcePage{
		Page: samplePage(l, longTitle, "/admin/health/abc", owner), Badge: badge("red"), Cause: l.T("probe.cause.leak"), Todo: l.T("probe.do.leak"),
		Link: HealthLink{"/admin/health/abc#protection", l.T("admin.health.protect")}, Waiting: true, CheckURL: "/admin/health/abc/check",
		Facts: []Fact{
			{l.T("admin.health.fact.ref"), "lumiere-with-a-rather-long-mountpoint-name-128.mp3"},
			{l.T("admin.health.fact.token"), l.T("admin.health.token_at", "What", l.T("probe.sight.plays"), "When", evening(l))},
			{l.T("admin.health.fact.detail"), "without a token: 200 audio/mpeg, 4096 bytes"},
		},
		ProtectURL: "/admin/health/abc/protect", Fresh: true, ProveURL: "/account/prove?next=%2Fadmin%2Fhealth%2Fabc",
		Ask: l.T("admin.health.protect.ask", "Stream", "lumiere-128.mp3", "Name", "Lumière Jazz"),
		History: []HealthChange{
			{evening(l), badge("green"), badge("red"), l.T("probe.cause.leak"), "without a token: 200 audio/mpeg, 4096 bytes"},
			{evening(l), badge("grey"), badge("green"), l.T("probe.cause.closed"), ""},
		},
	}
	stale := p
	stale.Fresh, stale.Waiting, stale.Error = false, false, l.T("probe.error.no_effect")
	well := p
	well.Badge, well.Cause, well.Todo, well.Link = badge("green"), l.T("probe.cause.closed_told"), "", HealthLink{}
	well.ProtectURL, well.History, well.Waiting = "", nil, false
	return []sample{{"admin_source", AdminSource(p)}, {"admin_source_stale", AdminSource(stale)}, {"admin_source_well", AdminSource(well)}}
}
