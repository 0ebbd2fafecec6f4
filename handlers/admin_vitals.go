package handlers

import (
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// vitalLines tell how the program is, on this node.
func (h *Handlers) vitalLines(c echo.Context) []views.Vital {
	v := h.Vitals()
	return []views.Vital{
		h.connectionLine(c, v), h.mailLine(c), clockLine(localeOf(c), v, h.Clock()), diskLine(localeOf(c), v), h.versionLine(c, v),
	}
}

// connectionLine is how the calls to Infomaniak went since the start.
func (h *Handlers) connectionLine(c echo.Context, v paywall.Vitals) views.Vital {
	l, conn := localeOf(c), v.Connection
	line := views.Vital{Label: l.T("admin.health.vital.connection")}
	if viewerOf(c).May(paywall.RightRun) {
		line.Link = views.HealthLink{URL: connectionPath, Text: l.T("admin.health.go.connection")}
	}
	started := l.ShortDateTime(h.sited(v.StartedAt))
	switch {
	case conn.Resting:
		line.Bad, line.Value = true, l.T("admin.health.connection.resting", "Trouble", l.T(conn.LastTrouble))
	case conn.Failing():
		line.Bad = true
		line.Value = l.T("admin.health.connection.failed", "Date", l.ShortDateTime(h.sited(conn.LastErrorAt)), "Trouble", l.T(conn.LastTrouble))
	case conn.LastOK.IsZero():
		line.Value = l.T("admin.health.connection.unused", "Date", started)
	case conn.LastErrorAt.IsZero():
		line.Value = l.T("admin.health.connection.ok", "Date", l.ShortDateTime(h.sited(conn.LastOK)))
	default:
		line.Value = l.T("admin.health.connection.ok_again", "Date", l.ShortDateTime(h.sited(conn.LastOK)),
			"Failed", l.ShortDateTime(h.sited(conn.LastErrorAt)), "Trouble", l.T(conn.LastTrouble))
	}
	return line
}

// mailLine is what becomes of mails.
func (h *Handlers) mailLine(c echo.Context) views.Vital {
	l := localeOf(c)
	line := views.Vital{Label: l.T("admin.health.vital.mail"), Value: l.T("admin.health.mail.ok")}
	if viewerOf(c).May(paywall.RightSeePeople) {
		line.Link = views.HealthLink{URL: "/admin/mails", Text: l.T("admin.mails.title")}
	}
	notices, err := h.mailTrouble(c)
	switch {
	case err != nil:
		h.Log.Warn("mail trouble not counted", "error", err)
		line.Value = l.T("admin.health.unknown")
	case len(notices) > 0:
		line.Bad, line.Value = true, notices[0].Text
	}
	return line
}

// clockLine compares our clock with the supplier's.
func clockLine(l *i18n.Locale, v paywall.Vitals, now time.Time) views.Vital {
	line := views.Vital{Label: l.T("admin.health.vital.clock"), Bad: v.ClockOff(now)}
	seconds := int(v.ClockAhead.Abs().Seconds())
	switch {
	case v.ClockAt.IsZero():
		line.Value = l.T("admin.health.clock.unknown")
	case !v.ClockOff(now):
		line.Value = l.T("admin.health.clock.ok")
	case v.ClockAhead > 0:
		line.Value = l.N("admin.health.clock.ahead", seconds)
	default:
		line.Value = l.N("admin.health.clock.behind", seconds)
	}
	return line
}

// diskLine is the space that is left where the data lies.
func diskLine(l *i18n.Locale, v paywall.Vitals) views.Vital {
	line := views.Vital{Label: l.T("admin.health.vital.disk"), Value: l.T("admin.health.unknown"), Bad: v.DiskLow()}
	if v.DiskSize > 0 {
		line.Value = l.T("admin.health.disk", "Free", gigabytes(l, v.DiskFree), "Size", gigabytes(l, v.DiskSize),
			"Percent", strconv.FormatInt(100*v.DiskFree/v.DiskSize, 10))
	}
	return line
}

func gigabytes(l *i18n.Locale, bytes int64) string {
	return l.Tenths(int((bytes+5e7)/1e8)) + "\u00a0GB"
}

// versionLine is what runs, and since when.
func (h *Handlers) versionLine(c echo.Context, v paywall.Vitals) views.Vital {
	l := localeOf(c)
	return views.Vital{
		Label: l.T("admin.health.vital.version"),
		Value: l.T("admin.health.version", "Version", v.Version, "Date", l.ShortDateTime(h.sited(v.StartedAt))),
	}
}
