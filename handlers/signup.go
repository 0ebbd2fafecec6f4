package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// signUpForm is what the sign-up form posts.
type signUpForm struct {
	email, password, next string
	// voucher is the code that somebody came with.
	voucher paywall.RedeemInput
}

// showSignUp lets somebody make an account: GET /signup.
func (h *Handlers) showSignUp(c echo.Context) error {
	next := h.localPath(c.QueryParam("next"))
	if viewerOf(c).SignedIn() {
		return seeOther(c, next)
	}
	return h.showSignUpForm(c, http.StatusOK, signUpForm{next: next, voucher: h.keptIn(next)}, nil)
}

// submitSignUp mails a code that makes the account: POST /signup.
func (h *Handlers) submitSignUp(c echo.Context) error {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	form := signUpForm{email: values.Get("email"), password: values.Get("password"), next: h.localPath(values.Get("next"))}
	form.voucher = h.keptIn(form.next)
	if code := values.Get("code"); code != "" && len(code) <= maxTypedCode {
		form.voucher.Code = code
		form.next = h.keptURL(form.voucher)
	}
	err = h.Auth.SignUp(c.Request().Context(), h.asker(c), paywall.SignUpInput{
		Email: form.email, Password: form.password, Next: form.next, Voucher: form.voucher,
	})
	var known *paywall.Error
	switch {
	case err == nil:
		return seeOther(c, "/code")
	case errors.As(err, &known) && (known.Kind == paywall.KindInvalid || known.Kind == paywall.KindTooMany || known.Key == "login.error.busy"):
		tellWait(c, err)
		return h.showSignUpForm(c, statuses[known.Kind], form, err)
	case known != nil && known.Key == "signup.error.closed":
		return h.showSignUpForm(c, http.StatusForbidden, form, nil)
	}
	return err
}

func (h *Handlers) showSignUpForm(c echo.Context, status int, form signUpForm, problem error) error {
	settings, err := h.Settings.Get(c.Request().Context())
	if err != nil {
		return err
	}
	return h.render(c, status, views.SignUp(h.signUpPage(c, settings.SignUp, form, problem)))
}

// signUpPage is the page of the sign-up in a mode.
func (h *Handlers) signUpPage(c echo.Context, mode paywall.SignUpMode, form signUpForm, problem error) views.SignUpPage {
	l := localeOf(c)
	page := views.SignUpPage{
		Page: h.page(c, l.T("signup.title")), Open: offersSignUp(mode, form.voucher),
		Closed: l.T("signup.error.closed"), Email: form.email, Next: form.next, Terms: !h.Front.Now().Terms.Empty(),
		Errors: fieldErrors(l, problem), Error: formError(l, problem), Providers: h.providers(), SignInURL: loginURL(form.next),
	}
	if mode == paywall.SignUpInvitation {
		page.Closed = l.T("signup.by_invitation")
		// Another service's login brings no code to redeem.
		page.Code, page.Providers = form.voucher.Code, nil
	}
	return page
}

// offersSignUp tells whether somebody may ask for an account: where sign-up is
// open, or by invitation with a code. Whether it can be redeemed is looked up when
// they ask, and counted: a page tells nothing about codes.
func offersSignUp(mode paywall.SignUpMode, voucher paywall.RedeemInput) bool {
	return mode == paywall.SignUpOpen || mode == paywall.SignUpInvitation && voucher.Code != ""
}

// showForgot asks whose password was forgotten: GET /forgot.
func (h *Handlers) showForgot(c echo.Context) error {
	return h.showForgotForm(c, http.StatusOK, c.QueryParam("email"), h.localPath(c.QueryParam("next")), nil)
}

// submitForgot mails a code to choose a new password: POST /forgot.
func (h *Handlers) submitForgot(c echo.Context) error {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	email, next := values.Get("email"), h.localPath(values.Get("next"))
	err = h.Auth.AskReset(c.Request().Context(), h.asker(c), email, next)
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showForgotForm(c, http.StatusUnprocessableEntity, email, next, err)
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/code")
}

func (h *Handlers) showForgotForm(c echo.Context, status int, email, next string, problem error) error {
	l := localeOf(c)
	return h.render(c, status, views.Forgot(views.ForgotPage{
		Page: h.page(c, l.T("forgot.title")), Email: email, Next: next, Errors: fieldErrors(l, problem),
	}))
}
