package handlers

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// addGuide puts above the page of a step how to go on while the owner is led
// through the first run, and on other pages a notice of what is still to do. It
// answers whether the owner is led and steps are left: then no other notice need
// tell of them. A page is shown without them rather than not at all.
func (h *Handlers) addGuide(c echo.Context, page *views.Page) (led bool) {
	if !viewerOf(c).May(paywall.RightRun) {
		return false
	}
	ctx := c.Request().Context()
	guided, err := h.Checklist.Guided(ctx)
	if err != nil || !guided {
		return false
	}
	todos, err := h.Checklist.First(ctx)
	if err != nil {
		h.Log.Warn("steps of the set-up not read", "error", err)
		return false
	}
	led = todos.Left() > 0
	if step, ok := stepAt(c.Path()); ok {
		page.Guide = h.guideOf(c, todos, step)
	} else if led && c.Path() != checklistPath {
		page.AdminNotices = append(page.AdminNotices, views.AdminNotice{
			Text: progressText(page.L, todos) + ".", URL: checklistPath, Link: page.L.T("setup.list.title"), Todo: true,
		})
	}
	return led
}

// guideOf leads from the page of a step to the next; nil when the step is none of
// the first run's.
func (h *Handlers) guideOf(c echo.Context, todos paywall.Todos, step paywall.Step) *views.Guide {
	n := slices.IndexFunc(todos, func(todo paywall.Todo) bool { return todo.Step == step })
	if n < 0 {
		return nil
	}
	l := localeOf(c)
	guide := &views.Guide{
		Step: h.stepView(c, todos[n]), Position: l.T("setup.position", "Step", n+1, "Of", len(todos)),
		Settled: todos[n].Settled(), AfterURL: stepAfter(todos, step),
	}
	if next, ok := nextAfter(todos, step); ok {
		guide.Next = l.T("setup.next", "Step", l.T("setup.step."+string(next)+".title"))
	}
	return guide
}

// progressText says how many steps are done, skipped and left.
func progressText(l *i18n.Locale, todos paywall.Todos) string {
	parts := []string{l.N("setup.count.done", todos.Done())}
	if n := todos.Skipped(); n > 0 {
		parts = append(parts, l.N("setup.count.skipped", n))
	}
	if n := todos.Left(); n > 0 {
		parts = append(parts, l.N("setup.count.left", n))
	}
	return strings.Join(parts, ", ")
}

// stepAt is the step that a page belongs to, by its route.
func stepAt(route string) (paywall.Step, bool) {
	for _, step := range paywall.FirstSteps {
		place := stepPlaces[step].path
		if !strings.HasPrefix(place, "/admin/") {
			continue
		}
		if route == place || strings.HasPrefix(route, place+"/") { // such as its preview
			return step, true
		}
	}
	// An item is imported or typed, and then seen through until it is on.
	if route == "/admin/items" || strings.HasPrefix(route, "/admin/items/") {
		return paywall.StepItems, true
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
	return checklistPath
}
