package handlers_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"usher/internal/palette"
	"usher/internal/testkit"
	"usher/paywall"
)

// wantLevels is who may call what, written down a second time on purpose: a new
// route must be added here too, with thought.
var wantLevels = map[string]string{
	"GET /healthz":                               "machine",
	"GET /readyz":                                "machine",
	"GET /static/*":                              "machine",
	"GET /favicon.ico":                           "machine",
	"GET /picture/:id":                           "machine",
	"GET /picture/:id/small":                     "machine",
	"GET /":                                      "public",
	"GET /listen/:slug":                          "public",
	"GET /watch/:slug":                           "public",
	"POST /play/:slug/token":                     "public",
	"POST /play/:slug/beat":                      "public",
	"POST /language":                             "public",
	"GET /terms":                                 "public",
	"GET /privacy":                               "public",
	"GET /imprint":                               "public",
	"GET /look/style/:file":                      "machine",
	"GET /admin/settings/look":                   "owner",
	"POST /admin/settings/look":                  "owner",
	"POST /admin/settings/look/preview":          "owner",
	"POST /admin/settings/look/logo/remove":      "owner",
	"GET /admin/texts":                           "owner",
	"GET /admin/texts/:place/:language":          "owner",
	"POST /admin/texts/:place/:language":         "owner",
	"POST /admin/texts/:place/:language/preview": "owner",
	"GET /login":                                 "public",
	"POST /login":                                "public",
	"POST /login/code":                           "public",
	"GET /login/second":                          "public",
	"POST /login/second":                         "public",
	"POST /login/passkey/begin":                  "public",
	"POST /login/passkey/finish":                 "public",
	"POST /login/with/:provider":                 "public",
	"GET /login/with/:provider/return":           "public",
	"POST /logout":                               "public",
	"GET /signup":                                "public",
	"POST /signup":                               "public",
	"GET /forgot":                                "public",
	"POST /forgot":                               "public",
	"GET /code":                                  "public",
	"POST /code":                                 "public",
	"POST /code/again":                           "public",
	"GET /link/:secret":                          "public",
	"POST /link":                                 "public",
	"GET /account":                               "member",
	"POST /account/profile":                      "member",
	"GET /account/security":                      "member",
	"POST /account/email":                        "member",
	"POST /account/password":                     "member",
	"POST /account/sessions/end":                 "member",
	"POST /account/sessions/:id/end":             "member",
	"POST /account/passkeys/begin":               "member",
	"POST /account/passkeys/finish":              "member",
	"POST /account/passkeys/:id/name":            "member",
	"POST /account/passkeys/:id/remove":          "member",
	"POST /account/identities/:provider/remove":  "member",
	"POST /account/factor/begin":                 "member",
	"GET /account/factor":                        "member",
	"POST /account/factor":                       "member",
	"POST /account/factor/codes":                 "member",
	"POST /account/factor/off":                   "member",
	"GET /account/data":                          "member",
	"POST /account/data/export":                  "member",
	"POST /account/delete":                       "member",
	"GET /account/prove":                         "member",
	"POST /account/prove":                        "member",
	"POST /account/prove/code":                   "member",
	"POST /account/prove/passkey":                "member",
	"GET /admin":                                 "staff",
	"GET /admin/items":                           "see items",
	"GET /admin/items/new":                       "edit items",
	"POST /admin/items/new":                      "edit items",
	"GET /admin/items/:id":                       "see items",
	"POST /admin/items/:id":                      "edit items",
	"POST /admin/items/:id/publish":              "edit items",
	"GET /admin/collections":                     "see items",
	"POST /admin/collections":                    "edit items",
	"GET /admin/grants":                          "see people",
	"POST /admin/grants":                         "edit people",
	"POST /admin/grants/:id/revoke":              "edit people",
	"GET /redeem":                                "public",
	"POST /redeem":                               "public",
	"GET /redeem/:code":                          "public",
	"GET /admin/vouchers":                        "see people",
	"GET /admin/vouchers/new":                    "owner",
	"POST /admin/vouchers/new":                   "owner",
	"GET /admin/vouchers/:id":                    "see people",
	"GET /admin/vouchers/:id/print":              "owner",
	"POST /admin/vouchers/:id/export":            "owner",
	"POST /admin/vouchers/:id/mail":              "owner",
	"POST /admin/vouchers/:id/extend":            "owner",
	"POST /admin/vouchers/:id/void":              "edit people",
	"POST /admin/vouchers/:id/:voucher/void":     "edit people",
	"GET /admin/preview":                         "see items",
	"GET /admin/why":                             "see people",
	"GET /admin/members":                         "see people",
	"POST /admin/members/invite":                 "edit people",
	"POST /admin/members/uninvite":               "edit people",
	"GET /admin/members/:id":                     "see people",
	"POST /admin/members/:id/disable":            "edit people",
	"POST /admin/members/:id/enable":             "edit people",
	"POST /admin/members/:id/unlock":             "edit people",
	"POST /admin/members/:id/login-link":         "edit people",
	"POST /admin/members/:id/factor-off":         "edit people",
	"POST /admin/members/:id/sessions-end":       "edit people",
	"POST /admin/grants/:id/extend":              "edit people",
	"POST /admin/grants/:id/again":               "edit people",
	"POST /admin/members/:id/note":               "edit people",
	"POST /admin/members/:id/grants":             "edit people",
	"GET /admin/members/bulk":                    "edit people",
	"POST /admin/members/bulk":                   "edit people",
	"POST /admin/members/export":                 "owner",
	"GET /admin/members/jobs":                    "see people",
	"GET /admin/members/jobs/:id":                "see people",
	"POST /admin/members/jobs/:id/stop":          "edit people",
	"POST /admin/members/jobs/:id/resume":        "edit people",
	"GET /admin/members/import":                  "owner",
	"POST /admin/members/import":                 "owner",
	"GET /admin/members/import/:id":              "owner",
	"POST /admin/members/import/:id":             "owner",
	"POST /admin/members/import/:id/start":       "owner",
	"POST /admin/members/import/:id/undo":        "owner",
	"POST /admin/members/import/:id/delete":      "owner",
	"GET /admin/members/import/:id/errors.csv":   "owner",
	"GET /admin/mails":                           "see people",
	"POST /admin/mails/test":                     "owner",
	"GET /admin/mails/:id":                       "see people",
	"POST /admin/mails/:id/resend":               "edit people",
	"GET /admin/health":                          "staff",
	"POST /admin/health/check":                   "edit items",
	"POST /admin/health/interval":                "owner",
	"GET /admin/health/:id":                      "staff",
	"POST /admin/health/:id/check":               "edit items",
	"POST /admin/health/:id/protect":             "edit items",
	"GET /admin/settings":                        "owner",
	"GET /admin/settings/connection":             "owner",
	"POST /admin/settings/connection":            "owner",
	"POST /admin/settings/connection/test":       "owner",
	"POST /admin/settings/connection/forget":     "owner",
	"GET /admin/audit":                           "see record",
	"POST /admin/audit/export":                   "owner",
	"GET /admin/team":                            "owner",
	"POST /admin/team":                           "owner",
	"POST /admin/team/:id/role":                  "owner",
	"GET /admin/*":                               "staff",
	"POST /admin/*":                              "staff",
	"GET /collection/:slug":                      "public",
	"POST /admin/items/bulk":                     "edit items",
	"GET /admin/items/import":                    "edit items",
	"POST /admin/items/import":                   "edit items",
	"POST /admin/items/import/read":              "edit items",
	"POST /admin/items/import/plan":              "edit items",
	"POST /admin/items/import/typed":             "edit items",
	"GET /admin/items/import/changes":            "edit items",
	"POST /admin/items/import/changes":           "edit items",
	"GET /admin/items/import/runs/:id":           "edit items",
	"POST /admin/items/import/runs/:id/stop":     "edit items",
	"POST /admin/items/:id/move":                 "edit items",
	"POST /admin/items/:id/poster":               "edit items",
	"POST /admin/items/:id/poster/remove":        "edit items",
	"GET /admin/items/:id/delete":                "edit items",
	"POST /admin/items/:id/delete":               "edit items",
	"GET /admin/collections/:id":                 "see items",
	"POST /admin/collections/:id":                "edit items",
	"POST /admin/collections/:id/move":           "edit items",
	"POST /admin/collections/:id/poster":         "edit items",
	"POST /admin/collections/:id/poster/remove":  "edit items",
	"GET /admin/collections/:id/delete":          "edit items",
	"POST /admin/collections/:id/delete":         "edit items",
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
		if strings.HasPrefix(r.Path, "/admin") {
			declared[echo.RouteNotFound+" "+r.Path] = true // the other methods
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
		"anonymous": kit.Client(t), "member": kit.As(t, "ben"),
	}
	for _, role := range paywall.StaffRoles {
		roles[string(role)] = kit.Staff(t, role)
	}
	samples := newSamples(t, kit)
	for name, level := range wantLevels {
		method, path, _ := strings.Cut(name, " ")
		if name == "POST /logout" || name == "POST /account/sessions/end" {
			continue // these end the session that the other calls need; see the tests of login
		}
		for role, client := range roles {
			if path == "/admin/*" && role != "anonymous" {
				continue // nothing is there for anybody
			}
			answer := client.Do(method, samples.Replace(path), "application/x-www-form-urlencoded", nil)
			got, want := outcome(answer), wantOutcome(level, role, method)
			if want == "let in" && (got == "nothing there" && mayFindNothing[name] || got == "sent to sign in" && needsCode[name]) {
				continue
			}
			if got != want {
				t.Errorf("%s as %s: %s (status %d), want %s", name, role, got, answer.Status, want)
			}
		}
	}
}

