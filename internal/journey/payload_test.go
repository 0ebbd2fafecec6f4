package journey

import (
	"context"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"usher/internal/testkit"
)

// payloads are what somebody types who wants a script to run in another's browser.
// None is longer than the shortest field. Each calls alert, which tells on itself.
var payloads = []string{
	`<script>alert(1)</script>`,
	`"><script>alert(2)</script>`,
	`'><img src=x onerror=alert(3)>`,
	`<svg onload=alert(4)>`,
	`<svg/onload='alert(5)'>`,
	`"onmouseover=alert(6) x="`,
	`' autofocus onfocus='alert(7)`,
	`</script><script>alert(8)</script>`,
	`</textarea><svg onload=alert(9)>`,
	`</title><svg onload=alert(10)>`,
	`</style><svg onload=alert(11)>`,
	`--><svg onload=alert(12)>`,
	`]]><svg onload=alert(13)>`,
	`<iframe srcdoc='<script>alert(14)'>`,
	`<object data=javascript:alert(15)>`,
	`<math href=javascript:alert(16)>x`,
	`<a href=javascript:alert(17)>x</a>`,
	`javascript:alert(18)`,
	`JaVaScRiPt:alert(19)`,
	`data:text/html,<svg onload=alert(20)>`,
	`[x](javascript:alert(21))`,
	`![x](x"onerror=alert(22))`,
	`<javascript:alert(23)>`,
	`[x]( java&#10;script:alert(24))`,
	`&lt;svg onload=alert(25)&gt;`,
	`&#60;svg onload=alert(26)&#62;`,
	`{{constructor.alert(27)}}`,
	`${alert(28)}`,
	`{{.}}{%alert(29)%}<%=alert(29)%>`,
	`\"><svg onload=alert(30)>`,
	`%22%3E%3Csvg%20onload=alert(31)%3E`,
	`<base href=//evil.example/>`,
	`<meta http-equiv=refresh content=0>`,
	`<form action=javascript:alert(32)>`,
	`<details open ontoggle=alert(33)>`,
	`<style>@import'//evil.example';`,
	`<x onclick=alert(34) style=x>`,
	`<set attributeName=onload to=alert(35)>`,
	`<link rel=stylesheet href=//evil.test>`,
	"`;alert(36);`",
	`<!--`,
}

// turning are texts that show their neighbours as something else. Fields refuse
// them, or show them without what turns.
var turning = []string{"a\u202egpj.exe", "a\u2066b\u2069", "\u202dx\u202c"}

// packs joins payloads to texts of at most that many characters.
func packs(longest int) []string {
	var all []string
	text := ""
	for _, p := range payloads {
		if text != "" && len(text)+1+len(p) > longest {
			all, text = append(all, text), ""
		}
		text = strings.TrimSpace(text + " " + p)
	}
	return append(all, text)
}

// everything is the whole corpus as one text.
func everything(between string) string { return strings.Join(payloads, between) }

// showsAlarm makes alert tell on itself.
const showsAlarm = `window.alert = window.confirm = window.prompt = () => console.error('a payload ran at ' + location.href);`

const alarm = "a payload ran at "

// unguarded takes the site's policy off: what then stops a payload is how pages
// are written.
func (b *tab) unguarded() *tab {
	b.t.Helper()
	b.do(addScript(showsAlarm), func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
		return chromedp.Void{}, err
	})
	return b
}

// foreign names what only a payload can have put into a page: our pages have no
// handlers in attributes, no inline scripts and no such elements.
const foreign = `(() => {
	if (location.pathname.startsWith('/_demo/mails/')) return ''; // mails have styles in them; alert still tells
	const found = [...document.querySelectorAll('object, embed, base, math, foreignObject, animate, set, style, meta[http-equiv], script:not([src^="/static/"]), link:not([href^="/"]):not([rel=canonical]), iframe:not(.player *):not([data-player] *)')];
	for (const e of document.querySelectorAll('*')) {
		for (const a of e.attributes) {
			const value = a.value.replace(/[\s\x00-\x1f]/g, '').toLowerCase();
			if (a.name.startsWith('on') || a.name === 'srcdoc' || a.name === 'style') found.push(e);
			if (['href', 'src', 'action', 'formaction', 'xlink:href', 'data'].includes(a.name) && /^(javascript|data|vbscript):/.test(value)) found.push(e);
		}
	}
	return found.map((e) => e.outerHTML.slice(0, 200)).join('\n');
})()`

// turns finds marks in a page that turn the order of writing, other than in a field
// where somebody can take them out.
const turns = `(() => {
	const page = document.documentElement.cloneNode(true);
	page.querySelectorAll('textarea').forEach((e) => e.remove());
	return /[\u202a-\u202e\u2066-\u2069]/.test(page.outerHTML);
})()`

// harmless fails the test if the open page ran a payload, or holds one as markup.
func (b *tab) harmless(what string) {
	b.t.Helper()
	b.silent(what, eval[string](b, foreign))
}

