package handlers

import (
	"slices"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// adminPage is page for the owner's pages: with what the owner should know.
func (h *Handlers) adminPage(c echo.Context, title string) views.Page {
	page := h.page(c, title)
	listed := h.addGuide(c, &page) || c.Path() == checklistPath
	page.AdminNotices = slices.Concat(h.connectionNotices(c, listed), h.healthNotices(c), h.mailNotices(c, listed), h.proxyNotices(page.L), page.AdminNotices)
	return page
}

// mailNotices say that mails do not arrive, to those who may look at them. That no
// mail server is set may be listed among the steps already. A page is shown without
// them rather than not at all.
func (h *Handlers) mailNotices(c echo.Context, listed bool) []views.AdminNotice {
	if !viewerOf(c).May(paywall.RightSeePeople) || listed && h.MailOff {
		return nil
	}
	notices, err := h.mailTrouble(c)
	if err != nil {
		h.Log.Warn("mail trouble not counted", "error", err)
	}
	return notices
}

// mailTrouble is why mails do not arrive, the worst first; nothing when they do.
func (h *Handlers) mailTrouble(c echo.Context) ([]views.AdminNotice, error) {
	l := localeOf(c)
	if h.MailOff {
		return []views.AdminNotice{mailNotice(l, l.T("admin.notice.mail_off"), "")}, nil
	}
	failed, stuck, err := h.Mails.Trouble(c.Request().Context())
	var notices []views.AdminNotice
	if failed > 0 {
		notices = append(notices, mailNotice(l, l.N("admin.notice.mail_failed", failed), "?state=failed"))
	}
	if stuck > 0 {
		notices = append(notices, mailNotice(l, l.N("admin.notice.mail_stuck", stuck), "?state=queued"))
	}
	return notices, err
}

func mailNotice(l *i18n.Locale, text, query string) views.AdminNotice {
	return views.AdminNotice{Text: text, URL: "/admin/mails" + query, Link: l.T("admin.mails.title")}
}

// proxyNotices say that visitors' addresses are not what they seem.
func (h *Handlers) proxyNotices(l *i18n.Locale) []views.AdminNotice {
	var notices []views.AdminNotice
	if proxy := h.watch.proxy(); proxy != "" {
		notices = append(notices, views.AdminNotice{Text: l.T("admin.notice.proxy", "Address", proxy)})
	}
	if h.watch.alone() && h.MailboxURL == "" { // the visitors of a demo do sit at one machine
		notices = append(notices, views.AdminNotice{Text: l.T("admin.notice.one_address")})
	}
	return notices
}
