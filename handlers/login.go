package handlers

import (
	"errors"
	"net/http"

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
	return h.showLoginForm(c, http.StatusOK, loginForm{next: next}, "")
}

// submitLogin checks them and lets somebody in: POST /login. Who types no password
// gets a code by mail.
func (h *Handlers) submitLogin(c echo.Context) error {
	form, err := h.readLogin(c)
	if err != nil {
		return err
	}
	if form.password == "" {
		return h.mailLoginCode(c, form)
	}
	caller := h.caller(c)
	outcome, err := h.Auth.Login(c.Request().Context(), caller, form.email, form.password, form.next)
	if err == nil {
		err = h.enterAndGo(c, caller, outcome)
	}
	var known *paywall.Error
	if errors.As(err, &known) && (known.Kind == paywall.KindInvalid || known.Key == "login.error.busy") {
		return h.showLoginAgain(c, form, known)
	}
	return err
}

// submitLoginCode mails a code instead: POST /login/code.
func (h *Handlers) submitLoginCode(c echo.Context) error {
	form, err := h.readLogin(c)
	if err != nil {
		return err
	}
	return h.mailLoginCode(c, form)
}

func (h *Handlers) mailLoginCode(c echo.Context, form loginForm) error {
	err := h.Auth.AskSignIn(c.Request().Context(), h.asker(c), form.email, form.next)
	var known *paywall.Error
	if errors.As(err, &known) && known.Kind == paywall.KindInvalid {
		known.Key = known.Fields["email"]
		return h.showLoginAgain(c, form, known)
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/code")
}

func (h *Handlers) readLogin(c echo.Context) (loginForm, error) {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return loginForm{}, err
	}
	return loginForm{
		email: values.Get("email"), password: values.Get("password"), next: h.localPath(values.Get("next")),
	}, nil
}

// showLoginAgain says why nobody is signed in, with the address kept.
func (h *Handlers) showLoginAgain(c echo.Context, form loginForm, problem *paywall.Error) error {
	tellWait(c, problem)
	return h.showLoginForm(c, statuses[problem.Kind], form, localeOf(c).T(problem.Key, problem.Args...))
}

func (h *Handlers) showLoginForm(c echo.Context, status int, form loginForm, problem string) error {
	settings, err := h.Settings.Get(c.Request().Context())
	if err != nil {
		return err
	}
	page := views.LoginPage{
		Page: h.page(c, localeOf(c).T("login.title")), Email: form.email, Next: form.next, Error: problem,
		Providers: h.providers(), Passkeys: h.Auth.Passkeys != nil, ForgotURL: withNext("/forgot", form.next),
	}
	if offersSignUp(settings.SignUp, h.keptIn(form.next)) {
		page.SignUpURL = withNext("/signup", form.next)
	}
	return h.render(c, status, views.Login(page))
}

// showSecondFactor asks for the second factor: GET /login/second.
func (h *Handlers) showSecondFactor(c echo.Context) error {
	return h.showFactorForm(c, http.StatusOK, c.QueryParam("ask"), nil)
}

// submitSecondFactor checks it and lets somebody in: POST /login/second.
func (h *Handlers) submitSecondFactor(c echo.Context) error {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	ask := values.Get("ask")
	caller := h.caller(c)
	outcome, err := h.Auth.AnswerFactor(c.Request().Context(), caller, ask, values.Get("code"))
	if err == nil {
		err = h.enterAndGo(c, caller, outcome)
	}
	var known *paywall.Error
	switch {
	case !errors.As(err, &known) || known.Kind != paywall.KindInvalid:
		return err
	case known.Fields["code"] != "":
		return h.showFactorForm(c, http.StatusUnprocessableEntity, ask, err)
	}
	return h.showLoginAgain(c, loginForm{next: "/"}, known)
}

func (h *Handlers) showFactorForm(c echo.Context, status int, ask string, problem error) error {
	l := localeOf(c)
	return h.render(c, status, views.Factor(views.FactorPage{
		Page: h.page(c, l.T("factor.login.title")), Ask: ask, Errors: fieldErrors(l, problem),
	}))
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
