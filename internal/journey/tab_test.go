package journey

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"usher/internal/demo"
	"usher/internal/testkit"
)

// stepLimit is how long one step in the browser may take.
const stepLimit = 20 * time.Second

// tab is one tab of a visitor's browser.
type tab struct {
	t     *testing.T
	ctx   context.Context
	kit   *testkit.Kit
	watch *watch
}

// visitor opens the first tab of a browser that has no cookies yet.
func visitor(t *testing.T, kit *testkit.Kit) *tab {
	t.Helper()
	return open(t, kit, needBrowser(t), chromedp.WithNewBrowserContext())
}

// signedIn opens a browser and signs a person of the demo in: "anna".
func signedIn(t *testing.T, kit *testkit.Kit, person string) *tab {
	t.Helper()
	b := visitor(t, kit)
	b.visit("/login")
	b.signIn(person)
	return b
}

// another opens one more tab, with the same cookies.
func (b *tab) another(t *testing.T) *tab {
	t.Helper()
	return open(t, b.kit, b.ctx)
}

func open(t *testing.T, kit *testkit.Kit, parent context.Context, options ...chromedp.ContextOption) *tab {
	t.Helper()
	b := &tab{t: t, kit: kit, watch: newWatch(kit.URL)}
	// A window of its own keeps a tab visible while others play.
	options = append(options, chromedp.WithListener(b.watch.hear), chromedp.WithNewWindow(true))
	ctx, cancel := chromedp.NewContext(parent, options...)
	b.ctx = ctx
	t.Cleanup(func() {
		cancel()
		for _, problem := range b.watch.problems() {
			t.Error("the browser complains: " + problem)
		}
	})
	if err := chromedp.Do(ctx); err != nil { // without a limit, which would be the tab's life
		t.Fatal(err)
	}
	b.do(focusAlways, tellViolations, leaveFreely)
	return b
}

// leaveFreely lets a journey leave a page whose form was not sent, where a person
// would be asked. Events that a journey makes itself are no such question.
var leaveFreely = addScript(`addEventListener('beforeunload', (e) => { if (e.isTrusted) e.stopImmediatePropagation(); });`)

// asks tells whether the page asks before somebody leaves it.
func (b *tab) asks() bool {
	b.t.Helper()
	return eval[bool](b, `!dispatchEvent(new Event('beforeunload', { cancelable: true }))`)
}

// focusAlways makes the tab behave as the one in front.
func focusAlways(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, target, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return chromedp.Void{}, err
}

// before runs a script in every page that the tab loads, ahead of its own.
func (b *tab) before(script string) {
	b.t.Helper()
	b.do(addScript(script))
}

func addScript(script string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument,
			page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return chromedp.Void{}, err
	}
}

// do takes steps and fails the test when one fails.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepLimit)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%v\n%s", err, b.describe())
	}
}

// load takes steps that lead to another page, and returns that page's status.
func (b *tab) load(steps ...chromedp.Action[chromedp.Void]) int {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepLimit)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		b.t.Fatalf("no page: %v\n%s", err, b.describe())
	}
	return int(answer.Status)
}

// visit opens a page of the site, which must answer 200.
func (b *tab) visit(path string) {
	b.t.Helper()
	if status := b.visitStatus(path); status != 200 {
		b.t.Fatalf("%s: status %d\n%s", path, status, b.describe())
	}
}

// visitStatus opens a page of the site and returns its status.
func (b *tab) visitStatus(path string) int {
	b.t.Helper()
	return b.load(chromedp.Navigate(b.kit.URL + path))
}

// click presses the first element that a CSS selector finds, with the mouse.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// follow presses something that leads to another page, which must answer 200.
func (b *tab) follow(selector string) {
	b.t.Helper()
	if status := b.load(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); status != 200 {
		b.t.Fatalf("%s leads to status %d\n%s", selector, status, b.describe())
	}
}

// fill types into an empty field.
func (b *tab) fill(selector, text string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text, chromedp.NodeVisible))
}

// signIn uses the form of the page that is open.
func (b *tab) signIn(person string) {
	b.t.Helper()
	b.fill("#email", person+"@demo.test")
	b.fill("#password", demo.Password)
	b.follow(`form[action="/login"] .button-main`)
}

// path is where the tab is on the site.
func (b *tab) path() string {
	b.t.Helper()
	return eval[string](b, "location.pathname")
}

// count is how many elements a CSS selector finds.
func (b *tab) count(selector string) int {
	b.t.Helper()
	return eval[int](b, "document.querySelectorAll("+quote(selector)+").length")
}

// text is what the first element says that a CSS selector finds.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return eval[string](b, "(document.querySelector("+quote(selector)+")?.innerText || '').trim()")
}

// wants fails the test unless an element says something.
func (b *tab) wants(selector, words string) {
	b.t.Helper()
	if got := b.text(selector); !strings.Contains(got, words) {
		b.t.Fatalf("%s says %q, want %q\n%s", selector, got, words, b.describe())
	}
}

// waitFor waits until an expression is true in the page.
func (b *tab) waitFor(expression string, limit time.Duration) {
	b.t.Helper()
	ok := poll(b.ctx, limit, func() bool {
		yes, err := tryEval[bool](b, "!!("+expression+")")
		return err == nil && yes // a page that is just loading has no answer
	})
	if !ok {
		b.t.Fatalf("not within %s: %s\n%s", limit, expression, b.describe())
	}
}

// eval is the value of an expression in the page.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := tryEval[T](b, expression)
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func tryEval[T any](b *tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, stepLimit)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// describe is what somebody who reads a failure wants to know of the page.
func (b *tab) describe() string {
	text, err := tryEval[string](b, `location.href + '\n' + (document.querySelector('main') || document.body).innerText +
		'\nplayer: ' + JSON.stringify(document.querySelector('[data-player]')?.dataset.status)`)
	if err != nil {
		text = err.Error()
	}
	return "page: " + text + "\nproblems: " + strings.Join(b.watch.problems(), "\n  ")
}
