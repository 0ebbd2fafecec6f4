package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// crossOrigin refuses unsafe requests that another site's page makes: forms
// carry no token of their own. Go's CrossOriginProtection judges by
// Sec-Fetch-Site and Origin, which a browser does not let a page forge.
func (h *Handlers) crossOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return paywall.E(paywall.KindForbidden, "error.forbidden").Because(err)
			}
			return next(c)
		}
	}
}

// checkHost answers only for the site's own names, so that no link, cache or
// mail is ever made from a forged Host. Health checks may come by any name.
func (h *Handlers) checkHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if h.hosts[strings.ToLower(c.Request().Host)] || c.Path() == "/healthz" || c.Path() == "/readyz" {
			return next(c)
		}
		return echo.NewHTTPError(http.StatusMisdirectedRequest)
	}
}

// errPanic marks an error that was a panic.
var errPanic = errors.New("panic")

// recoverPanic turns a panic into an error; the stack goes to the log only.
func (h *Handlers) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler { //nolint:errorlint // net/http compares it likewise
				panic(p)
			}
			h.Log.Error("panic", "request", requestID(c), "route", c.Path(), "stack", string(debug.Stack()))
			err = fmt.Errorf("%w: %v", errPanic, p)
		}()
		return next(c)
	}
}
