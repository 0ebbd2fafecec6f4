package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/internal/testkit"
	"usher/paywall"
)

// goodSettings is a form that is taken.
func goodSettings() url.Values {
	return url.Values{
		"sign_up": {"invitation"}, "keep_networks": {"14"}, "keep_mails": {" 60 "}, "keep_plays": {"45"},
	}
}

func TestSettings_change(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	page := owner.Get("/admin/settings").WantStatus(http.StatusOK)
	if got := page.Attr("input[name=sign_up][checked]", "value"); got != "open" {
		t.Errorf("the page marks sign-up %q", got)
	}
	owner.Post("/admin/settings", goodSettings()).WantStatus(http.StatusSeeOther)

	got, err := kit.Site.Settings.Get(t.Context())
	want := paywall.Settings{SignUp: paywall.SignUpInvitation, KeepNetworks: 14, KeepMails: 60, KeepPlays: 45}
	if err != nil || got != want {
		t.Errorf("settings = %+v, %v", got, err)
	}
	page = owner.Get("/admin/settings").WantStatus(http.StatusOK)
	if page.Text(".flash") == "" {
		t.Error("the page does not say that the settings are saved")
	}
}

func TestSettings_refused(t *testing.T) {
	owner := testkit.New(t).As(t, "owner")
	form := goodSettings()
	form.Set("sign_up", "anybody")
	form.Set("keep_networks", "a week")
	form.Set("keep_mails", "731")
	form.Set("keep_plays", "0")
	page := owner.Post("/admin/settings", form).WantStatus(http.StatusUnprocessableEntity)
	for _, field := range []string{"sign_up", "keep_networks", "keep_mails", "keep_plays"} {
		if page.Text("#"+field+"-error") == "" {
			t.Errorf("field %s has no error", field)
		}
	}
	if page.Attr("#keep_networks", "value") != "a week" {
		t.Error("what was typed is gone")
	}
}

// Nothing can be typed, and nothing is changed, long after the sign-in.
func TestSettings_wantProof(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	kit.Clock.Advance(paywall.FreshFor)
	page := owner.Get("/admin/settings").WantStatus(http.StatusOK)
	if page.Doc().Find("fieldset:not([disabled])").Length() != 0 || page.Doc().Find("form[action='/admin/settings'] button").Length() != 0 {
		t.Error("the form can be filled in")
	}
	if got := page.Attr(".notice a.button", "href"); got != "/account/prove?next=%2Fadmin%2Fsettings" {
		t.Errorf("the way to prove oneself is %q", got)
	}
	answer := owner.Post("/admin/settings", goodSettings()).WantStatus(http.StatusSeeOther)
	if got := answer.Header.Get("Location"); !strings.HasPrefix(got, "/account/prove") {
		t.Errorf("a change leads to %q", got)
	}
	if got, err := kit.Site.Settings.Get(t.Context()); err != nil || got.SignUp != paywall.SignUpOpen {
		t.Errorf("settings = %+v, %v", got, err)
	}
}

// An owner who asks for two steps is led to set them up.
func TestSettings_ownersNeedFactor(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	if page := owner.Get("/admin/settings"); page.Text("fieldset .notice") == "" {
		t.Error("nothing warns an owner without a second step")
	}
	form := goodSettings()
	form.Set("owners_need_factor", "1")
	answer := owner.Post("/admin/settings", form).WantStatus(http.StatusSeeOther)
	answer = owner.Get(answer.Header.Get("Location")).WantStatus(http.StatusSeeOther)
	if got := answer.Header.Get("Location"); got != "/account/security" {
		t.Errorf("the owner is led to %q", got)
	}
	kit.Clock.Advance(time.Minute)
	owner.Get("/account/security").WantStatus(http.StatusOK)
}
