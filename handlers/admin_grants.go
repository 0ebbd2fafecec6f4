package handlers

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// grantForm is the form that gives access, as typed.
type grantForm struct{ email, opens, until, note string }

// showGrants lists grants and offers to give one: GET /admin/grants.
func (h *Handlers) showGrants(c echo.Context) error {
	return h.showGrantForm(c, http.StatusOK, grantForm{email: c.QueryParam("email"), opens: c.QueryParam("opens")}, nil)
}

// submitGrant gives a grant: POST /admin/grants.
func (h *Handlers) submitGrant(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	form := grantForm{email: v.Get("email"), opens: v.Get("opens"), until: v.Get("until"), note: v.Get("note")}
	input, err := form.input(h.zone())
	if err == nil {
		_, err = h.Grants.Give(c.Request().Context(), paywall.ActorOf(viewerOf(c)), input)
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showGrantForm(c, http.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.grant_given", "/admin/grants")
}

// submitRevokeGrant takes a grant back: POST /admin/grants/:id/revoke.
func (h *Handlers) submitRevokeGrant(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	if err := h.Grants.Revoke(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id")); err != nil {
		return err
	}
	return h.doneWith(c, "flash.grant_revoked", h.backToList(v.Get("next")))
}

// submitExtendGrant lets a grant end later: POST /admin/grants/:id/extend.
func (h *Handlers) submitExtendGrant(c echo.Context) error {
	return h.changeGrantDays(c, h.Grants.Extend, "flash.grant_extended")
}

// submitGrantAgain gives once more what a grant opened that is over:
// POST /admin/grants/:id/again.
func (h *Handlers) submitGrantAgain(c echo.Context) error {
	return h.changeGrantDays(c, h.Grants.Again, "flash.grant_given")
}

// changeGrantDays does something with a grant by a number of days.
func (h *Handlers) changeGrantDays(
	c echo.Context, do func(context.Context, paywall.Actor, string, paywall.Extension) (paywall.Grant, error), flash string,
) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	days := paywall.Extension{Days: typedNumber(v.Get("days")), Zone: h.zone()}
	_, err = do(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"), days)
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.refuseDays(c, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, flash, h.backToList(v.Get("next")))
}

// refuseDays shows the list with what was refused.
func (h *Handlers) refuseDays(c echo.Context, problem error) error {
	text := formError(localeOf(c), problem)
	for _, message := range fieldErrors(localeOf(c), problem) {
		text = message
	}
	page, err := h.grantsPage(c, grantForm{}, nil)
	if err != nil {
		return err
	}
	page.Error = text
	return h.render(c, http.StatusUnprocessableEntity, views.AdminGrants(page))
}

// backToList is where an act on a grant came from: the list or a person's page.
func (h *Handlers) backToList(next string) string {
	if next == "" {
		return "/admin/grants"
	}
	return h.localPath(next)
}

// input reads the form. A date means until its end in the site's zone, which is
// what people mean by "until Friday".
func (f grantForm) input(zone *time.Location) (paywall.GrantInput, error) {
	typed := typedIn(zone)
	in := paywall.GrantInput{Email: f.email, Note: f.note, Until: typed.day("until", f.until, "grant.error.until").To}
	in.Scope, in.TargetID = targetOf(f.opens)
	return in, typed.refusal()
}

func (h *Handlers) showGrantForm(c echo.Context, status int, form grantForm, problem error) error {
	page, err := h.grantsPage(c, form, problem)
	if err != nil {
		return err
	}
	return h.render(c, status, views.AdminGrants(page))
}

// grantQuery reads what the list is asked for. What it does not know does not
// count.
func grantQuery(c echo.Context, list *pager) (f paywall.GrantFilter, sort paywall.GrantSort) {
	known := func(name string, ok bool) string {
		if !ok {
			list.query.Del(name)
		}
		return list.query.Get(name)
	}
	f.Text = known("q", len(c.QueryParam("q")) <= 200)
	f.State = paywall.GrantState(known("state", slices.Contains(grantStates, paywall.GrantState(c.QueryParam("state")))))
	f.Origin = paywall.Origin(known("origin", slices.Contains(paywall.Origins, paywall.Origin(c.QueryParam("origin")))))
	sort = paywall.GrantSort(known("sort", slices.Contains(paywall.GrantSorts, paywall.GrantSort(c.QueryParam("sort")))))
	if sort == "" {
		sort = paywall.GrantsNewest
	}
	return f, sort
}

var grantStates = []paywall.GrantState{paywall.GrantLive, paywall.GrantEnded, paywall.GrantLater}

func (h *Handlers) grantsPage(c echo.Context, form grantForm, problem error) (page views.AdminGrantsPage, err error) {
	l, list := localeOf(c), pagerOf(c, "/admin/grants", "q", "state", "origin", "sort")
	filter, sort := grantQuery(c, &list)
	lines, total, err := h.People.Grants(c.Request().Context(), filter, sort, linesPerPage, list.offset())
	broad := paywall.KindOf(err) == paywall.KindTooMany
	if err != nil && !broad {
		return page, err
	}
	targets, missing := h.targets(c)
	if missing != nil {
		return page, missing
	}
	page = views.AdminGrantsPage{
		Page: h.adminPage(c, l.T("admin.grants.title")), Email: form.email, Until: form.until, Note: form.note,
		Opens: toGive(l, targets, form.opens), Zone: h.zone().String(), Errors: fieldErrors(l, problem),
		Query:   filter.Text,
		States:  anyOf(l.T("people.any"), options(l, "people.grant.", string(filter.State), grantStates...)),
		Origins: anyOf(l.T("people.any"), options(l, "origin.", string(filter.Origin), paywall.Origins...)),
		Sorts:   options(l, "people.grant_sort.", string(sort), paywall.GrantSorts...),
		Total:   l.N("people.grants.total", total), Narrowed: filter != paywall.GrantFilter{},
	}
	if broad {
		page.Broad, page.Total = formError(l, err), ""
	}
	if page.PrevURL, page.NextURL, err = list.links(total); err != nil {
		return page, err
	}
	for _, line := range lines {
		page.Rows = append(page.Rows, h.adminGrantRow(c, line, targets))
	}
	if problem != nil {
		page.Error = l.T("error.invalid")
	}
	return page, nil
}

// toGive are the things to choose from for a new grant. Nothing is chosen before
// somebody does: the first of them opens everything.
func toGive(l *i18n.Locale, targets targetNames, selected string) []views.Option {
	return anyOf(l.T("admin.grants.opens.choose"), grantChoices(l, targets, selected))
}

// grantChoices are the things a grant can open, for a form.
func grantChoices(l *i18n.Locale, targets targetNames, selected string) []views.Option {
	choices := []views.Option{{Value: string(paywall.ScopeEverything), Label: l.T("account.everything")}}
	for _, collection := range targets.collections {
		choices = append(choices, views.Option{
			Value: targetText(paywall.ScopeCollection, collection.ID), Label: l.T("admin.grants.collection", "Title", collection.Title),
		})
	}
	for _, item := range targets.items {
		choices = append(choices, views.Option{Value: targetText(paywall.ScopeItem, item.ID), Label: item.Title})
	}
	for i := range choices {
		choices[i].Selected = choices[i].Value == selected
	}
	return choices
}

func (h *Handlers) adminGrantRow(c echo.Context, line paywall.GrantLine, titles targetNames) views.AdminGrantRow {
	l, g, now := localeOf(c), line.Grant, h.Clock()
	row := views.AdminGrantRow{
		Email: line.Email, PersonURL: memberURL(g.UserID), Opens: titles.name(l, g), From: l.ShortDateTime(h.sited(g.From)),
		Until: grantUntil(l, g, now, h.zone()), Origin: originName(l, g.Origin), Note: g.Note, Live: g.Live(now), ID: g.ID,
	}
	if !viewerOf(c).May(paywall.RightEditPeople) {
		return row
	}
	base := "/admin/grants/" + g.ID
	if end := g.End(); !end.IsZero() && !now.Before(end) {
		if !titles.gone(g.Scope, g.TargetID) {
			row.AgainURL = base + "/again"
		}
		return row
	}
	row.RevokeURL = base + "/revoke"
	if !g.Until.IsZero() {
		row.ExtendURL = base + "/extend"
	}
	return row
}

// originName is where a grant came from, in words; as it is kept when there are
// none.
func originName(l *i18n.Locale, origin paywall.Origin) string {
	if key := "origin." + string(origin); i18n.Has(key) {
		return l.T(key)
	}
	return string(origin)
}
