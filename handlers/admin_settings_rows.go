package handlers

import (
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// lookSettings is how the site shows itself, for the index of the settings.
func lookSettings(h *Handlers, c echo.Context) ([]views.SettingRow, error) {
	l, look := localeOf(c), h.Front.Now().Look
	accent := look.Accent
	if accent == "" {
		accent = l.T("look.accent.default")
	}
	rows := []views.SettingRow{
		{Label: l.T("look.name"), Value: look.Name},
		{Label: l.T("look.languages"), Value: languageNames(look.Languages)},
		{Label: l.T("look.zone"), Value: look.Zone},
		{Label: l.T("look.accent"), Value: accent},
	}
	return h.withChanges(c, rows, "site_name", "site_languages", "site_zone", "site_accent")
}

// languageNames are languages by their own names.
func languageNames(tags []string) string {
	var names []string
	for _, tag := range tags {
		if language, known := i18n.Lookup(tag); known {
			tag = language.Name()
		}
		names = append(names, tag)
	}
	return strings.Join(names, ", ")
}

// withChanges adds to rows who changed the settings of these names last.
func (h *Handlers) withChanges(c echo.Context, rows []views.SettingRow, names ...string) ([]views.SettingRow, error) {
	for n, name := range names {
		line, err := h.Settings.LastChange(c.Request().Context(), name)
		if err != nil {
			return nil, err
		}
		rows[n].Changed = h.changedText(c, line)
	}
	return rows, nil
}

// changedText says who changed something, and when.
func (h *Handlers) changedText(c echo.Context, line paywall.AuditEntry) string {
	l := localeOf(c)
	if line.At.IsZero() {
		return l.T("admin.settings.unchanged")
	}
	return l.T("admin.settings.changed", "Date", l.ShortDateTime(h.sited(line.At)), "Name", line.Actor.Name)
}

// textSettings tells in which languages the site's own texts are written.
func textSettings(h *Handlers, c echo.Context) ([]views.SettingRow, error) {
	l, shown := localeOf(c), h.Front.Now()
	var rows []views.SettingRow
	for _, place := range paywall.TextPlaces() {
		row := views.SettingRow{Label: l.T("texts.place." + string(place)), Value: languageNames(shown.Written(place))}
		if row.Value == "" {
			row.Value = l.T("admin.settings.not_set")
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// connectionSettings tells how the connection to Infomaniak is, as its last check
// found it.
func connectionSettings(h *Handlers, c echo.Context) ([]views.SettingRow, error) {
	todos, err := h.Checklist.First(c.Request().Context())
	if err != nil {
		return nil, err
	}
	todo, ok := todos.Of(paywall.StepConnection)
	if !ok {
		return nil, nil
	}
	step := h.stepView(c, todo)
	return []views.SettingRow{{Label: localeOf(c).T("admin.settings.connection.token"), Value: step.Fact, Default: step.When}}, nil
}
