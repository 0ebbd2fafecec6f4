package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"usher/internal/demo"
	"usher/internal/testkit"
	"usher/paywall"
)

func TestLogin_leadsBackToTheItem(t *testing.T) {
	kit := testkit.New(t)
	visitor := kit.Client(t)
	page := visitor.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	door := page.Attr(`main a[href^="/login"]`, "href")
	form := visitor.Get(door).WantStatus(http.StatusOK)
	next := form.Attr(`form[action="/login"] input[name=next]`, "value")
	answer := visitor.Post("/login", url.Values{
		"email": {"  Anna@Demo.Test "}, "password": {demo.Password}, "next": {next},
	})
	answer.WantStatus(http.StatusSeeOther)
	if got := answer.Header.Get("Location"); got != "/listen/radio-lumiere" {
		t.Errorf("after signing in one lands at %q", got)
	}
	visitor.Get("/login?next=/account").WantStatus(http.StatusSeeOther)
}

func TestLogin_refusalsAreAlike(t *testing.T) {
	kit := testkit.New(t)
	tries := map[string]url.Values{
		"wrong password": {"email": {"anna@demo.test"}, "password": {"wrong-wrong-wrong"}},
		"unknown":        {"email": {"nobody@demo.test"}, "password": {demo.Password}},
		"disabled":       {"email": {"dora@demo.test"}, "password": {demo.Password}},
		"no address":     {"email": {"not an address"}, "password": {demo.Password}},
	}
	want := ""
	for name, form := range tries {
		client := kit.Client(t)
		answer := client.Post("/login", form).WantStatus(http.StatusUnprocessableEntity)
		if answer.Attr("input[name=email]", "value") != form.Get("email") {
			t.Errorf("%s: the typed address is gone", name)
		}
		if len(client.Cookies()) != 0 {
			t.Errorf("%s: a refused login sets a cookie", name)
		}
		got := strings.ReplaceAll(alike(answer), form.Get("email"), "EMAIL")
		got = contentLength.ReplaceAllString(got, "")
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%s can be told from the others:\n%s\n---\n%s", name, got, want)
		}
	}
}

func TestLogin_rotatesTheSession(t *testing.T) {
	kit := testkit.New(t)
	client := kit.As(t, "ben")
	before := client.Cookies()[0].Value
	client.Post("/login", url.Values{"email": {"anna@demo.test"}, "password": {demo.Password}}).WantStatus(http.StatusSeeOther)
	if client.Cookies()[0].Value == before {
		t.Error("the session is the same after another login")
	}
	thief := kit.Client(t)
	thief.Header.Set("Cookie", "usher="+before)
	thief.Get("/account").WantStatus(http.StatusSeeOther)
}

func TestLogin_plantedSessionIsWorthNothing(t *testing.T) {
	kit := testkit.New(t)
	client := kit.Client(t)
	client.Header.Set("Cookie", "usher="+paywall.NewID()+".planted")
	answer := client.Post("/login", url.Values{"email": {"anna@demo.test"}, "password": {demo.Password}})
	if set := answer.Header.Get("Set-Cookie"); strings.Contains(set, "planted") {
		t.Errorf("the planted session was taken over: %s", set)
	}
}

func TestLogin_cookie(t *testing.T) {
	kit := testkit.New(t)
	answer := kit.Client(t).Post("/login", url.Values{"email": {"anna@demo.test"}, "password": {demo.Password}})
	cookie := answer.Header.Get("Set-Cookie")
	for _, part := range []string{"usher=", "HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("cookie %q lacks %s", cookie, part)
		}
	}
	if len(cookie) > 4096 {
		t.Errorf("the cookie has %d bytes", len(cookie))
	}
}

func TestLogout_endsTheSessionOnTheServer(t *testing.T) {
	kit := testkit.New(t)
	client := kit.As(t, "anna")
	cookie := client.Cookies()[0].Value
	client.Get("/account").WantStatus(http.StatusOK)
	answer := client.Post("/logout", url.Values{}).WantStatus(http.StatusSeeOther)
	if answer.Header.Get("Clear-Site-Data") == "" {
		t.Error("the browser is not told to drop what it cached")
	}
	if page := client.Get(answer.Header.Get("Location")); page.Text("[role=status]") == "" {
		t.Error("it is not said that one is signed out")
	}
	replay := kit.Client(t)
	replay.Header.Set("Cookie", "usher="+cookie)
	replay.Get("/account").WantStatus(http.StatusSeeOther)
	kit.Client(t).Post("/logout", url.Values{}).WantStatus(http.StatusSeeOther)
}

