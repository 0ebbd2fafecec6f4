package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// showRedeem asks for a code: GET /redeem. After a sign-in it has the one that was
// typed before.
func (h *Handlers) showRedeem(c echo.Context) error {
	return h.showRedeemForm(c, http.StatusOK, h.Vouchers.Kept(c.QueryParam("kept")), nil)
}

// showRedeemCode shows what a scanned or mailed code leads to, with a button:
// GET /redeem/:code. Looking uses nothing up, and looks nothing up.
func (h *Handlers) showRedeemCode(c echo.Context) error {
	return h.showRedeemForm(c, http.StatusOK, paywall.RedeemInput{Code: strings.TrimSuffix(c.Param("code"), "/")}, nil)
}

// submitRedeem redeems a code, or leads to the sign-in first: POST /redeem.
func (h *Handlers) submitRedeem(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	in := paywall.RedeemInput{Code: v.Get("code"), Item: v.Get("item")}
	if len(in.Code) > maxTypedCode || len(in.Item) > paywall.MaxSlug {
		in = paywall.RedeemInput{}
	}
	if !paywall.LooksLikeCode(in.Code) {
		return h.showRedeemForm(c, http.StatusUnprocessableEntity, in, errNoCode())
	}
	if !viewerOf(c).SignedIn() {
		return seeOther(c, loginURL(h.keptURL(in)))
	}
	done, err := h.Vouchers.Redeem(c.Request().Context(), h.caller(c), viewerOf(c), in)
	if kind := paywall.KindOf(err); kind == paywall.KindInvalid || kind == paywall.KindTooMany {
		tellWait(c, err)
		return h.showRedeemForm(c, statuses[kind], in, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.redeemed", done.Path)
}

// maxTypedCode is longer than any code with spaces in it.
const maxTypedCode = 100

func errNoCode() error {
	return refusedFields(map[string]string{"code": "voucher.error.form"})
}

// keptURL is the page that has the code again after a sign-in. The code in it is
// sealed: the address goes into mails and lies in the database meanwhile.
func (h *Handlers) keptURL(in paywall.RedeemInput) string {
	if in.Code == "" && in.Item == "" {
		return "/redeem"
	}
	return "/redeem?" + url.Values{"kept": {h.Vouchers.Keep(in)}}.Encode()
}

// keptIn is what keptURL keeps for a page to go on to; empty for any other page.
func (h *Handlers) keptIn(next string) paywall.RedeemInput {
	query, found := strings.CutPrefix(next, "/redeem?")
	values, err := url.ParseQuery(query)
	if !found || err != nil {
		return paywall.RedeemInput{}
	}
	return h.Vouchers.Kept(values.Get("kept"))
}

// showRedeemForm shows the field with what was typed. Neither the page's links nor
// the switch of the language carry the code on.
func (h *Handlers) showRedeemForm(c echo.Context, status int, in paywall.RedeemInput, problem error) error {
	c.Response().Header().Set("Referrer-Policy", "no-referrer")
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	if len(in.Code) > maxTypedCode {
		in.Code = ""
	}
	l := localeOf(c)
	page := views.RedeemPage{
		Page: h.page(c, l.T("redeem.title")), Code: in.Code, Item: in.Item,
		Errors: fieldErrors(l, problem), Error: formError(l, problem),
	}
	page.Path = h.keptURL(in)
	if !page.Viewer.SignedIn {
		closed, err := h.signUpClosed(c)
		if err != nil {
			return err
		}
		page.Next = l.T("redeem.sign_in")
		if closed {
			page.Next = l.T("redeem.sign_in.closed")
		}
	}
	if in.Item != "" {
		item, err := h.Catalogue.BySlug(c.Request().Context(), in.Item)
		switch {
		case err == nil:
			page.Title, page.BackURL = item.Title, item.Path()
		case !errors.Is(err, paywall.ErrNotFound):
			return err
		}
	}
	return h.render(c, status, views.Redeem(page))
}

// signUpClosed tells whether nobody can make an account, so that codes are for
// those alone who have one.
func (h *Handlers) signUpClosed(c echo.Context) (bool, error) {
	settings, err := h.Settings.Get(c.Request().Context())
	return settings.SignUp == paywall.SignUpClosed, err
}

// redeemItem is the item's slug where a code could open it for the visitor.
func redeemItem(perf paywall.Performance) string {
	if perf.Item.Access != paywall.AccessEntitled {
		return ""
	}
	switch perf.Decision.Reason {
	case paywall.ReasonSignedOut, paywall.ReasonNoGrant, paywall.ReasonGrantEnded, paywall.ReasonGrantLater:
		return perf.Item.Slug
	}
	return ""
}
