package mail

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Colours are those of buttons and links, and of words on a button, in light and
// in dark. All are written "#rrggbb", by the program; the zero value is Usher's own.
type Colours struct{ Accent, On, DarkAccent, DarkOn string }

var ownColours = Colours{Accent: "#8f2a36", On: "#ffffff", DarkAccent: "#eda59c", DarkOn: "#32100f"}

// orOwn is Usher's own where there are none.
func (c Colours) orOwn() Colours {
	if c == (Colours{}) {
		return ownColours
	}
	return c
}

// button and link are the inline styles, which mail programs need.
func (c Colours) button() templ.SafeCSS {
	return templ.SafeCSS("display:inline-block;padding:12px 20px;background:" + c.Accent + ";border-radius:10px;color:" + c.On + ";font-weight:600;text-decoration:none")
}

func (c Colours) link() templ.SafeCSS { return templ.SafeCSS("color:" + c.Accent) }

func (c Colours) longLink() templ.SafeCSS {
	return templ.SafeCSS("color:" + c.Accent + ";word-break:break-all")
}

// dark is the style element for the dark scheme.
func (c Colours) dark() templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<style>@media (prefers-color-scheme: dark) { .button { background: "+c.DarkAccent+
			" !important; color: "+c.DarkOn+" !important; } .link { color: "+c.DarkAccent+" !important; } }</style>")
		return err
	})
}
