package handlers

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showMember shows one account: GET /admin/members/:id.
func (h *Handlers) showMember(c echo.Context) error {
	page, err := h.memberPage(c, memberForm{})
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.AdminMember(page))
}

// submitDisable switches an account off, with a reason:
// POST /admin/members/:id/disable.
func (h *Handlers) submitDisable(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	form := memberForm{reason: v.Get("reason")}
	return h.changeMemberBy(c, form, "flash.member_disabled", func(ctx context.Context, actor paywall.Actor, u paywall.User) error {
		return h.Auth.Block(ctx, actor, u.ID, form.reason)
	})
}

// submitNote keeps what staff write down about somebody:
// POST /admin/members/:id/note.
func (h *Handlers) submitNote(c echo.Context) error {
	v, err := postedForm(c, largeForm)
	if err != nil {
		return err
	}
	form := memberForm{note: v.Get("staff_note"), noteTyped: true}
	return h.changeMemberBy(c, form, "flash.member_note", func(ctx context.Context, actor paywall.Actor, u paywall.User) error {
		return h.People.SetNote(ctx, actor, u.ID, form.note)
	})
}

// submitMemberGrant gives access to somebody: POST /admin/members/:id/grants.
func (h *Handlers) submitMemberGrant(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	form := memberForm{grant: grantForm{opens: v.Get("opens"), until: v.Get("until"), note: v.Get("note")}}
	ctx, actor := c.Request().Context(), paywall.ActorOf(viewerOf(c))
	m, err := h.Auth.Member(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	form.grant.email = m.User.Email
	input, err := form.grant.input(h.zone())
	if err == nil {
		_, err = h.Grants.Give(ctx, actor, input)
	}
	if err != nil {
		return h.refuseMember(c, form, err)
	}
	return h.doneWith(c, "flash.grant_given", memberURL(m.User.ID)+"#grants")
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
		return h.refuseMember(c, memberForm{}, err)
	}
	path, until, err := h.Auth.LoginLink(ctx, actor, user.Email)
	if err != nil {
		return h.refuseMember(c, memberForm{}, err)
	}
	page, err := h.memberPage(c, memberForm{})
	if err != nil {
		return err
	}
	page.Link, page.LinkUntil = h.absolute(path), page.L.ShortDateTime(h.sited(until))
	return h.render(c, http.StatusOK, views.AdminMember(page))
}

// changeMember does something with somebody else's account.
func (h *Handlers) changeMember(c echo.Context, flash string, do func(context.Context, paywall.Actor, paywall.User) error) error {
	return h.changeMemberBy(c, memberForm{}, flash, do)
}

// changeMemberBy is changeMember by a form, which is shown again when it is
// refused.
func (h *Handlers) changeMemberBy(c echo.Context, form memberForm, flash string, do func(context.Context, paywall.Actor, paywall.User) error) error {
	ctx, actor := c.Request().Context(), paywall.ActorOf(viewerOf(c))
	user, err := h.Auth.Another(ctx, viewerOf(c), c.Param("id"))
	if err == nil {
		err = do(ctx, actor, user)
	}
	if err != nil {
		return h.refuseMember(c, form, err)
	}
	return h.doneWith(c, flash, memberURL(user.ID))
}

// refuseMember shows the account with what was refused, if it was a rule.
func (h *Handlers) refuseMember(c echo.Context, form memberForm, problem error) error {
	if paywall.KindOf(problem) != paywall.KindInvalid {
		return problem
	}
	form.problem = problem
	page, err := h.memberPage(c, form)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusUnprocessableEntity, views.AdminMember(page))
}

// memberForm is what was typed on the page of an account, when it was refused.
type memberForm struct {
	grant     grantForm
	reason    string
	note      string
	noteTyped bool
	problem   error
}

func (h *Handlers) memberPage(c echo.Context, form memberForm) (page views.AdminMemberPage, err error) {
	ctx, l, viewer := c.Request().Context(), localeOf(c), viewerOf(c)
	m, err := h.Auth.Member(ctx, c.Param("id"))
	if err != nil {
		return page, err
	}
	sessions, err := h.Sessions.List(ctx, m.User.ID)
	if err != nil {
		return page, err
	}
	targets, err := h.targets(c)
	if err != nil {
		return page, err
	}
	base := memberURL(m.User.ID)
	page = views.AdminMemberPage{
		Page: h.adminPage(c, memberTitle(m.User)), Email: m.User.Email, Name: m.User.Name,
		Facts: h.memberFacts(c, m.User, sessions), Ways: h.memberWays(c, m.Safety),
		Own: m.User.ID == viewer.User.ID, BaseURL: base, Fresh: viewer.Fresh(h.Clock()), ProveURL: proveURL(base),
		Owner: m.User.Role.May(paywall.RightEditItems), Disabled: m.User.Disabled(), FactorOn: m.Safety.Factor.Active(),
		// The accounts of staff are the owner's to change.
		MayChange:   viewer.May(paywall.RightEditPeople) && (viewer.May(paywall.RightRun) || !m.User.Role.Staff()),
		BlockReason: m.User.DisabledReason, Reason: form.reason, Note: m.User.Note,
		GrantForm: views.GrantFields{
			Opens: toGive(l, targets, form.grant.opens), Until: form.grant.until, Note: form.grant.note, Zone: h.zone().String(),
		},
		Errors: fieldErrors(l, form.problem), Error: formError(l, form.problem),
	}
	if form.noteTyped {
		page.Note = form.note
	}
	page.State, page.Active = memberState(l, m.User)
	if err := h.addGrants(c, &page, m.User, targets); err != nil {
		return page, err
	}
	return page, h.addTimeline(c, &page, m.User, targets)
}

// addGrants adds the person's grants, newest first.
func (h *Handlers) addGrants(c echo.Context, page *views.AdminMemberPage, u paywall.User, targets targetNames) error {
	grants, err := h.Grants.Of(c.Request().Context(), u.ID)
	for _, g := range grants {
		page.Grants = append(page.Grants, h.adminGrantRow(c, paywall.GrantLine{Grant: g, Email: u.Email}, targets))
	}
	return err
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
		seen = l.ShortDateTime(h.sited(sessions[0].SeenAt))
	}
	return []views.Fact{
		{Label: l.T("login.email"), Value: u.Email},
		{Label: l.T("admin.member.role"), Value: l.T("role." + string(u.Role))},
		{Label: l.T("admin.member.since"), Value: l.ShortDateTime(h.sited(u.CreatedAt))},
		{Label: l.T("account.sessions.last_seen"), Value: seen},
		{Label: l.T("admin.member.sessions"), Value: strconv.Itoa(len(sessions))},
	}
}

// memberWays are what somebody can sign in with.
func (h *Handlers) memberWays(c echo.Context, s paywall.Safety) []views.Fact {
	l := localeOf(c)
	factor := l.T("admin.member.no")
	if s.Factor.Active() {
		factor = l.T("account.factor.since", "Date", l.Date(h.sited(s.Factor.ConfirmedAt)))
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

// actionName is what was done, in words; as it is kept when there are none.
func actionName(l *i18n.Locale, action string) string {
	if key := "record." + strings.ReplaceAll(action, ".", "_"); i18n.Has(key) {
		return l.T(key)
	}
	return action
}
