package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

const (
	connectionPath = "/admin/settings/connection"
	// connectionTest bounds a test, so that there is time left to show what it
	// found out.
	connectionTest = requestDeadline * 4 / 5
)

// connectionForm is the form of the connection, as typed. The token is not kept:
// it is never shown again.
type connectionForm struct{ account, style string }

// showConnection shows the way to Infomaniak: GET /admin/settings/connection.
func (h *Handlers) showConnection(c echo.Context) error {
	state, err := h.Connection.Get(c.Request().Context())
	if err != nil {
		return err
	}
	form := connectionForm{state.Account, string(state.VODStyle)}
	if form.account == "" {
		form.account = state.Report.Suggested // the owner only has to save it
	}
	return h.showConnectionForm(c, http.StatusOK, state, form, nil)
}

// submitConnection stores it and tests what it can do:
// POST /admin/settings/connection.
func (h *Handlers) submitConnection(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	ctx, form := c.Request().Context(), connectionForm{v.Get("account"), v.Get("vod_style")}
	err = h.Connection.Change(ctx, paywall.ActorOf(viewerOf(c)), paywall.ConnectionInput{
		Token: paywall.NewSecret(v.Get("token")), Account: form.account, VODStyle: paywall.VODStyle(form.style),
	})
	if paywall.KindOf(err) == paywall.KindInvalid {
		state, failed := h.Connection.Get(ctx)
		if failed != nil {
			return failed
		}
		return h.showConnectionForm(c, http.StatusUnprocessableEntity, state, form, err)
	}
	if err != nil {
		return err
	}
	if err := h.testConnection(ctx); err != nil {
		h.Log.Warn("connection not tested", "request", requestID(c), "error", err)
		return h.doneWith(c, "flash.connection_untested", connectionPath)
	}
	return h.doneWith(c, "flash.connection_saved", connectionPath)
}

// submitConnectionTest tests what is set: POST /admin/settings/connection/test.
func (h *Handlers) submitConnectionTest(c echo.Context) error {
	if err := h.testConnection(c.Request().Context()); err != nil {
		return err
	}
	return h.doneWith(c, "flash.connection_tested", connectionPath)
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

func (h *Handlers) testConnection(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectionTest)
	defer cancel()
	_, err := h.Connection.Check(ctx, h.Supplier)
	return err
}

func (h *Handlers) showConnectionForm(c echo.Context, status int, state paywall.ConnectionState, form connectionForm, problem error) error {
	l := localeOf(c)
	page := views.AdminConnectionPage{
		Page: h.adminPage(c, l.T("admin.connection.title")), Fresh: viewerOf(c).Fresh(h.Clock()), ProveURL: proveURL(connectionPath),
		State: connectionState(l, state), Good: connectionGood(state), ByOperator: state.ByOperator, CanForget: state.Set,
		FormFirst: problem != nil || !state.Set || state.Sealed,
		Account:   form.account, Report: connectionReport(l, state.Report), Errors: fieldErrors(l, problem),
		Styles: []views.Choice{
			{Value: "v1", Label: l.T("admin.connection.style.v1"), Help: l.T("admin.connection.style.v1.help"), Selected: form.style == "v1"},
			{Value: "pub", Label: l.T("admin.connection.style.pub"), Help: l.T("admin.connection.style.pub.help"), Selected: form.style == "pub"},
		},
	}
	if problem != nil {
		page.Error = l.T("error.invalid")
	}
	if len(page.Report.Points) > 0 {
		page.Report.When = l.T("admin.connection.test.at", "Date", l.ShortDateTime(h.sited(state.Report.At)))
	}
	if date := state.ChangedAt; !date.IsZero() && state.ChangedBy != "" {
		page.Changed = l.T("admin.connection.changed", "Date", l.DateTime(h.sited(date)), "Name", state.ChangedBy)
	} else if !date.IsZero() {
		page.Changed = l.T("admin.connection.changed.nobody", "Date", l.DateTime(h.sited(date)))
	}
	return h.render(c, status, views.AdminConnection(page))
}

// connectionGood tells that there is a token, and that the last test did not find
// it useless.
func connectionGood(state paywall.ConnectionState) bool {
	return state.Set && !state.Sealed && (len(state.Report.Points) == 0 || state.Report.Works())
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
	out := views.ConnectionReport{Headline: l.T("admin.connection.test.fails")}
	radio, vod := report.Can(paywall.AbilityRadio), report.Can(paywall.AbilityVOD)
	switch {
	case radio == paywall.FoundYes && vod == paywall.FoundYes:
		out.Headline = l.T("admin.connection.test.works")
	case report.Works():
		out.Headline = l.T("admin.connection.test.partly")
	case report.Can(paywall.AbilityToken) != paywall.FoundNo && (radio == paywall.FoundUnknown || vod == paywall.FoundUnknown):
		out.Headline = l.T("admin.connection.test.unknown")
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

// connectionNotices say that nobody can play because of the token. That none is
// set may be listed among the steps already.
func (h *Handlers) connectionNotices(c echo.Context, listed bool) []views.AdminNotice {
	if !viewerOf(c).May(paywall.RightRun) {
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
