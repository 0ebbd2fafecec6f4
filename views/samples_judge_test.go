package views

import (
	"testing"

	"usher/internal/i18n"
)

// judgeSamples are the pages that tell what somebody finds, and why.
func judgeSamples(t testing.TB, l *i18n.Locale) []sample {
	t.Helper()
	bar := &Preview{
		Text:  l.T("preview.text", "Who", l.T("preview.kind.ended"), "Date", evening(l)),
		Label: l.T("preview.as.label"), BackURL: "/admin/items/1", Back: l.T("preview.back_item"),
		Tabs: []PreviewTab{
			{"/admin/preview?as=anonymous&item=x", l.T("preview.tab.anonymous"), false},
			{"/admin/preview?as=ended&item=x", l.T("preview.tab.ended"), true},
		},
	}
	wall := PaywallPage{
		Page: samplePage(l, "Lumière Jazz", "/admin/preview?as=anonymous&item=x", nobody), Item: radioHead(l), Reason: "signed_out",
		Headline: l.T("paywall.reason.signed_out.title"), Text: l.T("paywall.reason.signed_out.text_entitled"),
		SignInURL: "/login?next=%2Flisten%2Flumiere-jazz", SignUpURL: "/signup",
	}
	wall.Preview = bar
	player := PlayerPage{Page: samplePage(l, longTitle, "/admin/preview?as=entitled&item=x", member), Item: videoHead(l), Until: l.T("player.until", "Date", evening(l))}
	player.Preview = bar
	home := HomePage{Page: samplePage(l, "", "/admin/preview?email=anna%40example.org", member), Radios: []Card{
		{URL: "/admin/preview?email=anna%40example.org&item=a", Title: "Lumière Jazz", Access: l.T("access.members"), Note: l.T("preview.plays"), Plays: true, Art: Art{Square: true, Initial: "L"}},
		{URL: "/admin/preview?email=anna%40example.org&item=b", Title: longTitle, Access: l.T("access.entitled"), Note: l.T("paywall.reason.no_grant.title"), Art: Art{Square: true, Initial: "D"}},
	}}
	home.Preview = &Preview{Text: l.T("preview.text", "Who", "anna@example.org", "Date", evening(l)), Note: l.T("preview.note.blocked"), BackURL: "/admin/members/1", Back: l.T("preview.back_member")}
	items := []Option{{Value: "lumiere-jazz", Label: "Lumière Jazz", Selected: true}, {Value: "x", Label: longTitle}}
	choose := AdminPreviewPage{
		Page: samplePage(l, l.T("preview.choose"), "/admin/preview", owner), Items: items, PersonItems: items, Zone: "Europe/Zurich",
		Kinds: []Option{{Value: "ended", Label: l.T("preview.kind.ended")}}, Email: "nobody@example.org",
		Errors: map[string]string{"email": l.T("why.error.person"), "at": l.T("why.error.at")},
	}
	return append([]sample{
		{"preview_wall", Paywall(wall)}, {"preview_player", Player(player)}, {"preview_home", Home(home)}, {"admin_preview", AdminPreview(choose)},
	}, whySamples(l, items)...)
}

func whySamples(l *i18n.Locale, items []Option) []sample {
	p := AdminWhyPage{Page: samplePage(l, l.T("why.title"), "/admin/why", owner), Items: items, Zone: "Europe/Zurich"}
	asked := p
	asked.Email, asked.At = "anna@example.org", "2026-11-29T20:00"
	asked.Answer = &WhyAnswer{
		Verdict: l.T("why.refused"), Reason: l.T("why.reason.grant_ended", "Date", evening(l)),
		Who: "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org", WhoURL: "/admin/members/1", What: longTitle, WhatURL: "/admin/items/1", When: evening(l),
		Grants: []WhyGrant{
			{Opens: l.T("account.everything"), Origin: l.T("origin.owner"), From: "2 Mar 2026, 09:15", Until: l.T("account.ended", "Date", evening(l)),
				Giver: l.T("why.giver", "Who", "owner@example.org"), Note: longTitle, Finding: l.T("why.finding.ended"), Decided: true},
			{Opens: longTitle, Origin: l.T("origin.voucher"), From: "2 Mar 2026, 09:15", Until: l.T("account.forever"), Finding: l.T("why.finding.elsewhere")},
		},
		Person: []Fact{{l.T("why.email.label"), "anna@example.org"}, {l.T("admin.member.state"), l.T("admin.member.active")}},
		Item:   []Fact{{l.T("why.item.label"), longTitle}, {l.T("why.state.opens"), l.T("why.state.never")}},
		Steps: []WhyStep{{[]WhyChange{
			{Text: l.T("why.change.wait", "Date", evening(l)), URL: "/admin/why", Link: l.T("why.link.then")},
			{Text: l.T("why.change.grant", "Title", longTitle), URL: "/admin/grants", Link: l.T("why.link.grant")},
		}}, {[]WhyChange{{Text: l.T("why.change.sign_in")}}}},
		StepsLead: l.T("why.change.lead_no"), Headline: l.T("paywall.reason.grant_ended.title", "Date", evening(l)), Text: l.T("paywall.reason.grant_ended.text"),
		PreviewURL: "/admin/preview?email=anna%40example.org&item=x",
	}
	yes := p
	yes.Email = "-"
	yes.Answer = &WhyAnswer{
		Allowed: true, Verdict: l.T("why.allowed"), Reason: l.T("why.reason.open"), Who: l.T("preview.kind.anonymous"), What: "Lumière Jazz", When: evening(l),
		Warning: l.T("why.silent"), StepsLead: l.T("why.change.lead_yes"), Steps: []WhyStep{{[]WhyChange{{Text: l.T("why.change.unpublish", "Title", "Lumière Jazz")}}}},
		Headline: "Lumière Jazz", Text: l.T("why.sees.player"), SeesNote: l.T("preview.note.blocked"), PreviewURL: "/admin/preview?email=-&item=x",
	}
	wrong := p
	wrong.Email, wrong.Errors = "anna", map[string]string{"email": l.T("why.error.person"), "item": l.T("why.error.item"), "at": l.T("why.error.at")}
	return []sample{{"admin_why", AdminWhy(p)}, {"admin_why_no", AdminWhy(asked)}, {"admin_why_yes", AdminWhy(yes)}, {"admin_why_errors", AdminWhy(wrong)}}
}
