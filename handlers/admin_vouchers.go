package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

const vouchersURL = "/admin/vouchers"

// showVouchers lists batches of vouchers: GET /admin/vouchers. Who searches for a
// whole code is led to it.
func (h *Handlers) showVouchers(c echo.Context) error {
	voucher, err := h.Vouchers.Find(c.Request().Context(), c.QueryParam("q"))
	if err == nil {
		page := url.Values{"page": {strconv.Itoa((voucher.Number-1)/linesPerPage + 1)}}
		return seeOther(c, vouchersURL+"/"+voucher.BatchID+"?"+page.Encode()+"#code-"+strconv.Itoa(voucher.Number))
	}
	if !errors.Is(err, paywall.ErrNotFound) {
		return err
	}
	l, list := localeOf(c), pagerOf(c, vouchersURL, "q", "sort")
	sort := paywall.VoucherSort(c.QueryParam("sort"))
	lines, total, err := h.Vouchers.Batches(c.Request().Context(), c.QueryParam("q"), sort, linesPerPage, list.offset())
	if err != nil {
		return err
	}
	targets, err := h.targets(c)
	if err != nil {
		return err
	}
	page := views.AdminVouchersPage{
		Page: h.adminPage(c, l.T("admin.vouchers.title")), Query: c.QueryParam("q"), Total: l.N("admin.vouchers.total", total),
		Sorts: options(l, "admin.vouchers.sort.", string(sort), paywall.VoucherSorts...),
	}
	if page.PrevURL, page.NextURL, err = list.links(total); err != nil {
		return err
	}
	for _, line := range lines {
		page.Rows = append(page.Rows, h.voucherBatchRow(l, line, targets))
	}
	return h.render(c, http.StatusOK, views.AdminVouchers(page))
}

func (h *Handlers) voucherBatchRow(l *i18n.Locale, line paywall.VoucherBatchLine, targets targetNames) views.VoucherBatchRow {
	row := views.VoucherBatchRow{
		URL: vouchersURL + "/" + line.Batch.ID, Name: line.Batch.Name, Counts: voucherCounts(l, line),
		Opens: batchOpens(l, line.Batch, targets) + ", " + h.batchLasts(l, line.Batch), Valid: h.batchValid(l, line.Batch),
	}
	row.State, row.Running = h.batchState(l, line, targets)
	return row
}

func voucherCounts(l *i18n.Locale, line paywall.VoucherBatchLine) views.VoucherCounts {
	return views.VoucherCounts{
		Codes: l.Number(line.Batch.Codes), Used: l.Number(line.Tally.Used), Left: l.Number(line.Tally.Left),
		Void: l.Number(line.Tally.Void), Gone: l.Number(line.Tally.Gone),
	}
}

// batchState says whether codes can be redeemed now.
func (h *Handlers) batchState(l *i18n.Locale, line paywall.VoucherBatchLine, targets targetNames) (text string, running bool) {
	now := h.Clock()
	switch {
	case targets.gone(line.Batch.Scope, line.Batch.TargetID):
		return l.T("account.target_gone"), false
	case line.Batch.Over(now):
		return l.T("admin.vouchers.state.over"), false
	case line.Tally.Left == 0:
		return l.T("admin.vouchers.state.empty"), false
	case !line.Batch.Begun(now):
		return l.T("admin.vouchers.state.later"), false
	}
	return l.T("admin.vouchers.state.running"), true
}

// batchOpens is what a code opens, in words.
func batchOpens(l *i18n.Locale, b paywall.VoucherBatch, targets targetNames) string {
	return targets.name(l, paywall.Grant{Scope: b.Scope, TargetID: b.TargetID})
}

// batchLasts is for how long a code opens, in words.
func (h *Handlers) batchLasts(l *i18n.Locale, b paywall.VoucherBatch) string {
	switch {
	case b.Days > 0:
		return l.N("admin.vouchers.lasts", b.Days)
	case !b.Until.IsZero():
		return l.T("account.until", "Date", l.ShortUntil(h.sited(b.Until)))
	}
	return l.T("account.forever")
}

// batchValid is when codes can be redeemed, in words.
func (h *Handlers) batchValid(l *i18n.Locale, b paywall.VoucherBatch) string {
	from, until := l.ShortDateTime(h.sited(b.ValidFrom)), l.ShortUntil(h.sited(b.ValidUntil))
	switch {
	case b.ValidFrom.IsZero() && b.ValidUntil.IsZero():
		return l.T("admin.vouchers.valid.always")
	case b.ValidFrom.IsZero():
		return l.T("account.until", "Date", until)
	case b.ValidUntil.IsZero():
		return l.T("account.from", "Date", from)
	}
	return l.T("admin.vouchers.valid.between", "From", from, "Until", until)
}

