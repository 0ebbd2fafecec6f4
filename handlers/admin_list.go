package handlers

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

const listsURL = "/admin/members/import"

func listURL(id string) string { return listsURL + "/" + url.PathEscape(id) }

// showLists takes a list and shows those from before: GET /admin/members/import.
func (h *Handlers) showLists(c echo.Context) error { return h.showListForm(c, http.StatusOK, nil) }

func (h *Handlers) showListForm(c echo.Context, status int, problem error) error {
	l := localeOf(c)
	jobs, err := h.Jobs.Recent(c.Request().Context(), shownJobs)
	if err != nil {
		return err
	}
	page := views.AdminListsPage{
		Page: h.adminPage(c, l.T("people.import.title")), Fresh: viewerOf(c).Fresh(h.Clock()), ProveURL: proveURL(listsURL),
		Errors: fieldErrors(l, problem), Zone: h.zone().String(), Most: strconv.Itoa(paywall.MaxListBytes >> 20),
	}
	for _, job := range jobs {
		if job.Kind == paywall.JobImport {
			page.Rows = append(page.Rows, h.jobRow(c, job))
		}
	}
	return h.render(c, status, views.AdminLists(page))
}

// submitList takes a list: POST /admin/members/import.
func (h *Handlers) submitList(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	ctx, cancel := longer(c)
	defer cancel()
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, paywall.MaxListBytes+largeForm)
	parts, err := r.MultipartReader()
	if err != nil {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType).SetInternal(err)
	}
	name, file, err := filePart(parts, "file")
	var job paywall.Job
	if err == nil {
		job, err = h.Lists.Upload(ctx, paywall.ActorOf(viewerOf(c)), name, file)
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		err = fileError("people.import.error.large", err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showListForm(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return seeOther(c, listURL(job.ID))
}

// filePart is the uploaded file of a field, read as it comes.
func filePart(parts *multipart.Reader, field string) (string, io.Reader, error) {
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, fileError("people.import.error.empty", err)
		}
		if err != nil {
			return "", nil, err
		}
		if part.FormName() == field && part.FileName() != "" {
			return path.Base(strings.ReplaceAll(part.FileName(), `\`, "/")), part, nil
		}
	}
}

func fileError(key string, cause error) error {
	return refusedFields(map[string]string{"file": key}).Because(cause)
}

// showList shows one import, whatever its state: GET /admin/members/import/:id.
func (h *Handlers) showList(c echo.Context) error { return h.showListPage(c, http.StatusOK, nil) }

// submitListCheck lets an upload be checked: POST /admin/members/import/:id.
func (h *Handlers) submitListCheck(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	var fields []paywall.ListField
	for i := 0; v.Has(columnName(i)); i++ {
		fields = append(fields, paywall.ListField(v.Get(columnName(i))))
	}
	return h.changeList(c, h.Lists.Check(c.Request().Context(), c.Param("id"), fields, v.Get("bad") == "stop", v.Get("tell") == "1"))
}

func columnName(i int) string { return "column" + strconv.Itoa(i) }

// submitListStart runs it: POST /admin/members/import/:id/start.
func (h *Handlers) submitListStart(c echo.Context) error {
	return h.dangerousList(c, h.Lists.Start)
}

// submitListUndo takes it back: POST /admin/members/import/:id/undo.
func (h *Handlers) submitListUndo(c echo.Context) error {
	return h.dangerousList(c, h.Lists.Undo)
}

// dangerousList does something that asks for a proof of who one is.
func (h *Handlers) dangerousList(c echo.Context, do func(context.Context, paywall.Actor, string) error) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	return h.changeList(c, do(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id")))
}

// submitListDelete forgets an upload: POST /admin/members/import/:id/delete.
func (h *Handlers) submitListDelete(c echo.Context) error {
	err := h.Lists.Delete(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"))
	if err != nil {
		return h.changeList(c, err)
	}
	return h.doneWith(c, "flash.import_deleted", listsURL)
}

// changeList goes back to the import, which says what was refused.
func (h *Handlers) changeList(c echo.Context, err error) error {
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showListPage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return seeOther(c, listURL(c.Param("id")))
}

// showListErrors hands out the lines with mistakes and what is wrong with them:
// GET /admin/members/import/:id/errors.csv.
func (h *Handlers) showListErrors(c echo.Context) error {
	ctx, l := c.Request().Context(), localeOf(c)
	job, plan, err := h.listOf(c)
	if err != nil {
		return err
	}
	head := append(slices.Clone(plan.Head), l.T("people.import.line"), l.T("people.import.reason"))
	file := h.csvFile(c, "errors-"+paywall.DayName(job.CreatedAt, h.zone())+".csv", head...)
	for after := 0; ; {
		rows, err := h.Lists.Rows(ctx, job.ID, paywall.RowBad, after, 500)
		if err != nil || len(rows) == 0 {
			return file.end(err)
		}
		for _, row := range rows {
			after = row.Number
			cells := slices.Clone(row.Cells)
			for len(cells) < len(plan.Head) {
				cells = append(cells, "")
			}
			if err := file.line(append(cells, strconv.Itoa(row.Number), l.T(row.Problem))...); err != nil {
				return file.end(err)
			}
		}
	}
}

func (h *Handlers) listOf(c echo.Context) (job paywall.Job, plan paywall.ListPlan, err error) {
	if job, err = h.Jobs.ByID(c.Request().Context(), c.Param("id")); err != nil {
		return job, plan, err
	}
	if job.Kind != paywall.JobImport {
		return job, plan, paywall.ErrNotFound
	}
	plan, err = paywall.ListPlanOf(job)
	return job, plan, err
}

// listHindrance says why a list that was checked is not run; empty when it can be.
func listHindrance(l *i18n.Locale, plan paywall.ListPlan, counts paywall.JobCounts) string {
	switch {
	case counts[paywall.CountNew]+counts[paywall.CountKnown] == 0:
		return l.T("people.import.nothing")
	case plan.StopAtBad && counts[paywall.CountBad] > 0:
		return l.T("people.import.error.bad_rows")
	}
	return ""
}

// rowsShown is how many lines of a list a page shows.
const rowsShown = 20

func (h *Handlers) showListPage(c echo.Context, status int, problem error) error {
	ctx, l := c.Request().Context(), localeOf(c)
	job, plan, err := h.listOf(c)
	if err != nil {
		return err
	}
	verdict := paywall.RowVerdict(c.QueryParam("show"))
	after, _ := strconv.Atoi(c.QueryParam("after")) // nonsense shows the beginning
	rows, err := h.Lists.Rows(ctx, job.ID, verdict, max(0, after), rowsShown)
	if err != nil {
		return err
	}
	base := listURL(job.ID)
	page := views.AdminListPage{
		Page: h.adminPage(c, l.T("people.import.of", "File", plan.File)), Job: h.jobProgress(c, job), BaseURL: base,
		Size: l.N("people.import.lines", job.Total), Latin: plan.Latin, Comma: commaName(l, plan.Comma),
		Fresh: viewerOf(c).Fresh(h.Clock()), ProveURL: proveURL(base), Columns: listColumns(l, plan, rows),
		StopAtBad: plan.StopAtBad, Tell: plan.Tell, Errors: fieldErrors(l, problem), Error: formError(l, problem),
		Mapping: job.State == paywall.JobUploaded || job.State == paywall.JobChecked, Checked: job.State == paywall.JobChecked,
		Hindrance: listHindrance(l, plan, job.Counts),
		CanUndo:   (job.State == paywall.JobDone || job.State == paywall.JobStopped) && !job.StartedAt.IsZero(),
		UndoUntil: l.ShortDateTime(h.sited(job.EndedAt.Add(paywall.KeepJobs))),
		Shows:     listShows(l, base, verdict, job), Undone: job.State == paywall.JobUndone,
	}
	if job.Counts[paywall.CountBad] > 0 && job.State != paywall.JobUndone {
		page.ErrorsURL = base + "/errors.csv"
	}
	for _, row := range rows {
		page.Rows = append(page.Rows, listRow(l, plan, row))
	}
	if len(rows) == rowsShown {
		page.NextURL = base + "?" + url.Values{"show": {string(verdict)}, "after": {strconv.Itoa(rows[len(rows)-1].Number)}}.Encode()
	}
	return h.render(c, status, views.AdminList(page))
}
