package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// longRequest is how long an upload or a download of a list may take.
const longRequest = 3 * time.Minute

// longer lets a request go on beyond the deadlines of pages.
func longer(c echo.Context) (context.Context, context.CancelFunc) {
	control, end := http.NewResponseController(c.Response().Writer), time.Now().Add(longRequest)
	_ = control.SetReadDeadline(end)  // a test's recorder has none
	_ = control.SetWriteDeadline(end) // the same
	return context.WithTimeout(context.WithoutCancel(c.Request().Context()), longRequest)
}

// submitMemberExport hands the members that a filter finds out as a file:
// POST /admin/members/export.
func (h *Handlers) submitMemberExport(c echo.Context) error {
	v, err := postedForm(c, largeForm)
	if err != nil {
		return err
	}
	if err := h.requireFresh(c); err != nil {
		return err
	}
	v.Set("act", actExport)
	form, err := h.bulkFormOf(c, v)
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showBulkPage(c, http.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	ctx, cancel := longer(c)
	defer cancel()
	file := h.csvFile(c, "members-"+paywall.DayName(h.Clock(), h.zone())+".csv", paywall.ExportHead()...)
	file.mark = v.Get("mark") == "1"
	return file.end(h.People.Export(ctx, paywall.ActorOf(viewerOf(c)), form.filter(), func(cells []string) error { return file.line(cells...) }))
}
