package handlers

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

const (
	signUpPath  = "/admin/settings/sign-up"
	safetyPath  = "/admin/settings/safety"
	keepingPath = "/admin/settings/keeping"
)

// keepingNames are the settings of how long things are kept.
var keepingNames = []string{"keep_networks_days", "keep_mails_days", "keep_plays_days"}

var signUpModes = []paywall.SignUpMode{paywall.SignUpOpen, paywall.SignUpInvitation, paywall.SignUpClosed}

// showSignUpSettings says who can make an account: GET /admin/settings/sign-up.
func (h *Handlers) showSignUpSettings(c echo.Context) error {
	s, err := h.Settings.Get(c.Request().Context())
	if err != nil {
		return err
	}
	return h.showSignUpModes(c, http.StatusOK, string(s.SignUp), nil)
}

// submitSignUpSettings changes it: POST /admin/settings/sign-up.
func (h *Handlers) submitSignUpSettings(c echo.Context) error {
	return h.changeSettings(c, signUpPath,
		func(actor paywall.Actor, get func(string) string) error {
			return h.Settings.ChangeSignUp(c.Request().Context(), actor, paywall.SignUpMode(get("sign_up")))
		},
		func(get func(string) string, problem error) error {
			return h.showSignUpModes(c, http.StatusUnprocessableEntity, get("sign_up"), problem)
		})
}

func (h *Handlers) showSignUpModes(c echo.Context, status int, chosen string, problem error) error {
	l := localeOf(c)
	form, err := h.settingsForm(c, "admin.settings.sign_up", signUpPath, problem, "sign_up")
	if err != nil {
		return err
	}
	page := views.SettingsSignUpPage{SettingsForm: form, Modes: signUpChoices(l, chosen)}
	for _, mode := range signUpModes {
		page.Previews = append(page.Previews, views.Option{
			Value: signUpPath + "/preview?" + url.Values{"mode": {string(mode)}}.Encode(),
			Label: l.T("admin.settings.sign_up." + string(mode)),
		})
	}
	return h.render(c, status, views.SettingsSignUp(page))
}

func signUpChoices(l *i18n.Locale, chosen string) []views.Choice {
	var choices []views.Choice
	for _, mode := range signUpModes {
		key := "admin.settings.sign_up." + string(mode)
		choices = append(choices, views.Choice{
			Value: string(mode), Label: l.T(key), Help: l.T(key + ".help"), Selected: string(mode) == chosen,
		})
	}
	return choices
}

// showSignUpPreview shows the sign-up page as a visitor finds it in a mode: GET
// /admin/settings/sign-up/preview.
func (h *Handlers) showSignUpPreview(c echo.Context) error {
	page := h.signUpPage(c, paywall.SignUpMode(c.QueryParam("mode")), signUpForm{}, nil)
	page.Viewer, page.Flash = views.Person{}, localeOf(c).T("admin.settings.preview.flash")
	return h.render(c, http.StatusOK, views.SignUp(page))
}

// showSafetySettings says how the people who run the site sign in: GET
// /admin/settings/safety.
func (h *Handlers) showSafetySettings(c echo.Context) error {
	s, err := h.Settings.Get(c.Request().Context())
	if err != nil {
		return err
	}
	form, err := h.settingsForm(c, "admin.settings.safety", safetyPath, nil, "owners_need_factor")
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.SettingsSafety(views.SettingsSafetyPage{
		SettingsForm: form, NeedFactor: s.OwnersNeedFactor, NoFactor: !viewerOf(c).Strong,
	}))
}

// submitSafetySettings changes it: POST /admin/settings/safety.
func (h *Handlers) submitSafetySettings(c echo.Context) error {
	return h.changeSettings(c, safetyPath, func(actor paywall.Actor, get func(string) string) error {
		return h.Settings.ChangeSafety(c.Request().Context(), actor, get("owners_need_factor") != "")
	}, func(_ func(string) string, problem error) error { return problem })
}

// keepingForm is for how many days things are kept, as typed.
type keepingForm struct{ networks, mails, plays string }

func keepingOf(get func(string) string) keepingForm {
	return keepingForm{networks: get("keep_networks"), mails: get("keep_mails"), plays: get("keep_plays")}
}

// showKeepingSettings says how long things are kept: GET /admin/settings/keeping.
func (h *Handlers) showKeepingSettings(c echo.Context) error {
	s, err := h.Settings.Get(c.Request().Context())
	if err != nil {
		return err
	}
	return h.showKeepingForm(c, http.StatusOK, keepingForm{
		networks: strconv.Itoa(s.KeepNetworks), mails: strconv.Itoa(s.KeepMails), plays: strconv.Itoa(s.KeepPlays),
	}, nil)
}

// submitKeepingSettings changes it: POST /admin/settings/keeping.
func (h *Handlers) submitKeepingSettings(c echo.Context) error {
	return h.changeSettings(c, keepingPath,
		func(actor paywall.Actor, get func(string) string) error {
			form := keepingOf(get)
			return h.Settings.ChangeKeeping(c.Request().Context(), actor, paywall.Keeping{
				Networks: typedNumber(form.networks), Mails: typedNumber(form.mails), Plays: typedNumber(form.plays),
			})
		},
		func(get func(string) string, problem error) error {
			return h.showKeepingForm(c, http.StatusUnprocessableEntity, keepingOf(get), problem)
		})
}

func (h *Handlers) showKeepingForm(c echo.Context, status int, typed keepingForm, problem error) error {
	form, err := h.settingsForm(c, "admin.settings.keep", keepingPath, problem, keepingNames...)
	if err != nil {
		return err
	}
	return h.render(c, status, views.SettingsKeeping(views.SettingsKeepingPage{
		SettingsForm: form, KeepNetworks: typed.networks, KeepMails: typed.mails, KeepPlays: typed.plays,
	}))
}
