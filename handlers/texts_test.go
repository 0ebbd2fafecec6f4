package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"usher/internal/testkit"
	"usher/paywall"
)

// TestTexts_save: a text is written in a language and read on its page, in the
// visitor's language or in the site's.
func TestTexts_save(t *testing.T) {
	kit := testkit.New(t)
	owner, visitor := kit.As(t, "owner"), kit.Client(t)
	page := owner.Get("/admin/texts/imprint/de").WantStatus(http.StatusOK)
	if page.Text("textarea") != "" || !strings.Contains(page.Text("form.panel"), "English") || page.Attr("input[name=version]", "value") != "0" {
		t.Errorf("the form is %s", page.Text("form.panel"))
	}
	owner.Post("/admin/texts/imprint/de", url.Values{"version": {"0"}, "body": {"# Wer wir sind\r\n\r\n*Wir*"}}).WantStatus(http.StatusSeeOther)
	page = owner.Get("/admin/texts/imprint/de").WantStatus(http.StatusOK)
	if page.Text(".flash") == "" || page.Attr("input[name=version]", "value") != "1" || page.Text("textarea") != "# Wer wir sind *Wir*" {
		t.Errorf("after saving the form is %s", page.Text("main"))
	}
	visitor.Header.Set("Accept-Language", "de")
	page = visitor.Get("/imprint").WantStatus(http.StatusOK)
	if page.Text(".prose h2") != "Wer wir sind" || page.Text(".prose em") != "Wir" || page.Attr(".prose", "lang") != "de" {
		t.Errorf("visitors read %s", page.Text("main"))
	}
	visitor.Header.Set("Accept-Language", "it")
	page = visitor.Get("/imprint").WantStatus(http.StatusOK)
	if page.Attr("html", "lang") != "it" || page.Attr(".prose", "lang") != "en" || page.Text("h1") != "Note legali" {
		t.Errorf("Italians read %s", page.Text("main"))
	}
}

