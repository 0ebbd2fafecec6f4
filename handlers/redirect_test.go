package handlers_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/internal/config"
	"usher/internal/demo"
	"usher/internal/testkit"
	"usher/paywall"
)

// hostile are targets that leave the site, or lead to something that is no page
// of it. Each of them leads home.
var hostile = []string{
	"//evil.example", "///evil.example", "////evil.example", "//evil.example/%2f..", "//evil.example@localhost",
	"/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "/%5cevil.example", "/%5c%5cevil.example",
	"/%09/evil.example", "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/\r/evil.example", "/%0a/evil.example", "/\x00/evil.example",
	" //evil.example", "/ /evil.example", "/.//evil.example", "/..//evil.example", "/./\\evil.example", "/;//evil.example",
	"/login/../..//evil.example", "/login/..//evil.example", "/login/%2e%2e//evil.example", "%2f%2fevil.example", "/%2f/evil.example", "/%2f%2fevil.example",
	"http://evil.example", "https://evil.example", "HTTPS://evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example",
	"http://localhost@evil.example", "//localhost@evil.example", "//[::1]/", "@evil.example", "/@evil.example", "evil.example", ".evil.example",
	"javascript:alert(1)", "JaVaScRiPt://%0aalert(1)", "data:text/html,x", "mailto:a@evil.example", "blob:https://evil.example/1",
	"/\u2215evil.example", "\u2215\u2215evil.example", "\uff0f\uff0fevil.example", "/\uff0fevil.example", "\u3002evil.example", "\ufeff//evil.example",
	"/account\r\nSet-Cookie: a=b", "/account\r\nLocation: https://evil.example", "/account\x7f", "/\xff\xfe/evil.example",
	"", "?next=//evil.example", "#//evil.example", "/" + strings.Repeat("a", 3000), "/account?" + strings.Repeat("a", 3000),
	"/logout", "/link", "/code/again", "/play/promo/token", "/account/delete", "/login/passkey/finish", "/admin/../nosuchpage", "/admin/..//evil.example", "/admin//evil.example", "/admin/%2e%2e//evil.example",
	"/_demo/mailbox", "/_demo/mails", "/healthz", "/static/css/usher.css", "/nosuchpage", "/LOGIN", "/listen/", "/listen/a/b",
}

// friendly are targets that are kept as they are.
var friendly = []string{"/", "/account", "/listen/radio-lumiere?source=a%2Fb", "/link/x", "/login?next=%2F%2Fevil.example", "/admin/nosuchpage"}

// costly is how many of them go through doors that make a password hash each.
const costly = 40

// door is a way in that leads on to where a visitor chose. open goes through it
// and answers the target.
type door struct {
	name string
	open func(t *testing.T, kit *testkit.Kit, next string) string
}

func doors(provider *testkit.OIDC) []door {
	anna := url.Values{"email": {"anna@demo.test"}, "password": {demo.Password}}
	return []door{
		{"the form of /login", formDoor("/login")},
		{"the form of /signup", formDoor("/signup")},
		{"the form of /forgot", formDoor("/forgot")},
		{"the form of /account/prove", formDoor("/account/prove")},
		{"/login, signed in", signedInDoor("/login")},
		{"/signup, signed in", signedInDoor("/signup")},
		{"a password", func(t *testing.T, kit *testkit.Kit, next string) string {
			return location(t, kit.Client(t).Post("/login", with(anna, next)))
		}},
		{"a language", func(t *testing.T, kit *testkit.Kit, next string) string {
			return location(t, kit.Client(t).Post("/language", url.Values{"lang": {"fr"}, "next": {next}}))
		}},
		{"a mailed code", func(t *testing.T, kit *testkit.Kit, next string) string {
			return codeDoor(t, kit, kit.Client(t), "/login/code", "anna@demo.test", next)
		}},
		{"a sign-up", func(t *testing.T, kit *testkit.Kit, next string) string {
			return codeDoor(t, kit, kit.Client(t), "/signup", paywall.NewID()+"@listener.test", next)
		}},
		{"a new password", func(t *testing.T, kit *testkit.Kit, next string) string {
			to, err := url.Parse(codeDoor(t, kit, kit.Client(t), "/forgot", "ben@demo.test", next))
			if err != nil || to.Path != "/login" || to.Query().Get("done") != "password_reset" {
				t.Fatalf("it leads to %v, %v", to, err)
			}
			return orHome(to.Query().Get("next"))
		}},
		{"a proof by password", func(t *testing.T, kit *testkit.Kit, next string) string {
			return location(t, kit.WithSession(t, "anna").Post("/account/prove", with(anna, next)))
		}},
		{"a proof by code", func(t *testing.T, kit *testkit.Kit, next string) string {
			return codeDoor(t, kit, kit.WithSession(t, "anna"), "/account/prove/code", "anna@demo.test", next)
		}},
		{"another service", func(t *testing.T, kit *testkit.Kit, next string) string { return serviceDoor(t, kit, provider, next) }},
		{"a passkey", func(t *testing.T, kit *testkit.Kit, next string) string {
			return passkeyDoor(t, kit.Client(t), "/login/passkey/finish", next)
		}},
		{"a proof by passkey", func(t *testing.T, kit *testkit.Kit, next string) string {
			return passkeyDoor(t, kit.WithSession(t, "anna"), "/account/prove/passkey", next)
		}},
	}
}

