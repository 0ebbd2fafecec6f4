package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// showSource shows what was seen of a source: GET /admin/health/:id.
func (h *Handlers) showSource(c echo.Context) error { return h.showSourcePage(c, http.StatusOK, nil) }

func (h *Handlers) showSourcePage(c echo.Context, status int, problem error) error {
	ctx, l := c.Request().Context(), localeOf(c)
	task, changes, err := h.Probes.Of(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	row, path := h.healthRow(c, task), sourcePath(task)
	page := views.AdminSourcePage{
		Page: h.adminPage(c, task.Name()), Badge: row.Badge, Cause: row.Cause, Todo: row.Todo, Link: row.Link,
		Waiting: task.Probe.Waits(), Facts: h.sourceFacts(c, task), CheckURL: path + "/check",
		Fresh: viewerOf(c).Fresh(h.Clock()), ProveURL: proveURL(path), Error: formError(l, problem),
	}
	if viewerOf(c).May(paywall.RightEditItems) && h.Probes.CanProtect(task) {
		page.ProtectURL, page.Ask = path+"/protect", protectQuestion(c, task)
	}
	for _, change := range changes {
		page.History = append(page.History, views.HealthChange{
			When: l.ShortDateTime(h.sited(change.At)), Old: stateBadge(l, change.Old), New: stateBadge(l, change.New),
			Cause: l.T("probe.cause." + string(change.Cause)), Detail: change.Detail,
		})
	}
	if page.Waiting {
		comeAgain(c)
	}
	return h.render(c, status, views.AdminSource(page))
}

// protectQuestion names what would be protected.
func protectQuestion(c echo.Context, task paywall.ProbeTask) string {
	l := localeOf(c)
	switch {
	case task.Source.Kind != paywall.SourceVOD:
		return l.T("admin.health.protect.ask", "Name", task.Name(), "Stream", task.Source.Ref)
	case task.Probe.Folder == "":
		return l.T("admin.health.protect.ask_video", "Name", task.Name())
	}
	return l.T("admin.health.protect.ask_folder", "Name", task.Name(), "Folder", task.Probe.Folder)
}

func (h *Handlers) sourceFacts(c echo.Context, task paywall.ProbeTask) []views.Fact {
	l, p := localeOf(c), task.Probe
	facts := []views.Fact{
		{Label: l.T("admin.health.fact.item"), Value: task.Item.Title},
		{Label: l.T("admin.health.fact.kind"), Value: l.T("sourcekind." + string(task.Source.Kind))},
		{Label: l.T("admin.health.fact.ref"), Value: task.Source.Ref},
		{Label: l.T("admin.health.fact.access"), Value: l.T("access." + string(task.Item.Access))},
		{Label: l.T("admin.health.checked"), Value: h.whenOr(c, p.CheckedAt, l.T("admin.health.never"))},
	}
	if p.CheckedAt.IsZero() {
		return facts
	}
	facts = append(facts,
		views.Fact{Label: l.T("admin.health.fact.bare"), Value: l.T("probe.sight." + sightWord(p.Bare))},
		views.Fact{Label: l.T("admin.health.fact.token"), Value: h.tokenFact(c, p)},
		views.Fact{Label: l.T("admin.health.fact.told"), Value: l.T("probe.told." + toldWord(p.Told))},
		views.Fact{Label: l.T("admin.health.fact.green"), Value: h.whenOr(c, p.GreenAt, l.T("admin.health.never"))},
	)
	if p.Folder != "" {
		facts = append(facts, views.Fact{Label: l.T("admin.health.fact.folder"), Value: p.Folder})
	}
	if !p.SwitchedAt.IsZero() {
		facts = append(facts, views.Fact{Label: l.T("admin.health.fact.switched"), Value: h.whenOr(c, p.SwitchedAt, "")})
	}
	return append(facts, views.Fact{Label: l.T("admin.health.fact.detail"), Value: p.Detail})
}

// tokenFact is what came of the last try with a token, and when that was.
func (h *Handlers) tokenFact(c echo.Context, p paywall.Probe) string {
	l := localeOf(c)
	if p.TokenAt.IsZero() {
		return l.T("admin.health.token_never")
	}
	word := l.T("probe.sight." + sightWord(p.Token))
	if p.Trouble != "" {
		word = l.T("probe.sight.no_token")
	}
	return l.T("admin.health.token_at", "What", word, "When", h.whenOr(c, p.TokenAt, ""))
}

func sightWord(s paywall.Sighting) string {
	if s == "" {
		return "none"
	}
	return string(s)
}

func toldWord(f paywall.Found) string {
	if f == "" {
		return string(paywall.FoundUnknown)
	}
	return string(f)
}

// whenOr is an instant in the visitor's language, or other words when there was none.
func (h *Handlers) whenOr(c echo.Context, at time.Time, otherwise string) string {
	if at.IsZero() {
		return otherwise
	}
	return localeOf(c).ShortDateTime(h.sited(at))
}

// submitCheck checks one source: POST /admin/health/:id/check.
func (h *Handlers) submitCheck(c echo.Context) error {
	done, err := h.Probes.CheckNow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	key := "flash.check_running"
	if done {
		key = "flash.check_done"
	}
	return h.doneWith(c, key, "/admin/health/"+c.Param("id"))
}

// submitProtect switches the protection of a source on: POST
// /admin/health/:id/protect.
func (h *Handlers) submitProtect(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	err := h.Probes.Protect(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"))
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showSourcePage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.protected", "/admin/health/"+c.Param("id"))
}
