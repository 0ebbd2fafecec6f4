package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// OperatorSetting is an option of the server as it may be shown.
type OperatorSetting struct {
	Name        string // environment variable
	Value       string // empty for a secret
	Secret, Set bool
}

// The environment variables that a page of settings shows with a label, by the
// end of the label's key.
var (
	mailOptions = []operatorLabel{
		{"USHER_SMTP_HOST", "smtp_host"}, {"USHER_SMTP_PORT", "smtp_port"}, {"USHER_SMTP_TLS", "smtp_tls"},
		{"USHER_SMTP_USER", "smtp_user"}, {"USHER_SMTP_PASSWORD", "smtp_password"}, {"USHER_MAIL_FROM", "mail_from"},
	}
	serverOptions = []operatorLabel{
		{"USHER_BASE_URL", "base_url"}, {"USHER_ALLOWED_HOSTS", "allowed_hosts"}, {"USHER_SITE_NAME", "site_name"},
		{"USHER_TIME_ZONE", "time_zone"}, {"USHER_TRUSTED_PROXIES", "trusted_proxies"}, {"USHER_DATABASE_URL", "database"},
		{"USHER_SECRET_KEY", "secret_key"}, {"USHER_MEDIA_HOSTS", "media_hosts"}, {"USHER_MINTS_PER_MINUTE", "mints"},
		{"USHER_OIDC_PROVIDERS", "oidc"}, {"USHER_LOG_LEVEL", "log_level"},
	}
)

type operatorLabel struct{ name, key string }

// operatorRows are options of the server as they stand.
func (h *Handlers) operatorRows(c echo.Context, labels []operatorLabel) []views.SettingRow {
	l := localeOf(c)
	var rows []views.SettingRow
	for _, label := range labels {
		n := slices.IndexFunc(h.Operator, func(s OperatorSetting) bool { return s.Name == label.name })
		if n < 0 {
			continue
		}
		s := h.Operator[n]
		row := views.SettingRow{Label: l.T("operator." + label.key), Value: s.Value, Env: s.Name}
		switch {
		case s.Secret && s.Value == "" && s.Set:
			row.Value = l.T("admin.settings.secret")
		case s.Name == "USHER_SECRET_KEY":
			row.Value = l.T("admin.settings.key_file")
		case row.Value == "":
			row.Value = l.T("admin.settings.not_set")
		case !s.Set:
			row.Default = l.T("admin.settings.is_default")
		}
		rows = append(rows, row)
	}
	return rows
}

// mailRows are the options of the mail as they stand, in words alone: where there is
// nothing to see, whoever runs the server gets mailExample.
func (h *Handlers) mailRows(c echo.Context, labels []operatorLabel) []views.SettingRow {
	l := localeOf(c)
	switch {
	case h.MailboxURL != "":
		return []views.SettingRow{{Label: l.T("operator.smtp_host"), Value: l.T("admin.settings.mail.demo")}}
	case h.MailOff:
		return []views.SettingRow{{Label: l.T("operator.smtp_host"), Value: l.T("admin.settings.mail.unset")}}
	}
	rows := h.operatorRows(c, labels)
	for n := range rows {
		rows[n].Env = ""
	}
	return rows
}

// mailExample is what the operator sets so that mails leave, with Infomaniak's mail
// server and the site's own address.
func (h *Handlers) mailExample() string {
	return "USHER_SMTP_HOST=mail.infomaniak.com\n" +
		"USHER_SMTP_USER=" + h.MailFrom + "\n" +
		"USHER_SMTP_PASSWORD=its-password\n" +
		"USHER_MAIL_FROM=" + h.MailFrom
}

// mailSettings is how mails leave the site, for the index.
func mailSettings(h *Handlers, c echo.Context) ([]views.SettingRow, error) {
	return h.mailRows(c, slices.Concat(mailOptions[:1], mailOptions[len(mailOptions)-1:])), nil
}

// serverSettings is where the site is, for the index.
func serverSettings(h *Handlers, c echo.Context) ([]views.SettingRow, error) {
	return h.operatorRows(c, serverOptions[:1]), nil
}

// showServerSettings shows what the operator set: GET /admin/settings/server.
func (h *Handlers) showServerSettings(c echo.Context) error {
	return h.render(c, http.StatusOK, views.SettingsServer(views.SettingsServerPage{
		Page: h.adminPage(c, localeOf(c).T("admin.settings.server")), Rows: h.operatorRows(c, serverOptions),
	}))
}

// showMailSettings shows how mails leave the site, and what became of the newest
// test mail: GET /admin/settings/mail. While that is open the page comes back.
func (h *Handlers) showMailSettings(c echo.Context) error {
	l, viewer := localeOf(c), viewerOf(c)
	page := views.SettingsMailPage{
		Page: h.adminPage(c, l.T("admin.settings.mail")), TestTo: viewer.User.Email, MailboxURL: h.MailboxURL,
	}
	if h.MailOff {
		page.Example = h.mailExample()
	} else if h.MailboxURL == "" {
		page.Rows = h.mailRows(c, mailOptions)
	}
	test, err := h.Mails.NewestTest(c.Request().Context(), viewer.User.Email)
	if err != nil && paywall.KindOf(err) != paywall.KindNotFound {
		return err
	}
	if err == nil {
		page.Test = h.mailRow(c, test)
		page.Waits = test.State == paywall.MailQueued && test.Attempts < 2 && !h.MailOff
	}
	if page.Waits {
		comeAgain(c)
	}
	return h.render(c, http.StatusOK, views.SettingsMail(page))
}

// submitMailTest sends the owner a test mail: POST /admin/settings/mail.
func (h *Handlers) submitMailTest(c echo.Context) error {
	return h.sendTestMail(c, "/admin/settings/mail")
}
