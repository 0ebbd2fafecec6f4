package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// loginForm is what the sign-in form posts.
type loginForm struct{ email, password, next string }

// showLogin asks for address and password: GET /login.
func (h *Handlers) showLogin(c echo.Context) error {
	next := h.localPath(c.QueryParam("next"))
	if viewerOf(c).SignedIn() {
		return seeOther(c, next)
	}
	return h.render(c, http.StatusOK, views.Login(h.loginPage(c, loginForm{next: next}, "")))
}

// submitLogin checks them and starts a session: POST /login.
func (h *Handlers) submitLogin(c echo.Context) error {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	form := loginForm{email: values.Get("email"), password: values.Get("password"), next: h.localPath(values.Get("next"))}
	user, err := h.Auth.Login(c.Request().Context(), form.email, form.password)
	var known *paywall.Error
	if errors.As(err, &known) && (known.Kind == paywall.KindInvalid || known.Key == "login.error.busy") {
		return h.showLoginAgain(c, form, known)
	}
	if err != nil {
		return err
	}
	err = h.signIn(c, user)
	if errors.As(err, &known) && known.Kind == paywall.KindInvalid {
		return h.showLoginAgain(c, form, known) // the password changed in this very moment
	}
	if err != nil {
		return err
	}
	return seeOther(c, form.next)
}

// showLoginAgain says why nobody is signed in, with the address kept.
func (h *Handlers) showLoginAgain(c echo.Context, form loginForm, problem *paywall.Error) error {
	if problem.RetryAfter > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(seconds(problem.RetryAfter)))
	}
	page := h.loginPage(c, form, localeOf(c).T(problem.Key))
	return h.render(c, statuses[problem.Kind], views.Login(page))
}

func (h *Handlers) loginPage(c echo.Context, form loginForm, problem string) views.LoginPage {
	return views.LoginPage{
		Page: h.page(c, localeOf(c).T("login.title")), Email: form.email, Next: form.next, Error: problem,
	}
}

// submitLogout ends this device's session: POST /logout.
func (h *Handlers) submitLogout(c echo.Context) error {
	if viewerOf(c).SignedIn() {
		if err := h.signOut(c); err != nil {
			return err
		}
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
	return seeOther(c, "/?done=signed_out")
}
