package views

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// The icons as pages use them: each is rendered once, for it never changes.
var (
	iconPlay   = once(drawPlay())
	iconPause  = once(drawPause())
	iconVolume = once(drawVolume())
	iconMute   = once(drawMute())
	iconLock   = once(drawLock())
	iconClock  = once(drawClock())
	iconUser   = once(drawUser())
	iconGlobe  = once(drawGlobe())
	iconCheck  = once(drawCheck())
	iconAlert  = once(drawAlert())
	iconArrow  = once(drawArrow())
)

// once renders a component that depends on nothing and gives back its markup
// each time.
func once(component templ.Component) templ.Component {
	var markup strings.Builder
	if err := component.Render(context.Background(), &markup); err != nil {
		panic(err) // at the start of the program, and only if a component is broken
	}
	text := markup.String()
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}
