package handlers

import (
	"net/http"
	"net/url"

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
	err = h.Auth.Invite(c.Request().Context(), paywall.ActorOf(viewerOf(c)), email)
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
	list, query := pagerOf(c, "/admin/members", peopleFields...), h.memberQueryOf(c.QueryParams())
	list.query = query.values
	lines, total, err := h.People.List(ctx, query.filter, query.sort, linesPerPage, list.offset())
	if err != nil {
		return err
	}
	targets, err := h.targets(c)
	if err != nil {
		return err
	}
	page := views.AdminMembersPage{
		Page: h.adminPage(c, l.T("admin.members.title")), Search: query.searchFields(l, targets),
		Total: l.N("admin.members.total", total), All: l.N("people.bulk.all", total),
		Hidden: hidden(query.values, peopleFields...), Acts: bulkChoices(l, viewerOf(c)),
		Email: typed, Errors: fieldErrors(l, problem),
	}
	if page.PrevURL, page.NextURL, err = list.links(total); err != nil {
		return err
	}
	for _, line := range lines {
		page.Rows = append(page.Rows, h.memberRow(c, line))
	}
	if err := h.addInvitations(c, &page); err != nil {
		return err
	}
	return h.render(c, status, views.AdminMembers(page))
}

// addInvitations adds who was invited, and whether more people can be.
func (h *Handlers) addInvitations(c echo.Context, page *views.AdminMembersPage) error {
	ctx, l := c.Request().Context(), localeOf(c)
	settings, err := h.Settings.Get(ctx)
	if err != nil {
		return err
	}
	invitations, err := h.Auth.Invitations(ctx)
	if err != nil {
		return err
	}
	page.CanInvite = settings.SignUp != paywall.SignUpClosed
	for _, p := range invitations {
		page.Invitations = append(page.Invitations, views.InvitationRow{
			Email: p.Email, Sent: l.T("admin.members.invited",
				"Date", l.ShortDateTime(h.sited(p.CreatedAt)), "Until", l.ShortDateTime(h.sited(p.ExpiresAt))),
		})
	}
	return nil
}

func (h *Handlers) memberRow(c echo.Context, line paywall.MemberLine) views.AdminMemberRow {
	l, u := localeOf(c), line.User
	row := views.AdminMemberRow{
		ID: u.ID, URL: memberURL(u.ID), Email: u.Email, Name: u.Name, Role: l.T("role." + string(u.Role)), Staff: u.Role.Staff(),
		Since: l.ShortDateTime(h.sited(u.CreatedAt)), Seen: l.T("people.never_seen"), Access: h.accessWords(c, line.Grants),
	}
	if !line.SeenAt.IsZero() {
		row.Seen = l.ShortDateTime(h.sited(line.SeenAt))
	}
	row.State, row.Active = memberState(l, u)
	return row
}

// accessWords say until when somebody has access by grants: by the one that ends
// last of those that count now, else by the one that ended last.
func (h *Handlers) accessWords(c echo.Context, grants []paywall.Grant) string {
	l, now := localeOf(c), h.Clock()
	var live, over paywall.Grant
	for _, g := range grants {
		switch {
		case g.Live(now) && (live.ID == "" || endsLater(g, live)):
			live = g
		case !g.Live(now) && (over.ID == "" || endsLater(g, over)):
			over = g
		}
	}
	if live.ID == "" {
		live = over
	}
	if live.ID == "" {
		return l.T("people.no_access")
	}
	return h.grantTime(c, live)
}

// endsLater tells whether one grant ends later than another.
func endsLater(a, b paywall.Grant) bool {
	end, other := a.End(), b.End()
	return !other.IsZero() && (end.IsZero() || end.After(other))
}

// grantTime says briefly how long a grant counts, in the visitor's zone.
func (h *Handlers) grantTime(c echo.Context, g paywall.Grant) string {
	l, now, end := localeOf(c), h.Clock(), g.End()
	switch {
	case now.Before(g.From):
		return l.T("account.from", "Date", l.ShortDateTime(h.sited(g.From)))
	case end.IsZero():
		return l.T("account.forever")
	case now.Before(end):
		return l.T("account.until", "Date", l.ShortUntil(h.sited(end)))
	}
	return l.T("account.ended", "Date", l.ShortEnded(h.sited(end)))
}

func memberURL(id string) string { return "/admin/members/" + url.PathEscape(id) }

// memberState says whether an account can be used.
func memberState(l *i18n.Locale, u paywall.User) (text string, active bool) {
	state := paywall.StateOf(u)
	return stateName(l, state), state == paywall.MemberActive
}

func stateName(l *i18n.Locale, state paywall.MemberState) string {
	switch state {
	case paywall.MemberBlocked:
		return l.T("admin.member.disabled")
	case paywall.MemberUnconfirmed:
		return l.T("admin.member.unconfirmed")
	}
	return l.T("admin.member.active")
}
