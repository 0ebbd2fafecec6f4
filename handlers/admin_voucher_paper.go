package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// cardsPerSheet keeps a page of cards with their pictures small enough to print.
const cardsPerSheet = 100

// showVoucherPrint is a sheet of cards to cut: GET /admin/vouchers/:id/print. It
// leaves out what cannot be redeemed, and codes that were mailed to somebody.
func (h *Handlers) showVoucherPrint(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	ctx, l, id := c.Request().Context(), localeOf(c), c.Param("id")
	line, err := h.Vouchers.Batch(ctx, id)
	if err != nil {
		return err
	}
	targets, err := h.targets(c)
	if err != nil {
		return err
	}
	base := vouchersURL + "/" + id
	list := pager{path: base + "/print", number: pageNumber(c), length: cardsPerSheet}
	page := views.VoucherPrintPage{
		Page: h.page(c, line.Batch.Name), BackURL: base, Opens: batchOpens(l, line.Batch, targets),
		Lasts: h.batchLasts(l, line.Batch), Address: h.absolute("/redeem"),
	}
	if !line.Batch.ValidUntil.IsZero() {
		page.Valid = l.T("admin.vouchers.print.valid", "Date", l.Until(h.sited(line.Batch.ValidUntil)))
	}
	if page.MembersOnly, err = h.signUpClosed(c); err != nil {
		return err
	}
	if page.PrevURL, page.NextURL, err = list.links(line.Batch.Codes); err != nil {
		return err
	}
	codes, err := h.Vouchers.Sheet(ctx, paywall.ActorOf(viewerOf(c)), id, cardsPerSheet, list.offset())
	if err != nil {
		return err
	}
	for _, voucher := range codes {
		if _, usable := voucherState(l, voucher.Voucher, line.Batch.Over(h.Clock())); !usable || !voucher.Voucher.AssignedAt.IsZero() {
			continue
		}
		card, err := h.voucherCard(voucher.Voucher)
		if paywall.KindOf(err) == paywall.KindInvalid {
			return h.showVoucherProblem(c, err, func(*views.AdminVoucherPage) {})
		}
		if err != nil {
			return err
		}
		page.Cards = append(page.Cards, card)
	}
	return h.render(c, http.StatusOK, views.VoucherPrint(page))
}

func (h *Handlers) voucherCard(voucher paywall.Voucher) (card views.VoucherCard, err error) {
	if card.Code, err = h.Vouchers.Code(voucher); err != nil {
		return card, err
	}
	card.Picture, card.Width, err = h.Picture(h.absolute("/redeem/" + card.Code))
	return card, err
}

// submitVoucherExport hands all codes out as a file:
// POST /admin/vouchers/:id/export.
func (h *Handlers) submitVoucherExport(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	batch, lines, err := h.Vouchers.Export(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"))
	if err != nil {
		return err
	}
	codes := make([]string, len(lines))
	for n, line := range lines {
		if codes[n], err = h.Vouchers.Code(line.Voucher); err != nil {
			return h.showVoucherProblem(c, err, func(*views.AdminVoucherPage) {})
		}
	}
	file := h.csvFile(c, "vouchers-"+batch.ID+".csv", "number", "code", "address", "state", "used", "uses", "sent_to")
	over := batch.Over(h.Clock())
	for n, line := range lines {
		state, _ := voucherState(localeOf(c), line.Voucher, over)
		err := file.line(strconv.Itoa(line.Voucher.Number), codes[n], h.absolute("/redeem/"+codes[n]), state,
			strconv.Itoa(line.Voucher.Used), strconv.Itoa(line.Voucher.Uses), line.SentTo)
		if err != nil {
			return file.end(err)
		}
	}
	return file.end(nil)
}
