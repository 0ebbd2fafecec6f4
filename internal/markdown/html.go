package markdown

import (
	"context"
	"io"
)

// HTML is markup that is safe to print in a page. Only this package makes it; the
// zero value prints nothing. It is a component of templ: a page writes @text.
type HTML struct{ markup string }

// Render writes the markup.
func (h HTML) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, h.markup)
	return err
}

// String is the markup.
func (h HTML) String() string { return h.markup }

// Empty tells whether there is nothing to show.
func (h HTML) Empty() bool { return h.markup == "" }
