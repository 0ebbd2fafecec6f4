package handlers

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

func jobURL(id string) string { return "/admin/members/jobs/" + id }

// shownJobs is how many jobs are listed; older ones are of no use to anybody.
const shownJobs = 50

// showJobs lists work on many people: GET /admin/members/jobs.
func (h *Handlers) showJobs(c echo.Context) error {
	l := localeOf(c)
	jobs, err := h.Jobs.Recent(c.Request().Context(), shownJobs)
	if err != nil {
		return err
	}
	page := views.AdminJobsPage{Page: h.adminPage(c, l.T("people.jobs.title"))}
	for _, job := range jobs {
		page.Rows = append(page.Rows, h.jobRow(c, job))
	}
	return h.render(c, http.StatusOK, views.AdminJobs(page))
}

// jobRow is a job in a list. Imports lead to their own pages, for who may open
// them.
func (h *Handlers) jobRow(c echo.Context, job paywall.Job) views.JobRow {
	l := localeOf(c)
	row := views.JobRow{
		What: l.T("people.act." + string(job.Kind)), Who: job.Actor.Name, When: l.ShortDateTime(h.sited(job.CreatedAt)),
		State: l.T("people.job." + string(job.State)), Good: job.State == paywall.JobDone, URL: jobURL(job.ID),
		Size: l.N("admin.members.total", job.Total),
	}
	if job.Kind == paywall.JobImport {
		row.URL, row.Size = listURL(job.ID), l.N("people.import.lines", job.Total)
		if plan, err := paywall.ListPlanOf(job); err == nil {
			row.What = l.T("people.import.of", "File", plan.File)
		}
		if !viewerOf(c).May(paywall.RightRun) {
			row.URL = ""
		}
	}
	return row
}

// showJob shows how far a job is: GET /admin/members/jobs/:id.
func (h *Handlers) showJob(c echo.Context) error {
	job, err := h.Jobs.ByID(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if job.Kind == paywall.JobImport {
		return seeOther(c, listURL(job.ID))
	}
	l := localeOf(c)
	page := views.AdminJobPage{
		Page: h.adminPage(c, l.T("people.act."+string(job.Kind))), Job: h.jobProgress(c, job),
		MayChange: viewerOf(c).May(paywall.RightEditPeople), BaseURL: jobURL(job.ID),
	}
	return h.render(c, http.StatusOK, views.AdminJob(page))
}

// jobProgress is how far a job is, in words. While it is at work, the page looks
// again by itself.
func (h *Handlers) jobProgress(c echo.Context, job paywall.Job) views.JobProgress {
	l := localeOf(c)
	p := views.JobProgress{
		State: l.T("people.job." + string(job.State)), Working: job.State.Working(), Done: strconv.Itoa(job.Done), Total: strconv.Itoa(job.Total),
		Progress: l.T("people.job.progress", "Done", l.Number(job.Done), "Total", l.Number(job.Total)), Good: job.State == paywall.JobDone,
		Stopped: job.State == paywall.JobStopped, Running: job.State == paywall.JobRunning,
	}
	if job.Problem != "" {
		p.Problem = l.T(job.Problem)
	}
	for _, name := range jobCounts {
		if n := job.Counts[name]; n > 0 {
			p.Counts = append(p.Counts, views.Fact{Label: l.T("people.count." + name), Value: l.Number(n)})
		}
	}
	p.Facts = []views.Fact{
		{Label: l.T("people.job.who"), Value: job.Actor.Name},
		{Label: l.T("people.job.begun"), Value: h.begun(l, job)},
	}
	if p.Working {
		comeAgain(c)
	}
	return p
}

// begun is when a job began, or was uploaded.
func (h *Handlers) begun(l *i18n.Locale, job paywall.Job) string {
	at := job.StartedAt
	if at.IsZero() {
		at = job.CreatedAt
	}
	return l.ShortDateTime(h.sited(at))
}

// jobCounts are the counts of jobs, in the order in which they are shown.
var jobCounts = []string{
	paywall.CountPeople, paywall.CountNew, paywall.CountKnown, paywall.CountNothing, paywall.CountBad, paywall.CountGrants,
	paywall.CountMails, paywall.CountSkipped, paywall.CountTaken, paywall.CountRemoved, paywall.CountKept,
}

// submitJobStop stops a job where it is: POST /admin/members/jobs/:id/stop.
func (h *Handlers) submitJobStop(c echo.Context) error {
	return h.changeJob(c, h.Jobs.Stop)
}

// submitJobResume lets it go on: POST /admin/members/jobs/:id/resume.
func (h *Handlers) submitJobResume(c echo.Context) error {
	return h.changeJob(c, h.Jobs.Resume)
}

// changeJob does something with a job and goes back to its page; imports are the
// owner's. A job that has moved on meanwhile needs no explanation: the page shows
// where it is.
func (h *Handlers) changeJob(c echo.Context, do func(context.Context, paywall.Actor, string) error) error {
	ctx, viewer := c.Request().Context(), viewerOf(c)
	job, err := h.Jobs.ByID(ctx, c.Param("id"))
	if err == nil && job.Kind == paywall.JobImport && !viewer.May(paywall.RightRun) {
		err = paywall.ErrNotFound
	}
	if err == nil {
		err = do(ctx, paywall.ActorOf(viewer), job.ID)
	}
	if kind := paywall.KindOf(err); err != nil && kind != paywall.KindInvalid && kind != paywall.KindConflict {
		return err
	}
	return seeOther(c, jobURL(c.Param("id")))
}