// TestNext: no way in leads off the site, whatever it is told to go on to.
func TestNext(t *testing.T) {
	provider := testkit.NewOIDC(t)
	kit := testkit.New(t, noLimits, func(c *config.Config) { c.OIDC = []config.OIDCProvider{provider.Config("club", "Club")} })
	anna, err := kit.Site.Store.UserByEmail(t.Context(), "anna@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	key := paywall.Passkey{ID: "annas-key", UserID: anna.ID, CreatedAt: testkit.Start}
	if err := kit.Site.Store.CreatePasskey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	kit.Site.Auth.Passkeys = yesMan{key}
	for _, d := range doors(provider) {
		t.Run(d.name, func(t *testing.T) {
			some := hostile
			if strings.Contains(d.name, "password") {
				some = hostile[:costly]
			}
			for _, next := range some {
				if got := d.open(t, kit, next); got != "/" {
					t.Errorf("%q leads to %q", next, got)
				}
			}
			for _, next := range friendly {
				if got := d.open(t, kit, next); got != next {
					t.Errorf("%q leads to %q", next, got)
				}
			}
		})
	}
}

func with(form url.Values, next string) url.Values {
	return url.Values{"email": form["email"], "password": form["password"], "next": {next}}
}

// location is where an answer sends the browser.
func location(t *testing.T, answer *testkit.Answer) string {
	t.Helper()
	answer.WantStatus(http.StatusSeeOther)
	if all := answer.Header.Values("Location"); len(all) != 1 {
		t.Fatalf("locations %q", all)
	}
	return answer.Header.Get("Location")
}

// orHome reads a target that is left out when it is the first page.
func orHome(next string) string {
	if next == "" {
		return "/"
	}
	return next
}

// formDoor looks at what a page would post.
func formDoor(path string) func(*testing.T, *testkit.Kit, string) string {
	return func(t *testing.T, kit *testkit.Kit, next string) string {
		c := kit.Client(t)
		if strings.HasPrefix(path, "/account") {
			c = kit.WithSession(t, "anna")
		}
		page := c.Get(path + "?" + url.Values{"next": {next}}.Encode()).WantStatus(http.StatusOK)
		return orHome(page.Attr(`form[action="`+path+`"] input[name=next]`, "value"))
	}
}

// signedInDoor is a page of getting in for somebody who is in.
func signedInDoor(path string) func(*testing.T, *testkit.Kit, string) string {
	return func(t *testing.T, kit *testkit.Kit, next string) string {
		return location(t, kit.WithSession(t, "anna").Get(path+"?"+url.Values{"next": {next}}.Encode()))
	}
}

// codeDoor asks for a code and types it.
func codeDoor(t *testing.T, kit *testkit.Kit, c *testkit.Client, path, email, next string) string {
	t.Helper()
	kit.Clock.Advance(time.Second) // the newest letter is then this one
	if to := location(t, c.Post(path, url.Values{"email": {email}, "next": {next}})); to != "/code" {
		t.Fatalf("asking for a code leads to %q", to)
	}
	form := url.Values{"code": {kit.Letter(t, email).Code}}
	if path == "/forgot" {
		form.Set("password", newPassword)
	}
	return location(t, c.Post("/code", form))
}

// serviceDoor signs in at another service and comes back.
func serviceDoor(t *testing.T, kit *testkit.Kit, provider *testkit.OIDC, next string) string {
	t.Helper()
	provider.Now = kit.Clock.Now
	c := kit.Client(t)
	refresh := c.Post("/login/with/club", url.Values{"next": {next}}).WantStatus(http.StatusOK).Header.Get("Refresh")
	there, ok := strings.CutPrefix(refresh, "0; url=")
	if !ok || !strings.HasPrefix(there, provider.URL) {
		t.Fatalf("Refresh %q", refresh)
	}
	return location(t, c.Get(provider.SignIn(t, there, "").RequestURI()))
}

// passkeyDoor answers with a passkey, as the script does.
func passkeyDoor(t *testing.T, c *testkit.Client, path, next string) string {
	t.Helper()
	var asked struct{ ID string }
	c.Do(http.MethodPost, "/login/passkey/begin", "application/json", strings.NewReader("{}")).WantStatus(http.StatusOK).JSON(&asked)
	body, err := json.Marshal(map[string]any{"id": asked.ID, "next": next, "answer": map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	var done struct{ Next string }
	c.Do(http.MethodPost, path, "application/json", strings.NewReader(string(body))).WantStatus(http.StatusOK).JSON(&done)
	return done.Next
}

// yesMan takes any answer for that of one passkey.
type yesMan struct{ key paywall.Passkey }

func (y yesMan) BeginAdd(paywall.User, []paywall.Passkey) (options, state []byte, err error) {
	return []byte("{}"), nil, nil
}

func (y yesMan) FinishAdd(paywall.User, []paywall.Passkey, []byte, []byte) (paywall.Passkey, error) {
	return y.key, nil
}

func (y yesMan) BeginLogin() (options, state []byte, err error) { return []byte("{}"), nil, nil }

func (y yesMan) FinishLogin([]byte, []byte, func(string, string) (paywall.Passkey, error)) (paywall.Passkey, error) {
	return y.key, nil
}

// TestPoisonedHost: whatever a request says about where it was sent, no mail and
// no answer names another site.
func TestPoisonedHost(t *testing.T) {
	kit := testkit.New(t, noLimits)
	own := strings.TrimPrefix(kit.URL, "http://")
	forwarded := "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 666\r\n" +
		"Forwarded: host=evil.example;proto=https\r\nX-Original-URL: //evil.example/\r\nX-Rewrite-URL: //evil.example/\r\n"
	body := url.Values{"email": {"anna@demo.test"}}.Encode()
	for _, path := range []string{"/forgot", "/login/code", "/signup"} {
		for _, c := range []struct {
			target, host, more string
			want               int
		}{
			{path, own, forwarded, http.StatusSeeOther},
			{path, "evil.example", "", http.StatusMisdirectedRequest},
			{path, own + ".evil.example", "", http.StatusMisdirectedRequest},
			{path, "evil.example", forwarded, http.StatusMisdirectedRequest},
			{path, own, "Host: evil.example\r\n", http.StatusBadRequest},
			{"http://evil.example" + path, own, "", http.StatusMisdirectedRequest},
			{"http://" + own + path, "evil.example", "", http.StatusSeeOther}, // the target counts, not the header
			{"//evil.example" + path, own, "", http.StatusNotFound},
		} {
			answer := raw(t, own, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: application/x-www-form-urlencoded\r\n"+
				"Content-Length: %d\r\nConnection: close\r\n\r\n%s", c.target, c.host, c.more, len(body), body))
			if answer.StatusCode != c.want || strings.Contains(fmt.Sprint(answer.Header), "evil") {
				t.Errorf("%s at %q: %d %v", c.target, c.host, answer.StatusCode, answer.Header)
			}
			// At once, because a newer mail would take this one's place.
			if err := kit.Site.Mail.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	var mails []struct{ Subject, Text, HTML string }
	mailbox := kit.Client(t).Get("/_demo/mails")
	mailbox.JSON(&mails)
	if len(mails) != 6 || strings.Contains(mailbox.Body, "evil") {
		t.Errorf("%d mails: %s", len(mails), mailbox.Body)
	}
	for _, m := range mails {
		if !strings.Contains(m.Text, kit.Config.BaseURL.String()+"/") {
			t.Errorf("a mail without an address of the site: %s", m.Text)
		}
	}
}

// raw sends bytes as they are.
func raw(t *testing.T, addr, request string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", addr) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer
}
