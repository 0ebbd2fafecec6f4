package journey

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// noScript switches the scripts of all pages off. What the tests evaluate runs
// nevertheless: that is the debugger's doing, not the page's.
func noScript(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true})
	return chromedp.Void{}, err
}

// TestWithoutScript: somebody whose browser runs no scripts signs in, listens,
// chooses another quality and language, and watches.
func TestWithoutScript(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := visitor(t, kit)
	b.do(noScript)
	b.visit("/listen/radio-lumiere")
	b.follow(".door a.button-main")
	b.signIn("anna")
	if b.path() != "/listen/radio-lumiere" {
		t.Fatalf("after the sign-in at %s", b.path())
	}
	if b.count("audio[controls]") != 1 || b.count("[data-controls]:not([hidden])") != 0 {
		t.Fatal("a page without scripts needs the browser's own controls")
	}
	if b.text("[data-state]") != "" {
		t.Fatal("a script ran")
	}

	b.pressAudio()
	b.waitFor("document.querySelector('audio').currentTime >= 3", soundLimit)

	b.follow(`.qualities li:nth-child(2) a`)
	b.wants(".qualities [aria-current]", "AAC")
	b.pressAudio()
	b.waitFor("document.querySelector('audio').currentTime >= 2", soundLimit)

	b.follow(`.languages button[lang=de]`)
	if lang := eval[string](b, "document.documentElement.lang"); lang != "de" || b.path() != "/listen/radio-lumiere" {
		t.Fatalf("language %q at %s", lang, b.path())
	}

	b.visit("/watch/le-concert")
	b.pressFrame()
	b.waitForFrame("document.querySelector('video').currentTime >= 3", soundLimit)
}

// pressAudio presses the play button of the browser's own controls, which
// stands at their left end.
func (b *tab) pressAudio() {
	b.t.Helper()
	at := b.place("audio")
	b.do(chromedp.MouseClickXY(at.X+at.Height/2, at.Y+at.Height/2))
}
