package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"usher/handlers"
	"usher/internal/config"
	"usher/internal/demo"
	"usher/internal/testkit"
	"usher/paywall"
)

var contentLength = regexp.MustCompile(`(?m)^Content-Length: .*$`)

// TestHeaders: every answer, errors included, carries the same walls.
func TestHeaders(t *testing.T) {
	kit := testkit.New(t)
	for who, client := range map[string]*testkit.Client{"anonymous": kit.Client(t), "anna": kit.As(t, "anna")} {
		for _, path := range []string{
			"/", "/login", "/account", "/listen/radio-lumiere", "/listen/promo", "/nosuchpage", "/watch/brouillon",
			"/admin/items", "/healthz", "/readyz", "/account/x.css", "/static/nosuchfile.css", "/play/promo/token",
		} {
			answer := client.Get(path)
			policy := answer.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") ||
				strings.Contains(policy, "unsafe") {
				t.Errorf("%s %s: policy %q", who, path, policy)
			}
			for name, want := range map[string]string{
				"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
				"Referrer-Policy": "strict-origin-when-cross-origin", "Cross-Origin-Opener-Policy": "same-origin",
			} {
				if got := answer.Header.Get(name); got != want {
					t.Errorf("%s %s: %s is %q", who, path, name, got)
				}
			}
		}
	}
}

// TestHeaders_mediaHostsOnPlayersOnly: only a page with a player may load media.
func TestHeaders_mediaHostsOnPlayersOnly(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	if policy := anna.Get("/listen/radio-lumiere").Header.Get("Content-Security-Policy"); !strings.Contains(policy, kit.SandboxURL) {
		t.Errorf("the player's policy %q does not name the media host", policy)
	}
	if policy := kit.Client(t).Get("/listen/radio-lumiere").Header.Get("Content-Security-Policy"); strings.Contains(policy, kit.SandboxURL) {
		t.Errorf("the paywall's policy %q names the media host", policy)
	}
}

// TestAnonymous_noCookie: nobody is marked for looking.
func TestAnonymous_noCookie(t *testing.T) {
	kit := testkit.New(t)
	client := kit.Client(t)
	for _, path := range []string{"/", "/login", "/listen/promo", "/listen/radio-lumiere", "/watch/premiere", "/nosuchpage", "/account"} {
		if set := client.Get(path).Header.Values("Set-Cookie"); len(set) != 0 {
			t.Errorf("%s sets %v", path, set)
		}
	}
}

// TestStatic_mayBeKept: the opposite of pages.
func TestStatic_mayBeKept(t *testing.T) {
	kit := testkit.New(t)
	answer := kit.As(t, "anna").Get(kit.Site.Handler.Assets.CSS).WantStatus(http.StatusOK)
	if got := answer.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("Cache-Control %q", got)
	}
	if answer.Header.Get("Set-Cookie") != "" {
		t.Error("a static file sets a cookie")
	}
}

// TestCrossSite: no other site's page can act in a visitor's name, not even by
// signing them in or out.
func TestCrossSite(t *testing.T) {
	kit := testkit.New(t)
	login := url.Values{"email": {"anna@demo.test"}, "password": {demo.Password}}
	for name, c := range map[string]struct {
		site, origin string
		want         int
	}{
		"cross-site":                  {"cross-site", "", http.StatusForbidden},
		"another host of our domain":  {"same-site", "", http.StatusForbidden},
		"foreign origin, old browser": {"", "https://evil.example", http.StatusForbidden},
		"null origin, old browser":    {"", "null", http.StatusForbidden},
		"own page":                    {"same-origin", "", http.StatusSeeOther},
		"own origin, old browser":     {"", kit.URL, http.StatusSeeOther},
		"a program":                   {"", "", http.StatusSeeOther},
	} {
		client := kit.Client(t)
		client.Header.Del("Sec-Fetch-Site")
		if c.site != "" {
			client.Header.Set("Sec-Fetch-Site", c.site)
		}
		if c.origin != "" {
			client.Header.Set("Origin", c.origin)
		}
		for _, path := range []string{"/login", "/logout", "/language"} {
			if got := client.Post(path, login).Status; got != c.want {
				t.Errorf("%s posting to %s: status %d, want %d", name, path, got, c.want)
			}
		}
	}
}

