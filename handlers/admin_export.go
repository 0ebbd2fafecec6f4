package handlers

import (
	"context"
	"encoding/csv"
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
	out := csv.NewWriter(c.Response())
	out.UseCRLF = true // RFC 4180
	begun := false
	err = h.People.Export(ctx, paywall.ActorOf(viewerOf(c)), form.filter(), func(cells []string) error {
		if !begun {
			begun = true
			if err := h.beginExport(c, out, v.Get("mark") == "1"); err != nil {
				return err
			}
		}
		return out.Write(guarded(cells))
	})
	if err == nil && !begun {
		err = h.beginExport(c, out, v.Get("mark") == "1")
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil && c.Response().Committed {
		h.Log.Error("export broken off", "error", err)
		panic(http.ErrAbortHandler) // or a file that is cut off would look whole
	}
	return err
}

// beginExport writes what stands before the lines. The mark tells some
// spreadsheets that the text is UTF-8.
func (h *Handlers) beginExport(c echo.Context, out *csv.Writer, mark bool) error {
	attach(c, "members-"+h.Clock().In(h.zone()).Format(time.DateOnly)+".csv", "text/csv; charset=utf-8; header=present")
	if mark {
		if _, err := c.Response().Write([]byte("\xef\xbb\xbf")); err != nil {
			return err
		}
	}
	return out.Write(paywall.ExportHead())
}

// guarded are cells that no spreadsheet takes for formulas.
func guarded(cells []string) []string {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = paywall.Guard(cell)
	}
	return safe
}