// TestLogout_window: the next person at the same computer is not told whose code
// was asked for here, and cannot have another one mailed.
func TestLogout_window(t *testing.T) {
	anna := testkit.New(t).As(t, "anna")
	anna.Post("/login/code", url.Values{"email": {"anna@demo.test"}}).WantStatus(http.StatusSeeOther)
	anna.Get("/code").WantStatus(http.StatusOK)
	anna.Post("/logout", url.Values{}).WantStatus(http.StatusSeeOther)
	for name, answer := range map[string]*testkit.Answer{
		"page": anna.Get("/code"), "again": anna.Post("/code/again", url.Values{}),
	} {
		if to := answer.WantStatus(http.StatusSeeOther).Header.Get("Location"); to != "/login" {
			t.Errorf("%s leads to %q", name, to)
		}
	}
}

func TestSignOutEverywhere(t *testing.T) {
	kit := testkit.New(t)
	phone, laptop, other := kit.As(t, "anna"), kit.As(t, "anna"), kit.As(t, "ben")
	account := laptop.Get("/account/security").WantStatus(http.StatusOK)
	if !strings.Contains(account.Body, "Firefox, Linux") {
		t.Error("the account page does not name the device")
	}
	laptop.Post("/account/sessions/end", url.Values{}).WantStatus(http.StatusSeeOther)
	phone.Get("/account").WantStatus(http.StatusSeeOther)
	laptop.Get("/account").WantStatus(http.StatusSeeOther)
	other.Get("/account").WantStatus(http.StatusOK)
}

func TestSession_idleAndDisabled(t *testing.T) {
	kit := testkit.New(t)
	idle, ben := kit.As(t, "anna"), kit.As(t, "ben")
	user, err := kit.Site.Store.UserByEmail(t.Context(), "ben@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	if err := kit.Site.Auth.Disable(t.Context(), paywall.Actor{Name: "test"}, user.ID); err != nil {
		t.Fatal(err)
	}
	ben.Get("/account").WantStatus(http.StatusSeeOther)
	kit.Clock.Advance(paywall.SessionIdle)
	idle.Get("/account").WantStatus(http.StatusSeeOther)
}

// TestForms_refuseWhatIsNoForm: only a form body of a modest size is read.
func TestForms_refuseWhatIsNoForm(t *testing.T) {
	kit := testkit.New(t)
	client := kit.Client(t)
	json := `{"email":"anna@demo.test","password":"` + demo.Password + `"}`
	client.Do(http.MethodPost, "/login", "application/json", strings.NewReader(json)).WantStatus(http.StatusUnsupportedMediaType)
	client.Do(http.MethodPost, "/login", "text/plain", strings.NewReader("email=a")).WantStatus(http.StatusUnsupportedMediaType)
	huge := url.Values{"email": {strings.Repeat("a", 20_000)}, "password": {"x"}}
	client.Post("/login", huge).WantStatus(http.StatusBadRequest)
	client.Do(http.MethodPost, "/login?email=anna@demo.test&password="+demo.Password,
		"application/x-www-form-urlencoded", strings.NewReader("")).WantStatus(http.StatusUnprocessableEntity)
}

// TestLogin_withoutPassword: who types only an address gets a code.
func TestLogin_withoutPassword(t *testing.T) {
	kit := testkit.New(t)
	c := kit.Client(t)
	answer := c.Post("/login", url.Values{"email": {"anna@demo.test"}, "next": {"/account"}}).WantStatus(http.StatusSeeOther)
	if answer.Header.Get("Location") != "/code" {
		t.Fatalf("leads to %q", answer.Header.Get("Location"))
	}
	done := c.Post("/code", url.Values{"code": {kit.Letter(t, "anna@demo.test").Code}}).WantStatus(http.StatusSeeOther)
	if done.Header.Get("Location") != "/account" {
		t.Errorf("the code leads to %q", done.Header.Get("Location"))
	}
}

// TestNotices_language: who leaves the language to the browser is written to in
// the language of the page.
func TestNotices_language(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	anna.Header.Set("Accept-Language", "it")
	anna.Post("/account/password", url.Values{"current": {demo.Password}, "password": {newPassword}}).WantStatus(http.StatusSeeOther)
	for _, letter := range kit.Letters(t, "anna@demo.test") {
		if letter.Kind == paywall.MailPassword && letter.Language != "it" {
			t.Errorf("the notice is in %q", letter.Language)
		}
	}
}
