package handlers

import (
	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"usher/internal/session"
	"usher/paywall"
)

// The keys under which a request's own values hang on the Echo context.
const (
	ctxSession = "session"
	ctxViewer  = "viewer"
)

// cookieName carries the __Host- prefix over HTTPS, which makes browsers refuse
// a cookie planted by another host or over plain http.
func cookieName(secure bool) string {
	if secure {
		return "__Host-usher"
	}
	return "usher"
}

// loadSession reads the request's session once. It does not go through gorilla's
// registry, which copies the whole request.
func (h *Handlers) loadSession(c echo.Context) error {
	if _, ok := c.Get(ctxSession).(*sessions.Session); ok {
		return nil
	}
	s, err := h.sessions.New(c.Request(), h.cookieName)
	if err != nil {
		return err
	}
	viewer := paywall.Viewer{User: session.User(s), Network: network(c)}
	if viewer.SignedIn() {
		viewer.SessionID = s.ID
	}
	c.Set(ctxSession, s)
	c.Set(ctxViewer, viewer)
	return nil
}

// viewerOf is who asks; nobody when no session was loaded.
func viewerOf(c echo.Context) paywall.Viewer {
	viewer, _ := c.Get(ctxViewer).(paywall.Viewer)
	return viewer
}

func sessionOf(c echo.Context) *sessions.Session {
	s, _ := c.Get(ctxSession).(*sessions.Session)
	return s
}

// signIn starts a fresh session for the person on this device.
func (h *Handlers) signIn(c echo.Context, user paywall.User) error {
	s := sessionOf(c)
	session.SignIn(s, user, deviceName(c.Request().UserAgent()))
	return h.sessions.Save(c.Request(), c.Response(), s)
}

// signOut ends this device's session and drops what is remembered of it.
func (h *Handlers) signOut(c echo.Context) error {
	h.Playback.Forget(viewerOf(c).SessionID)
	s := sessionOf(c)
	session.SignOut(s)
	return h.sessions.Save(c.Request(), c.Response(), s)
}

// doneWith ends an action of somebody signed in: the next page says what was
// done.
func (h *Handlers) doneWith(c echo.Context, messageKey, path string) error {
	s := sessionOf(c)
	session.SetFlash(s, messageKey)
	if err := h.sessions.Save(c.Request(), c.Response(), s); err != nil {
		return err
	}
	return seeOther(c, path)
}

// takeFlash answers the message for this page, once.
func (h *Handlers) takeFlash(c echo.Context) string {
	s := sessionOf(c)
	if s == nil || session.Flash(s) == "" {
		return ""
	}
	key := session.Flash(s)
	session.SetFlash(s, "")
	if err := h.sessions.Save(c.Request(), c.Response(), s); err != nil {
		h.Log.Warn("flash not cleared", "error", err)
	}
	return key
}
