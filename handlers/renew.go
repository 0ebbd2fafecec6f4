package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// freshToken is the answer to a script that asks for a fresh token.
type freshToken struct {
	URL      string `json:"url"`
	Form     string `json:"form"`
	Source   string `json:"source"`
	FreshFor int    `json:"fresh_for"` // seconds
	Play     string `json:"play"`      // the name under which the player reports
}

// renewToken decides and mints like the page does: POST /play/:slug/token. Its
// form field "source" chooses the source, "play" is the name it reports under.
func (h *Handlers) renewToken(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	ctx, viewer := c.Request().Context(), viewerOf(c)
	perf, err := h.Playback.Look(ctx, viewer, c.Param("slug"))
	if err != nil {
		return err
	}
	if !perf.Decision.Allowed() {
		return h.refuseToken(c, perf)
	}
	if perf, err = h.Playback.Start(ctx, viewer, perf, form.Get("source")); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, freshToken{
		URL: perf.Playable.URL, Form: string(perf.Source.Kind), Source: perf.Source.ID, FreshFor: h.freshFor(perf),
		Play: h.playOf(c, perf, form.Get("play")),
	})
}

// refuseToken tells the script to load the page again, which then explains.
func (h *Handlers) refuseToken(c echo.Context, perf paywall.Performance) error {
	status := http.StatusForbidden
	if perf.Decision.Reason == paywall.ReasonSignedOut {
		status = http.StatusUnauthorized
	}
	headline, _ := h.refusalWords(c, perf)
	return c.JSON(status, errorAnswer{Error: headline, Reload: true})
}
