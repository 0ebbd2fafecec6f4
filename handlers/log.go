package handlers

import (
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

const ctxRequestID = "request"

// requestID is the short name of a request, shown on error pages and written in
// each of its log lines.
func requestID(c echo.Context) string {
	if id, ok := c.Get(ctxRequestID).(string); ok {
		return id
	}
	id := paywall.NewID()[:10]
	c.Set(ctxRequestID, id)
	return id
}

// accessLog writes one line for each request: the route's pattern, never the
// query, a cookie or an address. Errors are answered here, so that the status
// in the line is the one that was sent.
func (h *Handlers) accessLog(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now() // a duration for the log, not an instant for a rule
		if err := next(c); err != nil {
			c.Error(err)
		}
		ctx := c.Request().Context()
		if !h.Log.Enabled(ctx, slog.LevelDebug) && c.Response().Status < 400 {
			return nil
		}
		h.Log.LogAttrs(ctx, slog.LevelInfo, "request",
			slog.String("request", requestID(c)),
			slog.String("method", c.Request().Method),
			slog.String("route", c.Path()),
			slog.Int("status", c.Response().Status),
			slog.Int64("bytes", c.Response().Size),
			slog.Duration("took", time.Since(start)))
		return nil
	}
}
