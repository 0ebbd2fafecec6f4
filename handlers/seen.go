package handlers

import (
	"time"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// ctxNow is the instant that a page is shown for, if it is not the present one.
const ctxNow = "now"

// now is the instant that a page is shown for.
func (h *Handlers) now(c echo.Context) time.Time {
	if at, ok := c.Get(ctxNow).(time.Time); ok {
		return at
	}
	return h.Clock()
}

// seenContext is a request as somebody else would make it at some instant. Only
// what builds pages is given one: it has no session, so nothing is written for
// anybody, and no guard ever sees it.
type seenContext struct {
	echo.Context
	values map[string]any
}

// seenBy makes the request look like that of a visitor.
func seenBy(c echo.Context, viewer paywall.Viewer, at time.Time) echo.Context {
	return &seenContext{Context: c, values: map[string]any{ctxViewer: viewer, ctxNow: at}}
}

// Get hides what hangs on the real request about who asks.
func (s *seenContext) Get(key string) any {
	if value, ok := s.values[key]; ok {
		return value
	}
	if key == ctxSession || key == ctxZone {
		return nil
	}
	return s.Context.Get(key)
}

// Set keeps a value beside the real request.
func (s *seenContext) Set(key string, value any) { s.values[key] = value }
