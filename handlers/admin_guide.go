package handlers

import (
	"strings"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// addGuide puts above the page of a step how to go on while the owner is led
// through the first run, and on other pages a notice of what is still to do. A
// page is shown without them rather than not at all.
func (h *Handlers) addGuide(c echo.Context, page *views.Page) {
	if !viewerOf(c).May(paywall.RightRun) {
		return
	}
	ctx := c.Request().Context()
	guided, err := h.Checklist.Guided(ctx)
	if err != nil || !guided {
		return
	}
	todos, err := h.Checklist.First(ctx)
	if err != nil {
		h.Log.Warn("steps of the set-up not read", "error", err)
		return
	}
	if step, ok := stepAt(c.Path()); ok {
		page.Guide = h.guideOf(c, todos, step)
		return
	}
	if _, left := todos.Next(); left && c.Path() != "/admin/setup" {
		l := page.L
		page.AdminNotices = append(page.AdminNotices, views.AdminNotice{
			Text: l.T("setup.progress", "Done", todos.Done(), "Of", len(todos)) + ".",
			URL:  "/admin/setup", Link: l.T("setup.list.title"),
		})
	}
}

// guideOf leads from the page of a step to the next; nil when the step is none of
// the first run's.
func (h *Handlers) guideOf(c echo.Context, todos paywall.Todos, step paywall.Step) *views.Guide {
	todo, ok := todos.Of(step)
	if !ok {
		return nil
	}
	l := localeOf(c)
	guide := &views.Guide{
		Step: h.stepView(c, todo), Done: todos.Done(), Of: len(todos), Settled: todo.Settled(),
		Position: l.T("setup.progress", "Done", todos.Done(), "Of", len(todos)),
		NextURL:  stepAfter(todos, step), Next: l.T("setup.finish"),
	}
	if next, ok := nextAfter(todos, step); ok {
		guide.Next = l.T("setup.next", "Step", l.T("setup.step."+string(next)+".title"))
	}
	return guide
}

// stepAt is the step that a page belongs to, by its route.
func stepAt(route string) (paywall.Step, bool) {
	for _, step := range paywall.FirstSteps {
		if place := stepPlaces[step].path; route == place && strings.HasPrefix(place, "/admin/") {
			return step, true
		}
	}
	switch {
	// An item is imported or typed, and then seen through until it is on.
	case route == "/admin/items", strings.HasPrefix(route, "/admin/items/"):
		return paywall.StepItems, true
	case strings.HasPrefix(route, "/admin/health/"): // one source of many
		return paywall.StepProtection, true
	}
	return "", false
}

// nextAfter is the first step that is left, looking from a step on and then from
// the beginning.
func nextAfter(todos paywall.Todos, step paywall.Step) (paywall.Step, bool) {
	passed := false
	for _, todo := range todos {
		if passed && !todo.Settled() {
			return todo.Step, true
		}
		passed = passed || todo.Step == step
	}
	next, ok := todos.Next()
	return next.Step, ok && next.Step != step
}

// stepAfter is where to go on after a step: the list when nothing is left.
func stepAfter(todos paywall.Todos, step paywall.Step) string {
	if next, ok := nextAfter(todos, step); ok {
		return stepPlaces[next].path
	}
	return "/admin/setup"
}
