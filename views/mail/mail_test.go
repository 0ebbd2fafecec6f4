package mail_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"usher/internal/i18n"
	"usher/views/mail"
)

var site = mail.Site{Name: "Radio Lumière", BaseURL: "https://radio.example"}

// full has a value for everything.
func full() mail.Params {
	return mail.Params{
		Code: "012345", URL: "https://radio.example/go/s3cret?a=1&b=2", Valid: "10 minutes", ValidLink: "1 hour", Name: "O'Brien & <Söhne>",
		Address: "new@example.org", Device: "Firefox, Linux", At: "Sunday 29 November 2026, 20:00 CET",
		Opens: "Night & Day", Until: "Monday 30 November 2026",
	}
}

func render(t *testing.T, l *i18n.Locale, kind string, p mail.Params) mail.Message {
	t.Helper()
	m, err := mail.Render(t.Context(), l, site, kind, p)
	if err != nil {
		t.Fatalf("%s %s: %v", l.Tag(), kind, err)
	}
	return m
}

// each calls fn for every kind in every language.
func each(t *testing.T, fn func(t *testing.T, l *i18n.Locale, kind string)) {
	for _, l := range i18n.All() {
		for _, kind := range mail.Kinds() {
			t.Run(l.Tag()+" "+kind, func(t *testing.T) { fn(t, l, kind) })
		}
	}
}

var (
	key    = regexp.MustCompile(`\b(mail|account)\.[a-z_]+\.?[a-z_]*\b|\{\{|<no value>`)
	entity = regexp.MustCompile(`&[a-z#0-9]+;|</?[a-z]+[ />]`)
)

func TestRender_everyKindInEveryLanguage(t *testing.T) {
	each(t, func(t *testing.T, l *i18n.Locale, kind string) {
		for name, p := range map[string]mail.Params{"full": full(), "bare": {Code: "012345"}} {
			m := render(t, l, kind, p)
			page := parse(t, m.HTML)
			for part, text := range map[string]string{"subject": m.Subject, "text": m.Text, "HTML": page.Text()} {
				if found := key.FindString(strings.ReplaceAll(text, site.BaseURL, "")); found != "" {
					t.Errorf("%s: the %s holds %q", name, part, found)
				}
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: the %s is empty", name, part)
				}
			}
			if found := entity.FindString(m.Text); found != "" {
				t.Errorf("%s: the text holds %q", name, found)
			}
			if strings.ContainsAny(m.Subject, "\r\n") || utf8.RuneCountInString(m.Subject) > 90 {
				t.Errorf("%s: subject %q", name, m.Subject)
			}
		}
	})
}

// Code and address stand in both parts, each for itself.
func TestRender_codeAndAddress(t *testing.T) {
	each(t, func(t *testing.T, l *i18n.Locale, kind string) {
		p := full()
		m := render(t, l, kind, p)
		page := parse(t, m.HTML)
		if code := page.Find(".code").Text(); code != "" {
			if code != p.Code || !strings.Contains(m.Text, "\n"+p.Code+"\n") || !strings.Contains(m.Subject, p.Code) {
				t.Errorf("code %q in HTML; subject %q; text\n%s", code, m.Subject, m.Text)
			}
		} else if strings.Contains(m.Text+m.HTML+m.Subject, p.Code) {
			t.Error("a kind without a code shows it")
		}
		if button := page.Find(".button"); button.Length() == 1 {
			if href, _ := button.Attr("href"); href != p.URL || !strings.Contains(m.Text, "\n"+p.URL+"\n") ||
				!strings.Contains(page.Find(".sheet .link").Text(), p.URL) {
				t.Errorf("button to %q; text\n%s", href, m.Text)
			}
		} else if button.Length() > 1 || strings.Contains(m.Text+page.Text(), p.URL) {
			t.Error("an address without its button, or two buttons")
		}
	})
}

// Which kinds have a code and which a button is part of the contract with the
// services that fill them.
func TestKinds_parts(t *testing.T) {
	want := map[string]string{
		"confirm": "code button", "sign_in": "code button", "reset": "code button", "new_address": "code button",
		"prove": "code", "exists": "button", "no_account": "button", "disabled": "", "address_taken": "button",
		"invite": "button", "test": "", "access": "button", "deleted": "", "welcome": "button", "notice": "",
	}
	for _, kind := range mail.Kinds() {
		page := parse(t, render(t, i18n.Default(), kind, full()).HTML)
		var parts []string
		for _, part := range []string{"code", "button"} {
			if page.Find("."+part).Length() > 0 {
				parts = append(parts, part)
			}
		}
		expected, listed := want[kind]
		if !listed {
			expected = "button" // to look at the account
		}
		if got := strings.Join(parts, " "); got != expected {
			t.Errorf("%s has %q, want %q", kind, got, expected)
		}
	}
}

// Nothing is fetched from anywhere, nothing runs, and the page speaks the
// reader's language.
func TestRender_html(t *testing.T) {
	each(t, func(t *testing.T, l *i18n.Locale, kind string) {
		m := render(t, l, kind, full())
		page := parse(t, m.HTML)
		if n := page.Find("img, script, link, table, form, iframe, [src], [background]").Length(); n > 0 {
			t.Errorf("%d things that do not belong into a mail", n)
		}
		if strings.Contains(m.HTML, "url(") || strings.Contains(m.HTML, "@import") {
			t.Error("the style fetches something")
		}
		if lang, _ := page.Find("html").Attr("lang"); lang != l.Tag() {
			t.Errorf("lang %q", lang)
		}
		if got := page.Find(".site").Text(); got != site.Name {
			t.Errorf("site %q", got)
		}
		page.Find("a").Each(func(_ int, a *goquery.Selection) {
			if href, _ := a.Attr("href"); href != full().URL && href != site.BaseURL {
				t.Errorf("a link to %q", href)
			}
		})
	})
}

