package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showLink shows what a mailed link does, with one button: GET /link/:secret.
// Looking uses nothing up, so a scanner of mail may look.
func (h *Handlers) showLink(c echo.Context) error {
	secret := c.Param("secret")
	p, err := h.Auth.Link(c.Request().Context(), secret)
	return h.answerLink(c, http.StatusOK, p, secret, err)
}

// submitLink goes on with the link: POST /link.
func (h *Handlers) submitLink(c echo.Context) error {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	ctx, secret := c.Request().Context(), values.Get("secret")
	caller := h.caller(c)
	kind, outcome, err := h.Auth.UseLink(ctx, caller, viewerOf(c), secret, paywall.Answer{Password: values.Get("password")})
	if err == nil {
		err = h.goOn(c, caller, kind, outcome)
	}
	if err == nil || paywall.KindOf(err) != paywall.KindInvalid {
		return err
	}
	p, gone := h.Auth.Link(ctx, secret)
	if gone != nil {
		err = gone
	}
	return h.answerLink(c, http.StatusUnprocessableEntity, p, secret, err)
}

// linkTexts are the headline, the text and the button of the page of each kind.
var linkTexts = map[paywall.ProofKind][3]string{
	paywall.ProofSignUp:  {"code.sign_up.title", "link.sign_up", "code.sign_up.submit"},
	paywall.ProofInvite:  {"link.invite.title", "link.invite", "code.sign_up.submit"},
	paywall.ProofSignIn:  {"code.sign_in.title", "link.sign_in", "login.submit"},
	paywall.ProofHanded:  {"code.sign_in.title", "link.sign_in", "login.submit"},
	paywall.ProofReset:   {"code.reset.title", "link.reset", "account.password.submit"},
	paywall.ProofAddress: {"code.address.title", "link.address", "code.address.submit"},
}

// answerLink shows the page of a link, or that it is over and where to get a new
// one. The address of the page holds a secret, which must not travel on.
func (h *Handlers) answerLink(c echo.Context, status int, p paywall.Proof, secret string, problem error) error {
	c.Response().Header().Set("Referrer-Policy", "no-referrer")
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	l, texts := localeOf(c), linkTexts[p.Kind]
	if p.ID == "" || texts[0] == "" {
		if problem != nil && paywall.KindOf(problem) != paywall.KindInvalid {
			return problem
		}
		return h.render(c, http.StatusUnprocessableEntity, views.Link(h.overLink(c, p.Kind)))
	}
	if p.Kind == paywall.ProofAddress && viewerOf(c).User.ID != p.UserID {
		return h.render(c, status, views.Link(h.foreignLink(c, l.T(texts[0]))))
	}
	page := views.LinkPage{
		Page: h.linkFrame(c, l.T(texts[0])), Headline: l.T(texts[0]), Secret: secret, Email: p.Email,
		Text: l.T(texts[1], "Email", p.Email, "Site", h.Front.Name()), Submit: l.T(texts[2]), Errors: fieldErrors(l, problem), Error: formError(l, problem),
	}
	switch p.Kind {
	case paywall.ProofReset:
		page.Password = "new"
	case paywall.ProofInvite:
		page.Password = "optional"
	case paywall.ProofSignUp:
		if !h.Auth.AskedBy(h.caller(c), p) {
			page.Password = "optional" // the one typed elsewhere does not count here
		}
	}
	if page.Password == "optional" {
		page.Terms = !h.Front.Now().Terms.Empty()
	}
	return h.render(c, status, views.Link(page))
}

// foreignLink says that the link works for somebody signed in only.
func (h *Handlers) foreignLink(c echo.Context, title string) views.LinkPage {
	l := localeOf(c)
	return views.LinkPage{
		Page: h.linkFrame(c, title), Headline: title, Text: l.T("link.error.own_session"),
		AgainURL: "/login", Again: l.T("nav.sign_in"),
	}
}

// linkFrame is the frame of a link's page. The language switch must not carry
// the secret on.
func (h *Handlers) linkFrame(c echo.Context, title string) views.Page {
	page := h.page(c, title)
	page.Path = "/login"
	return page
}

// overLink says that a link is over. A new one is one press away.
func (h *Handlers) overLink(c echo.Context, kind paywall.ProofKind) views.LinkPage {
	l := localeOf(c)
	page := views.LinkPage{
		Page: h.linkFrame(c, l.T("link.over.title")), Headline: l.T("link.over.title"), Text: l.T("link.error.over"),
	}
	page.AgainURL, page.Again = againOf(l, kind)
	return page
}

func againOf(l *i18n.Locale, kind paywall.ProofKind) (url, text string) {
	switch kind {
	case paywall.ProofSignUp, paywall.ProofReset, paywall.ProofAddress:
		return otherURLs[kind], l.T("link.over.again")
	}
	return "/login", l.T("nav.sign_in")
}
