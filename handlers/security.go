package handlers

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// showSecurity shows the ways in, and where one is signed in:
// GET /account/security.
func (h *Handlers) showSecurity(c echo.Context) error {
	return h.showSecurityPage(c, http.StatusOK, nil)
}

// showSecurityPage shows it with what was refused.
func (h *Handlers) showSecurityPage(c echo.Context, status int, problem error) error {
	page, err := h.securityPage(c, problem)
	if err != nil {
		return err
	}
	return h.render(c, status, views.Security(page))
}

func (h *Handlers) securityPage(c echo.Context, problem error) (page views.SecurityPage, err error) {
	ctx, viewer, l := c.Request().Context(), viewerOf(c), localeOf(c)
	safety, err := h.Auth.SafetyOf(ctx, viewer.User.ID)
	if err != nil {
		return page, err
	}
	sessions, err := h.Sessions.List(ctx, viewer.User.ID)
	if err != nil {
		return page, err
	}
	settings, err := h.Settings.Get(ctx)
	if err != nil {
		return page, err
	}
	page = views.SecurityPage{
		Page: h.page(c, l.T("account.security.title")), Email: viewer.User.Email,
		Fresh: viewer.Fresh(h.Clock()), ProveURL: proveURL("/account/security"),
		NeedsFactor: viewer.May(paywall.RightStaff) && settings.OwnersNeedFactor && !viewer.Strong,
		HasPassword: safety.HasPassword, PasskeysOn: h.Auth.Passkeys != nil,
		FactorOn: safety.Factor.Active(), Identities: h.identityRows(safety.Identities),
		Errors: fieldErrors(l, problem), Error: formError(l, problem),
	}
	if page.FactorOn {
		page.FactorSince = l.T("account.factor.since", "Date", l.Date(h.zoned(c, safety.Factor.ConfirmedAt)))
		page.Recovery = l.N("account.factor.left", safety.RecoveryCodes)
	}
	for _, k := range safety.Passkeys {
		page.Passkeys = append(page.Passkeys, h.passkeyRow(c, k))
	}
	for _, s := range sessions {
		page.Sessions = append(page.Sessions, h.sessionRow(c, s, viewer.SessionID))
	}
	return page, nil
}

func (h *Handlers) passkeyRow(c echo.Context, k paywall.Passkey) views.PasskeyRow {
	l := localeOf(c)
	row := views.PasskeyRow{
		Name: k.Name, Added: l.T("account.passkeys.added", "Date", l.ShortDateTime(h.zoned(c, k.CreatedAt))),
		Used:      l.T("account.passkeys.unused"),
		RenameURL: "/account/passkeys/" + k.ID + "/name", RemoveURL: "/account/passkeys/" + k.ID + "/remove",
	}
	if !k.UsedAt.IsZero() {
		row.Used = l.T("account.passkeys.used", "Date", l.ShortDateTime(h.zoned(c, k.UsedAt)))
	}
	return row
}

// identityRows are the services that can be connected, and those that are.
func (h *Handlers) identityRows(held []paywall.Identity) []views.IdentityRow {
	connected := map[string]paywall.Identity{}
	for _, i := range held {
		connected[i.Provider] = i
	}
	var rows []views.IdentityRow
	for _, p := range h.Auth.Providers {
		row := views.IdentityRow{Name: p.Name(), URL: "/login/with/" + p.ID()}
		if i, ok := connected[p.ID()]; ok {
			row.Connected, row.Email, row.URL = true, i.Email, "/account/identities/"+p.ID()+"/remove"
			delete(connected, p.ID())
		}
		rows = append(rows, row)
	}
	for _, id := range slices.Sorted(maps.Keys(connected)) { // of services that are configured no more
		rows = append(rows, views.IdentityRow{
			Name: id, Email: connected[id].Email, Connected: true, URL: "/account/identities/" + id + "/remove",
		})
	}
	return rows
}

func (h *Handlers) sessionRow(c echo.Context, s paywall.Session, current string) views.SessionRow {
	l := localeOf(c)
	row := views.SessionRow{
		Device: s.Device, Network: networkName(s.Network), Current: s.ID == current,
		SignedIn: l.ShortDateTime(h.zoned(c, s.CreatedAt)), LastSeen: l.ShortDateTime(h.zoned(c, s.SeenAt)),
	}
	if row.Device == "" {
		row.Device = l.T("account.device_unknown")
	}
	if !row.Current {
		row.EndURL = "/account/sessions/" + s.ID + "/end"
	}
	return row
}

// networkName writes a neighbourhood as people write addresses: "203.0.113.*".
func networkName(network string) string {
	prefix, _, _ := strings.Cut(network, "/")
	if head, ok := strings.CutSuffix(prefix, ".0"); ok {
		return head + ".*"
	}
	if head, ok := strings.CutSuffix(prefix, "::"); ok && head != "" {
		return head + ":*"
	}
	return prefix
}

// submitEndSession signs one of the member's devices out:
// POST /account/sessions/:id/end.
func (h *Handlers) submitEndSession(c echo.Context) error {
	viewer := viewerOf(c)
	if err := h.Sessions.EndOne(c.Request().Context(), paywall.ActorOf(viewer), viewer.User.ID, c.Param("id")); err != nil {
		return err
	}
	h.Playback.Forget(c.Param("id"))
	return h.doneWith(c, "flash.session_ended", "/account/security")
}

// submitEndSessions signs the member out everywhere: POST /account/sessions/end.
func (h *Handlers) submitEndSessions(c echo.Context) error {
	viewer := viewerOf(c)
	if err := h.Sessions.EndAll(c.Request().Context(), paywall.ActorOf(viewer), viewer.User.ID); err != nil {
		return err
	}
	if err := h.signOut(c); err != nil {
		return err
	}
	return seeOther(c, "/?done=signed_out_everywhere")
}

// submitPassword changes the member's password: POST /account/password.
func (h *Handlers) submitPassword(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	err = h.Auth.ChangePassword(c.Request().Context(), h.caller(c), viewerOf(c), v.Get("current"), v.Get("password"))
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showSecurityPage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	if err := h.renewSession(c, viewerOf(c).Strong); err != nil {
		return err
	}
	return h.doneWith(c, "flash.password_changed", "/account/security")
}

// submitAddress mails a code to a new address: POST /account/email.
func (h *Handlers) submitAddress(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	err = h.Auth.AskAddress(c.Request().Context(), h.asker(c), viewerOf(c), v.Get("email"))
	if paywall.KindOf(err) == paywall.KindInvalid {
		page, missing := h.securityPage(c, err)
		if missing != nil {
			return missing
		}
		page.NewEmail = v.Get("email")
		return h.render(c, http.StatusUnprocessableEntity, views.Security(page))
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/code")
}