// A line break or a mark of direction in a name adds neither header nor line.
func TestRender_hostileValues(t *testing.T) {
	hostile := "Eve\r\nBcc: eve@example.org\n\n<script>alert(1)</script>\u202egpj\u2028x\x00\x1b[31m"
	each(t, func(t *testing.T, l *i18n.Locale, kind string) {
		p := full()
		p.Name, p.Device, p.Address, p.Opens = hostile, hostile, hostile, hostile
		m, err := mail.Render(t.Context(), l, mail.Site{Name: "Radio\r\nBcc: eve@example.org", BaseURL: site.BaseURL}, kind, p)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(m.Subject, "\r\n\x00\x1b\u202e") {
			t.Errorf("subject %q", m.Subject)
		}
		if strings.Contains(m.Text, "\n\nBcc:") || strings.ContainsAny(m.Text, "\r\x00\x1b\u202e\u2028") {
			t.Errorf("text %q", m.Text)
		}
		if strings.Contains(m.HTML, "<script") || strings.ContainsAny(m.HTML, "\x00\x1b\u202e\u2028") {
			t.Error("the HTML carries what a name brought")
		}
	})
}

func TestRender_text(t *testing.T) {
	m := render(t, i18n.Default(), "sign_in", mail.Params{
		Code: "012345", URL: "https://radio.example/sign-in/abc", Valid: "10 minutes", ValidLink: "1 hour", Device: "Firefox, Linux",
	})
	want := `Radio Lumière

Sign in

Enter this code on the page where you are signing in, or open the link
below.

012345

Sign in:
https://radio.example/sign-in/abc

Device: Firefox, Linux

The code works for 10 minutes, the link for 1 hour. Using one of them
uses up both.

Never give this code to anybody who calls you or writes to you. We never
ask for it.

If it was not you, you need not do anything: nobody gets in without this
code.

-- 
You receive this mail because somebody entered this address at Radio
Lumière. If you did not ask for it, you may ignore it.
https://radio.example
`
	if m.Text != want {
		t.Errorf("got\n%s", m.Text)
	}
	if m.Subject != "012345 is your sign-in code for Radio Lumière" {
		t.Errorf("subject %q", m.Subject)
	}
}

func TestRender_access(t *testing.T) {
	for _, c := range []struct {
		p    mail.Params
		want string
	}{
		{mail.Params{}, "\nOpens: Everything\nValid: for ever\n"},
		{mail.Params{Opens: "Night", Until: "Sunday"}, "\nOpens: Night\nValid: until Sunday\n"},
	} {
		if m := render(t, i18n.Default(), "access", c.p); !strings.Contains(m.Text, c.want) {
			t.Errorf("%+v: %s", c.p, m.Text)
		}
	}
}

func TestRender_refuses(t *testing.T) {
	for kind, p := range map[string]mail.Params{"unknown": full(), "sign_in": {}} {
		if m, err := mail.Render(t.Context(), i18n.Default(), site, kind, p); err == nil {
			t.Errorf("%s: %+v", kind, m)
		}
	}
}

func parse(t *testing.T, html string) *goquery.Document {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		10 * time.Minute: "10 minutes", time.Minute: "1 minute", 90 * time.Minute: "90 minutes", time.Hour: "1 hour",
		24 * time.Hour: "24 hours", 25*time.Hour + time.Minute: "25 hours", 7 * 24 * time.Hour: "7 days",
		10*time.Minute + 59*time.Second: "10 minutes",
	} {
		if got := mail.Duration(i18n.Default(), d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

// The site's own words stand last in both parts, in their language and escaped, and
// its colours on what can be pressed.
func TestRender_own(t *testing.T) {
	own := site
	own.Own, own.OwnLanguage = "Quai du Lac 1\n\n<b>&</b> "+strings.Repeat("long ", 30), "fr"
	own.Colours = mail.Colours{Accent: "#123456", On: "#fefefe", DarkAccent: "#abcdef", DarkOn: "#010203"}
	each(t, func(t *testing.T, l *i18n.Locale, kind string) {
		m, err := mail.Render(t.Context(), l, own, kind, full())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.Text, "\n"+site.BaseURL+"\n\nQuai du Lac 1\n\n<b>&</b> long") {
			t.Errorf("text: %s", m.Text)
		}
		for line := range strings.Lines(m.Text) {
			if strings.Contains(line, "long") && len(line) > 73 {
				t.Errorf("a line of %d characters", len(line))
			}
		}
		last := parse(t, m.HTML).Find(".quiet").Last()
		if last.AttrOr("lang", "") != "fr" || !strings.HasPrefix(last.Text(), "Quai du Lac 1\n\n<b>&</b>") || last.Children().Length() != 0 {
			t.Errorf("the HTML ends with %s", last.Text())
		}
		for _, colour := range []string{"#8f2a36", "#eda59c"} {
			if strings.Contains(m.HTML, colour) {
				t.Errorf("Usher's own colour %s is still there", colour)
			}
		}
		if !strings.Contains(m.HTML, "#123456") || !strings.Contains(m.HTML, "#abcdef") {
			t.Error("the site's colours are missing")
		}
	})
}
