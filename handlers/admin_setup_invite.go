package handlers

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showSetupInvite lets the owner invite the first listener: GET
// /admin/setup/invite.
func (h *Handlers) showSetupInvite(c echo.Context) error {
	return h.showInviteForm(c, http.StatusOK, url.Values{}, inviteAnswer{})
}

// inviteAnswer is what became of an invitation.
type inviteAnswer struct {
	problem error
	link    string
	until   time.Time
}

// submitSetupInvite invites by mail, or shows a link to hand over: POST
// /admin/setup/invite.
func (h *Handlers) submitSetupInvite(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), paywall.ActorOf(viewerOf(c))
	in := paywall.Invitation{Email: v.Get("email")}
	in.Opens.Scope, in.Opens.TargetID = targetOf(v.Get("opens"))
	answer := inviteAnswer{}
	if v.Get("how") == "link" {
		if err := h.requireFresh(c); err != nil {
			return err
		}
		answer.link, answer.until, answer.problem = h.Auth.HandOver(ctx, actor, in)
	} else {
		answer.problem = h.Auth.InviteTo(ctx, actor, in)
	}
	switch {
	case paywall.KindOf(answer.problem) == paywall.KindInvalid:
		return h.showInviteForm(c, http.StatusUnprocessableEntity, v, inviteAnswer{problem: answer.problem})
	case answer.problem != nil:
		return answer.problem
	case answer.link != "":
		return h.showInviteForm(c, http.StatusOK, v, answer)
	}
	return h.doneWith(c, "flash.invited", "/admin/setup/invite")
}

func (h *Handlers) showInviteForm(c echo.Context, status int, typed url.Values, answer inviteAnswer) error {
	ctx, l := c.Request().Context(), localeOf(c)
	settings, err := h.Settings.Get(ctx)
	if err != nil {
		return err
	}
	waiting, err := h.Auth.Invitations(ctx)
	if err != nil {
		return err
	}
	items, err := h.Catalogue.WhatIsOn(ctx)
	if err != nil {
		return err
	}
	page := views.SetupInvitePage{
		Page: h.adminPage(c, l.T("setup.invite.title")), Email: typed.Get("email"), Opens: invitedOpen(l, items, typed),
		Closed: settings.SignUp == paywall.SignUpClosed, Errors: fieldErrors(l, answer.problem), Error: formError(l, answer.problem),
	}
	if answer.problem != nil {
		if page.AccountURL, err = h.accountAt(ctx, page.Email); err != nil {
			return err
		}
	}
	if answer.link != "" {
		page.Link = h.absolute(answer.link)
		page.LinkText = l.T("admin.member.link.text", "Email", typed.Get("email"), "Date", l.ShortDateTime(h.sited(answer.until)))
		page.Email = ""
	}
	for _, p := range waiting {
		page.Waiting = append(page.Waiting, views.InvitationRow{
			Email: p.Email, Sent: l.T("admin.members.invited", "Date", l.ShortDateTime(h.sited(p.CreatedAt)),
				"Until", l.ShortDateTime(h.sited(p.ExpiresAt))),
		})
	}
	return h.render(c, status, views.SetupInvite(page))
}

// accountAt is the page of the account with an address; empty for none.
func (h *Handlers) accountAt(ctx context.Context, email string) (string, error) {
	user, err := h.Judge.Asked(ctx, email)
	switch {
	case paywall.KindOf(err) == paywall.KindInvalid, err == nil && user.ID == "":
		return "", nil
	case err != nil:
		return "", err
	}
	return memberURL(user.ID), nil
}

// invitedOpen are the choices of what an invited person's account opens. The
// first is what most owners want: an item that needs a grant, if there is one.
func invitedOpen(l *i18n.Locale, items []paywall.Item, typed url.Values) []views.Option {
	var choices []views.Option
	for _, item := range items {
		if item.Access == paywall.AccessEntitled {
			choices = append(choices, views.Option{Value: targetText(paywall.ScopeItem, item.ID), Label: item.Title})
		}
	}
	choices = append(choices,
		views.Option{Value: string(paywall.ScopeEverything), Label: l.T("setup.invite.everything")},
		views.Option{Value: "", Label: l.T("setup.invite.nothing")})
	for n := range choices {
		choices[n].Selected = typed.Has("opens") && choices[n].Value == typed.Get("opens")
	}
	return choices
}
