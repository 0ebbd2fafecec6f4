package handlers

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// guard wraps a handler in the check of its level. It panics at start for a
// level it does not know: the default is closed.
func (h *Handlers) guard(l level, next echo.HandlerFunc) echo.HandlerFunc {
	switch l {
	case levelMachine:
		return next
	case levelPublic:
		return h.withSession(func(paywall.Viewer) error { return nil }, next)
	case levelMember:
		return h.withSession(requireMember, next)
	}
	if right, ok := staffRights[l]; ok {
		return h.withSession(requireRight(right), h.withFactor(next))
	}
	panic("handlers: a route has no access level")
}

// requestDeadline ends what a request waits for, so that a database that hangs
// gives an error page. No healthy request comes near it.
const requestDeadline = 8 * time.Second

// withSession reads the session before anything else: when the database does
// not answer, nobody is taken for anybody.
func (h *Handlers) withSession(check func(paywall.Viewer) error, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		ctx, cancel := context.WithTimeout(request.Context(), requestDeadline)
		defer func() {
			cancel()
			c.SetRequest(request) // the error page is made after this and needs a living context
		}()
		c.SetRequest(request.WithContext(ctx))
		if err := h.loadSession(c); err != nil {
			return err
		}
		h.watching(c)
		if err := check(viewerOf(c)); err != nil {
			return err
		}
		return next(c)
	}
}

func requireMember(v paywall.Viewer) error {
	if !v.SignedIn() {
		return paywall.E(paywall.KindUnauthenticated, "error.sign_in")
	}
	return nil
}

// requireRight answers who lacks the right as if nothing were there.
func requireRight(right paywall.Right) func(paywall.Viewer) error {
	return func(v paywall.Viewer) error {
		if err := requireMember(v); err != nil {
			return err
		}
		if !v.May(right) {
			return paywall.ErrNotFound
		}
		return nil
	}
}

// requireFresh sends somebody to prove once more who they are before something
// dangerous.
func (h *Handlers) requireFresh(c echo.Context) error {
	if viewerOf(c).Fresh(h.Clock()) {
		return nil
	}
	return paywall.ErrProve
}

// withFactor keeps staff out of their pages until they signed in with two
// factors, where the settings want that.
func (h *Handlers) withFactor(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if viewerOf(c).Strong {
			return next(c)
		}
		settings, err := h.Settings.Get(c.Request().Context())
		if err != nil {
			return err
		}
		if settings.OwnersNeedFactor {
			return paywall.E(paywall.KindForbidden, "error.need_factor")
		}
		return next(c)
	}
}

// loginURL is the sign-in page that leads back to a local address.
func loginURL(next string) string { return withNext("/login", next) }

// proveURL is the page to prove once more who one is, which leads back likewise.
func proveURL(next string) string { return withNext("/account/prove", next) }

// withNext is a page that leads on to another one.
func withNext(path, next string) string {
	if next == "" || next == "/" {
		return path
	}
	return path + "?" + url.Values{"next": {next}}.Encode()
}

// isPageView tells a GET or HEAD of a page from an action.
func isPageView(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}
