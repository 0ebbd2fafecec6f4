package handlers

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showOverview shows what needs somebody, and what was counted: GET /admin.
func (h *Handlers) showOverview(c echo.Context) error {
	l := localeOf(c)
	figures, err := h.Overview.Figures(c.Request().Context(), viewerOf(c))
	if err != nil {
		return err
	}
	page := views.AdminOverviewPage{
		Page: h.adminPage(c, l.T("overview.title")), Version: h.Vitals().Version,
		Counted: l.T("overview.counted", "Date", l.DateTime(h.sited(figures.At)), "Zone", h.zone().String()),
	}
	page.Problems, page.AdminNotices = append(page.AdminNotices, h.problems(c)...), nil
	page.Plays = playFigures(l, figures)
	page.PlayChart = chart(l, "plays", figures.Days, figures.Plays)
	page.MostPlayed = itemRows(l, figures.MostPlayed)
	page.Listening = itemRows(l, figures.Listening)
	for _, refusal := range figures.Refusals {
		page.Refusals = append(page.Refusals, views.RankedRow{
			Name: l.T("overview.reason." + string(refusal.Reason)), Amount: l.Number(refusal.Amount),
		})
	}
	if figures.People != nil {
		page.People = h.peopleFigures(l, figures)
		page.MemberChart = chart(l, "members", figures.Days, figures.People.New)
	}
	return h.render(c, http.StatusOK, views.AdminOverview(page))
}

func playFigures(l *i18n.Locale, f paywall.Figures) []views.Figure {
	listening := 0
	for _, item := range f.Listening {
		listening += item.Amount
	}
	return []views.Figure{
		{Label: l.T("overview.listening"), Value: l.Number(listening), Note: l.T("overview.listening.note")},
		{Label: l.T("overview.plays_today"), Value: l.Number(paywall.Sum(f.Plays, 1)), Note: l.T("overview.plays_today.note")},
		{Label: l.T("overview.plays_week"), Value: l.Number(paywall.Sum(f.Plays, 7)), Note: l.T("overview.week.note")},
		{Label: l.T("overview.plays_month"), Value: l.Number(paywall.Sum(f.Plays, 30)), Note: l.T("overview.month.note")},
	}
}

func (h *Handlers) peopleFigures(l *i18n.Locale, f paywall.Figures) []views.Figure {
	p := f.People
	return []views.Figure{
		{Label: l.T("overview.members"), Value: l.Number(p.Members.All), Note: l.T("overview.members.note",
			"Confirmed", l.Number(p.Members.Confirmed), "Blocked", l.Number(p.Members.Blocked)), URL: "/admin/members"},
		{Label: l.T("overview.new_week"), Value: l.Number(paywall.Sum(p.New, 7)), Note: l.T("overview.week.note")},
		{Label: l.T("overview.new_month"), Value: l.Number(paywall.Sum(p.New, 30)), Note: l.T("overview.month.note")},
		{Label: l.T("overview.leaving"), Value: l.Number(p.Leaving.Deleted + p.Leaving.Ended), Note: l.T("overview.leaving.note",
			"Deleted", l.Number(p.Leaving.Deleted), "Ended", l.Number(p.Leaving.Ended))},
		{Label: l.T("overview.ending"), Value: l.Number(p.Leaving.Ending), Note: l.T("overview.ending.note",
			"Date", l.ShortDateTime(h.sited(p.EndingUntil)))},
		{Label: l.T("overview.sign_ins"), Value: l.Number(p.SignIns), Note: l.T("overview.sign_ins.note")},
	}
}

func itemRows(l *i18n.Locale, amounts []paywall.ItemAmount) []views.RankedRow {
	var rows []views.RankedRow
	for _, item := range amounts {
		row := views.RankedRow{Name: item.Title, URL: "/admin/items/" + item.ItemID, Amount: l.Number(item.Amount)}
		if item.Title == "" {
			row.Name, row.URL = l.T("overview.item_gone"), ""
		}
		rows = append(rows, row)
	}
	return rows
}

// chart draws a number for each day.
func chart(l *i18n.Locale, name string, days []paywall.Day, amounts []int) *views.Chart {
	highest := 0
	for _, amount := range amounts {
		highest = max(highest, amount)
	}
	drawn := &views.Chart{
		ID: "chart-" + name, Title: l.T("overview.chart." + name), Highest: l.Number(highest), Empty: highest == 0,
		Desc:  l.T("overview.chart.desc", "Total", l.Number(paywall.Sum(amounts, len(amounts))), "Highest", l.Number(highest)),
		Count: l.T("overview.chart." + name + ".count"),
	}
	for i, day := range days {
		noon := dayLabel(day)
		drawn.Bars = append(drawn.Bars, views.Bar{
			Day: l.ShortDate(noon), Long: l.Date(noon), Amount: l.Number(amounts[i]),
			X: strconv.Itoa(i * views.BarStep), Height: barHeight(amounts[i], highest),
		})
	}
	return drawn
}

// barHeight is a part of views.BarRoom. A number that is not 0 can be seen.
func barHeight(amount, highest int) int {
	if amount == 0 {
		return 0
	}
	return max(views.BarLeast, amount*views.BarRoom/highest)
}

// dayLabel is an instant that is on the day in UTC, to write the day out.
func dayLabel(day paywall.Day) time.Time {
	noon, _ := time.Parse(time.DateOnly, day.Name)
	return noon
}
