package views

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"usher/internal/i18n"
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

// perLocale renders a component that depends on the language alone, once for
// each language.
func perLocale(draw func(l *i18n.Locale) templ.Component) map[*i18n.Locale]templ.Component {
	drawn := map[*i18n.Locale]templ.Component{}
	for _, l := range i18n.All() {
		drawn[l] = once(draw(l))
	}
	return drawn
}

// The parts of pages that are the same for every visitor in a language.
var (
	radioControls   = perLocale(drawRadioControls)
	playerTexts     = perLocale(drawPlayerTexts)
	languageButtons = NewLanguageButtons(i18n.All())
)
