package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// The cookies of getting in, beside the session's.
const (
	// windowCookie tells the window in which a mailed code was asked for. It is
	// set when somebody asks, never by looking at a page.
	windowCookie = "usher_window"
	// knownCookie tells a browser that has signed in before.
	knownCookie = "usher_known"
	// windowLife is longer than what was asked for can be used.
	windowLife = 2 * time.Hour
	knownLife  = 365 * 24 * time.Hour
)

// hostCookie is a cookie's name. Over HTTPS its prefix makes browsers refuse one
// planted by another host or over plain http.
func (h *Handlers) hostCookie(name string) string {
	if h.headers.secure {
		return "__Host-" + name
	}
	return name
}

// caller is where the visitor stands who wants to get in. A window that asked for
// nothing yet gets a secret, which keepWindow has to keep if it is needed.
func (h *Handlers) caller(c echo.Context) paywall.Caller {
	window := h.cookie(c, windowCookie)
	if window == "" {
		window = paywall.NewWindow()
	}
	return paywall.Caller{
		Window: window, Known: h.cookie(c, knownCookie), Network: network(c), Wide: wideNetwork(c),
		Device: deviceName(c.Request().UserAgent()), Language: localeOf(c).Tag(), SessionID: viewerOf(c).SessionID,
	}
}

// asker is the caller of an action that is answered later, in this window.
func (h *Handlers) asker(c echo.Context) paywall.Caller {
	caller := h.caller(c)
	h.keepWindow(c, caller)
	return caller
}

// keepWindow makes the window recognisable for as long as an answer may take.
func (h *Handlers) keepWindow(c echo.Context, caller paywall.Caller) {
	h.setCookie(c, windowCookie, caller.Window, windowLife)
}

func (h *Handlers) cookie(c echo.Context, name string) string {
	cookie, err := c.Request().Cookie(h.hostCookie(name))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// setCookie keeps a secret of getting in.
func (h *Handlers) setCookie(c echo.Context, name, value string, life time.Duration) {
	h.setPlainCookie(c, h.hostCookie(name), value, life)
}

// setPlainCookie takes the name as it stands. A negative life removes the cookie.
func (h *Handlers) setPlainCookie(c echo.Context, name, value string, life time.Duration) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: h.headers.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
