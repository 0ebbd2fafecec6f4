package views

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"usher/internal/i18n"
)

func parse(t testing.TB, page string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// keyLike finds what a missing message would leave on a page.
var keyLike = regexp.MustCompile(`\b(` + strings.Join(areas(), "|") + `)\.[a-z_0-9]+(\.[a-z_0-9]+)*\b|<no value>|\{\{`)

// areas are what the keys of the catalogues begin with.
func areas() []string {
	var all []string
	for _, key := range i18n.Keys() {
		area, _, _ := strings.Cut(key, ".")
		all = append(all, area)
	}
	return slices.Compact(all) // the keys are sorted
}

func TestPages_EachLanguage(t *testing.T) {
	for _, l := range i18n.All() {
		for _, s := range samples(t, l) {
			t.Run(l.Tag()+"/"+s.name, func(t *testing.T) {
				doc := parse(t, render(t, s.page))
				text := doc.Text()
				for _, name := range []string{"aria-label", "title", "data-label", "content", "data-texts", "data-hide", "data-countdown-text", "data-cancelled", "data-failed", "data-unsupported", "data-held"} {
					doc.Find("[" + name + "]").Each(func(_ int, e *goquery.Selection) { text += "\n" + e.AttrOr(name, "") })
				}
				if key := keyLike.FindString(text); key != "" {
					t.Errorf("the page shows %q", key)
				}
				checkFrame(t, doc, l)
				checkStrictPolicy(t, doc)
				checkIDs(t, doc)
			})
		}
	}
}

func checkFrame(t *testing.T, doc *goquery.Document, l *i18n.Locale) {
	t.Helper()
	if got := doc.Find("html").AttrOr("lang", ""); got != l.Tag() {
		t.Errorf("lang = %q", got)
	}
	for _, one := range []string{"h1", "main", "head title", "form[action='/language']", "link[rel=stylesheet][href^='/static/']", "a.skip[href='#content']"} {
		if n := doc.Find(one).Length(); n != 1 {
			t.Errorf("%d of %s", n, one)
		}
	}
	if doc.Find("form[action='/language'] [aria-current]").Text() != l.Name() {
		t.Error("the language switch marks another language")
	}
}

// checkStrictPolicy: the content security policy allows no inline script and no
// inline style, so a page that has one would be broken.
func checkStrictPolicy(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("*").Each(func(_ int, e *goquery.Selection) {
		node := e.Get(0)
		if node.Data == "style" || node.Data == "script" && e.AttrOr("src", "") == "" {
			t.Errorf("inline <%s>", node.Data)
		}
		for _, a := range node.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s %s=%q>", node.Data, a.Key, a.Val)
			}
		}
	})
}

// checkIDs: no id twice, each field labelled, each reference leads somewhere.
func checkIDs(t *testing.T, doc *goquery.Document) {
	t.Helper()
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, e *goquery.Selection) {
		id := e.AttrOr("id", "")
		if ids[id] {
			t.Errorf("id %q stands twice", id)
		}
		ids[id] = true
	})
	for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls"} {
		doc.Find("[" + name + "]").Each(func(_ int, e *goquery.Selection) {
			for id := range strings.FieldsSeq(e.AttrOr(name, "")) {
				if !ids[id] {
					t.Errorf("%s=%q leads nowhere", name, id)
				}
			}
		})
	}
	// Password managers read the one that is hidden from everybody else.
	doc.Find("input:not([type=hidden]):not([type=range]):not([aria-hidden=true][tabindex='-1']), select, textarea").Each(func(_ int, e *goquery.Selection) {
		if doc.Find("label[for='"+e.AttrOr("id", "?")+"']").Length() != 1 {
			t.Errorf("field %q has no label", e.AttrOr("name", ""))
		}
	})
}

func find(t testing.TB, name string) string {
	t.Helper()
	for _, s := range samples(t, i18n.Default()) {
		if s.name == name {
			return render(t, s.page)
		}
	}
	t.Fatalf("no sample %q", name)
	return ""
}

func TestPages_OnlyPublicOnesAreIndexed(t *testing.T) {
	for _, s := range samples(t, i18n.Default()) {
		doc := parse(t, render(t, s.page))
		canonical, noindex := doc.Find("link[rel=canonical]").Length(), doc.Find("meta[name=robots][content=noindex]").Length()
		if canonical+noindex != 1 {
			t.Errorf("%s: canonical %d, noindex %d", s.name, canonical, noindex)
		}
		if og := doc.Find("meta[property='og:title']").AttrOr("content", ""); canonical == 1 && og == "" {
			t.Errorf("%s: no title for link previews", s.name)
		}
	}
}

// The paywall must not carry a byte of a source, whatever the model holds.
func TestPaywall_HasNoMedia(t *testing.T) {
	for _, s := range samples(t, i18n.Default()) {
		if !strings.HasPrefix(s.name, "paywall_") {
			continue
		}
		doc := parse(t, render(t, s.page))
		if n := doc.Find("audio, video, iframe, source, script, [data-player]").Length(); n != 0 {
			t.Errorf("%s has %d media elements", s.name, n)
		}
	}
}

