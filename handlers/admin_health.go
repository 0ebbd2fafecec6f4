package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// problemsShown is how many of the worst sources stand above the list.
const problemsShown = 6

// probeOrders are the orders to choose from.
var probeOrders = []paywall.ProbeOrder{
	paywall.ProbesByState, paywall.ProbesByTitle, paywall.ProbesBySince, paywall.ProbesByChecked,
}

// showAdminHealth tells whether the paywall holds: GET /admin/health.
func (h *Handlers) showAdminHealth(c echo.Context) error {
	return h.showHealthPage(c, http.StatusOK, nil)
}

func (h *Handlers) showHealthPage(c echo.Context, status int, problem error) error {
	ctx, l := c.Request().Context(), localeOf(c)
	counts, err := h.Probes.Counts(ctx)
	if err != nil {
		return err
	}
	minutes, err := h.Probes.Interval(ctx)
	if err != nil {
		return err
	}
	page := views.AdminHealthPage{
		Page: h.adminPage(c, l.T("admin.health.title")), Vitals: h.vitalLines(c),
		Intervals: intervalOptions(l, int(minutes.Minutes())), IntervalError: fieldErrors(l, problem)["minutes"],
	}
	if err := h.fillHealthList(c, &page); err != nil {
		return err
	}
	if counts.Total > 0 {
		page.States = stateCounts(l, counts)
		if err := h.fillProblems(c, &page, counts); err != nil {
			return err
		}
	}
	if counts.Waiting > 0 {
		page.Waiting = l.N("admin.health.waiting", counts.Waiting)
		comeAgain(c)
	}
	return h.render(c, status, views.AdminHealth(page))
}

// fillHealthList shows the sources that are searched for.
func (h *Handlers) fillHealthList(c echo.Context, page *views.AdminHealthPage) error {
	l, list := localeOf(c), pagerOf(c, "/admin/health", "q", "state", "sort")
	filter := paywall.ProbeFilter{
		Text: list.query.Get("q"), State: paywall.ProbeState(list.query.Get("state")),
		Order: paywall.ProbeOrder(list.query.Get("sort")),
	}
	tasks, total, err := h.Probes.List(c.Request().Context(), filter, linesPerPage, list.offset())
	if err != nil {
		return err
	}
	page.Query, page.Total = filter.Text, l.N("admin.health.total", total)
	page.StateChoices = append([]views.Option{{Label: l.T("admin.mails.any_state")}},
		options(l, "probe.state.", string(filter.State), paywall.ProbeStates...)...)
	page.Sorts = options(l, "admin.health.sort.", string(filter.Order), probeOrders...)
	if page.PrevURL, page.NextURL, err = list.links(total); err != nil {
		return err
	}
	for _, task := range tasks {
		page.Rows = append(page.Rows, h.healthRow(c, task))
	}
	return nil
}

// fillProblems shows the worst sources first.
func (h *Handlers) fillProblems(c echo.Context, page *views.AdminHealthPage, counts paywall.ProbeCounts) error {
	for _, state := range []paywall.ProbeState{paywall.ProbeRed, paywall.ProbeAmber} {
		room := problemsShown - len(page.Problems)
		if counts.States[state] == 0 || room <= 0 {
			continue
		}
		tasks, _, err := h.Probes.List(c.Request().Context(), paywall.ProbeFilter{State: state}, room, 0)
		if err != nil {
			return err
		}
		for _, task := range tasks {
			page.Problems = append(page.Problems, h.healthRow(c, task))
		}
	}
	if more := counts.States[paywall.ProbeRed] + counts.States[paywall.ProbeAmber] - len(page.Problems); more > 0 {
		page.More, page.MoreURL = page.L.N("admin.health.more", more), "#sources"
	}
	return nil
}

func stateCounts(l *i18n.Locale, counts paywall.ProbeCounts) []views.HealthCount {
	var list []views.HealthCount
	for _, state := range paywall.ProbeStates {
		if n := counts.States[state]; n > 0 {
			list = append(list, views.HealthCount{
				Badge: stateBadge(l, state), Count: n, URL: "/admin/health?state=" + url.QueryEscape(string(state)) + "#sources",
			})
		}
	}
	return list
}

// stateBadge is a state as pages show it; other pages of the owner use it too.
func stateBadge(l *i18n.Locale, state paywall.ProbeState) views.HealthBadge {
	return views.HealthBadge{State: string(state), Word: l.T("probe.state." + string(state))}
}

// itemBadge is the worst state of an item's sources, from Probes.OfItem; zero for
// an item without sources.
func itemBadge(l *i18n.Locale, item paywall.Item, known map[string]paywall.Probe) views.HealthBadge {
	state := paywall.Worst(item, known)
	if state == "" {
		return views.HealthBadge{}
	}
	return stateBadge(l, state)
}

