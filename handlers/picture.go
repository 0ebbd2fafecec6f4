package handlers

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// servedTypes are the only types in which a picture is ever served.
var servedTypes = []string{"image/jpeg", "image/png"}

var pictureID = regexp.MustCompile(`^[A-Za-z0-9_-]{32}$`)

// pictureURL is the address of a picture; empty when there is none.
func pictureURL(id string) string {
	if id == "" {
		return ""
	}
	return "/picture/" + id
}

// smallPictureURL is the address of a picture as lists show it.
func smallPictureURL(id string) string {
	if id == "" {
		return ""
	}
	return "/picture/" + id + "/small"
}

// showPicture answers a picture, which never changes: GET /picture/:id and
// /picture/:id/small. Other sites may show it too, as link previews do.
func (h *Handlers) showPicture(small bool) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Param("id")
		if !pictureID.MatchString(id) {
			return paywall.ErrNotFound
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), requestDeadline)
		defer cancel()
		contentType, body, err := h.Pictures.Bytes(ctx, id, small)
		if err != nil {
			return err
		}
		if !slices.Contains(servedTypes, contentType) {
			return paywall.ErrNotFound
		}
		header := c.Response().Header()
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
		header.Set("Cross-Origin-Resource-Policy", "cross-origin")
		header.Del("Vary")
		header.Set(echo.HeaderContentType, contentType)
		header.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
		c.Response().WriteHeader(http.StatusOK)
		if c.Request().Method == http.MethodHead {
			return nil
		}
		_, err = c.Response().Write(body)
		return err
	}
}
