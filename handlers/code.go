package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// againAfter is when the page offers to send another mail, in seconds.
const againAfter = 60

// showCode asks for the code that this window had mailed: GET /code.
func (h *Handlers) showCode(c echo.Context) error {
	pending, err := h.Auth.Pending(c.Request().Context(), h.caller(c))
	if errors.Is(err, paywall.ErrNotFound) {
		return seeOther(c, "/login")
	}
	if err != nil {
		return err
	}
	return h.showCodeForm(c, http.StatusOK, pending, nil)
}

// submitCode goes on with the code: POST /code.
func (h *Handlers) submitCode(c echo.Context) error {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	ctx, caller := c.Request().Context(), h.caller(c)
	answer := paywall.Answer{Password: values.Get("password")}
	kind, outcome, err := h.Auth.UseCode(ctx, caller, viewerOf(c), values.Get("code"), answer)
	if err == nil {
		err = h.goOn(c, caller, kind, outcome)
	}
	if paywall.KindOf(err) != paywall.KindInvalid {
		return err
	}
	return h.refuseCode(c, caller, err)
}

// refuseCode shows the page with what was refused.
func (h *Handlers) refuseCode(c echo.Context, caller paywall.Caller, problem error) error {
	pending, missing := h.Auth.Pending(c.Request().Context(), caller)
	if missing != nil {
		pending = paywall.Proof{Kind: paywall.ProofSignIn}
	}
	return h.showCodeForm(c, http.StatusUnprocessableEntity, pending, problem)
}

// submitAgain mails a new code: POST /code/again.
func (h *Handlers) submitAgain(c echo.Context) error {
	ctx, caller := c.Request().Context(), h.caller(c)
	err := h.Auth.Again(ctx, caller, viewerOf(c))
	if errors.Is(err, paywall.ErrNotFound) {
		return seeOther(c, "/login")
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.refuseCode(c, caller, err)
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/code?done=sent_again")
}

// goOn ends the use of a code or link: in, or back with a word about what was
// done.
func (h *Handlers) goOn(c echo.Context, caller paywall.Caller, kind paywall.ProofKind, o paywall.Outcome) error {
	switch kind {
	case paywall.ProofReset:
		return seeOther(c, withDone(loginURL(h.localPath(o.Next)), "password_reset"))
	case paywall.ProofAddress:
		return h.doneWith(c, "flash.address_changed", "/account/security")
	case paywall.ProofAct:
		return seeOther(c, h.localPath(o.Next))
	}
	if o.Redeemed {
		o.Next = withDone(o.Next, "redeemed")
	}
	return h.enterAndGo(c, caller, o)
}

// codeTexts are the headline, the text and the button of the page of each kind.
var codeTexts = map[paywall.ProofKind][3]string{
	paywall.ProofSignUp:  {"code.sign_up.title", "code.sent", "code.sign_up.submit"},
	paywall.ProofSignIn:  {"code.sign_in.title", "code.sent", "login.submit"},
	paywall.ProofReset:   {"code.reset.title", "code.sent", "account.password.submit"},
	paywall.ProofAddress: {"code.address.title", "code.sent", "code.address.submit"},
	paywall.ProofAct:     {"prove.title", "code.sent", "prove.submit"},
}

// otherURLs lead back to where another address can be typed.
var otherURLs = map[paywall.ProofKind]string{
	paywall.ProofSignUp: "/signup", paywall.ProofSignIn: "/login", paywall.ProofReset: "/forgot",
	paywall.ProofAddress: "/account/security", paywall.ProofAct: "/account/prove",
}

func (h *Handlers) showCodeForm(c echo.Context, status int, p paywall.Proof, problem error) error {
	l, texts := localeOf(c), codeTexts[p.Kind]
	if texts[0] == "" {
		return paywall.ErrNotFound
	}
	page := views.CodePage{
		Page: h.page(c, l.T(texts[0])), Headline: l.T(texts[0]), Text: l.T(texts[1], "Email", p.Email), Submit: l.T(texts[2]),
		Password: p.Kind == paywall.ProofReset, Errors: fieldErrors(l, problem), Error: formError(l, problem),
		OtherURL: otherURLs[p.Kind], Sender: h.MailFrom, MailboxURL: h.MailboxURL, Wait: againAfter,
		Here: p.Kind == paywall.ProofAddress || p.Kind == paywall.ProofAct,
	}
	if p.Kind == paywall.ProofSignUp || p.Kind == paywall.ProofSignIn || p.Kind == paywall.ProofReset {
		page.OtherURL = withNext(page.OtherURL, p.Next)
	}
	return h.render(c, status, views.Code(page))
}