func TestPaywall_SignedInNobodyIsAskedToSignIn(t *testing.T) {
	if doc := parse(t, find(t, "paywall_no_grant")); doc.Find("a[href^='/login']").Length() != 0 {
		t.Error("somebody who is signed in is asked to sign in")
	}
	if doc := parse(t, find(t, "paywall_signed_out_members")); doc.Find(".door a.button-main").AttrOr("href", "") != "/login?next=%2Flisten%2Flumiere-jazz" {
		t.Error("the way to sign in does not come back")
	}
}

func TestError_ShowsThatItWaits(t *testing.T) {
	if doc := parse(t, find(t, "error_busy")); doc.Find(".waiting").Length() != 1 || doc.Find(".error-status").Length() != 0 {
		t.Error("the waiting page does not show that it waits")
	}
	if doc := parse(t, find(t, "error_404")); doc.Find(".waiting").Length() != 0 {
		t.Error("a page that waits for nothing shows that it waits")
	}
}

func TestLogin_KeepsWhatWasTyped(t *testing.T) {
	doc := parse(t, find(t, "login_error"))
	if got := doc.Find("#email").AttrOr("value", ""); got != `anna"<b>@example.org` {
		t.Errorf("email = %q", got)
	}
	if _, there := doc.Find("#password").Attr("value"); there {
		t.Error("the password stands in the page")
	}
	if _, there := doc.Find("#password").Attr("autofocus"); !there {
		t.Error("the password is not where one types next")
	}
}

// Taking something away asks first, names the thing, and needs no script.
func TestGrants_TakingBackNamesTheThing(t *testing.T) {
	doc := parse(t, find(t, "admin_grants"))
	forms := doc.Find("form[action$='/revoke']")
	if forms.Length() != 29 {
		t.Fatalf("%d forms to take back", forms.Length())
	}
	first := forms.First()
	if first.ParentFiltered("details").Length() != 1 || !strings.Contains(first.Text(), "listener0@example.org") || !strings.Contains(first.Text(), "Lumière Jazz") {
		t.Errorf("the question is %q", first.Text())
	}
}

func TestItemForm_FieldsStandInParallel(t *testing.T) {
	doc := parse(t, find(t, "admin_item"))
	for _, name := range []string{"source_id", "source_kind", "source_address", "source_channel", "source_label", "source_window"} {
		if n := doc.Find("[name=" + name + "]").Length(); n != 3 {
			t.Errorf("%d fields %s for 3 sources", n, name)
		}
	}
	kinds := doc.Find("[name=source_kind]").Map(func(_ int, e *goquery.Selection) string {
		return e.Find("option[selected]").AttrOr("value", "")
	})
	if !slices.Equal(kinds, []string{"stream", "hls", ""}) {
		t.Errorf("kinds = %q", kinds)
	}
}

func TestItemForm_ErrorsStandAtTheirFields(t *testing.T) {
	doc := parse(t, find(t, "admin_item_errors"))
	doc.Find("[aria-invalid]").Each(func(_ int, e *goquery.Selection) {
		if !strings.Contains(e.AttrOr("aria-describedby", ""), e.AttrOr("id", "?")+"-error") {
			t.Errorf("field %s does not name its error", e.AttrOr("name", ""))
		}
	})
	if n := doc.Find("[aria-invalid]").Length(); n != 12 {
		t.Errorf("%d fields are marked", n)
	}
}

func TestPage_Summary(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"One\n two ", "One two"},
		{strings.Repeat("word ", 100), strings.Repeat("word ", 47) + "word…"},
		{strings.Repeat("ä", 300), strings.Repeat("ä", 120) + "…"},
	} {
		if got := (Page{Description: c.text}).summary(); got != c.want {
			t.Errorf("summary(%.20q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestPage_SignInURL(t *testing.T) {
	for path, want := range map[string]string{
		"/": "/login", "": "/login", "/login?next=%2F": "/login", "/listen/a?source=b&c": "/login?next=%2Flisten%2Fa%3Fsource%3Db%26c",
	} {
		if got := (Page{Path: path}).signInURL(); got != want {
			t.Errorf("signInURL(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestArt_UnknownVariantIsDrawn(t *testing.T) {
	for _, variant := range []int{-1, 6, 1 << 30} {
		if got := (Art{Variant: variant}).class(); got != "art art-wide art-0" {
			t.Errorf("class of variant %d = %q", variant, got)
		}
	}
}

// attribute is the raw text of an attribute as it stands in the page.
func attribute(t testing.TB, page, element, name string) string {
	t.Helper()
	_, rest, _ := strings.Cut(page, "<"+element+" ")
	tag, _, _ := strings.Cut(" "+rest, ">")
	if _, value, ok := strings.Cut(tag, " "+name+`="`); ok {
		value, _, _ = strings.Cut(value, `"`)
		return value
	}
	t.Fatalf("no <%s %s>", element, name)
	return ""
}
