package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
)

const (
	ctxLocale      = "locale"
	languageCookie = "usher_language"
)

// localeOf is the language of the answer: the visitor's choice if there is one,
// else what the browser asks for.
func localeOf(c echo.Context) *i18n.Locale {
	if l, ok := c.Get(ctxLocale).(*i18n.Locale); ok {
		return l
	}
	l := chosenLocale(c.Request(), offerOf(c))
	c.Set(ctxLocale, l)
	return l
}

// offerOf is the languages that the site offers.
func offerOf(c echo.Context) *i18n.Offer {
	offer, ok := c.Get(ctxOffer).(*i18n.Offer)
	if !ok {
		return i18n.Everything() // a test without the middleware
	}
	return offer
}

func chosenLocale(r *http.Request, offer *i18n.Offer) *i18n.Locale {
	if cookie, err := r.Cookie(languageCookie); err == nil {
		if l, ok := offer.Lookup(cookie.Value); ok {
			return l
		}
	}
	return offer.Negotiate(r.Header.Get("Accept-Language"))
}

// submitLanguage keeps the chosen language, also for the mails of somebody signed
// in: POST /language.
func (h *Handlers) submitLanguage(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	if l, ok := offerOf(c).Lookup(form.Get("lang")); ok {
		h.setLanguage(c, l)
		if viewer := viewerOf(c); viewer.SignedIn() {
			if err := h.Auth.SetLanguage(c.Request().Context(), viewer, l.Tag()); err != nil {
				return err
			}
		}
	}
	return seeOther(c, h.localPath(form.Get("next")))
}

func (h *Handlers) setLanguage(c echo.Context, l *i18n.Locale) {
	h.setPlainCookie(c, languageCookie, l.Tag(), 365*24*time.Hour)
}

// sited is an instant in the site's zone: the pages of the owner area show all in
// it, because days and hours are typed in it there.
func (h *Handlers) sited(t time.Time) time.Time { return t.In(h.zone()) }

const ctxZone = "zone"

// zoned is an instant in the visitor's zone, for showing.
func (h *Handlers) zoned(c echo.Context, t time.Time) time.Time { return t.In(h.zoneOf(c)) }

// zoneOf is the zone of the visitor's profile, else the site's.
func (h *Handlers) zoneOf(c echo.Context) *time.Location {
	name := viewerOf(c).User.Zone
	if name == "" {
		return h.zone()
	}
	zone, ok := c.Get(ctxZone).(*time.Location)
	if !ok {
		var err error
		if zone, err = time.LoadLocation(name); err != nil {
			zone = h.zone() // stored by a machine that knew more zones
		}
		c.Set(ctxZone, zone)
	}
	return zone
}
