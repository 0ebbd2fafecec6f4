package journey

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axePath is the checker; npm ci in static/ brings it.
var axePath = filepath.Join("..", "..", "static", "node_modules", "axe-core", "axe.min.js")

func needAxe(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(axePath); err != nil {
		missing(t, "no axe-core: npm ci in static/")
	}
}

// view is a way to look at a page.
type view struct {
	scheme        string
	width, height int64
	rules         string // empty: all
}

// Only the rules about colours depend on the scheme.
const colours = "color-contrast,link-in-text-block"

var views = []view{
	{"light", 360, 740, ""}, {"dark", 360, 740, colours},
	{"dark", 1440, 900, colours}, {"light", 1440, 900, ""},
}

// narrowest is the width at which nothing may need scrolling sideways: 1280 CSS
// pixels at 400 % (WCAG 1.4.10).
const narrowest = 320

// look checks the open page in every view.
func (b *tab) look(name string) {
	b.t.Helper()
	for _, v := range views {
		b.as(v)
		for _, found := range b.axe(v.rules) {
			b.t.Errorf("%s at %d: %s", v.scheme, v.width, found)
		}
	}
	b.as(view{"light", narrowest, 700, ""})
	if wide := eval[string](b, tooWide); wide != "" {
		b.t.Errorf("at %d pixels the page scrolls sideways: %s", narrowest, wide)
	}
	b.shoot(name)
}

// tooWide names what sticks out of the window.
const tooWide = `(() => {
	if (document.scrollingElement.scrollWidth <= innerWidth) return '';
	const out = [...document.querySelectorAll('body *')].filter((e) => !e.ownerSVGElement && e.getBoundingClientRect().right > innerWidth + 1);
	return document.scrollingElement.scrollWidth + ' pixels, ' + out.slice(0, 5).map((e) => e.outerHTML.slice(0, 120)).join(' | ');
})()`

// as shows the page in a size and a colour scheme, and lets what moves arrive.
func (b *tab) as(v view) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(v.width, v.height), func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}},
		})
		return chromedp.Void{}, err
	})
	b.waitFor(`matchMedia('(prefers-color-scheme: `+v.scheme+`)').matches && innerWidth === `+fmt.Sprint(v.width), stepLimit)
	b.waitFor(`document.getAnimations().every((a) => a.playState !== 'running' ||
		a.effect.getComputedTiming().endTime === Infinity)`, stepLimit)
}

// finding is one rule that a page breaks.
type finding struct {
	ID, Impact, Help string
	Nodes            []string
}

func (f finding) String() string {
	return fmt.Sprintf("%s (%s): %s\n\t%s", f.ID, f.Impact, f.Help, strings.Join(f.Nodes, "\n\t"))
}

// axe runs the checker and returns what is serious or critical. A page that
// refreshes itself may leave while it is being checked, and is checked again.
func (b *tab) axe(rules string) []finding {
	b.t.Helper()
	var found []finding
	var err error
	for range 3 {
		if found, err = b.tryAxe(rules); err == nil {
			return found
		}
	}
	b.t.Fatalf("axe: %v\n%s", err, b.describe())
	return nil
}

func (b *tab) tryAxe(rules string) ([]finding, error) {
	if loaded, err := tryEval[bool](b, "typeof axe === 'object'"); err != nil {
		return nil, err
	} else if !loaded {
		text, err := os.ReadFile(axePath)
		if err != nil {
			return nil, err
		}
		if _, err := tryEval[bool](b, string(text)+"\n;true"); err != nil {
			return nil, err
		}
	}
	return tryEval[[]finding](b, `(async () => {
		const rules = `+quote(rules)+`;
		const options = { resultTypes: ['violations'], iframes: false, elementRef: false };
		if (rules) options.runOnly = rules.split(',');
		const { violations } = await axe.run(document, options);
		return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => ({
			ID: v.id, Impact: v.impact, Help: v.help,
			Nodes: v.nodes.map((n) => n.html.slice(0, 200) + ' :: ' + n.failureSummary.replaceAll('\n', ' ')),
		}));
	})()`)
}

// shoot keeps pictures of the page, for people to look at.
func (b *tab) shoot(name string) {
	b.t.Helper()
	folder := os.Getenv("USHER_SHOTS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.t.Fatal(err)
	}
	for _, size := range [][2]int64{{360, 740}, {820, 1180}, {1440, 900}} {
		for _, scheme := range []string{"light", "dark"} {
			b.as(view{scheme, size[0], size[1], ""})
			picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
			if err != nil {
				b.t.Fatal(err)
			}
			file := fmt.Sprintf("%s-%dx%d-%s.png", strings.ReplaceAll(name, " ", "-"), size[0], size[1], scheme)
			if err := os.WriteFile(filepath.Join(folder, file), picture, 0o600); err != nil {
				b.t.Fatal(err)
			}
		}
	}
}
