package views

// AdminLookPage shows and changes how the site shows itself. Field names: name,
// language, languages, zone, accent_own, accent; logo of the upload.
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
