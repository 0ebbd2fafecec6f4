package handlers

import (
	"errors"
	"net/http"
	"strings"
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
	err := h.Grants.Revoke(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"))
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.grant_revoked", "/admin/grants")
}

// input reads the form. A date means until its end in the site's zone, which is
// what people mean by "until Friday".
func (f grantForm) input(zone *time.Location) (paywall.GrantInput, error) {
	scope, target, _ := strings.Cut(f.opens, ":")
	in := paywall.GrantInput{
		Email: f.email, Scope: paywall.GrantScope(scope), TargetID: target, Note: f.note,
	}
	if f.until == "" {
		return in, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, f.until, zone)
	if err != nil {
		return in, &paywall.Error{
			Kind: paywall.KindInvalid, Key: "error.invalid", Fields: map[string]string{"until": "grant.error.until"},
		}
	}
	in.Until = day.AddDate(0, 0, 1).UTC()
	return in, nil
}

func (h *Handlers) showGrantForm(c echo.Context, status int, form grantForm, problem error) error {
	l, list := localeOf(c), pagerOf(c, "/admin/grants")
	// One more than is shown tells whether there is a next page.
	lines, err := h.Grants.Recent(c.Request().Context(), linesPerPage+1, list.offset())
	if err != nil {
		return err
	}
	targets, err := h.targets(c)
	if err != nil {
		return err
	}
	page := views.AdminGrantsPage{
		Page: h.adminPage(c, l.T("admin.grants.title")), Email: form.email, Until: form.until, Note: form.note,
		Opens: grantChoices(l, targets, form.opens), Zone: h.zone().String(), Errors: fieldErrors(l, problem),
	}
	page.PrevURL, page.NextURL = list.links(list.offset() + len(lines))
	for _, line := range lines[:min(len(lines), linesPerPage)] {
		page.Rows = append(page.Rows, h.adminGrantRow(l, line, targets))
	}
	var known *paywall.Error
	if errors.As(problem, &known) {
		page.Error = l.T(known.Key)
	}
	return h.render(c, status, views.AdminGrants(page))
}

// grantChoices are the things a grant can open, for the form.
func grantChoices(l *i18n.Locale, targets targetNames, selected string) []views.Option {
	choices := []views.Option{{Value: string(paywall.ScopeEverything), Label: l.T("account.everything")}}
	for _, collection := range targets.collections {
		choices = append(choices, views.Option{
			Value: string(paywall.ScopeCollection) + ":" + collection.ID,
			Label: l.T("admin.grants.collection", "Title", collection.Title),
		})
	}
	for _, item := range targets.items {
		choices = append(choices, views.Option{Value: string(paywall.ScopeItem) + ":" + item.ID, Label: item.Title})
	}
	for i := range choices {
		choices[i].Selected = choices[i].Value == selected
	}
	return choices
}

func (h *Handlers) adminGrantRow(l *i18n.Locale, line paywall.GrantLine, titles targetNames) views.AdminGrantRow {
	g, now := line.Grant, h.Clock()
	row := views.AdminGrantRow{
		Email: line.Email, Opens: titles.name(l, g), From: l.ShortDateTime(g.From.In(h.zone())),
		Until: grantUntil(l, g, now, h.zone()), Origin: l.T("origin." + string(g.Origin)), Note: g.Note, Live: g.Live(now),
	}
	if end := g.End(); end.IsZero() || now.Before(end) {
		row.RevokeURL = "/admin/grants/" + g.ID + "/revoke"
	}
	return row
}
