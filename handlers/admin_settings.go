package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// settingsForm is the form of the settings, as typed.
type settingsForm struct {
	signUp                             string
	needFactor                         bool
	keepNetworks, keepMails, keepPlays string
}

// showSettings shows what holds for the whole site: GET /admin/settings.
func (h *Handlers) showSettings(c echo.Context) error {
	ctx := c.Request().Context()
	s, err := h.Settings.Get(ctx)
	if err != nil {
		return err
	}
	return h.showSettingsForm(c, http.StatusOK, settingsForm{
		signUp: string(s.SignUp), needFactor: s.OwnersNeedFactor,
		keepNetworks: strconv.Itoa(s.KeepNetworks), keepMails: strconv.Itoa(s.KeepMails), keepPlays: strconv.Itoa(s.KeepPlays),
	}, nil)
}

// submitSettings changes it: POST /admin/settings.
func (h *Handlers) submitSettings(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	form := settingsForm{
		signUp: v.Get("sign_up"), needFactor: v.Get("owners_need_factor") != "",
		keepNetworks: v.Get("keep_networks"), keepMails: v.Get("keep_mails"), keepPlays: v.Get("keep_plays"),
	}
	err = h.Settings.Change(c.Request().Context(), paywall.ActorOf(viewerOf(c)), form.settings())
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showSettingsForm(c, http.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.settings_saved", "/admin/settings")
}

// settings reads the form. What is no number is 0 days, which the rules refuse.
func (f settingsForm) settings() paywall.Settings {
	return paywall.Settings{
		SignUp: paywall.SignUpMode(f.signUp), OwnersNeedFactor: f.needFactor,
		KeepNetworks: typedDays(f.keepNetworks), KeepMails: typedDays(f.keepMails), KeepPlays: typedDays(f.keepPlays),
	}
}

func typedDays(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0
	}
	return n
}

func (h *Handlers) showSettingsForm(c echo.Context, status int, form settingsForm, problem error) error {
	l, viewer := localeOf(c), viewerOf(c)
	page := views.AdminSettingsPage{
		Page: h.adminPage(c, l.T("admin.settings.title")), Fresh: viewer.Fresh(h.Clock()),
		ProveURL: proveURL("/admin/settings"), SignUp: signUpChoices(l, form.signUp),
		NeedFactor: form.needFactor, NoFactor: !viewer.Strong,
		KeepNetworks: form.keepNetworks, KeepMails: form.keepMails, KeepPlays: form.keepPlays, Errors: fieldErrors(l, problem),
	}
	if problem != nil {
		page.Error = l.T("error.invalid")
	}
	return h.render(c, status, views.AdminSettings(page))
}

func signUpChoices(l *i18n.Locale, chosen string) []views.Choice {
	var choices []views.Choice
	for _, mode := range []paywall.SignUpMode{paywall.SignUpOpen, paywall.SignUpInvitation, paywall.SignUpClosed} {
		key := "admin.settings.sign_up." + string(mode)
		choices = append(choices, views.Choice{
			Value: string(mode), Label: l.T(key), Help: l.T(key + ".help"), Selected: string(mode) == chosen,
		})
	}
	return choices
}