// TestHost: a forged Host never gets an answer to poison anything with.
func TestHost(t *testing.T) {
	kit := testkit.New(t)
	for host, want := range map[string]int{
		"evil.example": http.StatusMisdirectedRequest,
		"":             http.StatusOK, // the kit's own
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, kit.URL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		request.Header.Set("X-Forwarded-Host", "evil.example")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != want {
			t.Errorf("host %q: status %d, want %d", host, answer.StatusCode, want)
		}
	}
}

// TestForwardedFor: nobody escapes the limit of their network by claiming to
// come from another.
func TestForwardedFor(t *testing.T) {
	kit := testkit.New(t, func(c *config.Config) { c.MintsPerMinute = 1000 })
	visitor := kit.Client(t)
	last := 0
	for n := range 21 {
		visitor.Header.Set("X-Forwarded-For", "203.0."+string(rune('1'+n%9))+".7")
		visitor.Header.Set("X-Real-Ip", "198.51."+string(rune('1'+n%9))+".7")
		last = visitor.Get("/listen/promo").Status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the 21st render from one network: status %d", last)
	}
}

// TestPaths: no other spelling of a path finds a way around the guard.
func TestPaths(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	for _, path := range []string{
		"/%61dmin/items", "/ADMIN/items", "//admin/items", "/admin/items/", "/admin;x/items", "/admin/./items",
		"/listen/../admin/items", "/listen/radio-lumiere.css", "/Listen/radio-lumiere", "/listen//radio-lumiere",
		"/watch/radio-lumiere", "/listen/le-concert", "/account/x.css", "/listen/radio-lumiere/",
	} {
		if status := anna.Get(path).Status; status != http.StatusNotFound {
			t.Errorf("%s answers %d, want 404", path, status)
		}
	}
}

// TestSecrets_neverLogged: a whole visit leaves no secret in the log.
func TestSecrets_neverLogged(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	page := anna.Get("/listen/radio-lumiere")
	_, token, _ := strings.Cut(page.Attr("audio", "src"), "?")
	anna.Get("/listen/radio-lumiere?source=secretquery")
	anna.Post("/login", url.Values{"email": {"anna@demo.test"}, "password": {"my-secret-password"}})
	if err := kit.Sandbox.SetMode("garbage"); err != nil {
		t.Fatal(err)
	}
	kit.WithSession(t, "anna").Get("/listen/studio-ouvert").WantStatus(http.StatusServiceUnavailable)
	text := kit.Log.String()
	if !strings.Contains(text, "route=/listen/:slug") {
		t.Fatal("the visit is not in the log at all")
	}
	for _, secret := range []string{
		token, "my-secret-password", "secretquery", anna.Cookies()[0].Value, kit.Config.APIToken.Reveal(), "anna@demo.test",
	} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestLocalPath(t *testing.T) {
	h := testkit.New(t).Site.Handler
	for target, want := range map[string]string{
		"/": "/", "/account": "/account", "/listen/radio-lumiere": "/listen/radio-lumiere",
		"/listen/x?source=abc": "/listen/x?source=abc", "/admin/items": "/admin/items", "/account#x": "/account",
		// Everything else leads home.
		"": "/", "account": "/", "//evil.example": "/", "///evil.example": "/", "/\\evil.example": "/",
		"\\\\evil.example": "/", "https://evil.example": "/", "https:evil.example": "/", "javascript:alert(1)": "/",
		"data:text/html,x": "/", "/\tevil": "/", "/\n/evil.example": "/", "/%09/evil.example": "/", "/%5cevil.example": "/",
		"/%2f/evil.example": "/", "//evil.example/%2f..": "/", "/.//evil.example": "/", "/..//evil.example": "/",
		" //evil.example": "/", "http:///evil.example": "/", "//evil.example@localhost": "/", "//localhost@evil.example": "/",
		"/nosuchpage": "/", "/logout": "/", "/static/css/usher.css": "/", "/healthz": "/", "/play/promo/token": "/",
		"/admin/nosuchpage": "/admin/nosuchpage", "/admin/../login": "/", "/listen/x\u2028": "/listen/x%E2%80%A8", "/listen/": "/", "/LOGIN": "/",
		"/listen/a/b": "/", "/account\x00": "/", "/account\x7f": "/", "?next=/account": "/", "#": "/",
		"/;/evil.example": "/", "//[::1]/": "/", "/login?next=//evil.example": "/login?next=//evil.example",
		"/" + strings.Repeat("a", 3000): "/",
	} {
		if got := h.LocalPath(target); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", target, got, want)
		}
	}
}

