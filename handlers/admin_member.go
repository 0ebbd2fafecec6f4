package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showMember shows one account: GET /admin/members/:id.
func (h *Handlers) showMember(c echo.Context) error {
	page, err := h.memberPage(c)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.AdminMember(page))
}

// submitDisable switches an account off: POST /admin/members/:id/disable.
func (h *Handlers) submitDisable(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	return h.changeMember(c, "flash.member_disabled", func(ctx context.Context, actor paywall.Actor, u paywall.User) error {
		return h.Auth.Disable(ctx, actor, u.ID)
	})
}

// submitEnable switches it on again: POST /admin/members/:id/enable.
func (h *Handlers) submitEnable(c echo.Context) error {
	return h.changeMember(c, "flash.member_enabled", func(ctx context.Context, actor paywall.Actor, u paywall.User) error {
		return h.Auth.Enable(ctx, actor, u.ID)
	})
}

// submitUnlock lets its counters begin anew: POST /admin/members/:id/unlock.
func (h *Handlers) submitUnlock(c echo.Context) error {
	return h.changeMember(c, "flash.member_unlocked", func(ctx context.Context, actor paywall.Actor, u paywall.User) error {
		_, err := h.Auth.Unlock(ctx, actor, u.Email)
		return err
	})
}

// submitMemberFactorOff switches the second factor off of somebody who lost it:
// POST /admin/members/:id/factor-off.
func (h *Handlers) submitMemberFactorOff(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	return h.changeMember(c, "flash.factor_off", func(ctx context.Context, actor paywall.Actor, u paywall.User) error {
		return h.Auth.RemoveFactor(ctx, actor, u.ID)
	})
}

// submitMemberSessionsEnd signs somebody out everywhere:
// POST /admin/members/:id/sessions-end.
func (h *Handlers) submitMemberSessionsEnd(c echo.Context) error {
	return h.changeMember(c, "flash.member_signed_out", func(ctx context.Context, actor paywall.Actor, u paywall.User) error {
		return h.Sessions.EndAll(ctx, actor, u.ID)
	})
}

// submitLoginLink makes a link to hand over: POST /admin/members/:id/login-link.
// It is shown in the answer itself and kept nowhere.
func (h *Handlers) submitLoginLink(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), paywall.ActorOf(viewerOf(c))
	user, err := h.Auth.Another(ctx, viewerOf(c), c.Param("id"))
	if err != nil {
		return h.refuseMember(c, err)
	}
	path, until, err := h.Auth.LoginLink(ctx, actor, user.Email)
	if err != nil {
		return h.refuseMember(c, err)
	}
	page, err := h.memberPage(c)
	if err != nil {
		return err
	}
	page.Link, page.LinkUntil = h.absolute(path), page.L.ShortDateTime(h.zoned(c, until))
	return h.render(c, http.StatusOK, views.AdminMember(page))
}

// changeMember does something with somebody else's account.
func (h *Handlers) changeMember(c echo.Context, flash string, do func(context.Context, paywall.Actor, paywall.User) error) error {
	ctx, actor := c.Request().Context(), paywall.ActorOf(viewerOf(c))
	user, err := h.Auth.Another(ctx, viewerOf(c), c.Param("id"))
	if err == nil {
		err = do(ctx, actor, user)
	}
	if err != nil {
		return h.refuseMember(c, err)
	}
	return h.doneWith(c, flash, memberURL(user.ID))
}

// refuseMember shows the account with what was refused, if it was a rule.
func (h *Handlers) refuseMember(c echo.Context, problem error) error {
	if paywall.KindOf(problem) != paywall.KindInvalid {
		return problem
	}
	page, err := h.memberPage(c)
	if err != nil {
		return err
	}
	page.Error = formError(page.L, problem)
	return h.render(c, http.StatusUnprocessableEntity, views.AdminMember(page))
}

