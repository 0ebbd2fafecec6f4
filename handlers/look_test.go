package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/internal/testkit"
	"usher/paywall"
	"usher/views/mail"
)

// goodLook is a form that is taken.
func goodLook() url.Values {
	return url.Values{
		"name": {"Radio Nuit"}, "languages": {"de", "fr"}, "language": {"de"}, "zone": {"Asia/Tokyo"},
		"accent_own": {"1"}, "accent": {"#ffdd00"}, "accent_shown": {"#8f2a36"},
	}
}

// saveLook posts the form, as a browser does; without a file when that is nil.
func saveLook(t *testing.T, owner *testkit.Client, form url.Values, logo []byte) *testkit.Answer {
	t.Helper()
	var fields []string
	for name, values := range form {
		for _, value := range values {
			fields = append(fields, name, value)
		}
	}
	return upload(t, owner, "/admin/settings/look", "picture", logo, fields...)
}

// TestLook_change: the name, the languages, the zone and the colour hold on every
// page at once, and in mails.
func TestLook_change(t *testing.T) {
	kit := testkit.New(t)
	owner, visitor := kit.As(t, "owner"), kit.Client(t)
	page := visitor.Get("/").WantStatus(http.StatusOK)
	if page.Doc().Find("link[rel=stylesheet]").Length() != 1 || page.Text(".site-name") != "Radio Lumière" {
		t.Error("a fresh site does not look as it comes")
	}
	saveLook(t, owner, goodLook(), nil).WantStatus(http.StatusSeeOther)

	page = visitor.Get("/").WantStatus(http.StatusOK)
	doc := page.Doc()
	if page.Text(".site-name") != "Radio Nuit" || doc.Find("title").Text() != "Radio Nuit" {
		t.Errorf("the name is %q, the title %q", page.Text(".site-name"), doc.Find("title").Text())
	}
	if got := doc.Find(".languages button").Text(); got != "FrançaisDeutsch" {
		t.Errorf("offers %q", got)
	}
	// The kit's browser asks for English, which is no longer offered.
	if got := page.Attr("html", "lang"); got != "de" {
		t.Errorf("the page is in %q", got)
	}
	sheet := visitor.Get(page.Attr("link[rel=stylesheet]:last-of-type", "href")).WantStatus(http.StatusOK)
	if css := sheet.Body; !strings.Contains(css, "--accent:#ffdd00") || !strings.Contains(sheet.Header.Get("Cache-Control"), "immutable") ||
		!strings.HasPrefix(sheet.Header.Get("Content-Type"), "text/css") {
		t.Errorf("the style sheet is %q %v", css, sheet.Header)
	}
	edit := owner.Get("/admin/settings/look").WantStatus(http.StatusOK)
	if edit.Attr("#accent", "value") != "#ffdd00" || edit.Doc().Find(".swatch").Length() != 2 || !strings.Contains(edit.Text(".swatches"), "#ffdd00") {
		t.Errorf("the page does not tell what became of the colour: %s", edit.Text(".swatches"))
	}
	if _, err := kit.Site.Mails.Test(t.Context(), paywall.Actor{Name: "test"}, "owner@demo.test"); err != nil {
		t.Fatal(err)
	}
	if got := written(t, kit, "owner@demo.test").Text; !strings.HasPrefix(got, "Radio Nuit\n") {
		t.Errorf("a mail says %q", got)
	}
}

func TestLook_refused(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	form := url.Values{"name": {" "}, "accent_own": {"1"}, "accent": {"red}</style>"}, "zone": {"Mars/Base"}}
	page := saveLook(t, owner, form, nil).WantStatus(http.StatusUnprocessableEntity)
	for _, field := range []string{"name", "languages", "zone", "accent"} {
		if page.Text("#"+field+"-error") == "" {
			t.Errorf("field %s has no error", field)
		}
	}
	if kit.Site.Front.Name() != "Radio Lumière" {
		t.Error("a refused look holds")
	}
}

// TestLook_preview shows the page itself in the colour, and changes nothing.
func TestLook_preview(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	page := owner.Post("/admin/settings/look/preview", goodLook()).WantStatus(http.StatusOK)
	if got := page.Attr("link[rel=stylesheet]:last-of-type", "href"); !strings.HasPrefix(got, "/look/style/ffdd00-") {
		t.Errorf("the page wears %q", got)
	}
	if page.Attr("#name", "value") != "Radio Nuit" || page.Text(".site-name") != "Radio Nuit" || page.Text(".notice[role=status]") == "" {
		t.Error("the preview does not show what was typed, or does not say so")
	}
	if kit.Site.Front.Name() != "Radio Lumière" || owner.Get("/").Doc().Find("link[rel=stylesheet]").Length() != 1 {
		t.Error("a preview changed the site")
	}
}

// TestLook_logo: the logo is saved with the rest of the form, and stays when no
// other is chosen.
func TestLook_logo(t *testing.T) {
	kit := testkit.New(t)
	owner, visitor := kit.As(t, "owner"), kit.Client(t)
	saveLook(t, owner, goodLook(), aPicture(t, 400)).WantStatus(http.StatusSeeOther)
	saveLook(t, owner, goodLook(), nil).WantStatus(http.StatusSeeOther)
	page := visitor.Get("/").WantStatus(http.StatusOK)
	if page.Attr(".site-name img", "alt") != "Radio Nuit" || page.Attr(".site-name img", "width") != "400" || page.Text(".site-name") != "" {
		t.Errorf("the head is %s", page.Text(".site-head"))
	}
	if !page.Doc().Find(".site-name img").HasClass("site-logo-clear") {
		t.Error("a clear logo gets no ground")
	}
	visitor.Get(page.Attr(".site-name img", "src")).WantStatus(http.StatusOK)
	if got := page.Attr("link[rel=icon]", "type"); got != "image/svg+xml" {
		t.Errorf("a wide logo is the icon: %s", got)
	}
	saveLook(t, owner, goodLook(), aPicture(t, 90)).WantStatus(http.StatusSeeOther)
	page = visitor.Get("/")
	if page.Attr("link[rel=icon]", "type") != "image/png" || page.Attr("link[rel=icon]", "href") != page.Attr(".site-name img", "src") {
		t.Error("a square logo is not the icon")
	}
	owner.Post("/admin/settings/look/logo/remove", nil).WantStatus(http.StatusSeeOther)
	if page := visitor.Get("/"); page.Text(".site-name") != "Radio Nuit" || page.Doc().Find(".site-name img").Length() != 0 {
		t.Error("the logo is still there")
	}
}

