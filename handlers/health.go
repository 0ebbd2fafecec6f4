package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// readyDeadline bounds the database check of a readiness probe.
const readyDeadline = 2 * time.Second

// showHealth tells that the process lives: GET /healthz.
func (h *Handlers) showHealth(c echo.Context) error {
	return c.String(http.StatusOK, "ok\n")
}

// showReady tells whether requests can be served: GET /readyz.
func (h *Handlers) showReady(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyDeadline)
	defer cancel()
	if err := h.Ready(ctx); err != nil {
		return paywall.E(paywall.KindUnavailable, "error.unavailable").Because(err)
	}
	return c.String(http.StatusOK, "ready\n")
}

// redirectIcon serves browsers that ask for the old address: GET /favicon.ico.
func (h *Handlers) redirectIcon(c echo.Context) error {
	if h.Assets.Icon == "" {
		return paywall.ErrNotFound
	}
	return c.Redirect(http.StatusFound, h.Assets.Icon)
}

// showNothing answers what does not exist.
func (h *Handlers) showNothing(echo.Context) error { return paywall.ErrNotFound }
