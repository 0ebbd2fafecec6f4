package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// mailStates are the states to look for, in the order of the list.
var mailStates = []paywall.MailState{paywall.MailQueued, paywall.MailSent, paywall.MailFailed, paywall.MailExpired}

// showMails shows the mail log: GET /admin/mails.
func (h *Handlers) showMails(c echo.Context) error {
	l, list := localeOf(c), pagerOf(c, "/admin/mails", "q", "state")
	query, state := list.query.Get("q"), paywall.MailState(list.query.Get("state"))
	mails, total, err := h.Mails.List(c.Request().Context(), state, query, linesPerPage, list.offset())
	if err != nil {
		return err
	}
	page := views.AdminMailsPage{
		Page: h.adminPage(c, l.T("admin.mails.title")), Query: query, States: stateChoices(l, state),
		Total: l.N("admin.mails.total", total), TestTo: viewerOf(c).User.Email,
	}
	if page.PrevURL, page.NextURL, err = list.links(total); err != nil {
		return err
	}
	for _, m := range mails {
		page.Rows = append(page.Rows, h.mailRow(c, m))
	}
	return h.render(c, http.StatusOK, views.AdminMails(page))
}

func stateChoices(l *i18n.Locale, chosen paywall.MailState) []views.Option {
	choices := []views.Option{{Value: "", Label: l.T("admin.mails.any_state")}}
	return append(choices, options(l, "mailstate.", string(chosen), mailStates...)...)
}

func (h *Handlers) mailRow(c echo.Context, m paywall.Mail) views.AdminMailRow {
	l := localeOf(c)
	return views.AdminMailRow{
		URL: "/admin/mails/" + m.ID, Kind: l.T("mailkind." + string(m.Kind)), To: m.To,
		When: l.ShortDateTime(h.sited(m.CreatedAt)), State: l.T("mailstate." + string(m.State)),
		Attempts: strconv.Itoa(m.Attempts), Answer: m.Answer,
		Sent: m.State == paywall.MailSent,
	}
}

// submitTestMail sends the owner a mail: POST /admin/mails/test.
func (h *Handlers) submitTestMail(c echo.Context) error { return h.sendTestMail(c, "/admin/mails") }

// sendTestMail sends the owner a mail and goes on to where its fate is shown.
func (h *Handlers) sendTestMail(c echo.Context, path string) error {
	viewer := viewerOf(c)
	if _, err := h.Mails.Test(c.Request().Context(), paywall.ActorOf(viewer), viewer.User.Email); err != nil {
		return err
	}
	return h.doneWith(c, "flash.mail_test", path)
}

// showMail shows one mail: GET /admin/mails/:id.
func (h *Handlers) showMail(c echo.Context) error { return h.showMailPage(c, http.StatusOK, nil) }

// submitResend sends it once more: POST /admin/mails/:id/resend.
func (h *Handlers) submitResend(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	err = h.Mails.Resend(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"))
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showMailPage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	if next := v.Get("next"); next != "" { // from the page of a person
		return h.doneWith(c, "flash.mail_resent", h.localPath(next))
	}
	return h.doneWith(c, "flash.mail_resent", "/admin/mails")
}

func (h *Handlers) showMailPage(c echo.Context, status int, problem error) error {
	ctx, l := c.Request().Context(), localeOf(c)
	m, reading, err := h.Mails.Read(ctx, viewerOf(c), c.Param("id"))
	if err != nil {
		return err
	}
	path := "/admin/mails/" + m.ID
	page := views.AdminMailPage{
		Page: h.adminPage(c, l.T("mailkind."+string(m.Kind))), Facts: h.mailFacts(c, m),
		Locked: reading == paywall.ReadingLocked, Owners: reading == paywall.ReadingOwners, Sealed: reading == paywall.ReadingSealed, ProveURL: proveURL(path),
		ResendURL: path + "/resend", Error: formError(l, problem),
	}
	if reading == paywall.ReadingOpen {
		if page.Subject, page.Text, err = h.Letter(ctx, m); err != nil {
			return err
		}
	}
	return h.render(c, status, views.AdminMail(page))
}

func (h *Handlers) mailFacts(c echo.Context, m paywall.Mail) []views.Fact {
	l := localeOf(c)
	facts := []views.Fact{
		{Label: l.T("admin.mails.to"), Value: m.To},
		{Label: l.T("admin.member.history.when"), Value: l.ShortDateTime(h.sited(m.CreatedAt))},
		{Label: l.T("admin.member.state"), Value: l.T("mailstate." + string(m.State))},
		{Label: l.T("admin.mails.attempts"), Value: strconv.Itoa(m.Attempts)},
	}
	if m.State == paywall.MailQueued {
		facts = append(facts, views.Fact{Label: l.T("admin.mail.next"), Value: l.ShortDateTime(h.sited(m.NextAt))})
	}
	if m.Answer != "" {
		facts = append(facts, views.Fact{Label: l.T("admin.mail.answer"), Value: m.Answer})
	}
	return facts
}