// TestLook_keepsInput: whatever of the form is refused, the rest of it stands
// there again, with the word that the file must be chosen once more.
func TestLook_keepsInput(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	const again = "choose it again."
	kept := func(name string, page *testkit.Answer) {
		t.Helper()
		if got := page.Attr("#name", "value"); got != name || page.Attr("#accent", "value") != "#ffdd00" ||
			page.Attr("#zone option[selected]", "value") != "Asia/Tokyo" || page.Doc().Find("input[name=languages][checked]").Length() != 2 {
			t.Errorf("input is lost; the name is %q", got)
		}
		if !strings.Contains(page.Text("#picture-error"), again) {
			t.Errorf("of the file it says %q", page.Text("#picture-error"))
		}
	}
	for name, file := range map[string][]byte{"no picture": []byte("<svg onload=alert(1)>"), "too large": make([]byte, paywall.MaxUpload+1)} {
		page := saveLook(t, owner, goodLook(), file).WantStatus(http.StatusUnprocessableEntity)
		kept("Radio Nuit", page)
		if page.Text("#picture-error") == "The file is not kept: choose it again." {
			t.Errorf("%s: no word of why the file was refused", name)
		}
	}
	nameless := goodLook()
	nameless.Set("name", "")
	page := saveLook(t, owner, nameless, aPicture(t, 90)).WantStatus(http.StatusUnprocessableEntity)
	kept("", page)
	if page.Text("#name-error") == "" || kit.Site.Front.Name() != "Radio Lumière" || !kit.Site.Front.Now().Logo.Empty() {
		t.Error("half of a refused form is stored")
	}
	preview := goodLook()
	preview.Set("picture", "logo.png") // without the file, as the button sends it
	kept("Radio Nuit", owner.Post("/admin/settings/look/preview", preview).WantStatus(http.StatusOK))
	page = saveLook(t, owner, goodLook(), make([]byte, 5*paywall.MaxUpload)).WantStatus(http.StatusUnprocessableEntity)
	if page.Attr("#name", "value") != "Radio Lumière" || !strings.Contains(page.Text("#picture-error"), again) {
		t.Error("a form that nobody reads to its end does not come back as it was stored")
	}
}

// TestLook_accent: picking a colour is enough, and there is a way back.
func TestLook_accent(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	save := func(own, accent string) string {
		t.Helper()
		form := goodLook()
		form.Set("accent_own", own)
		form.Set("accent_shown", owner.Get("/admin/settings/look").Attr("input[name=accent_shown]", "value"))
		form.Set("accent", accent)
		preview := owner.Post("/admin/settings/look/preview", form).WantStatus(http.StatusOK)
		saveLook(t, owner, form, nil).WantStatus(http.StatusSeeOther)
		got := kit.Site.Front.Now().Accent
		if previewed := preview.Doc().Find("#accent_own-yes[checked]").Length() == 1; previewed != (got != "") {
			t.Errorf("%q beside %s: the preview shows an own colour: %t, saved is %q", own, accent, previewed, got)
		}
		return got
	}
	for _, step := range []struct{ own, accent, want string }{
		{"", "#8f2a36", ""}, {"", "#1a5fb4", "#1a5fb4"}, {"1", "#1a5fb4", "#1a5fb4"}, {"", "#ffdd00", "#ffdd00"},
		{"", "#ffdd00", ""}, {"1", "#8f2a36", "#8f2a36"},
	} {
		if got := save(step.own, step.accent); got != step.want {
			t.Errorf("%q beside %s: the colour is %q, want %q", step.own, step.accent, got, step.want)
		}
	}
}

func TestLook_style(t *testing.T) {
	visitor := testkit.New(t).Client(t)
	for _, name := range []string{"x", "ffdd00.css", "ffdd00-000000000000.css", "..%2f..%2fetc%2fpasswd"} {
		visitor.Get("/look/style/" + name).WantStatus(http.StatusNotFound)
	}
}

// TestLook_zone: times that were shown in the old zone are shown in the new one.
func TestLook_zone(t *testing.T) {
	kit := testkit.New(t)
	look := kit.Site.Front.Now().Look
	look.Zone = "Asia/Tokyo"
	if err := kit.Site.Front.ChangeLook(t.Context(), paywall.Actor{Name: "test"}, look, paywall.Picture{}); err != nil {
		t.Fatal(err)
	}
	kit.Clock.Advance(time.Minute)
	page := kit.As(t, "owner").Get("/admin/grants").WantStatus(http.StatusOK)
	if !strings.Contains(page.Text("main"), "23 Nov 2026, 03:30") {
		t.Errorf("the grants are from %s", page.Text("main"))
	}
}

// written is the newest mail to an address as it is sent.
func written(t *testing.T, kit *testkit.Kit, to string) mail.Message {
	t.Helper()
	message, err := kit.Site.Mail.Message(t.Context(), kit.Letter(t, to).Mail)
	if err != nil {
		t.Fatal(err)
	}
	return message
}
