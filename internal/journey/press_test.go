package journey

import (
	"context"
	"strconv"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// box is where something stands in the window, in CSS pixels.
type box struct{ X, Y, Width, Height float64 }

// place scrolls the first element that a CSS selector finds into view and
// returns where it is.
func (b *tab) place(selector string) box {
	b.t.Helper()
	return eval[box](b, `(() => {
		const e = document.querySelector(`+quote(selector)+`);
		e.scrollIntoView({ block: 'center', behavior: 'instant' });
		const { x, y, width, height } = e.getBoundingClientRect();
		return { X: x, Y: y, Width: width, Height: height };
	})()`)
}

// pressFrame presses the middle of the supplier's player, as a mouse does.
func (b *tab) pressFrame() {
	b.t.Helper()
	at := b.place("iframe")
	b.do(chromedp.MouseClickXY(at.X+at.Width/2, at.Y+at.Height/2))
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', 3, 64) }

// waitForFrame waits until an expression is true in the supplier's player.
func (b *tab) waitForFrame(expression string, limit time.Duration) {
	b.t.Helper()
	ok := poll(b.ctx, limit, func() bool {
		yes, err := b.evalFrame(expression)
		return err == nil && yes
	})
	if !ok {
		_, err := b.evalFrame(expression)
		b.t.Fatalf("not within %s in the frame: %s (%v)\n%s", limit, expression, err, b.describe())
	}
}

// evalFrame asks the supplier's player something.
func (b *tab) evalFrame(expression string) (bool, error) {
	ctx, cancel := context.WithTimeout(b.ctx, stepLimit)
	defer cancel()
	in := func(p *runtime.EvaluateParams) { p.UniqueContextID = b.watch.frame(b.kit.SandboxURL) }
	return chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")", in))
}
