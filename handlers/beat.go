package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// submitBeat hears that a player plays: POST /play/:slug/beat. Its form fields are
// "play", the name under which it reports; "stop" when it stopped; and "instead",
// the name in a page that was loaded again and goes on under the one before. The
// answer is the same whether it was heard or not.
func (h *Handlers) submitBeat(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	h.Plays.Beat(viewerOf(c), c.Param("slug"), form.Get("play"), form.Get("instead"), form.Get("stop") != "")
	return c.NoContent(http.StatusNoContent)
}

// playOf is the name under which a player goes on to report after a renewal. A
// robot is no listener.
func (h *Handlers) playOf(c echo.Context, perf paywall.Performance, named string) string {
	if isRobot(c.Request().UserAgent()) {
		return ""
	}
	return h.Plays.Begin(viewerOf(c), perf, named)
}
