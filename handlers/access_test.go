package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"usher/internal/testkit"
)

// wantLevels is who may call what, written down a second time on purpose: a new
// route must be added here too, with thought.
var wantLevels = map[string]string{
	"GET /healthz":                  "machine",
	"GET /readyz":                   "machine",
	"GET /static/*":                 "machine",
	"GET /favicon.ico":              "machine",
	"GET /":                         "public",
	"GET /listen/:slug":             "public",
	"GET /watch/:slug":              "public",
	"POST /play/:slug/token":        "public",
	"GET /login":                    "public",
	"POST /login":                   "public",
	"POST /logout":                  "public",
	"POST /language":                "public",
	"GET /account":                  "member",
	"POST /account/sessions/end":    "member",
	"GET /admin":                    "owner",
	"GET /admin/items":              "owner",
	"GET /admin/items/new":          "owner",
	"POST /admin/items/new":         "owner",
	"GET /admin/items/:id":          "owner",
	"POST /admin/items/:id":         "owner",
	"POST /admin/items/:id/publish": "owner",
	"GET /admin/collections":        "owner",
	"POST /admin/collections":       "owner",
	"GET /admin/grants":             "owner",
	"POST /admin/grants":            "owner",
	"POST /admin/grants/:id/revoke": "owner",
	"GET /admin/*":                  "owner",
	"POST /admin/*":                 "owner",
}

func TestRoutes_declared(t *testing.T) {
	h := testkit.New(t).Site.Handler
	declared := map[string]bool{}
	for _, r := range h.Table() {
		name := r.Method + " " + r.Path
		declared[name] = true
		if want := wantLevels[name]; r.Level != want {
			t.Errorf("%s has level %q, this table says %q", name, r.Level, want)
		}
		if r.Method == http.MethodGet {
			declared["HEAD "+r.Path] = true
		}
	}
	for _, r := range h.Registered() {
		if !declared[r.Method+" "+r.Path] {
			t.Errorf("%s %s is served but stands in no table", r.Method, r.Path)
		}
	}
	for name := range wantLevels {
		if !declared[name] {
			t.Errorf("%s is expected but not declared", name)
		}
	}
}

func TestRoutes_undeclaredLevelDoesNotStart(t *testing.T) {
	h := testkit.New(t).Site.Handler
	defer func() {
		if recover() == nil {
			t.Error("a route without a level was accepted")
		}
	}()
	h.GuardUndeclared()
}

// TestRoutes_matrix calls every route in every role with every method.
func TestRoutes_matrix(t *testing.T) {
	kit := testkit.New(t)
	roles := map[string]*testkit.Client{
		"anonymous": kit.Client(t), "member": kit.As(t, "ben"), "owner": kit.As(t, "owner"),
	}
	samples := newSamples(t, kit)
	for name, level := range wantLevels {
		method, path, _ := strings.Cut(name, " ")
		if name == "POST /logout" || name == "POST /account/sessions/end" {
			continue // these end the session that the other calls need; see the tests of login
		}
		for role, client := range roles {
			if role == "owner" && path == "/admin/*" {
				continue // nothing is there for the owner either
			}
			answer := client.Do(method, samples.Replace(path), "application/x-www-form-urlencoded", nil)
			if got, want := outcome(answer), wantOutcome(level, role, method); got != want {
				t.Errorf("%s as %s: %s (status %d), want %s", name, role, got, answer.Status, want)
			}
		}
	}
}

// TestRoutes_otherMethods finds no way in by a method that is not declared.
func TestRoutes_otherMethods(t *testing.T) {
	kit := testkit.New(t)
	samples := newSamples(t, kit)
	for role, client := range map[string]*testkit.Client{"anonymous": kit.Client(t), "owner": kit.As(t, "owner")} {
		for name := range wantLevels {
			_, path, _ := strings.Cut(name, " ")
			for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace} {
				answer := client.Do(method, samples.Replace(path), "", nil)
				if answer.Status != http.StatusMethodNotAllowed {
					t.Errorf("%s %s as %s: status %d, want 405", method, path, role, answer.Status)
				}
			}
		}
	}
}

// TestRoutes_methodOverride: a form cannot pretend to be another method.
func TestRoutes_methodOverride(t *testing.T) {
	kit := testkit.New(t)
	client := kit.As(t, "owner")
	client.Header.Set("X-Http-Method-Override", "POST")
	client.Get("/admin/collections?_method=POST&title=Smuggled").WantStatus(http.StatusOK)
	if all, err := kit.Site.Store.Collections(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("a GET created a collection: %v, %v", all, err)
	}
}

// newSamples fills the parameters of a route with values that exist.
func newSamples(t *testing.T, kit *testkit.Kit) *strings.Replacer {
	t.Helper()
	item, err := kit.Site.Store.ItemBySlug(t.Context(), "brouillon")
	if err != nil {
		t.Fatal(err)
	}
	grants, err := kit.Site.Store.RecentGrants(t.Context(), 1, 0)
	if err != nil || len(grants) == 0 {
		t.Fatalf("no grant to try with: %v", err)
	}
	return strings.NewReplacer(
		"/listen/:slug", "/listen/promo", "/watch/:slug", "/watch/making-of", "/play/:slug", "/play/promo",
		"/items/:id", "/items/"+item.ID, "/grants/:id", "/grants/"+grants[0].Grant.ID,
		"/static/*", kit.Site.Handler.Assets.CSS, "/admin/*", "/admin/nosuchpage",
	)
}

// outcome sums an answer up by what the access check made of it.
func outcome(a *testkit.Answer) string {
	switch {
	case a.Status == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), "/login"):
		return "sent to sign in"
	case a.Status == http.StatusUnauthorized:
		return "unauthorized"
	case a.Status == http.StatusNotFound:
		return "nothing there"
	}
	return "let in"
}

func wantOutcome(level, role, method string) string {
	switch {
	case level == "member" && role == "anonymous", level == "owner" && role == "anonymous":
		if method == http.MethodGet {
			return "sent to sign in"
		}
		return "unauthorized"
	case level == "owner" && role == "member":
		return "nothing there"
	}
	return "let in"
}

// TestAdmin_noHint: what a member is told about the owner's pages is what is told
// about pages that do not exist.
func TestAdmin_noHint(t *testing.T) {
	kit := testkit.New(t)
	ben := kit.As(t, "ben")
	nothing := mask(ben.Get("/nosuchpage"))
	for _, path := range []string{"/admin", "/admin/items", "/admin/grants", "/admin/members", "/admin/nosuchpage"} {
		if got := mask(ben.Get(path)); got != nothing {
			t.Errorf("%s differs from a page that does not exist:\n%s\n---\n%s", path, got, nothing)
		}
	}
	answer := ben.Post("/admin/grants", url.Values{"email": {"ben@demo.test"}, "opens": {"everything"}})
	answer.WantStatus(http.StatusNotFound)
}

// mask takes out what differs from request to request: the request's name and
// the address to come back to.
func mask(a *testkit.Answer) string {
	doc := a.Doc()
	doc.Find("main .quiet").SetText("")
	doc.Find("input[name=next]").SetAttr("value", "")
	html, err := doc.Html()
	if err != nil {
		return err.Error()
	}
	return html
}
