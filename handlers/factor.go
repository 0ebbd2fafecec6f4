package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// submitFactorBegin begins to set up a second factor:
// POST /account/factor/begin.
func (h *Handlers) submitFactorBegin(c echo.Context) error {
	if err := h.Auth.BeginFactor(c.Request().Context(), viewerOf(c)); err != nil {
		return err
	}
	return seeOther(c, "/account/factor")
}

// showFactor shows the picture for the app: GET /account/factor.
func (h *Handlers) showFactor(c echo.Context) error {
	return h.showEnrolment(c, http.StatusOK, nil)
}

// submitFactor switches the second factor on: POST /account/factor.
func (h *Handlers) submitFactor(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	codes, err := h.Auth.ConfirmFactor(c.Request().Context(), h.caller(c), viewerOf(c), v.Get("code"))
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showEnrolment(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	if err := h.renewSession(c, true); err != nil {
		return err
	}
	return h.showRecoveryCodes(c, codes)
}

func (h *Handlers) showEnrolment(c echo.Context, status int, problem error) error {
	enrolment, err := h.Auth.Enrolment(c.Request().Context(), viewerOf(c))
	if paywall.KindOf(err) == paywall.KindNotFound {
		return seeOther(c, "/account/security")
	}
	if err != nil {
		return err
	}
	picture, width, err := h.Picture(enrolment.URL)
	if err != nil {
		return err
	}
	l := localeOf(c)
	return h.render(c, status, views.Enrol(views.EnrolPage{
		Page: h.page(c, l.T("account.factor.on")), Picture: picture, Width: width,
		Secret: inGroups(enrolment.Secret), URL: enrolment.URL, Errors: fieldErrors(l, problem),
	}))
}

// inGroups writes a long text in groups of four, for typing.
func inGroups(text string) string {
	var groups []string
	for len(text) > 4 {
		groups, text = append(groups, text[:4]), text[4:]
	}
	return strings.Join(append(groups, text), " ")
}

// submitFactorCodes makes new recovery codes: POST /account/factor/codes.
func (h *Handlers) submitFactorCodes(c echo.Context) error {
	codes, err := h.Auth.RenewRecoveryCodes(c.Request().Context(), h.caller(c), viewerOf(c))
	if err != nil {
		return err
	}
	return h.showRecoveryCodes(c, codes)
}

// showRecoveryCodes shows them in the answer itself: they are kept nowhere.
func (h *Handlers) showRecoveryCodes(c echo.Context, codes []string) error {
	return h.render(c, http.StatusOK, views.Recovery(views.RecoveryPage{
		Page: h.page(c, localeOf(c).T("factor.recovery.title")), Codes: codes,
	}))
}

// submitFactorOff switches the second factor off: POST /account/factor/off.
func (h *Handlers) submitFactorOff(c echo.Context) error {
	if err := h.Auth.EndFactor(c.Request().Context(), h.caller(c), viewerOf(c)); err != nil {
		return err
	}
	return h.doneWith(c, "flash.factor_off", "/account/security")
}

// showProve asks who one is before something dangerous: GET /account/prove.
func (h *Handlers) showProve(c echo.Context) error {
	return h.showProveForm(c, http.StatusOK, h.localPath(c.QueryParam("next")), nil)
}

// submitProve proves it by the password: POST /account/prove.
func (h *Handlers) submitProve(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	next := h.localPath(v.Get("next"))
	err = h.Auth.Prove(c.Request().Context(), h.caller(c), viewerOf(c), v.Get("password"))
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showProveForm(c, http.StatusUnprocessableEntity, next, err)
	}
	if err != nil {
		return err
	}
	return seeOther(c, next)
}

// submitProveCode mails a code for it: POST /account/prove/code.
func (h *Handlers) submitProveCode(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	if err := h.Auth.AskAct(c.Request().Context(), h.asker(c), viewerOf(c), h.localPath(v.Get("next"))); err != nil {
		return err
	}
	return seeOther(c, "/code")
}

// finishProvePasskey proves it by a passkey: POST /account/prove/passkey.
func (h *Handlers) finishProvePasskey(c echo.Context) error {
	in, err := readPasskeyAnswer(c)
	if err != nil {
		return err
	}
	if err := h.Auth.ProveByPasskey(c.Request().Context(), h.caller(c), viewerOf(c), in.ID, in.Answer); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, passkeyDone{h.localPath(in.Next)})
}

func (h *Handlers) showProveForm(c echo.Context, status int, next string, problem error) error {
	l, viewer := localeOf(c), viewerOf(c)
	safety, err := h.Auth.SafetyOf(c.Request().Context(), viewer.User.ID)
	if err != nil {
		return err
	}
	return h.render(c, status, views.Prove(views.ProvePage{
		Page: h.page(c, l.T("prove.title")), Next: next, Email: viewer.User.Email,
		HasPassword: safety.HasPassword, Passkeys: h.Auth.Passkeys != nil && len(safety.Passkeys) > 0,
		Errors: fieldErrors(l, problem),
	}))
}
