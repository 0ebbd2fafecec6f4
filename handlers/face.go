package handlers

import (
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/internal/markdown"
	"usher/internal/palette"
	"usher/paywall"
	"usher/views"
)

// face is what pages show of the site, made once for each change of it.
type face struct {
	shown    *paywall.Shown
	offer    *i18n.Offer
	switches views.LanguageButtons
	zone     *time.Location
	accent   string // address of the style sheet; empty for Usher's own colours
	logo     views.Logo
	icon     string // address of the logo where it can be the icon; else empty
	legal    []paywall.TextPlace
}

// legalPages are the site's pages about itself, which the foot of each page leads
// to when there is something to read.
var legalPages = map[paywall.TextPlace]string{
	paywall.PlaceTerms: "/terms", paywall.PlacePrivacy: "/privacy", paywall.PlaceImprint: "/imprint",
}

// face is the one of now.
func (h *Handlers) face() *face {
	shown := h.Front.Now()
	if known := h.faces.Load(); known != nil && known.shown == shown {
		return known
	}
	f := newFace(shown)
	h.faces.Store(f)
	return f
}

func newFace(shown *paywall.Shown) *face {
	f := &face{shown: shown, offer: i18n.NewOffer(shown.Language, shown.Languages), zone: time.UTC}
	f.switches = views.NewLanguageButtons(f.offer.All())
	if zone, err := time.LoadLocation(shown.Zone); err == nil {
		f.zone = zone // else stored by a machine that knew more zones
	}
	if colours, ok := palette.Of(shown.Accent); ok {
		f.accent = stylePath + colours.File()
	}
	if logo := shown.Logo; !logo.Empty() {
		f.logo = views.Logo{URL: pictureURL(logo.ID), Width: logo.Width, Height: logo.Height, Clear: logo.Clear}
		if squarish(logo) {
			f.icon = f.logo.URL
		}
	}
	for _, place := range paywall.TextPlaces() {
		if legalPages[place] != "" && len(shown.Written(place)) > 0 {
			f.legal = append(f.legal, place)
		}
	}
	return f
}

// squarish tells that a logo is still one when it is drawn in a small square.
func squarish(l paywall.Logo) bool { return 4*l.Width <= 5*l.Height && 4*l.Height <= 5*l.Width }

// dress puts the site's look on a page.
func (f *face) dress(page *views.Page) {
	page.SiteName, page.Languages, page.Logo = f.shown.Name, f.switches, f.logo
	page.Assets.Accent = f.accent
	if f.icon != "" {
		page.Assets.Icon, page.Assets.IconType = f.icon, f.shown.Logo.Type
	}
	for _, place := range f.legal {
		page.Legal = append(page.Legal, views.SiteLink{URL: legalPages[place], Label: page.L.T("texts.place." + string(place))})
	}
}

// own is what the owner wrote for a place, as it stands on a page in a language.
func (f *face) own(place paywall.TextPlace, l *i18n.Locale) views.OwnText {
	body, written := f.shown.Text(place, l.Tag())
	return views.OwnText{Body: markdown.Render(body), Language: written}
}

// zone is the site's own.
func (h *Handlers) zone() *time.Location { return h.face().zone }

const ctxOffer = "offer"

// offerLanguages lets the answer be in one of the languages that the site offers.
func (h *Handlers) offerLanguages(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Set(ctxOffer, h.face().offer)
		return next(c)
	}
}

// showLegal shows the terms, the privacy policy or the imprint: GET /terms,
// /privacy and /imprint.
func (h *Handlers) showLegal(place paywall.TextPlace) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, f := localeOf(c), h.face()
		if !slices.Contains(f.legal, place) {
			return paywall.ErrNotFound
		}
		title := l.T("texts.place." + string(place))
		page := views.LegalPage{Page: h.page(c, title), Title: title, Text: f.own(place, l)}
		if place == paywall.PlaceTerms {
			page.Since = l.T("terms.since", "Date", l.Date(h.zoned(c, f.shown.Terms.CreatedAt)))
		}
		return h.render(c, 200, views.Legal(page))
	}
}
