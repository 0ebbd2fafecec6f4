package handlers

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// render shows a page: into a buffer first, so that a failing component becomes
// a clean error, and then out in one write.
func (h *Handlers) render(c echo.Context, status int, page templ.Component) error {
	buffer, ok := h.buffers.Get().(*bytes.Buffer)
	if !ok {
		buffer = new(bytes.Buffer)
	}
	defer h.buffers.Put(buffer)
	buffer.Reset()
	if err := page.Render(c.Request().Context(), buffer); err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/html; charset=utf-8")
	header.Set(echo.HeaderContentLength, strconv.Itoa(buffer.Len()))
	c.Response().WriteHeader(status)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	_, err := c.Response().Write(buffer.Bytes())
	return err
}
