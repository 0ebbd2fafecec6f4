package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// setupForm is what the form of the first owner posts.
type setupForm struct{ email, name, password string }

// showSetup shows the form of the first owner's account to whoever has the
// address from the console: GET /setup/:secret. Looking uses nothing up. Without
// the right secret it answers like an unknown page.
func (h *Handlers) showSetup(c echo.Context) error {
	if err := h.Auth.MaySetUp(c.Request().Context(), h.caller(c), c.Param("secret")); err != nil {
		return err
	}
	return h.showSetupForm(c, http.StatusOK, setupForm{}, nil)
}

// submitSetup makes the first owner's account and signs in: POST /setup/:secret.
func (h *Handlers) submitSetup(c echo.Context) error {
	ctx, caller := c.Request().Context(), h.caller(c)
	if err := h.Auth.MaySetUp(ctx, caller, c.Param("secret")); err != nil {
		return err // before the form is read: also a bad form tells nothing
	}
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	form := setupForm{email: v.Get("email"), name: v.Get("name"), password: v.Get("password")}
	outcome, err := h.Auth.SetUp(ctx, caller, c.Param("secret"), paywall.NewUser{
		Email: form.email, Name: form.name, Password: form.password,
	})
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showSetupForm(c, http.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	if err := h.signIn(c, caller, outcome); err != nil {
		return err
	}
	return h.doneWith(c, "flash.setup_owner", "/admin/setup")
}

// showSetupForm shows the form. Its address holds a secret, which must not travel
// on: only the language switch, a form of this page, leads back here.
func (h *Handlers) showSetupForm(c echo.Context, status int, form setupForm, problem error) error {
	c.Response().Header().Set("Referrer-Policy", "no-referrer")
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	l := localeOf(c)
	page := views.SetupPage{
		Page: h.page(c, l.T("setup.title")), Action: c.Request().URL.Path, Email: form.email, Name: form.name,
		Errors: fieldErrors(l, problem), Error: formError(l, problem),
	}
	page.Secret = true
	return h.render(c, status, views.Setup(page))
}
