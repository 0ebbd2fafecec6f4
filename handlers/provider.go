package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// ReturnPath is where another service sends people back to.
func ReturnPath(providerID string) string { return "/login/with/" + providerID + "/return" }

// providers are the other services where one can sign in.
func (h *Handlers) providers() []views.Provider {
	var all []views.Provider
	for _, p := range h.Auth.Providers {
		all = append(all, views.Provider{ID: p.ID(), Name: p.Name()})
	}
	return all
}

// submitProvider goes to another service: POST /login/with/:provider. The policy
// forbids a form to be redirected to another site, so a page of ours goes there
// by its Refresh header.
func (h *Handlers) submitProvider(c echo.Context) error {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	id := c.Param("provider")
	target, err := h.Auth.GoToProvider(c.Request().Context(), h.asker(c), viewerOf(c), id, h.localPath(values.Get("next")))
	var known *paywall.Error
	if errors.As(err, &known) && known.Kind == paywall.KindUnavailable {
		return h.showLoginAgain(c, loginForm{next: h.localPath(values.Get("next"))}, known)
	}
	if err != nil {
		return err
	}
	name := h.Auth.ProviderName(id)
	c.Response().Header().Set("Refresh", "0; url="+target)
	return h.render(c, http.StatusOK, views.Go(views.GoPage{
		Page: h.page(c, localeOf(c).T("go.title", "Name", name)), Name: name, URL: target,
	}))
}

// showReturn goes on after a visit at another service:
// GET /login/with/:provider/return.
func (h *Handlers) showReturn(c echo.Context) error {
	if c.QueryParam("error") != "" || c.QueryParam("code") == "" {
		return h.refuseReturn(c, paywall.E(paywall.KindInvalid, "oidc.error.cancelled", "Name", h.Auth.ProviderName(c.Param("provider"))))
	}
	caller := h.caller(c)
	back, err := h.Auth.ReturnFromProvider(c.Request().Context(), caller, viewerOf(c),
		c.Param("provider"), c.QueryParam("state"), c.QueryParam("code"))
	var known *paywall.Error
	switch {
	case err == nil && back.Connected:
		return h.doneWith(c, "flash.identity_added", "/account/security")
	case err == nil && back.Mailed:
		return seeOther(c, "/code?done=connect_by_code")
	case err == nil:
		return h.enterAndGo(c, caller, back.Outcome)
	case errors.As(err, &known) && known.Kind != paywall.KindInternal && known.Kind != paywall.KindNotFound:
		return h.refuseReturn(c, known)
	}
	return err
}

// refuseReturn says why a visit at another service lets nobody in.
func (h *Handlers) refuseReturn(c echo.Context, problem *paywall.Error) error {
	if viewerOf(c).SignedIn() {
		return h.showSecurityPage(c, statuses[problem.Kind], problem)
	}
	return h.showLoginAgain(c, loginForm{next: "/"}, problem)
}

// submitDisconnect takes a login elsewhere away:
// POST /account/identities/:provider/remove.
func (h *Handlers) submitDisconnect(c echo.Context) error {
	if err := h.Auth.Disconnect(c.Request().Context(), h.caller(c), viewerOf(c), c.Param("provider")); err != nil {
		return err
	}
	return h.doneWith(c, "flash.identity_removed", "/account/security")
}