// TestTexts_places: each text stands where it says, and the foot leads only to
// pages that there are.
func TestTexts_places(t *testing.T) {
	kit := testkit.New(t)
	visitor := kit.Client(t)
	save := func(place paywall.TextPlace, body string) {
		t.Helper()
		in, err := kit.Site.Front.Text(t.Context(), place, "en")
		if err == nil {
			in.Body = body
			err = kit.Site.Front.SaveText(t.Context(), paywall.Actor{Name: "test"}, in)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	foot := func() string { return visitor.Get("/login").Text(".site-foot .legal") }
	if got := foot(); got != "TermsPrivacy policyImprint" {
		t.Errorf("the foot leads to %q", got)
	}
	for _, place := range []paywall.TextPlace{paywall.PlacePrivacy, paywall.PlaceImprint} {
		save(place, "")
		visitor.Get("/" + string(place)).WantStatus(http.StatusNotFound)
	}
	if got := foot(); got != "Terms" {
		t.Errorf("the foot leads to %q", got)
	}
	save(paywall.PlaceHome, "Hello *home*")
	save(paywall.PlacePaywall, "Hello *paywall*")
	save(paywall.PlaceMail, "# Hello\n[mail](https://radio.example/)")
	if got := visitor.Get("/").Text(".prose"); got != "Hello home" {
		t.Errorf("the home page says %q", got)
	}
	if got := visitor.Get("/listen/radio-lumiere").Text(".prose"); got != "Hello paywall" {
		t.Errorf("the paywall says %q", got)
	}
	visitor.Post("/signup", url.Values{"email": {"new@example.org"}}).WantStatus(http.StatusSeeOther)
	mail := written(t, kit, "new@example.org")
	if !strings.HasSuffix(mail.Text, "\nHello\n\nmail (https://radio.example/)\n") || !strings.Contains(mail.HTML, "mail (https://radio.example/)") {
		t.Errorf("a mail says %s", mail.Text)
	}
}

// TestTexts_preview shows the words without saving them, raw tags as text.
func TestTexts_preview(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	body := "**bold** <script>alert(1)</script></textarea>"
	page := owner.Post("/admin/texts/privacy/fr/preview", url.Values{"version": {"0"}, "body": {body}}).WantStatus(http.StatusOK)
	if page.Text("textarea") != body || page.Text(".prose strong") != "bold" || !strings.Contains(page.Text(".prose"), "<script>") {
		t.Errorf("the preview is %s", page.Text("main"))
	}
	if page.Attr(".prose", "lang") != "fr" || page.Doc().Find(".prose script").Length() != 0 {
		t.Error("the preview is in no language, or holds a script")
	}
	if page := owner.Post("/admin/texts/mail/fr/preview", url.Values{"version": {"0"}, "body": {"*a* [b](https://c.example/)"}}); page.Text("p.plain") != "a b (https://c.example/)" {
		t.Errorf("the preview of a mail is %q", page.Text("p.plain"))
	}
	if text, err := kit.Site.Front.Text(t.Context(), paywall.PlacePrivacy, "fr"); err != nil || text.Version != 0 {
		t.Errorf("a preview saved %+v, %v", text, err)
	}
}

// TestTexts_two owners: the second is told, reads what the first wrote, and loses
// nothing.
func TestTexts_two(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	for _, place := range []string{"home", "terms"} {
		path := "/admin/texts/" + place + "/it"
		version := owner.Get(path).Attr("input[name=version]", "value")
		// For the terms another language is another version as well.
		first, second := url.Values{"version": {version}, "body": {"Primo"}}, url.Values{"version": {version}, "body": {"Secondo"}}
		owner.Post(path, first).WantStatus(http.StatusSeeOther)
		if place == "terms" { // a first translation joins the version in force
			owner.Post(path, url.Values{"version": {version}, "body": {"Primo."}}).WantStatus(http.StatusSeeOther)
		}
		page := owner.Post(path, second).WantStatus(http.StatusConflict)
		if !strings.HasPrefix(page.Text("pre.plain"), "Primo") || page.Text("textarea") != "Secondo" {
			t.Errorf("%s: the second owner is told %s", place, page.Text("main"))
		}
		second.Set("version", page.Attr("input[name=version]", "value"))
		owner.Post(path, second).WantStatus(http.StatusSeeOther)
		if got := owner.Get(path).Text("textarea"); got != "Secondo" {
			t.Errorf("%s: now it says %q", place, got)
		}
	}
}

func TestTexts_refused(t *testing.T) {
	owner := testkit.New(t).As(t, "owner")
	long := url.Values{"version": {"0"}, "body": {strings.Repeat("ж", paywall.MaxText+1)}}
	page := owner.Post("/admin/texts/paywall/en", long).WantStatus(http.StatusUnprocessableEntity)
	if page.Text("#body-error") == "" || len(page.Text("textarea")) < 2*paywall.MaxText {
		t.Error("a text that is too long has no error, or is gone")
	}
	for _, path := range []string{"/admin/texts/nowhere/en", "/admin/texts/home/xx"} {
		owner.Get(path).WantStatus(http.StatusNotFound)
		owner.Post(path, url.Values{"version": {"0"}, "body": {"x"}}).WantStatus(http.StatusNotFound)
	}
	owner.Post("/admin/texts/home/en", url.Values{"body": {"x"}}).WantStatus(http.StatusBadRequest)
}

// TestTexts_list says which languages are missing.
func TestTexts_list(t *testing.T) {
	page := testkit.New(t).As(t, "owner").Get("/admin/texts").WantStatus(http.StatusOK)
	rows := page.Doc().Find(".texts > li")
	if rows.Length() != 6 {
		t.Fatalf("%d texts", rows.Length())
	}
	if got := strings.TrimSpace(rows.Eq(0).Find(".quiet").Text()); got != "Missing: Italiano, Español" {
		t.Errorf("the home text says %q", got)
	}
	if got := rows.Eq(2).Find(".missing").Length(); got != 5 {
		t.Errorf("the mail footer is missing in %d languages", got)
	}
}

// TestConsent_language: who agrees reads the terms in the language they are in.
func TestConsent_language(t *testing.T) {
	kit := testkit.New(t)
	visitor := kit.Client(t)
	visitor.Header.Set("Accept-Language", "it")
	visitor.Post("/signup", url.Values{"email": {"new@example.org"}}).WantStatus(http.StatusSeeOther)
	code := kit.Letter(t, "new@example.org").Code
	visitor.Post("/code", url.Values{"code": {code}}).WantStatus(http.StatusSeeOther)
	user, err := kit.Site.Store.UserByEmail(t.Context(), "new@example.org")
	if err != nil {
		t.Fatal(err)
	}
	consents, err := kit.Site.Store.ConsentsOf(t.Context(), user.ID)
	if err != nil || len(consents) != 1 || consents[0].Language != "en" || consents[0].Version != 1 || user.Language != "it" {
		t.Errorf("consents %+v of somebody who speaks %q, %v", consents, user.Language, err)
	}
}
