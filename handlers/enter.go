package handlers

import (
	"net/url"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/internal/session"
	"usher/paywall"
)

// enter lets somebody in after a proof of who they are, or asks for the second
// factor first. It answers where to go on.
func (h *Handlers) enter(c echo.Context, caller paywall.Caller, o paywall.Outcome) (next string, err error) {
	if o.Ask != "" {
		h.keepWindow(c, caller)
		return "/login/second?" + url.Values{"ask": {o.Ask}}.Encode(), nil
	}
	if err := h.signIn(c, caller, o); err != nil {
		return "", err
	}
	return h.localPath(o.Next), nil
}

// signIn starts a fresh session for the person on this device, and goes on in
// the language that they chose.
func (h *Handlers) signIn(c echo.Context, caller paywall.Caller, o paywall.Outcome) error {
	s := sessionOf(c)
	session.SignIn(s, paywall.Arrival{User: o.User, Method: o.Method, Strong: o.Strong, Caller: caller})
	if err := h.sessions.Save(c.Request(), c.Response(), s); err != nil {
		return err
	}
	if known := session.Known(s); !known.Empty() {
		h.setCookie(c, knownCookie, known.Reveal(), knownLife)
	}
	if l, ok := i18n.Lookup(o.User.Language); ok {
		h.setLanguage(c, l)
	}
	return nil
}

// renewSession goes on under a new id after what somebody signs in with was
// changed: an id that another knows is worth nothing then.
func (h *Handlers) renewSession(c echo.Context, strong bool) error {
	user, err := h.Auth.Account(c.Request().Context(), viewerOf(c).User.ID)
	if err != nil {
		return err
	}
	h.Playback.Forget(viewerOf(c).SessionID)
	return h.signIn(c, h.caller(c), paywall.Outcome{User: user, Method: paywall.MethodRenewal, Strong: strong})
}

// enterAndGo is enter for a form.
func (h *Handlers) enterAndGo(c echo.Context, caller paywall.Caller, o paywall.Outcome) error {
	next, err := h.enter(c, caller, o)
	if err != nil {
		return err
	}
	return seeOther(c, next)
}
