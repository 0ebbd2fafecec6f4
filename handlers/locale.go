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
	l := chosenLocale(c.Request())
	c.Set(ctxLocale, l)
	return l
}

func chosenLocale(r *http.Request) *i18n.Locale {
	if cookie, err := r.Cookie(languageCookie); err == nil {
		if l, ok := i18n.Lookup(cookie.Value); ok {
			return l
		}
	}
	return i18n.Negotiate(r.Header.Get("Accept-Language"))
}

// submitLanguage keeps the chosen language: POST /language.
func (h *Handlers) submitLanguage(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	if l, ok := i18n.Lookup(form.Get("lang")); ok {
		c.SetCookie(&http.Cookie{
			Name: languageCookie, Value: l.Tag(), Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
			Secure: h.headers.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
	}
	return seeOther(c, h.localPath(form.Get("next")))
}

// zoned is an instant in the site's zone, for showing.
func (h *Handlers) zoned(t time.Time) time.Time { return t.In(h.Zone) }