// mayFindNothing are routes about things of the viewer that the samples lack, so
// that who is let in may find nothing there.
var mayFindNothing = map[string]bool{
	"GET /picture/:id":                          true,
	"GET /collection/:slug":                     true,
	"GET /admin/items/import/runs/:id":          true,
	"POST /admin/items/import/runs/:id/stop":    true,
	"GET /admin/items/:id/delete":               true, // deleted by the role before
	"POST /admin/items/:id/delete":              true,
	"GET /admin/collections/:id/delete":         true,
	"POST /admin/collections/:id/delete":        true,
	"GET /picture/:id/small":                    true,
	"POST /login/with/:provider":                true,
	"POST /account/sessions/:id/end":            true,
	"POST /account/passkeys/:id/name":           true,
	"POST /account/passkeys/:id/remove":         true,
	"POST /account/identities/:provider/remove": true,
	"POST /account/factor":                      true,
	"POST /account/factor/codes":                true,
	"POST /account/factor/off":                  true,
	"POST /admin/members/:id/factor-off":        true,
	"GET /admin/members/bulk":                   true, // nothing is chosen
	"POST /admin/members/bulk":                  true,
	"POST /admin/settings/connection/forget":    true, // nothing is stored
	"POST /admin/grants/:id/revoke":             true, // revoked by the role before
}

