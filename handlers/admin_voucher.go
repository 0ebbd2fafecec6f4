package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// listRedeemed is the list of a batch that tells who used its codes.
const listRedeemed = "redeemed"

// showVoucherBatch shows a batch: GET /admin/vouchers/:id.
func (h *Handlers) showVoucherBatch(c echo.Context) error {
	page, err := h.voucherPage(c)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.AdminVoucher(page))
}

// submitVoidVoucher takes one code away:
// POST /admin/vouchers/:id/:voucher/void.
func (h *Handlers) submitVoidVoucher(c echo.Context) error {
	err := h.Vouchers.Void(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"), c.Param("voucher"))
	return h.voucherDone(c, err, "flash.voucher_void")
}

// submitVoidVouchers takes all codes away that have uses left:
// POST /admin/vouchers/:id/void.
func (h *Handlers) submitVoidVouchers(c echo.Context) error {
	_, err := h.Vouchers.VoidAll(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"))
	return h.voucherDone(c, err, "flash.vouchers_void")
}

// submitExtendVouchers changes until when codes can be redeemed:
// POST /admin/vouchers/:id/extend.
func (h *Handlers) submitExtendVouchers(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	typed := typedIn(h.zone())
	until := typed.day("valid_until", v.Get("valid_until"), voucherDate).To
	if err = typed.refusal(); err == nil {
		err = h.Vouchers.Extend(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"), until)
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showVoucherProblem(c, err, func(page *views.AdminVoucherPage) { page.ValidUntil = v.Get("valid_until") })
	}
	return h.voucherDone(c, err, "flash.saved")
}

// submitMailVouchers mails codes to a list: POST /admin/vouchers/:id/mail. When
// some addresses got none, the page says which and why, and keeps them.
func (h *Handlers) submitMailVouchers(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	v, err := postedForm(c, largeForm)
	if err != nil {
		return err
	}
	language, known := i18n.Lookup(v.Get("language"))
	if !known {
		language = localeOf(c)
	}
	done, err := h.Vouchers.Mail(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"), v.Get("addresses"), language.Tag())
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showVoucherProblem(c, err, func(page *views.AdminVoucherPage) { page.Addresses = v.Get("addresses") })
	}
	if err != nil || len(done.Problems) == 0 {
		return h.voucherDone(c, err, "flash.vouchers_mailed")
	}
	return h.showVoucherProblem(c, nil, func(page *views.AdminVoucherPage) {
		var left []string
		for _, p := range done.Problems {
			left = append(left, p.Address)
			page.Problems = append(page.Problems, views.Fact{Label: p.Address, Value: page.L.T(p.Key)})
		}
		page.Addresses = strings.Join(left, "\n")
		if done.Sent > 0 {
			page.Mailed = page.L.N("admin.vouchers.mailed", done.Sent)
		}
	})
}

// voucherDone ends an act on a batch, or says which rule it breaks.
func (h *Handlers) voucherDone(c echo.Context, err error, flash string) error {
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showVoucherProblem(c, err, func(*views.AdminVoucherPage) {})
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, flash, vouchersURL+"/"+c.Param("id"))
}

// showVoucherProblem shows the batch with what was refused.
func (h *Handlers) showVoucherProblem(c echo.Context, problem error, fill func(page *views.AdminVoucherPage)) error {
	page, err := h.voucherPage(c)
	if err != nil {
		return err
	}
	page.Error, page.Errors = formError(page.L, problem), fieldErrors(page.L, problem)
	fill(&page)
	return h.render(c, http.StatusUnprocessableEntity, views.AdminVoucher(page))
}

// seesCodes tells whether the visitor may read codes in full: an owner who proved
// a short while ago who they are.
func (h *Handlers) seesCodes(c echo.Context) bool {
	viewer := viewerOf(c)
	return viewer.May(paywall.RightRun) && viewer.Fresh(h.Clock())
}

func (h *Handlers) voucherPage(c echo.Context) (page views.AdminVoucherPage, err error) {
	ctx, l, id := c.Request().Context(), localeOf(c), c.Param("id")
	line, err := h.Vouchers.Batch(ctx, id)
	if err != nil {
		return page, err
	}
	targets, err := h.targets(c)
	if err != nil {
		return page, err
	}
	base := vouchersURL + "/" + id
	page = views.AdminVoucherPage{
		Page: h.adminPage(c, line.Batch.Name), BaseURL: base, Counts: voucherCounts(l, line), Over: line.Batch.Over(h.Clock()), Gone: targets.gone(line.Batch.Scope, line.Batch.TargetID),
		Facts: h.batchFacts(l, line.Batch, targets), Zone: h.zone().String(),
		Locked: viewerOf(c).May(paywall.RightRun) && !h.seesCodes(c), ProveURL: proveURL(base),
		List: "codes", CodesURL: base, UsedBy: base + "?list=" + listRedeemed, Languages: languageChoices(l, h.face().offer, h.face().offer.Own().Tag())[1:],
	}
	page.State, page.Running = h.batchState(l, line, targets)
	page.ValidUntil = writeLastDay(line.Batch.ValidUntil, h.zone())
	if closed, err := h.signUpClosed(c); err != nil {
		return page, err
	} else if closed {
		page.MembersOnly = line.Tally.Left > 0
	}
	list := pagerOf(c, base, "list")
	if c.QueryParam("list") == listRedeemed {
		page.List = listRedeemed
		return page, h.addRedemptions(c, &page, id, list)
	}
	return page, h.addVouchers(c, &page, line.Batch, list)
}

func (h *Handlers) batchFacts(l *i18n.Locale, b paywall.VoucherBatch, targets targetNames) []views.Fact {
	facts := []views.Fact{
		{Label: l.T("admin.grants.column.opens"), Value: batchOpens(l, b, targets)},
		{Label: l.T("admin.vouchers.lasts.title"), Value: h.batchLasts(l, b)},
		{Label: l.T("admin.vouchers.valid"), Value: h.batchValid(l, b)},
		{Label: l.T("admin.vouchers.uses.label"), Value: strconv.Itoa(b.Uses)},
		{Label: l.T("admin.vouchers.again.label"), Value: yesOrNo(l, b.Again)},
		{Label: l.T("admin.vouchers.made"), Value: l.ShortDateTime(h.sited(b.CreatedAt))},
	}
	if b.Note != "" {
		facts = append(facts, views.Fact{Label: l.T("admin.grants.column.note"), Value: b.Note})
	}
	return facts
}

func (h *Handlers) addVouchers(c echo.Context, page *views.AdminVoucherPage, batch paywall.VoucherBatch, list pager) error {
	lines, err := h.Vouchers.List(c.Request().Context(), batch.ID, linesPerPage, list.offset())
	if err != nil {
		return err
	}
	if page.PrevURL, page.NextURL, err = list.links(batch.Codes); err != nil {
		return err
	}
	for _, line := range lines {
		code, err := h.Vouchers.Code(line.Voucher)
		switch {
		case err != nil:
			code, page.Sealed = page.L.T("admin.vouchers.code.sealed"), formError(page.L, err)
		case !h.seesCodes(c):
			code = paywall.MaskCode(code)
		}
		row := views.VoucherRow{
			Number: strconv.Itoa(line.Voucher.Number), Code: code, SentTo: line.SentTo,
			Uses: page.L.T("admin.vouchers.used_of", "Used", line.Voucher.Used, "Uses", line.Voucher.Uses),
		}
		row.State, row.Usable = voucherState(page.L, line.Voucher, page.Over)
		if line.Voucher.VoidAt.IsZero() && !line.Voucher.Spent() {
			row.VoidURL = page.BaseURL + "/" + line.Voucher.ID + "/void"
		}
		page.Rows = append(page.Rows, row)
	}
	return nil
}

// voucherState says what became of a code.
func voucherState(l *i18n.Locale, v paywall.Voucher, over bool) (text string, usable bool) {
	switch {
	case v.Spent():
		return l.T("admin.vouchers.code.used"), false
	case !v.VoidAt.IsZero():
		return l.T("admin.vouchers.code.void"), false
	case over:
		return l.T("admin.vouchers.state.over"), false
	case !v.AssignedAt.IsZero():
		return l.T("admin.vouchers.code.sent"), true
	}
	return l.T("admin.vouchers.code.free"), true
}

func (h *Handlers) addRedemptions(c echo.Context, page *views.AdminVoucherPage, id string, list pager) error {
	lines, total, err := h.Vouchers.Redemptions(c.Request().Context(), id, linesPerPage, list.offset())
	if err != nil {
		return err
	}
	if page.PrevURL, page.NextURL, err = list.links(total); err != nil {
		return err
	}
	for _, line := range lines {
		page.Redemptions = append(page.Redemptions, views.RedemptionRow{
			Number: strconv.Itoa(line.Number), Email: line.Email, URL: memberURL(line.Redemption.UserID),
			When: page.L.ShortDateTime(h.sited(line.Redemption.At)),
		})
	}
	return nil
}
