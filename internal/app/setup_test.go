package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"usher/internal/config"
	"usher/store/storetest"
)

var setupAddress = regexp.MustCompile(`\n    (http://\S+/setup/\S+)\n`)

// TestServe_setup: a site without an owner prints where to set it up; each start
// ends the address before, and the first owner ends them all.
func TestServe_setup(t *testing.T) {
	for name, more := range map[string]func(t *testing.T) map[string]string{
		"SQLite": func(*testing.T) map[string]string { return map[string]string{"USHER_LOG_FORMAT": "json"} },
		"PostgreSQL": func(t *testing.T) map[string]string {
			return map[string]string{"USHER_DATABASE_URL": storetest.PostgresURL(t), "USHER_SECRET_KEY": strings.Repeat("key", 10)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			values := more(t)
			values["USHER_ADDR"] = freeAddr(t)
			values["USHER_BASE_URL"] = "http://" + values["USHER_ADDR"]
			testServeSetup(t, settings(t, values))
		})
	}
}

func testServeSetup(t *testing.T, getenv config.Getenv) {
	t.Helper()
	listening := regexp.MustCompile(setupAddress.String() + `(?s:.*)listens on`)
	first, stop := start(t, getenv, listening, "serve")
	if code := stop(); code != 0 {
		t.Fatalf("the first start ended with %d", code)
	}
	second, _ := start(t, getenv, listening, "serve")
	if got := get(t, first[1]); got != http.StatusNotFound {
		t.Errorf("the address of the start before answers %d", got)
	}
	if got := get(t, second[1]); got != http.StatusOK {
		t.Errorf("the address answers %d", got)
	}
	code, out, problems := run(t, getenv, "", "setup-link")
	third := setupAddress.FindStringSubmatch(out)
	if code != 0 || third == nil {
		t.Fatalf("setup-link: %d %q %q", code, out, problems)
	}
	if got := get(t, second[1]); got != http.StatusNotFound {
		t.Errorf("an older address answers %d", got)
	}
	form := url.Values{"email": {"olivia@radio.example"}, "password": {password}}
	answer := postForm(t, third[1], form)
	if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/admin/setup" {
		t.Fatalf("the set-up answers %d, %v", answer.StatusCode, answer.Header)
	}
	if code, _, problems := run(t, getenv, "", "setup-link"); code != 1 || !strings.Contains(problems, "set up already") {
		t.Errorf("setup-link afterwards: %d %q", code, problems)
	}
}

// TestDemo_empty starts without anybody, and leaves the account at Infomaniak to
// its owner.
func TestDemo_empty(t *testing.T) {
	match, _ := start(t, settings(t, nil), regexp.MustCompile(setupAddress.String()+`(?s:.*)API token    (\S+)`),
		"demo", "-empty", "-addr", freeAddr(t))
	answer := postForm(t, match[1], url.Values{"email": {"olivia@radio.example"}, "password": {password}})
	if answer.StatusCode != http.StatusSeeOther {
		t.Errorf("the set-up answers %d", answer.StatusCode)
	}
}