// needsCode are routes that send who had no code mailed to where one asks for it.
var needsCode = map[string]bool{"GET /code": true, "POST /code/again": true}

// TestRoutes_otherMethods finds no way in by a method that is not declared.
func TestRoutes_otherMethods(t *testing.T) {
	kit := testkit.New(t)
	samples := newSamples(t, kit)
	for role, client := range map[string]*testkit.Client{"anonymous": kit.Client(t), "owner": kit.As(t, "owner")} {
		for name := range wantLevels {
			_, path, _ := strings.Cut(name, " ")
			want := http.StatusMethodNotAllowed
			if role == "anonymous" && strings.HasPrefix(path, "/admin") {
				want = http.StatusUnauthorized
			}
			for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace} {
				if answer := client.Do(method, samples.Replace(path), "", nil); answer.Status != want {
					t.Errorf("%s %s as %s: status %d, want %d", method, path, role, answer.Status, want)
				}
			}
		}
	}
}

// TestRoutes_noHint: who is no staff cannot tell the addresses of the owner area
// from those that do not exist, whatever method is tried and wherever the sign-in
// page leads back to.
func TestRoutes_noHint(t *testing.T) {
	kit := testkit.New(t)
	samples := newSamples(t, kit)
	methods := []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "PROPFIND", "FOO",
	}
	for role, client := range map[string]*testkit.Client{"anonymous": kit.Client(t), "member": kit.As(t, "anna")} {
		seen := func(method, path string) string {
			a := client.Do(method, path, "", nil)
			location := strings.ReplaceAll(a.Header.Get("Location"), url.QueryEscape(path), "PATH")
			return fmt.Sprintf("status %d, Allow %q, Location %q, title %q", a.Status, a.Header.Get("Allow"), location, a.Text("title"))
		}
		for name := range wantLevels {
			_, path, _ := strings.Cut(name, " ")
			if !strings.HasPrefix(path, "/admin") {
				continue
			}
			for _, method := range methods {
				if got, want := seen(method, samples.Replace(path)), seen(method, "/admin/nosuchpage"); got != want {
					t.Errorf("%s %s as %s: %s; where nothing is: %s", method, path, role, got, want)
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
	carla, err := kit.Site.Store.UserByEmail(t.Context(), "carla@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	bulk := paywall.Job{ID: paywall.NewID(), Kind: paywall.JobUnblock, State: paywall.JobDone, StartedAt: testkit.Start, Detail: "{}"}
	list := paywall.Job{ID: paywall.NewID(), Kind: paywall.JobImport, State: paywall.JobDone, StartedAt: testkit.Start, Detail: "{}"}
	if err := errors.Join(kit.Site.Store.CreateJob(t.Context(), bulk), kit.Site.Store.CreateJob(t.Context(), list)); err != nil {
		t.Fatal(err)
	}
	mail, err := kit.Site.Mails.Test(t.Context(), paywall.Actor{Name: "test"}, "carla@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	spare, collection, spareCollection := item, paywall.Collection{ID: "sample", Title: "Sample"}, paywall.Collection{ID: "spare", Title: "Spare"}
	spare.ID, spare.Slug, spare.Sources = "spare", "spare", nil
	for _, err := range []error{
		kit.Site.Store.CreateItem(t.Context(), spare), kit.Site.Store.CreateCollection(t.Context(), collection),
		kit.Site.Store.CreateCollection(t.Context(), spareCollection),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	batch, codes := makeVouchers(t, kit)
	return strings.NewReplacer(
		"/vouchers/:id/:voucher", "/vouchers/"+batch.ID+"/"+voucherID(t, kit, batch, 1), "/vouchers/:id", "/vouchers/"+batch.ID,
		"/redeem/:code", "/redeem/"+codes[0],
		"/mails/:id", "/mails/"+mail.ID, "/health/:id", "/health/"+item.Sources[0].ID,
		"/items/:id/delete", "/items/spare/delete", "/collections/:id/delete", "/collections/spare/delete",
		"/runs/:id", "/runs/nosuchrun", "/collections/:id", "/collections/sample", "/collection/:slug", "/collection/nosuchcollection",
		"/jobs/:id", "/jobs/"+bulk.ID, "/import/:id", "/import/"+list.ID,
		"/members/:id", "/members/"+carla.ID, "/team/:id", "/team/"+carla.ID,
		"/listen/:slug", "/listen/promo", "/watch/:slug", "/watch/making-of", "/play/:slug", "/play/promo",
		"/look/style/:file", wine(), ":place", "home", ":language", "de",
		"/items/:id", "/items/"+item.ID, "/grants/:id", "/grants/"+grants[0].Grant.ID,
		":provider", "example", ":secret", "nosuchlink", ":step", "mail", "/account/sessions/:id", "/account/sessions/nosuchsession",
		"/account/passkeys/:id", "/account/passkeys/nosuchkey",
		"/static/*", kit.Site.Handler.Assets.CSS, "/admin/*", "/admin/nosuchpage",
	)
}

// wine is the address of the style sheet of some colour.
func wine() string {
	colours, _ := palette.Of("#8f2a36")
	return "/look/style/" + colours.File()
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

// opensTo says which roles of staff a level of the owner area lets in.
var opensTo = map[string]string{
	"staff": "owner support editor reader", "see items": "owner support editor reader", "edit items": "owner editor",
	"see people": "owner support reader", "edit people": "owner support", "see record": "owner reader", "owner": "owner",
}

func wantOutcome(level, role, method string) string {
	letIn, admin := opensTo[level]
	switch {
	case !admin && level != "member":
		return "let in"
	case role == "anonymous" && method == http.MethodGet:
		return "sent to sign in"
	case role == "anonymous":
		return "unauthorized"
	case admin && !slices.Contains(strings.Fields(letIn), role):
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