// silent fails the test if something foreign was found, or alert was called.
func (b *tab) silent(what, found string) {
	b.t.Helper()
	if found != "" {
		b.t.Errorf("%s: a payload became markup:\n%s", what, found)
	}
	for _, complaint := range b.watch.all() {
		if strings.Contains(complaint, alarm) {
			b.t.Fatalf("%s: %s", what, complaint)
		}
	}
}

// TestPayloads_control: the corpus runs where nothing escapes it, so that silence
// elsewhere means something.
func TestPayloads_control(t *testing.T) {
	t.Parallel()
	kit := running(t)
	careless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!DOCTYPE html><title>x</title><body>%s", r.URL.Query().Get("p"))
	}))
	t.Cleanup(careless.Close)
	b := visitor(t, kit).unguarded()
	b.watch.expect("a payload ran", "404", "Failed to load", "ERR_", "exception")
	for _, p := range payloads[:5] {
		before := len(b.watch.all())
		b.load(chromedp.Navigate(careless.URL + "/?p=" + url.QueryEscape(p)))
		if !poll(b.ctx, stepLimit, func() bool { return len(b.watch.all()) > before }) {
			t.Errorf("%s does nothing where it is printed as it stands", p)
		}
		if eval[string](b, foreign) == "" {
			t.Errorf("%s is not found in the page", p)
		}
	}
}

// TestPayloads fills every field with the corpus and walks through all pages as
// everybody, without the site's policy.
func TestPayloads(t *testing.T) {
	t.Parallel()
	kit := running(t)
	s := &stage{t: t, kit: kit, owner: kit.As(t, "owner"), shown: map[string][]typed{}}
	owner := signedIn(t, kit, "owner").unguarded()
	for _, f := range payloadFields {
		f.put(s)
	}
	forms := owner.walk("owner", s.shown, "/admin", "/account", "/_demo/mailbox")
	owner.types("owner", forms)
	member, guest := signedIn(t, kit, "anna").unguarded(), visitor(t, kit).unguarded()
	member.walk("member", nil, "/account", "/")
	forms = guest.walk("visitor", nil, "/", "/login", "/signup", "/forgot")
	for _, path := range reflected() {
		who := guest
		if strings.HasPrefix(path, "/a") { // the account and the owner area
			who = owner
		}
		who.watch.expectPage(404, 422, 400)
		who.visitStatus(path)
		who.harmless(path)
	}
	guest.types("visitor", forms)
	t.Logf("%d texts shown, %d pages, %d forms", s.texts, pagesWalked, formsTyped)
}

// stage is where fields are filled.
type stage struct {
	t     *testing.T
	kit   *testkit.Kit
	owner *testkit.Client
	shown map[string][]typed // by the page that is to show it
	texts int
}

// typed is what was typed into a field.
type typed struct{ field, text string }

// shows notes that a page is to show a text.
func (s *stage) shows(field, path, text string) {
	s.shown[path] = append(s.shown[path], typed{field, text})
	s.texts++
}

// post sends a form that is to be taken.
func (s *stage) post(path string, form url.Values) *testkit.Answer {
	s.t.Helper()
	return s.owner.Post(path, form).WantStatus(http.StatusSeeOther)
}

// refuses sends a form that is not to be taken, once with each of some texts in a
// field.
func (s *stage) refuses(path, field string, form url.Values, texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		changed := url.Values{}
		for name, values := range form {
			changed[name] = values
		}
		changed.Set(field, text)
		answer := s.owner.Post(path, changed)
		if answer.Status != http.StatusUnprocessableEntity {
			s.t.Errorf("%s takes %q as its %s: status %d", path, text, field, answer.Status)
		}
	}
}

// reflected are addresses that pages may repeat.
func reflected() []string {
	var all []string
	for _, p := range []string{everything(" "), "javascript:alert(18)"} {
		v := url.QueryEscape(p)
		for _, path := range []string{
			"/?done=", "/login?next=", "/signup?next=", "/forgot?next=", "/forgot?email=", "/account/prove?next=",
			"/admin/members?q=", "/admin/mails?q=", "/admin/mails?state=", "/admin/grants?email=", "/admin/members?page=", "/admin/items?sort=",
			"/redeem?kept=", "/login/second?ask=", "/admin/grants?opens=", "/admin/vouchers?q=", "/admin/why?email=", "/admin/why?item=", "/admin/why?at=",
			"/admin/preview?item=", "/admin/preview?as=", "/admin/preview?as=member&email=", "/admin/preview?at=", "/nosuchpage?x=",
		} {
			all = append(all, path+v)
		}
		all = append(all, "/listen/"+url.PathEscape(p), "/link/"+url.PathEscape(p), "/redeem/"+url.PathEscape(p), "/admin/texts/"+url.PathEscape(p)+"/en")
	}
	return all
}

var pagesWalked, formsTyped int

// mostAlike is how many pages of one shape are opened that are to show nothing of
// their own: of mails, say, or of a list in another order.
const mostAlike = 2

