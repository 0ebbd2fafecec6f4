package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showMembers lists accounts and finds them: GET /admin/members.
func (h *Handlers) showMembers(c echo.Context) error {
	return h.showMemberList(c, http.StatusOK, "", nil)
}

// submitInvite mails an invitation: POST /admin/members/invite.
func (h *Handlers) submitInvite(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	email := v.Get("email")
	err = h.Auth.Invite(c.Request().Context(), paywall.ActorOf(viewerOf(c)), email, localeOf(c).Tag())
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showMemberList(c, http.StatusUnprocessableEntity, email, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.invited", "/admin/members")
}

// submitUninvite takes an invitation back: POST /admin/members/uninvite.
func (h *Handlers) submitUninvite(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	err = h.Auth.Uninvite(c.Request().Context(), paywall.ActorOf(viewerOf(c)), v.Get("email"))
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.uninvited", "/admin/members")
}

func (h *Handlers) showMemberList(c echo.Context, status int, typed string, problem error) error {
	ctx, l := c.Request().Context(), localeOf(c)
	list := pagerOf(c, "/admin/members", "q")
	query := list.query.Get("q")
	users, total, err := h.Auth.Members(ctx, query, linesPerPage, list.offset())
	if err != nil {
		return err
	}
	invitations, err := h.Auth.Invitations(ctx)
	if err != nil {
		return err
	}
	settings, err := h.Settings.Get(ctx)
	if err != nil {
		return err
	}
	page := views.AdminMembersPage{
		Page: h.adminPage(c, l.T("admin.members.title")), Query: query, Total: l.N("admin.members.total", total),
		CanInvite: settings.SignUp != paywall.SignUpClosed, Email: typed, Errors: fieldErrors(l, problem),
	}
	page.PrevURL, page.NextURL = list.links(total)
	for _, u := range users {
		page.Rows = append(page.Rows, h.memberRow(c, u))
	}
	for _, p := range invitations {
		page.Invitations = append(page.Invitations, views.InvitationRow{
			Email: p.Email, Sent: l.T("admin.members.invited",
				"Date", l.ShortDateTime(h.zoned(c, p.CreatedAt)), "Until", l.ShortDateTime(h.zoned(c, p.ExpiresAt))),
		})
	}
	return h.render(c, status, views.AdminMembers(page))
}

func (h *Handlers) memberRow(c echo.Context, u paywall.User) views.AdminMemberRow {
	l := localeOf(c)
	row := views.AdminMemberRow{
		URL: memberURL(u.ID), Email: u.Email, Name: u.Name, Role: l.T("role." + string(u.Role)),
		Since: l.ShortDateTime(h.zoned(c, u.CreatedAt)),
	}
	row.State, row.Active = memberState(l, u)
	return row
}

func memberURL(id string) string { return "/admin/members/" + id }

// memberState says whether an account can be used.
func memberState(l *i18n.Locale, u paywall.User) (text string, active bool) {
	switch {
	case u.Disabled():
		return l.T("admin.member.disabled"), false
	case !u.Confirmed():
		return l.T("admin.member.unconfirmed"), false
	}
	return l.T("admin.member.active"), true
}
