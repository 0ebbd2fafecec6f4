package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"usher/internal/config"
	"usher/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

const (
	annas    = "anna@radio.example"
	password = "three quiet lamps by the lake"
)

// onBoth runs a test against a site on each database, with Anna's account. post
// sends a form to it from a browser that it does not know.
func onBoth(t *testing.T, test func(t *testing.T, getenv config.Getenv, post func(path string, form url.Values) *http.Response)) {
	t.Helper()
	for name, database := range map[string]func(t *testing.T) map[string]string{
		"SQLite": func(*testing.T) map[string]string { return map[string]string{} },
		"PostgreSQL": func(t *testing.T) map[string]string {
			return map[string]string{
				"USHER_DATABASE_URL": storetest.PostgresURL(t), "USHER_SECRET_KEY": strings.Repeat("key", 10),
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			values := database(t)
			values["USHER_ADDR"] = freeAddr(t)
			values["USHER_BASE_URL"] = "http://" + values["USHER_ADDR"]
			getenv := settings(t, values)
			if code, _, problems := run(t, getenv, password+"\n", "user", "create", "--email", annas, "--password-stdin"); code != 0 {
				t.Fatalf("create: %d %q", code, problems)
			}
			start(t, getenv, regexp.MustCompile("listens on"), "serve")
			test(t, getenv, func(path string, form url.Values) *http.Response {
				return postForm(t, values["USHER_BASE_URL"]+path, form)
			})
		})
	}
}

// postForm sends a form and follows no redirect.
func postForm(t *testing.T, address string, form url.Values) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestUser_unlock(t *testing.T) {
	onBoth(t, func(t *testing.T, getenv config.Getenv, post func(string, url.Values) *http.Response) {
		login := func(with string) int {
			return post("/login", url.Values{"email": {annas}, "password": {with}}).StatusCode
		}
		for i := range 10 {
			login(fmt.Sprint("wrong password ", i))
		}
		if got := login(password); got != http.StatusUnprocessableEntity {
			t.Fatalf("after ten wrong passwords the right one is answered %d", got)
		}
		code, out, problems := run(t, getenv, "", "user", "unlock", "--email", " ANNA@radio.example ")
		if code != 0 || !strings.Contains(out, annas+" can be tried again") {
			t.Fatalf("unlock: %d %q %q", code, out, problems)
		}
		if got := login(password); got != http.StatusSeeOther {
			t.Errorf("after unlock the right password is answered %d", got)
		}
		if code, _, problems := run(t, getenv, "", "user", "unlock", "--email", annas, "--second-factor"); code != 1 || !strings.Contains(problems, "no second step") {
			t.Errorf("unlock --second-factor without one: %d %q", code, problems)
		}
	})
}

func TestUser_loginLink(t *testing.T) {
	onBoth(t, func(t *testing.T, getenv config.Getenv, post func(string, url.Values) *http.Response) {
		link := func() (address string, secret url.Values) {
			code, out, problems := run(t, getenv, "", "user", "login-link", "--email", annas)
			found := regexp.MustCompile(`within 24 hours:\n(http://\S+/link/(\S+))\n`).FindStringSubmatch(out)
			if code != 0 || found == nil {
				t.Fatalf("login-link: %d %q %q", code, out, problems)
			}
			return found[1], url.Values{"secret": {found[2]}}
		}
		_, older := link()
		address, newer := link()
		// Looking uses nothing up.
		if got := get(t, address); got != http.StatusOK {
			t.Errorf("the link's page answers %d", got)
		}
		answer := post("/link", newer)
		if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/account" ||
			!strings.Contains(fmt.Sprint(answer.Header["Set-Cookie"]), "usher=") {
			t.Errorf("the link is answered %d %v", answer.StatusCode, answer.Header)
		}
		for what, secret := range map[string]url.Values{"a second time": newer, "after a newer one was made": older} {
			if got := post("/link", secret).StatusCode; got != http.StatusUnprocessableEntity {
				t.Errorf("the link is answered %d %s", got, what)
			}
		}
	})
}

// TestUser_words: who types a command wrongly, or has a database that does not
// answer, is told what to mend.
func TestUser_words(t *testing.T) {
	getenv := settings(t, nil)
	for _, name := range []string{"create", "create-admin", "reset-password", "unlock", "login-link"} {
		if code, _, problems := run(t, getenv, "", "user", name); code != 2 || !strings.Contains(problems, "needs --email") {
			t.Errorf("user %s without an address: %d %q", name, code, problems)
		}
	}
	for _, name := range []string{"unlock", "login-link", "reset-password"} {
		if code, _, problems := run(t, getenv, "", "user", name, "--email", "nobody@radio.example"); code != 1 || !strings.Contains(problems, "no account") {
			t.Errorf("user %s for nobody: %d %q", name, code, problems)
		}
	}
	// An empty pipe must not make an account without a password.
	code, _, problems := run(t, getenv, "", "user", "create", "--email", annas, "--password-stdin")
	if code != 1 || !strings.Contains(problems, "no password on standard input") {
		t.Errorf("create with an empty pipe: %d %q", code, problems)
	}
	gone := settings(t, map[string]string{
		"USHER_DATABASE_URL": "postgres://usher:canary@" + freeAddr(t) + "/usher", "USHER_SECRET_KEY": strings.Repeat("key", 10),
	})
	code, out, problems := run(t, gone, "", "user", "unlock", "--email", annas)
	if code != 1 || !strings.Contains(problems, "connection refused") || strings.Contains(problems, "error.") || strings.Contains(out+problems, "canary") {
		t.Errorf("a database that is gone: %d %q %q", code, out, problems)
	}
}
