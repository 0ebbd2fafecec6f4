package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/internal/palette"
	"usher/paywall"
)

// stylePath is where the style sheets of colours are.
const stylePath = "/look/style/"

// showStyle serves the style sheet of a colour: GET /look/style/:file. Its name
// says which colour, so any node serves it, also before and after a change.
func (h *Handlers) showStyle(c echo.Context) error {
	colours, ok := palette.ByFile(c.Param("file"))
	if !ok {
		return paywall.ErrNotFound
	}
	header := c.Response().Header()
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Del("Vary")
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(colours.CSS()))
}