// voucherForm is the form of a new batch, as typed.
type voucherForm struct {
	fields       views.VoucherFields
	opens, lasts string
}

// voucherDate is the message for a date that does not read.
const voucherDate = "voucher.error.date"

// How long a code opens, as the form asks for it.
const (
	lastsDays  = "days"
	lastsUntil = "until"
	lastsEver  = "ever"
)

// usualDays stand in the form before anybody typed something.
const usualDays = "30"

// showNewVouchers is the empty form: GET /admin/vouchers/new.
func (h *Handlers) showNewVouchers(c echo.Context) error {
	form := voucherForm{fields: views.VoucherFields{Codes: "50", Uses: "1", Days: usualDays}, lasts: lastsDays}
	return h.showVoucherForm(c, http.StatusOK, form, nil)
}

// submitNewVouchers makes a batch: POST /admin/vouchers/new.
func (h *Handlers) submitNewVouchers(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	form := voucherForm{opens: v.Get("opens"), lasts: v.Get("lasts"), fields: views.VoucherFields{
		Name: v.Get("name"), Prefix: v.Get("prefix"), Codes: v.Get("codes"), Uses: v.Get("uses"), Days: v.Get("days"),
		Until: v.Get("until"), ValidFrom: v.Get("valid_from"), ValidUntil: v.Get("valid_until"), Note: v.Get("note"),
		Again: v.Get("again") == "1",
	}}
	input, err := form.input(h.zone())
	var batch paywall.VoucherBatch
	if err == nil {
		batch, err = h.Vouchers.Create(c.Request().Context(), paywall.ActorOf(viewerOf(c)), input)
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showVoucherForm(c, http.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.vouchers_made", vouchersURL+"/"+batch.ID)
}

// input turns what was typed into what the service takes. Dates mean whole days
// in the site's zone.
func (f voucherForm) input(zone *time.Location) (paywall.VoucherInput, error) {
	typed := typedIn(zone)
	in := paywall.VoucherInput{
		Name: f.fields.Name, Prefix: f.fields.Prefix, Note: f.fields.Note, Again: f.fields.Again,
		Codes:      typed.number("codes", f.fields.Codes, "voucher.error.codes"),
		Uses:       typed.number("uses", f.fields.Uses, "voucher.error.uses"),
		ValidFrom:  typed.day("valid_from", f.fields.ValidFrom, voucherDate).From,
		ValidUntil: typed.day("valid_until", f.fields.ValidUntil, voucherDate).To,
	}
	in.Scope, in.TargetID = targetOf(f.opens)
	f.readLength(typed, &in)
	return in, typed.refusal()
}

// readLength reads for how long a code opens. What was typed for another choice
// than the one that is made is refused there: it must not be dropped unseen.
func (f voucherForm) readLength(typed *typedFields, in *paywall.VoucherInput) {
	switch f.lasts {
	case lastsDays:
		if in.Days = typed.number("days", f.fields.Days, "voucher.error.days"); in.Days < 1 {
			typed.wrong["days"] = "voucher.error.days"
		}
	case lastsUntil:
		if in.Until = typed.day("until", f.fields.Until, voucherDate).To; in.Until.IsZero() {
			typed.wrong["until"] = "grant.error.until"
		}
	case lastsEver:
	default:
		typed.wrong["lasts"] = "voucher.error.lasts"
		return
	}
	if f.lasts != lastsDays && f.fields.Days != "" && f.fields.Days != usualDays {
		typed.wrong["days"] = "voucher.error.unchosen"
	}
	if f.lasts != lastsUntil && f.fields.Until != "" {
		typed.wrong["until"] = "voucher.error.unchosen"
	}
}

func (h *Handlers) showVoucherForm(c echo.Context, status int, form voucherForm, problem error) error {
	l := localeOf(c)
	targets, err := h.targets(c)
	if err != nil {
		return err
	}
	page := views.AdminVoucherFormPage{
		Page: h.adminPage(c, l.T("admin.vouchers.new")), Fields: form.fields, Opens: toGive(l, targets, form.opens),
		Zone: h.zone().String(), Errors: fieldErrors(l, problem),
	}
	for _, lasts := range []string{lastsDays, lastsUntil, lastsEver} {
		page.Lasts = append(page.Lasts, views.Choice{
			Value: lasts, Label: l.T("admin.vouchers.lasts." + lasts), Selected: lasts == form.lasts,
		})
	}
	if page.MembersOnly, err = h.signUpClosed(c); err != nil {
		return err
	}
	var known *paywall.Error
	if errors.As(problem, &known) {
		page.Error = l.T(known.Key)
	}
	return h.render(c, status, views.AdminVoucherForm(page))
}
