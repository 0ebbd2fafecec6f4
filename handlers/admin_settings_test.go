package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/internal/config"
	"usher/internal/testkit"
	"usher/paywall"
)

// settingsForms are forms that are taken, by their page.
func settingsForms() map[string]url.Values {
	return map[string]url.Values{
		"/admin/settings/sign-up": {"sign_up": {"invitation"}},
		"/admin/settings/safety":  {},
		"/admin/settings/keeping": {"keep_networks": {"14"}, "keep_mails": {" 60 "}, "keep_plays": {"45"}},
	}
}

func TestSettings_change(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	if got := owner.Get("/admin/settings/sign-up").Attr("input[name=sign_up][checked]", "value"); got != "open" {
		t.Errorf("the page marks sign-up %q", got)
	}
	for path, form := range settingsForms() {
		owner.Post(path, form).WantStatus(http.StatusSeeOther)
		if page := owner.Get(path).WantStatus(http.StatusOK); page.Text(".flash") == "" {
			t.Errorf("%s does not say that it was saved", path)
		}
	}
	got, err := kit.Site.Settings.Get(t.Context())
	want := paywall.Settings{SignUp: paywall.SignUpInvitation, KeepNetworks: 14, KeepMails: 60, KeepPlays: 45}
	if err != nil || got != want {
		t.Errorf("settings = %+v, %v", got, err)
	}
	index := owner.Get("/admin/settings").WantStatus(http.StatusOK).Text(".sections")
	for _, want := range []string{"By invitation", "Default: Nobody.", "by owner@demo.test", "14 days", "Default: 30 days.", "Radio Lumière", "Europe/Zurich", "Français, Deutsch"} {
		if !strings.Contains(index, want) {
			t.Errorf("the index lacks %q:\n%s", want, index)
		}
	}
}

func TestSettings_refused(t *testing.T) {
	owner := testkit.New(t).As(t, "owner")
	for path, form := range map[string]url.Values{
		"/admin/settings/sign-up": {"sign_up": {"anybody"}},
		"/admin/settings/keeping": {"keep_networks": {"a week"}, "keep_mails": {"731"}, "keep_plays": {"0"}},
	} {
		page := owner.Post(path, form).WantStatus(http.StatusUnprocessableEntity)
		for field := range form {
			if page.Text("#"+field+"-error") == "" {
				t.Errorf("%s: field %s has no error", path, field)
			}
		}
		if typed := form.Get("keep_networks"); page.Attr("#keep_networks", "value") != typed {
			t.Errorf("%s: what was typed is gone", path)
		}
	}
}

// Nothing can be typed, and nothing is changed, long after the sign-in.
func TestSettings_wantProof(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	kit.Clock.Advance(paywall.FreshFor)
	for path, form := range settingsForms() {
		page := owner.Get(path).WantStatus(http.StatusOK)
		if page.Doc().Find("fieldset:not([disabled])").Length() != 0 || page.Doc().Find("form[action='"+path+"'] button").Length() != 0 {
			t.Errorf("%s: the form can be filled in", path)
		}
		if got := page.Attr(".notice a.button", "href"); got != "/account/prove?next="+url.QueryEscape(path) {
			t.Errorf("%s: the way to prove oneself is %q", path, got)
		}
		answer := owner.Post(path, form).WantStatus(http.StatusSeeOther)
		if got := answer.Header.Get("Location"); !strings.HasPrefix(got, "/account/prove") {
			t.Errorf("%s: a change leads to %q", path, got)
		}
	}
	if got, err := kit.Site.Settings.Get(t.Context()); err != nil || got.SignUp != paywall.SignUpOpen {
		t.Errorf("settings = %+v, %v", got, err)
	}
}

