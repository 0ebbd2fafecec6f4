package app_test

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"usher/internal/config"
	"usher/internal/testkit"
	"usher/store"
	"usher/store/storetest"
)

// TestServe_twoNodes: nodes on one PostgreSQL database are one site. What is
// begun on one goes on at the other, guesses are counted together, and a mail is
// sent by one of them.
func TestServe_twoNodes(t *testing.T) {
	sink := testkit.NewSMTP(t, testkit.SMTPStartTLS)
	a, b, getenv := twoNodes(t, sink)
	run(t, getenv, password+"\n", "user", "create", "--email", annas, "--password-stdin")

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	visitor := &http.Client{Jar: jar}
	if to := visit(t, visitor, a+"/signup", url.Values{"email": {"nora@listener.test"}}); to != a+"/code" {
		t.Fatalf("signing up ends at %q", to)
	}
	code := regexp.MustCompile(`(?m)^(\d{6})\r?$`).FindStringSubmatch(waitForMail(t, sink))
	if code == nil {
		t.Fatal("no code in the mail")
	}
	visit(t, visitor, b+"/code", url.Values{"code": {code[1]}})
	if to := visit(t, visitor, a+"/account", nil); to != a+"/account" {
		t.Errorf("after the code on the other node one is sent to %q", to)
	}

	for i := range 10 {
		postForm(t, []string{a, b}[i%2]+"/login", url.Values{"email": {annas}, "password": {fmt.Sprint("wrong password ", i)}})
	}
	for _, node := range []string{a, b} {
		if got := postForm(t, node+"/login", url.Values{"email": {annas}, "password": {password}}).StatusCode; got != http.StatusUnprocessableEntity {
			t.Errorf("after ten wrong passwords on two nodes the right one is answered %d", got)
		}
	}
	if got := len(sink.Mails()); got != 1 {
		t.Errorf("%d mails were sent", got)
	}
}

// twoNodes starts two programs with one database and mail server.
func twoNodes(t *testing.T, sink *testkit.SMTP) (a, b string, getenv config.Getenv) {
	t.Helper()
	first, second := freeAddr(t), freeAddr(t)
	values := map[string]string{
		"USHER_DATABASE_URL": storetest.PostgresURL(t), "USHER_SECRET_KEY": strings.Repeat("key", 10),
		"USHER_BASE_URL": "http://" + first, "USHER_ALLOWED_HOSTS": second,
		"USHER_SMTP_HOST": sink.Host, "USHER_SMTP_PORT": strconv.Itoa(sink.Port), "USHER_SMTP_CA_FILE": sink.CAFile,
	}
	db, err := store.Open(t.Context(), values["USHER_DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.PutSetting(t.Context(), "sign_up", "open", time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{first, second} {
		values["USHER_ADDR"] = addr
		start(t, settings(t, values), regexp.MustCompile("listens on"), "serve")
	}
	return "http://" + first, "http://" + second, settings(t, values)
}

// visit sends a form, or asks for a page, and answers where one ends.
func visit(t *testing.T, c *http.Client, address string, form url.Values) (to string) {
	t.Helper()
	var answer *http.Response
	var err error
	if form == nil {
		answer, err = c.Get(address) //nolint:noctx // a test
	} else {
		answer, err = c.PostForm(address, form) //nolint:noctx // a test
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s ends with status %d", address, answer.StatusCode)
	}
	return answer.Request.URL.String()
}

// waitForMail is the first mail that arrives. The workers look each second.
func waitForMail(t *testing.T, sink *testkit.SMTP) string {
	t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		if mails := sink.Mails(); len(mails) > 0 {
			return mails[0].Data
		}
		select {
		case <-deadline.C:
			t.Fatal("no mail arrives")
		case <-poll.C:
		}
	}
}
