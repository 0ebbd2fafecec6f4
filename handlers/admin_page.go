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
	page.AdminNotices = slices.Concat(h.connectionNotices(c), h.healthNotices(c), h.mailNotices(c), h.proxyNotices(page.L))
	h.addGuide(c, &page)
	return page
}

// mailNotices say that mails do not arrive. A page is shown without them rather
// than not at all.
func (h *Handlers) mailNotices(c echo.Context) []views.AdminNotice {
	if !viewerOf(c).May(paywall.RightSeePeople) {
		return nil // they could not open what it leads to
	}
	l := localeOf(c)
	if h.MailOff {
		return []views.AdminNotice{mailNotice(l, l.T("admin.notice.mail_off"), "")}
	}
	failed, stuck, err := h.Mails.Trouble(c.Request().Context())
	if err != nil {
		h.Log.Warn("mail trouble not counted", "error", err)
		return nil
	}
	var notices []views.AdminNotice
	if failed > 0 {
		notices = append(notices, mailNotice(l, l.N("admin.notice.mail_failed", failed), "?state=failed"))
	}
	if stuck > 0 {
		notices = append(notices, mailNotice(l, l.N("admin.notice.mail_stuck", stuck), "?state=queued"))
	}
	return notices
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
	if h.watch.alone() {
		notices = append(notices, views.AdminNotice{Text: l.T("admin.notice.one_address")})
	}
	return notices
}
