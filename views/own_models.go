package views

import (
	"github.com/a-h/templ"

	"usher/internal/i18n"
	"usher/internal/markdown"
)

// SiteLink is a way to a page of the site.
type SiteLink struct{ URL, Label string }

// Logo is the site's own picture. Its words are the site's name.
type Logo struct {
	URL           string // empty: there is none
	Width, Height int    // in pixels, of the picture itself
	// Clear tells that the page shines through: such a logo was drawn for a light
	// ground, and gets one in the dark scheme.
	Clear bool
}

// OwnText is something that the owner wrote, in a language that need not be the
// page's.
type OwnText struct {
	Body     markdown.HTML
	Language string
}

// LegalPage shows the terms, the privacy policy or the imprint.
type LegalPage struct {
	Page
	Title string
	Since string // "In force since ..."; may be empty
	Text  OwnText
}

// LanguageButtons is the language switch as pages in each language show it.
type LanguageButtons map[*i18n.Locale]templ.Component

// NewLanguageButtons draws the switch between these languages; one language needs
// none.
func NewLanguageButtons(offered []*i18n.Locale) LanguageButtons {
	drawn := LanguageButtons{}
	for _, l := range offered {
		drawn[l] = once(drawLanguageButtons(l, offered))
	}
	return drawn
}

// languages is the page's language switch; nil when there is nothing to choose.
func (p Page) languages() templ.Component {
	switch {
	case p.Languages == nil:
		return languageButtons[p.L]
	case len(p.Languages) < 2:
		return nil
	}
	return p.Languages[p.L]
}
