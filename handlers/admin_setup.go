package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// checklistPath is the list of the steps.
const checklistPath = "/admin/setup"

// stepPlace is where a step is done.
type stepPlace struct {
	path    string
	minutes int // how long it takes
}

// stepPlaces are the pages of the steps.
var stepPlaces = map[paywall.Step]stepPlace{
	paywall.StepOwner:      {"/account/security", 1},
	paywall.StepSite:       {"/admin/settings/look", 2},
	paywall.StepConnection: {"/admin/settings/connection", 2},
	paywall.StepMail:       {"/admin/settings/mail", 1},
	paywall.StepItems:      {"/admin/items/import", 2},
	paywall.StepProtection: {"/admin/health", 1},
	paywall.StepSignUp:     {"/admin/settings/sign-up", 1},
	paywall.StepInvite:     {"/admin/setup/invite", 1},
	paywall.StepListen:     {"/admin/setup/listen", 1},
	paywall.StepTexts:      {"/admin/texts", 10},
	paywall.StepFactor:     {"/account/security", 3},
	paywall.StepDeputy:     {"/admin/team", 2},
}

// showChecklist lists what makes the site ready: GET /admin/setup.
func (h *Handlers) showChecklist(c echo.Context) error {
	ctx, l := c.Request().Context(), localeOf(c)
	first, err := h.Checklist.First(ctx)
	if err != nil {
		return err
	}
	later, err := h.Checklist.Later(ctx)
	if err != nil {
		return err
	}
	guided, err := h.Checklist.Guided(ctx)
	if err != nil {
		return err
	}
	page := views.AdminSetupPage{
		Page: h.adminPage(c, listTitle(l, first)), Done: first.Done(), Of: len(first), Guided: guided,
		Progress: progressText(l, first), First: h.stepViews(c, first), Later: h.stepViews(c, later),
	}
	if next, ok := first.Next(); ok {
		page.Next = h.stepView(c, next)
	}
	return h.render(c, http.StatusOK, views.AdminSetup(page))
}

// listTitle says how far the first run is.
func listTitle(l *i18n.Locale, first paywall.Todos) string {
	switch {
	case first.Ready():
		return l.T("setup.all_done")
	case first.Left() == 0:
		return l.T("setup.through")
	}
	return l.T("setup.list.title")
}

func (h *Handlers) stepViews(c echo.Context, todos paywall.Todos) []views.SetupStep {
	steps := make([]views.SetupStep, 0, len(todos))
	for _, todo := range todos {
		steps = append(steps, h.stepView(c, todo))
	}
	return steps
}

func (h *Handlers) stepView(c echo.Context, todo paywall.Todo) views.SetupStep {
	l, place, key := localeOf(c), stepPlaces[todo.Step], "setup.step."+string(todo.Step)
	step := views.SetupStep{
		Title: l.T(key + ".title"), Why: l.T(key + ".why"), URL: place.path,
		Time:  l.N("setup.minutes", place.minutes),
		State: string(todo.State), Label: l.T("setup.state." + string(todo.State)),
		Fact: factText(l, todo), Skipped: todo.Skipped(),
	}
	if todo.Skipped() {
		step.Label = l.T("setup.state.skipped")
	}
	if todo.Stops {
		step.Without = l.T(key + ".without")
	}
	if !todo.At.IsZero() {
		step.When = l.ShortDateTime(h.sited(todo.At))
	}
	if todo.Step != paywall.StepOwner && todo.State != paywall.StepDone {
		step.SkipURL = "/admin/setup/" + string(todo.Step) + "/skip"
	}
	return step
}

// factText is the fact that tells how far a step is, in words.
func factText(l *i18n.Locale, todo paywall.Todo) string {
	if todo.Count > 0 {
		return l.N(todo.Key, todo.Count)
	}
	return l.T(todo.Key, todo.Args...)
}

// submitSkip notes that the owner does without a step, or not after all, and goes
// on to the next one if that was asked: POST /admin/setup/:step/skip.
func (h *Handlers) submitSkip(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	ctx, step := c.Request().Context(), paywall.Step(c.Param("step"))
	skip := v.Get("skip") == "yes"
	if err := h.Checklist.Skip(ctx, paywall.ActorOf(viewerOf(c)), step, skip); err != nil {
		return err
	}
	key := "flash.step_resumed"
	if skip {
		key = "flash.step_skipped"
	}
	to := checklistPath
	if v.Has("next") {
		to = h.localPath(v.Get("next"))
	}
	return h.doneWith(c, key, to)
}

// submitGuide begins or ends leading the owner from step to step: POST
// /admin/setup/guide.
func (h *Handlers) submitGuide(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	on := v.Get("guided") == "yes"
	if err := h.Checklist.Guide(c.Request().Context(), paywall.ActorOf(viewerOf(c)), on); err != nil {
		return err
	}
	key := "flash.guide_ended"
	if on {
		key = "flash.guide_begun"
	}
	return h.doneWith(c, key, checklistPath)
}

// fromSetup is in the query of a player that an owner opens to hear it: then there
// is a way back beside it.
const fromSetup = "setup"

// showListen leads to the first thing that plays: GET /admin/setup/listen.
func (h *Handlers) showListen(c echo.Context) error {
	items, err := h.Catalogue.WhatIsOn(c.Request().Context())
	if err != nil {
		return err
	}
	page := views.SetupListenPage{
		Page: h.adminPage(c, localeOf(c).T("setup.step.listen.title")), ItemsURL: stepPlaces[paywall.StepItems].path,
	}
	for _, item := range items {
		if page.URL == "" || item.Kind == paywall.KindRadio { // a station plays at any hour
			page.Title, page.URL = item.Title, item.Path()+"?from="+fromSetup
		}
		if item.Kind == paywall.KindRadio {
			break
		}
	}
	return h.render(c, http.StatusOK, views.SetupListen(page))
}