func FuzzLocalPath(f *testing.F) {
	h := testkit.New(f).Site.Handler
	for _, seed := range []string{"/account", "//evil.example", "/\\evil", "/listen/a?b=c#d", "https://x", "/%2f%2fevil"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, target string) {
		got := h.LocalPath(target)
		u, err := url.Parse(got)
		if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") ||
			strings.ContainsAny(got, "\\\n\r\t\x00") {
			t.Errorf("LocalPath(%q) = %q leaves the site", target, got)
		}
	})
}

// TestHTTPS: over HTTPS the cookie is bound to the host and HSTS is on.
func TestHTTPS(t *testing.T) {
	kit := testkit.New(t, func(c *config.Config) {
		c.BaseURL = &url.URL{Scheme: "https", Host: "radio.example"}
	})
	answer := kit.Client(t).Post("/login", url.Values{"email": {"anna@demo.test"}, "password": {demo.Password}})
	cookie := answer.Header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "__Host-usher=") || !strings.Contains(cookie, "Secure") || strings.Contains(cookie, "Domain") {
		t.Errorf("cookie %q", cookie)
	}
	if answer.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
	page := kit.Client(t).Get("/listen/radio-lumiere")
	if got := page.Attr("link[rel=canonical]", "href"); got != "https://radio.example/listen/radio-lumiere" {
		t.Errorf("canonical address %q", got)
	}
}

// TestDatabaseDown: without a database nobody is let in, and the process lives.
func TestDatabaseDown(t *testing.T) {
	kit := testkit.New(t)
	anna, visitor := kit.As(t, "anna"), kit.Client(t)
	if err := kit.Site.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/listen/radio-lumiere", "/listen/promo", "/account", "/admin/items"} {
		answer := anna.Get(path)
		if answer.Status < 500 || answer.Doc().Find("audio").Length() != 0 || answer.Text("h1") == "" {
			t.Errorf("%s answers %d with title %q", path, answer.Status, answer.Text("h1"))
		}
		if strings.Contains(answer.Body, "sql") {
			t.Errorf("%s shows the database's words", path)
		}
	}
	visitor.Get("/healthz").WantStatus(http.StatusOK)
	visitor.Get("/readyz").WantStatus(http.StatusServiceUnavailable)
	if kit.Mints() != 0 {
		t.Error("a token was minted without a decision")
	}
}

func TestDeviceName(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1": "Safari, iPhone",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36":                            "Chrome, Android",
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":                       "Edge, Windows",
		"curl/8": "", "": "",
	} {
		if got := handlers.DeviceName(agent); got != want {
			t.Errorf("DeviceName(%q) = %q, want %q", agent, got, want)
		}
	}
}

// TestSession_usesTheInjectedClock: no service asks the wall clock.
func TestSession_usesTheInjectedClock(t *testing.T) {
	kit := testkit.New(t)
	kit.As(t, "anna")
	user, err := kit.Site.Store.UserByEmail(t.Context(), "anna@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	list, err := kit.Site.Sessions.List(t.Context(), user.ID)
	if err != nil || len(list) != 1 || !list[0].CreatedAt.Equal(testkit.Start) ||
		!list[0].ExpiresAt.Equal(testkit.Start.Add(paywall.SessionAbsolute)) {
		t.Errorf("sessions %+v, %v", list, err)
	}
}
