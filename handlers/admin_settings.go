package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// showSettings shows all settings as they stand, and where each is changed: GET
// /admin/settings.
func (h *Handlers) showSettings(c echo.Context) error {
	facts, err := h.Settings.Facts(c.Request().Context())
	if err != nil {
		return err
	}
	l := localeOf(c)
	page := views.AdminSettingsPage{Page: h.adminPage(c, l.T("admin.settings.title"))}
	for _, s := range settingsSections() {
		section := views.SettingsSection{
			Title: l.T(s.key), Lead: l.T(s.lead), URL: s.path, Rows: h.factRows(c, facts, s.names...),
		}
		if s.more != nil {
			rows, err := s.more(h, c)
			if err != nil {
				return err
			}
			section.Rows = append(section.Rows, rows...)
		}
		page.Sections = append(page.Sections, section)
	}
	return h.render(c, http.StatusOK, views.AdminSettings(page))
}

// settingsSection is a part of the settings with a page of its own.
type settingsSection struct {
	key, lead string
	path      string
	names     []string // of the settings that it changes
	// more gives rows about what stands elsewhere.
	more func(h *Handlers, c echo.Context) ([]views.SettingRow, error)
}

// settingsSections are the index of the settings.
func settingsSections() []settingsSection {
	return []settingsSection{
		{key: "look.title", lead: "admin.settings.look.lead", path: "/admin/settings/look", more: lookSettings},
		{key: "admin.connection.link", lead: "admin.settings.connection.lead", path: "/admin/settings/connection", more: connectionSettings},
		{key: "admin.settings.sign_up", lead: "admin.settings.sign_up.lead", path: "/admin/settings/sign-up", names: []string{"sign_up"}},
		{key: "admin.settings.safety", lead: "admin.settings.safety.lead", path: "/admin/settings/safety", names: []string{"owners_need_factor"}},
		{key: "admin.settings.mail", lead: "admin.settings.mail.lead", path: "/admin/settings/mail", more: mailSettings},
		{key: "admin.settings.keep", lead: "admin.settings.keep.lead", path: "/admin/settings/keeping", names: keepingNames},
		{key: "texts.title", lead: "admin.settings.texts.lead", path: "/admin/texts", more: textSettings},
		{key: "admin.settings.team", lead: "admin.settings.team.lead", path: "/admin/team", more: teamSettings},
		{key: "admin.settings.server", lead: "admin.settings.server.lead", path: "/admin/settings/server", more: serverSettings},
	}
}

// factRows are settings as they stand, with their default and last change.
func (h *Handlers) factRows(c echo.Context, facts []paywall.SettingFact, names ...string) []views.SettingRow {
	l := localeOf(c)
	var rows []views.SettingRow
	for _, name := range names {
		for _, fact := range facts {
			if fact.Name != name {
				continue
			}
			row := views.SettingRow{
				Label: l.T("setting." + name), Value: h.settingText(c, name, fact.Value),
				Default: l.T("admin.settings.default", "Value", h.settingText(c, name, fact.Default)),
				Changed: h.changedText(c, fact.Changed),
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// settingText is a stored value in words.
func (h *Handlers) settingText(c echo.Context, name, value string) string {
	l := localeOf(c)
	switch name {
	case "sign_up":
		return l.T("admin.settings.sign_up." + value)
	case "owners_need_factor":
		if value == "true" {
			return l.T("admin.member.yes")
		}
		return l.T("admin.member.no")
	}
	days, err := strconv.Atoi(value)
	if err != nil {
		return value
	}
	return l.N("admin.settings.days", days)
}

// settingsForm is the frame of a page of settings.
func (h *Handlers) settingsForm(c echo.Context, key, path string, problem error, names ...string) (views.SettingsForm, error) {
	l := localeOf(c)
	facts, err := h.Settings.Facts(c.Request().Context())
	form := views.SettingsForm{
		Page: h.adminPage(c, l.T(key)), Title: l.T(key), Lead: l.T(key + ".lead"), Action: path,
		Fresh: viewerOf(c).Fresh(h.Clock()), ProveURL: proveURL(path),
		Rows: h.factRows(c, facts, names...), Errors: fieldErrors(l, problem), Error: formError(l, problem),
	}
	return form, err
}

// changeSettings is what all forms of settings do: the form is read, a service
// called, and the page shown again with what was typed if that is refused.
func (h *Handlers) changeSettings(c echo.Context, path string,
	change func(actor paywall.Actor, get func(string) string) error, again func(get func(string) string, problem error) error) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	err = change(paywall.ActorOf(viewerOf(c)), v.Get)
	if paywall.KindOf(err) == paywall.KindInvalid {
		return again(v.Get, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.settings_saved", path)
}

// teamSettings tells how many people run the site.
func teamSettings(h *Handlers, c echo.Context) ([]views.SettingRow, error) {
	team, err := h.Auth.Team(c.Request().Context())
	if err != nil {
		return nil, err
	}
	l := localeOf(c)
	count := map[paywall.Role]int{}
	for _, u := range team {
		count[u.Role]++
	}
	var rows []views.SettingRow
	for _, role := range paywall.StaffRoles {
		if count[role] > 0 {
			rows = append(rows, views.SettingRow{Label: l.T("role." + string(role)), Value: l.Number(count[role])})
		}
	}
	return rows, nil
}
