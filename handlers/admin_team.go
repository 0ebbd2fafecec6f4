package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showTeam lists who runs the site: GET /admin/team.
func (h *Handlers) showTeam(c echo.Context) error {
	return h.showTeamForm(c, http.StatusOK, url.Values{}, nil)
}

// submitAppoint gives a role to an account by its address: POST /admin/team.
func (h *Handlers) submitAppoint(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	err = h.Auth.Appoint(c.Request().Context(), paywall.ActorOf(viewerOf(c)), v.Get("email"), paywall.Role(v.Get("role")))
	return h.afterRole(c, v, err)
}

// submitRole gives an account another role: POST /admin/team/:id/role.
func (h *Handlers) submitRole(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	err = h.Auth.SetRole(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"), paywall.Role(v.Get("role")))
	return h.afterRole(c, url.Values{}, err)
}

func (h *Handlers) afterRole(c echo.Context, typed url.Values, err error) error {
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showTeamForm(c, http.StatusUnprocessableEntity, typed, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.role_changed", "/admin/team")
}

func (h *Handlers) showTeamForm(c echo.Context, status int, typed url.Values, problem error) error {
	l, viewer := localeOf(c), viewerOf(c)
	team, err := h.Auth.Team(c.Request().Context())
	if err != nil {
		return err
	}
	page := views.AdminTeamPage{
		Page: h.adminPage(c, l.T("admin.team.title")), Fresh: viewer.Fresh(h.Clock()), ProveURL: proveURL("/admin/team"),
		Email: typed.Get("email"), Roles: roleChoices(l, typed.Get("role")),
		Errors: fieldErrors(l, problem), Error: formError(l, problem),
	}
	for _, u := range team {
		row := views.TeamRow{
			Email: u.Email, Name: u.Name, Role: l.T("role." + string(u.Role)), URL: memberURL(u.ID),
			Own: u.ID == viewer.User.ID, RoleURL: "/admin/team/" + u.ID + "/role",
			Roles: options(l, "role.", string(u.Role), append(paywall.StaffRoles[:len(paywall.StaffRoles):len(paywall.StaffRoles)], paywall.RoleMember)...),
		}
		row.State, row.Active = memberState(l, u)
		page.Rows = append(page.Rows, row)
	}
	return h.render(c, status, views.AdminTeam(page))
}

// roleChoices are the roles of staff, each with what it may do.
func roleChoices(l *i18n.Locale, chosen string) []views.Choice {
	if chosen == "" {
		chosen = string(paywall.RoleSupport)
	}
	choices := make([]views.Choice, 0, len(paywall.StaffRoles))
	for _, role := range paywall.StaffRoles {
		choices = append(choices, views.Choice{
			Value: string(role), Label: l.T("role." + string(role)), Help: l.T("role." + string(role) + ".help"),
			Selected: string(role) == chosen,
		})
	}
	return choices
}
