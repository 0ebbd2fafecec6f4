package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

const connectionPath = "/admin/settings/connection"

// connectionForm is the form of the connection, as typed. The token is not kept: it
// is never shown again.
type connectionForm struct {
	account, style string
	tokenTyped     bool
}

// showConnection shows the way to Infomaniak: GET /admin/settings/connection.
func (h *Handlers) showConnection(c echo.Context) error {
	state, err := h.Connection.Get(c.Request().Context())
	if err != nil {
		return err
	}
	form := connectionForm{account: state.Account, style: string(state.VODStyle)}
	if form.account == "" {
		form.account = state.Report.Suggested // the owner only has to save it
	}
	return h.showConnectionForm(c, http.StatusOK, h.connectionPage(c, state, form))
}

// submitConnection tests what was typed and stores it, unless Infomaniak refuses it:
// POST /admin/settings/connection.
func (h *Handlers) submitConnection(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	ctx, anyway := c.Request().Context(), v.Get("anyway") == "yes"
	form := connectionForm{v.Get("account"), v.Get("vod_style"), v.Get("token") != ""}
	proposed, err := h.Connection.Propose(ctx, paywall.ActorOf(viewerOf(c)), h.Supplier, paywall.ConnectionInput{
		Token: paywall.NewSecret(v.Get("token")), Account: form.account, VODStyle: paywall.VODStyle(form.style),
	}, anyway)
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.refuseConnection(c, form, proposed.Report, err)
	}
	if err != nil {
		return err
	}
	switch report := proposed.Report; {
	case !proposed.Stored:
		return h.doneWith(c, "flash.connection_same", connectionPath)
	case report.Works():
		return h.doneWith(c, "flash.connection_saved", connectionPath)
	case report.Refused():
		return h.doneWith(c, "flash.connection_anyway", connectionPath)
	}
	return h.doneWith(c, "flash.connection_untested", connectionPath)
}

// refuseConnection shows the form again, with what the test of what was typed found.
func (h *Handlers) refuseConnection(c echo.Context, form connectionForm, report paywall.ConnectionReport, problem error) error {
	state, err := h.Connection.Get(c.Request().Context())
	if err != nil {
		return err
	}
	l, tested := localeOf(c), len(report.Points) > 0
	if form.account == "" {
		form.account = report.Suggested
	}
	page := h.connectionPage(c, state, form)
	page.FormFirst, page.Anyway, page.Errors = true, tested, fieldErrors(l, problem)
	page.Error = formError(l, problem)
	if page.Error == "" {
		page.Error = l.T("error.invalid")
	}
	if form.tokenTyped && page.Errors["token"] == "" {
		page.Errors["token"] = l.T("connection.error.again")
	}
	page.More = page.More || page.Errors["account"] != "" || page.Errors["vod_style"] != ""
	if tested {
		page.Report = connectionReport(l, report)
		page.Report.When = l.T("admin.connection.test.unsaved", "Date", l.ShortDateTime(h.sited(report.At)))
		page.More = page.More || asksForMore(report)
	}
	return h.showConnectionForm(c, http.StatusUnprocessableEntity, page)
}

// submitConnectionTest tests what is set: POST /admin/settings/connection/test.
func (h *Handlers) submitConnectionTest(c echo.Context) error {
	ctx := c.Request().Context()
	report, err := h.Connection.Check(ctx, h.Supplier)
	if paywall.KindOf(err) == paywall.KindInvalid {
		state, failed := h.Connection.Get(ctx)
		if failed != nil {
			return failed
		}
		form := connectionForm{account: state.Account, style: string(state.VODStyle)}
		return h.refuseConnection(c, form, paywall.ConnectionReport{}, err)
	}
	if err != nil {
		return err
	}
	if report.Works() {
		return h.doneWith(c, "flash.connection_tested", connectionPath)
	}
	return seeOther(c, connectionPath) // what was found stands there, and is no success
}

// forgetConnection removes the token: POST /admin/settings/connection/forget.
func (h *Handlers) forgetConnection(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	if err := h.Connection.Forget(c.Request().Context(), paywall.ActorOf(viewerOf(c))); err != nil {
		return err
	}
	return h.doneWith(c, "flash.connection_forgotten", connectionPath)
}

