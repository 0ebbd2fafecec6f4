// Package views holds the pages of Usher as templ components, each with a typed
// view model. A model carries what is shown and nothing else: texts are already
// in the visitor's language and dates already written out.
package views

import "usher/internal/i18n"

// Page is what every page needs; handlers fill it in one place.
type Page struct {
	L *i18n.Locale
	// SiteName is the station's own name.
	SiteName string
	// Title stands before the site's name in the window's title.
	Title string
	// Description is for link previews and search engines; may be empty.
	Description string
	// CanonicalURL is the absolute address of a public page, else empty. Pages
	// without one are kept out of search engines.
	CanonicalURL string
	// ImageURL is the absolute address of a picture for link previews; may be empty.
	ImageURL string
	// Path is where the visitor is, to come back to after a language switch.
	Path string
	// Secret tells that Path holds a secret, which no link may carry on.
	Secret bool
	Viewer Person
	// Flash is a message about what was just done; empty for none.
	Flash  string
	Assets Assets
	// Languages is the language switch; nil offers all languages.
	Languages LanguageButtons
	// Logo is the site's own; without one the name stands there as words.
	Logo Logo
	// Legal are the ways to the site's own pages about itself.
	Legal []SiteLink
	// Preview is set where staff look at the page as somebody else.
	Preview *Preview
	// AdminNotices stand above the owner's pages; empty elsewhere.
	AdminNotices []AdminNotice
	// Guide leads an owner through the first run; nil elsewhere.
	Guide *Guide
}

// Person is the visitor as the page's head shows them.
type Person struct {
	SignedIn bool
	Label    string // e-mail address
	Rights   Rights
}

// Rights are what the visitor may do in the owner area, so that pages offer
// nothing that would be refused. They mean what paywall.Right does.
type Rights struct {
	Staff, SeeItems, EditItems, SeePeople, EditPeople, SeeRecord, Run bool
}

// Assets are the content-hashed addresses of the static files.
type Assets struct {
	CSS    string
	Accent string // style sheet of the owner's colour; empty for Usher's own
	Player string // player script, on player pages only
	HLS    string // hls.js; empty when it was not built in
	Icon   string // favicon
	// IconType is the MIME type of Icon; empty: SVG.
	IconType string
	Forms    string // script of the forms; empty when there is none
	// Passkeys is the script of the passkeys; empty when there is none.
	Passkeys string
	Owner    string // script of the owner area
}

// Art is an item's picture, or picks one of the drawn posters if it has none.
type Art struct {
	Picture string // address of the owner's picture; may be empty
	Variant int    // 0 to 5, from the slug, so that it stays the same
	Square  bool   // square for radio, 16:9 for video
	Initial string // first letter of the title
}
