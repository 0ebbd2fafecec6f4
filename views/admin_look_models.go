package views

// AdminLookPage shows and changes how the site shows itself. Field names: name,
// picture, language, languages, zone, accent_own, accent, accent_shown.
type AdminLookPage struct {
	Page
	Name      string
	Languages []Choice // offered, each a checkbox
	Own       []Option // the site's own language
	Zones     []Option
	// AccentOwn tells that the owner picks a colour, and Accent which.
	AccentOwn bool
	Accent    string // "#rrggbb"
	// Swatches are the colours as they are shown, light and dark.
	Swatches []Swatch
	// Preview tells that nothing was saved yet: the page wears what was typed.
	Preview bool
	Errors  map[string]string
	Error   string
}

// usherAccent is the choice of Usher's own colour, and how to get back to it.
func (p AdminLookPage) usherAccent() Choice {
	choice := Choice{Label: p.L.T("look.accent.default"), Selected: !p.AccentOwn}
	if p.AccentOwn {
		choice.Help = p.L.T("look.accent.default.help")
	}
	return choice
}

// Swatch is a colour scheme as a small picture, and what became of the colour.
type Swatch struct {
	Title string // "On light ground"
	Note  string
	// Colours of the picture, as "#rrggbb".
	Picked, Ground, Ink, Accent, On string
	// Words of the picture.
	Link, Button string
}

// changed tells that another colour than the picked one is shown.
func (s Swatch) changed() bool { return s.Picked != s.Accent }