// An owner who asks for two steps is led to set them up.
func TestSettings_ownersNeedFactor(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	if page := owner.Get("/admin/settings/safety"); page.Text("fieldset .notice") == "" {
		t.Error("nothing warns an owner without a second step")
	}
	answer := owner.Post("/admin/settings/safety", url.Values{"owners_need_factor": {"1"}}).WantStatus(http.StatusSeeOther)
	answer = owner.Get(answer.Header.Get("Location")).WantStatus(http.StatusSeeOther)
	if got := answer.Header.Get("Location"); got != "/account/security" {
		t.Errorf("the owner is led to %q", got)
	}
	kit.Clock.Advance(time.Minute)
	owner.Get("/account/security").WantStatus(http.StatusOK)
}

// The preview shows what a visitor finds in each mode, and changes nothing.
func TestSettings_preview(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	for mode, form := range map[string]int{"open": 1, "invitation": 0, "closed": 0, "nosuchmode": 0} {
		page := owner.Get("/admin/settings/sign-up/preview?mode=" + mode).WantStatus(http.StatusOK)
		if n := page.Doc().Find("form[action='/signup']").Length(); n != form {
			t.Errorf("%s shows %d forms", mode, n)
		}
		if page.Doc().Find("form[action='/logout']").Length() != 0 {
			t.Errorf("%s shows the owner signed in", mode)
		}
	}
}

// What the operator set can be seen, without secrets.
func TestSettings_server(t *testing.T) {
	kit := testkit.New(t, func(c *config.Config) {
		for n := range c.Shown {
			if c.Shown[n].Name == "USHER_SMTP_PASSWORD" {
				c.Shown[n].Set = true
			}
		}
	})
	owner := kit.As(t, "owner")
	text := owner.Get("/admin/settings/server").WantStatus(http.StatusOK).Text(".settings")
	if !strings.Contains(text, kit.Config.BaseURL.String()) || !strings.Contains(text, "USHER_DATABASE_URL") {
		t.Errorf("the page shows %q", text)
	}
	kit.Site.Handler.MailboxURL = "" // as on a real site
	text = owner.Get("/admin/settings/mail").WantStatus(http.StatusOK).Text(".settings")
	if !strings.Contains(text, "Set, not shown") || strings.Contains(text, "USHER_") {
		t.Errorf("the page shows %q", text)
	}
}

// Where mail is not set up, the page has what to send to whoever runs the server; in
// a demo it leads to the mailbox.
func TestSettings_mailNotSetUp(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	kit.Site.Handler.MailOff, kit.Site.Handler.MailFrom = true, "no-reply@radio.example"
	page := owner.Get("/admin/settings/mail").WantStatus(http.StatusOK)
	want := "USHER_SMTP_HOST=mail.infomaniak.com\nUSHER_SMTP_USER=no-reply@radio.example\nUSHER_SMTP_PASSWORD=its-password\nUSHER_MAIL_FROM=no-reply@radio.example"
	if got := page.Doc().Find("main pre").Text(); got != want {
		t.Errorf("to send on: %q", got)
	}
	if page.Doc().Find("form[action='/admin/settings/mail'], .settings").Length() != 0 {
		t.Error("a test is offered, or six lines of nothing")
	}
	kit.Site.Handler.MailOff, kit.Site.Handler.MailboxURL = false, "/_demo/mailbox"
	page = owner.Get("/admin/settings/mail")
	if page.Attr(".panel a", "href") != "/_demo/mailbox" || page.Doc().Find(".settings, main pre").Length() != 0 {
		t.Errorf("in a demo: %s", page.Text("main"))
	}
}

// The page of the mail shows what became of the test.
func TestSettings_mail(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	owner.Post("/admin/settings/mail", url.Values{}).WantStatus(http.StatusSeeOther)
	page := owner.Get("/admin/settings/mail").WantStatus(http.StatusOK)
	if page.Header.Get("Refresh") == "" || page.Doc().Find(".badge-good").Length() != 0 {
		t.Error("a mail on its way counts as sent")
	}
	if err := kit.Site.Mail.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	page = owner.Get("/admin/settings/mail")
	if page.Header.Get("Refresh") != "" || page.Text(".badge-good") != "Sent" {
		t.Errorf("after the sending: %q", page.Text("main"))
	}
}