// varying are the parts of an address in which pages of one shape differ.
var varying = regexp.MustCompile(`\?.*|/[a-z0-9]{20,}|/(en|fr|de|it|es)\b|/[0-9]+\b|-[0-9]+\b`)

// walk opens every page that can be reached from some, and those that are to show
// something. It gives a page and a place in it for each form on the way.
func (b *tab) walk(who string, shown map[string][]typed, from ...string) map[string]form {
	b.t.Helper()
	forms := map[string]form{}
	from = append(from, slices.Sorted(maps.Keys(shown))...)
	b.watch.expectPage(404, 422, 400, 503)
	seen, alike := map[string]bool{}, map[string]int{}
	for len(from) > 0 {
		next := from[0]
		from = from[1:]
		shape := varying.ReplaceAllString(next, "*")
		if seen[next] || shown[next] == nil && alike[shape] >= mostAlike {
			continue
		}
		seen[next] = true
		alike[shape]++
		b.visitStatus(next)
		found := eval[survey](b, `(`+looksAround+`)(`+texts(shown[next])+`)`)
		b.silent(who+" at "+next, found.Foreign)
		if found.Turns {
			b.t.Errorf("%s: %s turns the order of writing", who, next)
		}
		for _, n := range found.Missing {
			b.t.Errorf("%s: %s does not show %q", shown[next][n].field, next, shown[next][n].text)
		}
		for n, action := range found.Actions {
			if shape := varying.ReplaceAllString(action, "*"); forms[shape].page == "" && !untyped[shape] {
				forms[shape] = form{next, n}
			}
		}
		from = append(from, found.Links...)
		pagesWalked++
	}
	return forms
}

// form is where to find a form.
type form struct {
	page  string
	place int
}

// untyped are forms that are left alone, with a reason for each.
var untyped = map[string]bool{}

// survey is what a page is asked at once: each question takes its time.
type survey struct {
	Foreign string
	Turns   bool
	Missing []int    // which of the texts it does not show, in words or in a field
	Actions []string // where its forms lead
	Links   []string // to pages of the site
}

const looksAround = `(texts) => ({
	Foreign: ` + foreign + `,
	Turns: ` + turns + `,
	Missing: texts.map((text, n) => document.documentElement.textContent.includes(text) ||
		[...document.querySelectorAll('input, textarea')].some((e) => e.value.includes(text)) ? -1 : n).filter((n) => n >= 0),
	Actions: [...document.querySelectorAll('main form')].map((f) => new URL(f.getAttribute('action') || '', location.href).pathname),
	Links: [...document.querySelectorAll('a[href]')].map((a) => new URL(a.href))
		.filter((u) => u.origin === location.origin && !/^\/(static|picture)\//.test(u.pathname)).map((u) => u.pathname + u.search),
})`

// texts writes what was typed as a list for a script.
func texts(shown []typed) string {
	quoted := make([]string, 0, len(shown))
	for _, s := range shown {
		quoted = append(quoted, quote(s.text))
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

// types sends each form with the corpus in all its fields, as somebody does who
// does not care what a field takes.
func (b *tab) types(who string, forms map[string]form) {
	b.t.Helper()
	for _, shape := range slices.Sorted(maps.Keys(forms)) {
		f := forms[shape]
		b.visitStatus(f.page)
		if b.count("main form") > f.place && eval[bool](b, `(`+typesInto+`)(`+fmt.Sprint(f.place)+`, `+quote(everything(" "))+`)`) {
			b.load(chromedp.Click(chromedp.CSS("#usher-send"), chromedp.NodeReady))
			b.harmless(who + " after typing into " + shape)
			formsTyped++
		}
	}
}

// typesInto fills the form with that number and gives it a button to send it; false
// if there is nothing to type in it.
const typesInto = `(n, text) => {
	const form = document.querySelectorAll('main form')[n];
	const fields = [...form.elements].filter((e) => e.name && !['hidden', 'submit', 'button', 'file', 'password', 'fieldset'].includes(e.type));
	if (!fields.length || form.enctype === 'multipart/form-data') return false;
	for (const e of fields) {
		e.disabled = false;
		if (e.tagName === 'SELECT') e.add(new Option(text, text, true, true));
		else { if (e.tagName === 'INPUT' && !['radio', 'checkbox'].includes(e.type)) e.type = 'text'; e.value = text; }
	}
	form.noValidate = true;
	const button = Object.assign(document.createElement('button'), { id: 'usher-send', textContent: 'send' });
	document.body.append(button);
	form.id = form.id || 'usher-form';
	button.setAttribute('form', form.id);
	return true;
}`

// plainInMarkdown tells whether a text of Markdown shows a payload as it was typed: none of
// its signs means something there.
func plainInMarkdown(payload string) bool {
	return !strings.ContainsAny(payload, "\\`*_[]&") && !strings.HasPrefix(payload, "<javascript:") && html.UnescapeString(payload) == payload
}