// connectionPage is the page as it is without a mistake.
func (h *Handlers) connectionPage(c echo.Context, state paywall.ConnectionState, form connectionForm) views.AdminConnectionPage {
	l := localeOf(c)
	page := views.AdminConnectionPage{
		Page: h.adminPage(c, l.T("admin.connection.title")), Fresh: viewerOf(c).Fresh(h.Clock()), ProveURL: proveURL(connectionPath),
		State: connectionState(l, state), Verdict: verdictBadge(l, state), ByOperator: state.ByOperator,
		Set: state.Set, CanTest: state.Set && !state.Sealed, FormFirst: !state.Set || state.Sealed,
		More: asksForMore(state.Report), Account: form.account, Report: connectionReport(l, state.Report),
		Styles: []views.Choice{
			{Value: "v1", Label: l.T("admin.connection.style.v1"), Help: l.T("admin.connection.style.v1.help"), Selected: form.style == "v1"},
			{Value: "pub", Label: l.T("admin.connection.style.pub"), Help: l.T("admin.connection.style.pub.help"), Selected: form.style == "pub"},
		},
	}
	report := state.Report
	if len(report.Points) > 0 {
		page.Report.When = l.T("admin.connection.test.at", "Date", l.ShortDateTime(h.sited(report.At)))
	}
	if !report.MissedAt.IsZero() {
		page.Report.Missed = l.T("admin.connection.test.missed", "Date", l.ShortDateTime(h.sited(report.MissedAt)), "Cause", l.T(report.Missed))
	}
	if date := state.ChangedAt; !date.IsZero() && state.ChangedBy != "" {
		page.Changed = l.T("admin.connection.changed", "Date", l.DateTime(h.sited(date)), "Name", state.ChangedBy)
	} else if !date.IsZero() {
		page.Changed = l.T("admin.connection.changed.nobody", "Date", l.DateTime(h.sited(date)))
	}
	return page
}

func (h *Handlers) showConnectionForm(c echo.Context, status int, page views.AdminConnectionPage) error {
	return h.render(c, status, views.AdminConnection(page))
}

// asksForMore tells whether a test found that the number of the organisation or the
// other address for videos is needed.
func asksForMore(report paywall.ConnectionReport) bool {
	return report.Can(paywall.AbilityAccount) == paywall.FoundNo ||
		report.Can(paywall.AbilityVOD) == paywall.FoundNo && report.Can(paywall.AbilityStyleV1) != report.Can(paywall.AbilityStylePub)
}

// verdict is what is known of the connection in one word, the end of its key.
type verdict string

const (
	verdictNone    verdict = "none" // there is no token, or none that opens
	verdictWorks   verdict = "works"
	verdictRefused verdict = "refused"
	verdictUnknown verdict = "unknown"
)

func verdictOf(state paywall.ConnectionState) verdict {
	switch {
	case !state.Set || state.Sealed:
		return verdictNone
	case state.Report.Works():
		return verdictWorks
	case state.Report.Refused():
		return verdictRefused
	}
	return verdictUnknown
}

func verdictBadge(l *i18n.Locale, state paywall.ConnectionState) views.HealthBadge {
	found := verdictOf(state)
	colours := map[verdict]string{verdictWorks: "green", verdictRefused: "amber", verdictNone: "amber"}
	return views.HealthBadge{State: colours[found], Word: l.T("connection.verdict." + string(found))}
}

// connectionState tells whether there is a token, without telling what it is.
func connectionState(l *i18n.Locale, state paywall.ConnectionState) string {
	switch {
	case state.ByOperator:
		return l.T("admin.connection.state.operator")
	case state.Sealed:
		return l.T("admin.connection.state.sealed")
	case state.Set && state.Ending != "":
		return l.T("admin.connection.state.ending", "Ending", state.Ending)
	case state.Set:
		return l.T("admin.connection.state.set")
	}
	return l.T("admin.connection.state.none")
}

// connectionReport is a test in words.
func connectionReport(l *i18n.Locale, report paywall.ConnectionReport) views.ConnectionReport {
	out := views.ConnectionReport{Headline: l.T("admin.connection.test.unknown"), Open: true}
	both := report.Can(paywall.AbilityRadio) == paywall.FoundYes && report.Can(paywall.AbilityVOD) == paywall.FoundYes
	switch {
	case both:
		out.Headline, out.Open = l.T("admin.connection.test.works"), false
	case report.Works():
		out.Headline, out.Open = l.T("admin.connection.test.partly"), false
	case report.Refused():
		out.Headline, out.Open = l.T("admin.connection.test.fails"), false
	}
	for _, p := range report.Points {
		point := views.ConnectionPoint{
			Finding: l.T("connection.finding." + string(p.Found)), Text: l.T(p.Key, p.Args...),
			Good: p.Found == paywall.FoundYes, Detail: p.Detail,
		}
		// A refusal of one thing by a token that is taken has its cause in its own
		// words already.
		if p.Trouble != "" && (p.Found == paywall.FoundUnknown || p.Ability == paywall.AbilityToken) {
			point.Cause = l.T(p.Trouble)
		}
		out.Points = append(out.Points, point)
	}
	return out
}

// connectionNotices say that nobody can play because of the token, on all pages but
// the one that says so itself. That none is set may be listed among the steps
// already.
func (h *Handlers) connectionNotices(c echo.Context, listed bool) []views.AdminNotice {
	if !viewerOf(c).May(paywall.RightRun) || strings.HasPrefix(c.Path(), connectionPath) {
		return nil
	}
	l := localeOf(c)
	notice := func(key string) []views.AdminNotice {
		return []views.AdminNotice{{Text: l.T(key), URL: connectionPath, Link: l.T("admin.connection.title")}}
	}
	login, err := h.Connection.Credentials(c.Request().Context())
	switch {
	case errors.Is(err, paywall.ErrSealed):
		return notice("admin.connection.notice.sealed")
	case err == nil && login.Token.Empty() && !listed:
		return notice("admin.connection.notice.none")
	}
	return nil
}
