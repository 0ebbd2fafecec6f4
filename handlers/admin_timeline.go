package handlers

import (
	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// addTimeline adds a page of all that happened with an account.
func (h *Handlers) addTimeline(c echo.Context, page *views.AdminMemberPage, u paywall.User, targets targetNames) error {
	list := pagerOf(c, memberURL(u.ID))
	moments, more, err := h.People.Timeline(c.Request().Context(), u, linesPerPage, list.offset())
	if err != nil {
		return err
	}
	total := list.seen(len(moments))
	if more {
		total++
	}
	if page.PrevURL, page.NextURL, err = list.links(total); err != nil {
		return err
	}
	for _, m := range moments {
		page.Timeline = append(page.Timeline, h.momentRow(c, u, m, targets))
	}
	return nil
}

// momentRow is a line of the timeline.
func (h *Handlers) momentRow(c echo.Context, u paywall.User, m paywall.Moment, targets targetNames) views.MomentRow {
	l := localeOf(c)
	row := views.MomentRow{When: l.ShortDateTime(h.sited(m.At))}
	switch m.Kind {
	case paywall.MomentRecord:
		row.What, row.Detail = actionName(l, m.Entry.Action), h.factsText(l, m.Entry, targets.titles, u.Email)
		row.Who, row.From = m.Entry.Actor.Name, networkName(m.Entry.Actor.Network)
		if row.Who == u.Email {
			row.Who = l.T("people.moment.self")
		}
	case paywall.MomentMail:
		row.What, row.State = l.T("mailkind."+string(m.Mail.Kind)), l.T("mailstate."+string(m.Mail.State))
		row.Good, row.Detail, row.URL = m.Mail.State == paywall.MailSent, m.Mail.Answer, "/admin/mails/"+m.Mail.ID
		row.Mail = true
		if viewerOf(c).May(paywall.RightEditPeople) {
			row.ResendURL = row.URL + "/resend"
		}
	default:
		row.What = l.T("people.moment." + string(m.Kind))
		if m.Grant.ID != "" {
			row.Detail = l.T("people.moment.grant", "Opens", targets.name(l, m.Grant), "Origin", originName(l, m.Grant.Origin))
		}
	}
	return row
}