func (h *Handlers) healthRow(c echo.Context, task paywall.ProbeTask) views.HealthRow {
	l, path := localeOf(c), sourcePath(task)
	row := views.HealthRow{
		URL: path, Name: task.Name(), Kind: l.T("sourcekind." + string(task.Source.Kind)), Badge: stateBadge(l, task.Probe.State),
		Cause: l.T("probe.cause." + string(task.Probe.Cause)),
		Link:  h.mendLink(c, task), Since: h.whenOr(c, task.Probe.SinceAt, "–"), Checked: h.whenOr(c, task.Probe.CheckedAt, l.T("admin.health.never")),
		CheckURL: path + "/check",
	}
	row.Todo = h.whatToDo(c, task.Probe)
	if !task.Item.Published {
		row.Draft = l.T("admin.items.draft")
	}
	return row
}

// whatToDo about a source that is not in order.
func (h *Handlers) whatToDo(c echo.Context, probe paywall.Probe) string {
	l := localeOf(c)
	switch {
	case probe.State == paywall.ProbeGreen:
		return ""
	case probe.Cause == paywall.CauseHalf && probe.DueAt.After(h.Clock()):
		return l.T("admin.health.half_at", "Date", l.ShortDateTime(h.sited(probe.DueAt)))
	}
	return l.T("probe.do." + string(probe.Cause))
}

func sourcePath(task paywall.ProbeTask) string { return "/admin/health/" + task.Source.ID }

// mendLink leads to where the cause of a state is mended, as far as the visitor
// may go there.
func (h *Handlers) mendLink(c echo.Context, task paywall.ProbeTask) views.HealthLink {
	l, viewer := localeOf(c), viewerOf(c)
	switch task.Probe.Cause {
	case paywall.CauseLeak, paywall.CauseLeakStuck, paywall.CauseOff:
		if viewer.May(paywall.RightEditItems) && h.Probes.CanProtect(task) {
			return views.HealthLink{URL: sourcePath(task) + "#protection", Text: l.T("admin.health.protect")}
		}
	case paywall.CauseUnlisted, paywall.CauseGone:
		if viewer.May(paywall.RightSeeItems) {
			return views.HealthLink{URL: "/admin/items/" + task.Item.ID, Text: l.T("admin.health.go.item")}
		}
	case paywall.CauseNoToken, paywall.CauseKey, paywall.CauseRights, paywall.CauseAccount, paywall.CauseSupplier:
		if viewer.May(paywall.RightRun) {
			return views.HealthLink{URL: connectionPath, Text: l.T("admin.health.go.connection")}
		}
	}
	return views.HealthLink{}
}

func intervalOptions(l *i18n.Locale, chosen int) []views.Option {
	var list []views.Option
	for _, n := range paywall.ProbeIntervals {
		list = append(list, views.Option{
			Value: strconv.Itoa(n), Label: l.N("admin.health.minutes", n), Selected: n == chosen,
		})
	}
	return list
}

// submitCheckAll checks every source: POST /admin/health/check.
func (h *Handlers) submitCheckAll(c echo.Context) error {
	if err := h.Probes.CheckAll(c.Request().Context()); err != nil {
		return err
	}
	return h.doneWith(c, "flash.check_all", "/admin/health")
}

// submitInterval changes how often sources are checked: POST
// /admin/health/interval.
func (h *Handlers) submitInterval(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	err = h.Probes.SetInterval(c.Request().Context(), paywall.ActorOf(viewerOf(c)), typedNumber(form.Get("minutes")))
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showHealthPage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.settings_saved", "/admin/health")
}

// healthNotices say on every page of the owner area that the paywall does not
// hold. A page is shown without them rather than not at all.
func (h *Handlers) healthNotices(c echo.Context) []views.AdminNotice {
	leaks, failing, err := h.Probes.Alarms(c.Request().Context())
	if err != nil {
		h.Log.Warn("alarms of sources not counted", "error", err)
		return nil
	}
	l := localeOf(c)
	var notices []views.AdminNotice
	add := func(count int, key string, state paywall.ProbeState) {
		if count > 0 {
			notices = append(notices, views.AdminNotice{
				Text: l.N(key, count), URL: fmt.Sprintf("/admin/health?state=%s#sources", state), Link: l.T("admin.health.title"),
			})
		}
	}
	add(leaks, "admin.notice.leaks", paywall.ProbeRed)
	add(failing, "admin.notice.failing", paywall.ProbeAmber)
	return notices
}
