package views

import (
	"strings"

	"usher/internal/i18n"
	"usher/internal/markdown"
)

// ownWords is what an owner writes, with long words.
var ownWords = OwnText{Language: "fr", Body: markdown.Render("# Bienvenue\n\nDu *jazz* et des **conversations**, voir [la page](https://radio.example/" +
	strings.Repeat("une-longue-adresse-", 6) + ").\n\n- " + longTitle + "\n- deux\n\n> une citation\n\n|a|b|\n|-|-|\n|" + longTitle + "|2|\n\n```\n" + longTitle + "\n```")}

// dressed is a page with all that an owner can put on it.
func dressed(p Page) Page {
	p.Logo = Logo{URL: "/look/logo/abc", Width: 800, Height: 200, Clear: true}
	p.Assets.Accent, p.Assets.Icon, p.Assets.IconType = "/look/style/1a5fb4-0123456789ab.css", "/look/logo/abc", "image/png"
	p.Legal = []SiteLink{
		{"/terms", p.L.T("texts.place.terms")}, {"/privacy", p.L.T("texts.place.privacy")}, {"/imprint", p.L.T("texts.place.imprint")},
	}
	return p
}

// textSamples are the site's own words and look, and the pages to change them.
func textSamples(l *i18n.Locale) []sample {
	home := HomePage{Page: dressed(public(samplePage(l, "", "/", nobody))), Own: ownWords}
	wall := PaywallPage{
		Page: public(samplePage(l, "Lumière Jazz", "/listen/lumiere-jazz", member)), Item: radioHead(l), Reason: "no_grant",
		Headline: l.T("paywall.reason.no_grant.title"), Text: l.T("paywall.reason.no_grant.text"), Own: ownWords,
	}
	terms := LegalPage{
		Page: samplePage(l, l.T("texts.place.terms"), "/terms", nobody), Title: l.T("texts.place.terms"),
		Since: l.T("terms.since", "Date", evening(l)), Text: ownWords,
	}
	imprint := LegalPage{Page: samplePage(l, l.T("texts.place.imprint"), "/imprint", nobody), Title: l.T("texts.place.imprint"), Text: ownWords}
	all := []sample{{"home_own", Home(home)}, {"paywall_own", Paywall(wall)}, {"legal_terms", Legal(terms)}, {"legal_imprint", Legal(imprint)}}
	all = append(all, lookSamples(l)...)
	return append(all, editSamples(l)...)
}

func lookSamples(l *i18n.Locale) []sample {
	p := AdminLookPage{
		Page: samplePage(l, l.T("look.title"), "/admin/settings/look", owner), Name: "Radio Lumière", Accent: "#8f2a36",
		Zones: []Option{{"Europe/Zurich", "Europe/Zurich", true}, {"UTC", "UTC", false}},
	}
	for _, language := range i18n.All() {
		p.Languages = append(p.Languages, Choice{Value: language.Tag(), Label: language.Name(), Selected: true})
		p.Own = append(p.Own, Option{language.Tag(), language.Name(), language == l})
	}
	own := p
	own.Page = dressed(p.Page)
	own.AccentOwn, own.Accent, own.Preview = true, "#ffdd00", true
	own.Swatches = []Swatch{
		{l.T("look.swatch.light"), l.T("look.swatch.changed", "Picked", "#ffdd00", "Shown", "#816f00"), "#ffdd00", "#fffdfa", "#241c17", "#816f00", "#ffffff", l.T("look.swatch.link"), l.T("look.swatch.button")},
		{l.T("look.swatch.dark"), l.T("look.swatch.kept"), "#ffdd00", "#231e1a", "#f3ece3", "#ffdd00", "#1b1700", l.T("look.swatch.link"), l.T("look.swatch.button")},
	}
	broken := p
	broken.Name, broken.Error = "", l.T("error.invalid")
	broken.Errors = map[string]string{"name": l.T("look.error.name"), "languages": l.T("look.error.languages"), "language": l.T("look.error.language"),
		"zone": l.T("look.error.zone"), "accent": l.T("look.error.accent"), "picture": l.T("picture.error.form")}
	return []sample{{"admin_look", AdminLook(p)}, {"admin_look_preview", AdminLook(own)}, {"admin_look_errors", AdminLook(broken)}}
}

func editSamples(l *i18n.Locale) []sample {
	tabs := func(place string) []LanguageTab {
		var all []LanguageTab
		for i, language := range i18n.All() {
			all = append(all, LanguageTab{Tag: language.Tag(), Name: language.Name(), URL: "/admin/texts/" + place + "/" + language.Tag(),
				Current: i == 1, Missing: i > 2, Mark: l.T("texts.mark_missing")})
		}
		return all
	}
	list := AdminTextsPage{Page: samplePage(l, l.T("texts.title"), "/admin/texts", owner)}
	for i, place := range []string{"home", "paywall", "mail", "terms", "privacy", "imprint"} {
		list.Rows = append(list.Rows, TextRow{Title: l.T("texts.place." + place), About: l.T("texts.place." + place + ".about"),
			Empty: i == 2, State: l.T("texts.missing", "Languages", "Italiano, Español"), Languages: tabs(place)})
	}
	edit := AdminTextPage{
		Page: samplePage(l, l.T("texts.place.terms"), "/admin/texts/terms/fr", owner), Title: l.T("texts.place.terms"),
		About: l.T("texts.place.terms.about"), Tabs: tabs("terms"), URL: "/admin/texts/terms/fr", Language: "fr",
		Label: l.T("texts.label", "Language", "Français"), Body: "# Bienvenue\n\n</textarea><script>alert(1)</script>", Version: "2",
		State: l.T("texts.version", "Version", 2, "Date", evening(l)), ShowURL: "/terms",
	}
	preview := edit
	preview.Preview, preview.Shown = true, ownWords
	mail := edit
	mail.Preview, mail.Plain, mail.Shown, mail.State, mail.ShowURL = true, "Radio Lumière\nQuai du Lac 1\n\n"+longTitle, ownWords, "", ""
	mail.Fallback = l.T("texts.fallback", "Language", "English")
	empty := edit
	empty.Preview, empty.Body = true, ""
	changed := edit
	changed.Error, changed.Theirs = l.T("texts.error.changed"), "# Theirs\n\n"+longTitle
	changed.Errors = map[string]string{"body": l.T("texts.error.body")}
	return []sample{
		{"admin_texts", AdminTexts(list)}, {"admin_text", AdminText(edit)}, {"admin_text_preview", AdminText(preview)},
		{"admin_text_mail", AdminText(mail)}, {"admin_text_empty", AdminText(empty)}, {"admin_text_errors", AdminText(changed)},
	}
}