func (h *Handlers) memberPage(c echo.Context) (page views.AdminMemberPage, err error) {
	ctx, l, viewer := c.Request().Context(), localeOf(c), viewerOf(c)
	m, err := h.Auth.Member(ctx, c.Param("id"))
	if err != nil {
		return page, err
	}
	sessions, err := h.Sessions.List(ctx, m.User.ID)
	if err != nil {
		return page, err
	}
	grants, err := h.Grants.Of(ctx, m.User.ID)
	if err != nil {
		return page, err
	}
	targets, err := h.targets(c)
	if err != nil {
		return page, err
	}
	page = views.AdminMemberPage{
		Page: h.adminPage(c, memberTitle(m.User)), Email: m.User.Email, Name: m.User.Name,
		Facts: h.memberFacts(c, m.User, sessions), Ways: h.memberWays(c, m.Safety),
		GrantsURL: "/admin/grants?" + url.Values{"email": {m.User.Email}}.Encode(),
		Own:       m.User.ID == viewer.User.ID, BaseURL: memberURL(m.User.ID), Fresh: viewer.Fresh(h.Clock()),
		ProveURL: proveURL(memberURL(m.User.ID)),
		Owner:    m.User.Role.May(paywall.RightEditItems), Disabled: m.User.Disabled(), FactorOn: m.Safety.Factor.Active(),
	}
	page.State, page.Active = memberState(l, m.User)
	for _, g := range grants {
		page.Grants = append(page.Grants, h.grantRow(c, g, targets))
	}
	for _, entry := range m.History {
		page.History = append(page.History, h.historyRow(c, entry))
	}
	return page, nil
}

func memberTitle(u paywall.User) string {
	if u.Name != "" {
		return u.Name
	}
	return u.Email
}

func (h *Handlers) memberFacts(c echo.Context, u paywall.User, sessions []paywall.Session) []views.Fact {
	l := localeOf(c)
	seen := l.T("admin.member.not_seen")
	if len(sessions) > 0 {
		seen = l.ShortDateTime(h.zoned(c, sessions[0].SeenAt))
	}
	return []views.Fact{
		{Label: l.T("login.email"), Value: u.Email},
		{Label: l.T("admin.member.role"), Value: l.T("role." + string(u.Role))},
		{Label: l.T("admin.member.since"), Value: l.ShortDateTime(h.zoned(c, u.CreatedAt))},
		{Label: l.T("account.sessions.last_seen"), Value: seen},
		{Label: l.T("admin.member.sessions"), Value: strconv.Itoa(len(sessions))},
	}
}

// memberWays are what somebody can sign in with.
func (h *Handlers) memberWays(c echo.Context, s paywall.Safety) []views.Fact {
	l := localeOf(c)
	factor := l.T("admin.member.no")
	if s.Factor.Active() {
		factor = l.T("account.factor.since", "Date", l.Date(h.zoned(c, s.Factor.ConfirmedAt)))
	}
	return []views.Fact{
		{Label: l.T("login.password"), Value: yesOrNo(l, s.HasPassword)},
		{Label: l.T("account.passkeys.title"), Value: strconv.Itoa(len(s.Passkeys))},
		{Label: l.T("admin.member.factor"), Value: factor},
		{Label: l.T("account.identities.title"), Value: h.connectedServices(l, s.Identities)},
	}
}

func yesOrNo(l *i18n.Locale, yes bool) string {
	if yes {
		return l.T("admin.member.yes")
	}
	return l.T("admin.member.no")
}

// connectedServices names the other services that somebody signs in with.
func (h *Handlers) connectedServices(l *i18n.Locale, held []paywall.Identity) string {
	var names []string
	for _, row := range h.identityRows(held) {
		if row.Connected {
			names = append(names, row.Name)
		}
	}
	if len(names) == 0 {
		return l.T("admin.member.no")
	}
	return strings.Join(names, ", ")
}

// historyRow is a line of the record as it is kept.
func (h *Handlers) historyRow(c echo.Context, e paywall.AuditEntry) views.HistoryRow {
	return views.HistoryRow{
		When: localeOf(c).ShortDateTime(h.zoned(c, e.At)), Who: e.Actor.Name,
		Action: actionName(localeOf(c), e.Action), Detail: e.Detail, From: networkName(e.Actor.Network),
	}
}

// actionName is what was done, in words; as it is kept when there are none.
func actionName(l *i18n.Locale, action string) string {
	if key := "record." + strings.ReplaceAll(action, ".", "_"); i18n.Has(key) {
		return l.T(key)
	}
	return action
}
