package journey

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mostTabs is more than a page has stops before its player.
const mostTabs = 40

// TestKeyboard: without a mouse, the play button is reached, is seen to be
// reached, and works with the space bar.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := visitor(t, kit)
	b.visit("/listen/promo")
	b.waitFor("document.querySelector('[data-player]').dataset.status === 'idle'", stepLimit)
	b.tabTo("[data-play]")
	b.wantsRing()
	b.do(chromedp.KeyEvent(" "))
	b.waitPlaying()
	b.do(chromedp.KeyEvent(" "))
	b.waitFor("document.querySelector('[data-player]').dataset.status === 'paused'", stepLimit)
	if !eval[bool](b, "document.querySelector('audio').paused") {
		t.Error("it says paused and plays")
	}
}

// tabTo presses the tab key until an element has the focus.
func (b *tab) tabTo(selector string) {
	b.t.Helper()
	for range mostTabs {
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[bool](b, "document.activeElement.matches("+quote(selector)+")") {
			return
		}
	}
	b.t.Fatalf("the tab key does not reach %s\n%s", selector, b.describe())
}

// wantsRing checks that the focused element has a ring that can be seen.
func (b *tab) wantsRing() {
	b.t.Helper()
	ring := eval[string](b, `(() => {
		const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(document.activeElement);
		return [outlineStyle, outlineWidth, outlineColor].join(' ');
	})()`)
	var style, width string
	if _, err := fmt.Sscan(ring, &style, &width); err != nil || style == "none" || width == "0px" {
		b.t.Errorf("no focus ring to be seen: %q", ring)
	}
}
