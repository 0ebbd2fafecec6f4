package handlers

import (
	"time"

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

// sessionCookie is the cookie that keeps somebody signed in.
const sessionCookie = "usher"

// loadSession reads the request's session once. It does not go through gorilla's
// registry, which copies the whole request.
func (h *Handlers) loadSession(c echo.Context) error {
	if _, ok := c.Get(ctxSession).(*sessions.Session); ok {
		return nil
	}
	s, err := h.sessions.New(c.Request(), h.hostCookie(sessionCookie))
	if err != nil {
		return err
	}
	viewer := paywall.Viewer{User: session.User(s), Network: network(c)}
	if viewer.SignedIn() {
		found := session.Found(s)
		viewer.SessionID, viewer.Strong, viewer.ProvedAt = s.ID, found.Strong, found.ProvedAt
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

// signOut ends this device's session and drops what is remembered of it, also
// what this window asked for: whoever sits here next is not told whose it was.
func (h *Handlers) signOut(c echo.Context) error {
	h.Playback.Forget(viewerOf(c).SessionID)
	h.setCookie(c, windowCookie, "", -time.Second)
	s := sessionOf(c)
	session.SignOut(s)
	return h.sessions.Save(c.Request(), c.Response(), s)
}

// doneWith ends an action of somebody signed in: the next page says what was
// done.
func (h *Handlers) doneWith(c echo.Context, messageKey, path string) error {
	if err := h.keepFlash(c, messageKey); err != nil {
		return err
	}
	return seeOther(c, path)
}

// keepFlash keeps a message for the next page.
func (h *Handlers) keepFlash(c echo.Context, messageKey string) error {
	s := sessionOf(c)
	session.SetFlash(s, messageKey)
	return h.sessions.Save(c.Request(), c.Response(), s)
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
