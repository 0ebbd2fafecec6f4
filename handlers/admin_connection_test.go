package handlers_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"usher/internal/config"
	"usher/internal/infomaniak/sandbox"
	"usher/internal/testkit"
	"usher/paywall"
)

const connectionURL = "/admin/settings/connection"

// ownToken leaves the token to the owner.
func ownToken(c *config.Config) { c.APIToken = paywall.Secret{} }

func connectionForm(token string) url.Values {
	return url.Values{"token": {token}, "account": {""}, "vod_style": {"v1"}}
}

// findings are the findings of the test on a page: yes, no, not known.
func findings(page *testkit.Answer) string { return page.Text(".findings .badge") }

// An owner pastes a token, sees what it can do, and listeners play at once.
func TestConnection_setByTheOwner(t *testing.T) {
	kit := testkit.New(t, ownToken)
	owner, anna := kit.As(t, "owner"), kit.As(t, "anna")
	anna.Get("/listen/radio-lumiere").WantStatus(http.StatusServiceUnavailable)
	page := owner.Get(connectionURL).WantStatus(http.StatusOK)
	if !strings.Contains(page.Text(".admin-body"), "No token is set") || page.Doc().Find(".admin-body .notice").Length() != 0 || page.Doc().Find("#test").Length() != 0 {
		t.Errorf("without a token: %s", page.Text(".admin-body"))
	}
	owner.Post(connectionURL, connectionForm("  "+kit.APIToken+"\r\n")).WantStatus(http.StatusSeeOther)
	page = owner.Get(connectionURL).WantStatus(http.StatusOK)
	if text := page.Text(".publication"); !strings.Contains(text, "it ends in 6789") || !strings.Contains(text, "by owner@demo.test") {
		t.Errorf("state %q", text)
	}
	if strings.Contains(page.Body, kit.APIToken) || page.Attr("#token", "value") != "" {
		t.Error("the page holds the token")
	}
	if got := page.Doc().Find(".findings li").Length(); got != 9 || strings.Contains(findings(page), "no") {
		t.Errorf("%d findings: %s", got, findings(page))
	}
	if page.Text(".flash") == "" || !strings.Contains(page.Text(".panel"), "The connection works") {
		t.Errorf("flash %q, test %q", page.Text(".flash"), page.Text(".panel"))
	}
	anna.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	wantSecretNowhere(t, kit, kit.APIToken)
}

// wantSecretNowhere checks that a secret stands in no log line and no byte of the database.
func wantSecretNowhere(t *testing.T, kit *testkit.Kit, secret string) {
	t.Helper()
	if strings.Contains(kit.Log.String(), secret) {
		t.Error("the log holds the secret")
	}
	files, err := filepath.Glob(strings.TrimPrefix(kit.Config.DatabaseURL, "sqlite:") + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), secret) {
			t.Errorf("%s holds the secret", filepath.Base(name))
		}
	}
}

func TestConnection_refused(t *testing.T) {
	kit := testkit.New(t, ownToken)
	owner := kit.As(t, "owner")
	form := url.Values{"token": {"canary two words"}, "account": {"my company"}, "vod_style": {"v7"}}
	page := owner.Post(connectionURL, form).WantStatus(http.StatusUnprocessableEntity)
	for _, field := range []string{"token", "account", "vod_style"} {
		if page.Text("#"+field+"-error") == "" {
			t.Errorf("field %s has no error", field)
		}
	}
	if page.Attr("#account", "value") != "my company" || strings.Contains(page.Body, "canary") {
		t.Error("what was typed is gone, or the token is shown")
	}
	if kit.Mints() != 0 || kit.Sandbox.Calls().Lookups != 0 {
		t.Errorf("Infomaniak was asked: %+v", kit.Sandbox.Calls())
	}
	wantSecretNowhere(t, kit, "canary two words")
}

// A token that lacks rights is saved, and the page says what is missing.
func TestConnection_lacksRights(t *testing.T) {
	kit := testkit.New(t, ownToken)
	if err := kit.Sandbox.SetToken(sandbox.Token{Value: "radio-only", Scopes: []sandbox.Scope{sandbox.ScopeRadio}}); err != nil {
		t.Fatal(err)
	}
	owner := kit.As(t, "owner")
	owner.Post(connectionURL, connectionForm("radio-only")).WantStatus(http.StatusSeeOther)
	text := owner.Get(connectionURL).WantStatus(http.StatusOK).Text(".admin-body")
	for _, want := range []string{"works in part", "Radio can be played", "with vod ticked", "not_authorized"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	if err := kit.Sandbox.SetToken(sandbox.Token{Value: "radio-only", Revoked: true}); err != nil {
		t.Fatal(err)
	}
	owner.Post(connectionURL+"/test", nil).WantStatus(http.StatusSeeOther)
	text = owner.Get(connectionURL).WantStatus(http.StatusOK).Text(".admin-body")
	if !strings.Contains(text, "nobody can play") || !strings.Contains(text, "wrong or revoked") {
		t.Errorf("a revoked token: %s", text)
	}
}

// What cannot be found out is not called wrong.
func TestConnection_supplierDown(t *testing.T) {
	kit := testkit.New(t, ownToken)
	_ = kit.Sandbox.SetMode(sandbox.ModeDown)
	owner := kit.As(t, "owner")
	owner.Post(connectionURL, connectionForm(kit.APIToken)).WantStatus(http.StatusSeeOther)
	page := owner.Get(connectionURL).WantStatus(http.StatusOK)
	if text := page.Text(".panel"); findings(page) != "not known" || !strings.Contains(text, "Not checked yet") || !strings.Contains(text, "fault of its own") {
		t.Errorf("findings %q: %s", findings(page), text)
	}
	if flash := page.Text(".flash"); !strings.Contains(flash, "could not be tested yet") || page.Doc().Find(".publication .badge-good").Length() != 0 {
		t.Errorf("flash %q, state %q", flash, page.Text(".publication"))
	}
	if text := owner.Get("/admin").Text(".problems"); !strings.Contains(text, "not checked yet") {
		t.Errorf("the overview says %q", text)
	}
	_ = kit.Sandbox.SetMode(sandbox.ModeOK)
	kit.Clock.Advance(2 * time.Minute)
	if err := kit.Site.Connection.Recheck(t.Context(), kit.Site.Supplier); err != nil {
		t.Fatal(err)
	}
	if text := owner.Get(connectionURL).Text(".panel"); !strings.Contains(text, "The connection works") {
		t.Errorf("after it was tested again: %s", text)
	}
}

// A token that Infomaniak refuses takes no other's place, unless the owner wants it.
func TestConnection_wrongToken(t *testing.T) {
	kit := testkit.New(t, ownToken)
	owner := kit.As(t, "owner")
	page := owner.Post(connectionURL, connectionForm("wrong-token")).WantStatus(http.StatusUnprocessableEntity)
	if text := page.Text(".admin-body"); !strings.Contains(text, "It was not saved") || page.Doc().Find("#anyway").Length() != 1 {
		t.Errorf("the first one, wrong: %s", text)
	}
	owner.Post(connectionURL, connectionForm(kit.APIToken)).WantStatus(http.StatusSeeOther)
	kit.Clock.Advance(2 * time.Minute) // our own calls are free again
	if owner.Get(connectionURL).Doc().Find("#anyway").Length() != 0 {
		t.Error("saving it anyway is offered before anything was refused")
	}
	page = owner.Post(connectionURL, connectionForm("wrong-token")).WantStatus(http.StatusUnprocessableEntity)
	if text := page.Text(".admin-body"); !strings.Contains(text, "The one in use stays") || !strings.Contains(page.Text("#token-error"), "paste it once more") {
		t.Errorf("refused: %s", text)
	}
	if strings.Contains(page.Body, "wrong-token") {
		t.Error("the page holds the token")
	}
	state, err := kit.Site.Connection.Get(t.Context())
	if err != nil || state.Ending != "6789" || !state.Report.Works() {
		t.Errorf("state %+v, %v", state, err)
	}
	form := connectionForm("")
	form.Set("anyway", "yes")
	page = owner.Post(connectionURL, form).WantStatus(http.StatusUnprocessableEntity)
	if text := page.Text("#token-error"); !strings.Contains(text, "paste it once more") {
		t.Errorf("anyway, and nothing pasted: %q", text)
	}
	form.Set("token", "wrong-token")
	owner.Post(connectionURL, form).WantStatus(http.StatusSeeOther)
	page = owner.Get(connectionURL)
	if text := page.Text(".publication"); !strings.Contains(text, "nobody can play") || page.Doc().Find(".publication .badge-good").Length() != 0 {
		t.Errorf("saved all the same: %s", text)
	}
	if text := owner.Get("/admin").Text(".problems"); !strings.Contains(text, "lets nobody in") {
		t.Errorf("the overview says %q", text)
	}
}

// Nothing is saved or tested where there is no token.
func TestConnection_nothingPasted(t *testing.T) {
	kit := testkit.New(t, ownToken)
	owner := kit.As(t, "owner")
	for _, path := range []string{connectionURL, connectionURL + "/test"} {
		page := owner.Post(path, connectionForm("  ")).WantStatus(http.StatusUnprocessableEntity)
		if text := page.Text("#token-error"); text != "Paste a token first." {
			t.Errorf("%s says %q", path, text)
		}
	}
	if state, err := kit.Site.Connection.Get(t.Context()); err != nil || !state.Report.At.IsZero() || !state.ChangedAt.IsZero() {
		t.Errorf("state %+v, %v", state, err)
	}
	if kit.Sandbox.Calls().Lookups != 0 {
		t.Errorf("Infomaniak was asked: %+v", kit.Sandbox.Calls())
	}
}

// Tests that use up our own calls take nothing from what was found before.
func TestConnection_callsUsedUp(t *testing.T) {
	kit := testkit.New(t, ownToken)
	owner := kit.As(t, "owner")
	owner.Post(connectionURL, connectionForm(kit.APIToken)).WantStatus(http.StatusSeeOther)
	for range 4 {
		owner.Post(connectionURL+"/test", nil).WantStatus(http.StatusSeeOther)
	}
	text := owner.Get(connectionURL).Text(".panel")
	if !strings.Contains(text, "The connection works") || !strings.Contains(text, "could not be tested again") {
		t.Errorf("the page says %s", text)
	}
	if text := owner.Get("/admin/setup").Text("main"); !strings.Contains(text, "The token works") {
		t.Errorf("the list says %s", text)
	}
	// What replaces it was not tested and says so.
	form := connectionForm("")
	form.Set("account", "48213")
	owner.Post(connectionURL, form).WantStatus(http.StatusSeeOther)
	if text := owner.Get("/admin/setup").Text("main"); !strings.Contains(text, "Not checked yet: try again in a minute") {
		t.Errorf("the list says %s", text)
	}
}

// Nothing is changed long after the sign-in; a test is not dangerous.
func TestConnection_wantsProof(t *testing.T) {
	kit := testkit.New(t, ownToken)
	owner := kit.As(t, "owner")
	owner.Post(connectionURL, connectionForm(kit.APIToken)).WantStatus(http.StatusSeeOther)
	kit.Clock.Advance(paywall.FreshFor)
	page := owner.Get(connectionURL).WantStatus(http.StatusOK)
	if page.Doc().Find("fieldset:not([disabled])").Length() != 0 || page.Doc().Find("form[action='"+connectionURL+"'] button").Length() != 0 {
		t.Error("the form can be filled in")
	}
	for _, path := range []string{connectionURL, connectionURL + "/forget"} {
		answer := owner.Post(path, connectionForm("another")).WantStatus(http.StatusSeeOther)
		if got := answer.Header.Get("Location"); !strings.HasPrefix(got, "/account/prove") {
			t.Errorf("%s leads to %q", path, got)
		}
	}
	owner.Post(connectionURL+"/test", nil).WantStatus(http.StatusSeeOther)
	if state, err := kit.Site.Connection.Get(t.Context()); err != nil || state.Ending != "6789" || state.Report.At.IsZero() {
		t.Errorf("state %+v, %v", state, err)
	}
}

func TestConnection_forget(t *testing.T) {
	kit := testkit.New(t, ownToken)
	owner, anna := kit.As(t, "owner"), kit.As(t, "anna")
	owner.Post(connectionURL, connectionForm(kit.APIToken)).WantStatus(http.StatusSeeOther)
	anna.Get("/watch/le-concert").WantStatus(http.StatusOK)
	owner.Post(connectionURL+"/forget", nil).WantStatus(http.StatusSeeOther)
	kit.Clock.Advance(paywall.FreshFor / 2) // anna's own token of before is forgotten
	anna.Get("/watch/le-concert").WantStatus(http.StatusServiceUnavailable)
	if notice := owner.Get("/admin/items").Text(".notice"); !strings.Contains(notice, "no API token") {
		t.Errorf("notice %q", notice)
	}
	owner.Post(connectionURL+"/forget", nil).WantStatus(http.StatusSeeOther)
}

// A token in the environment holds; the page says so and changes nothing.
func TestConnection_ofTheOperator(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	page := owner.Get(connectionURL).WantStatus(http.StatusOK)
	if !strings.Contains(page.Text(".publication"), "USHER_INFOMANIAK_TOKEN") || page.Doc().Find("#token").Length() != 0 {
		t.Errorf("state %q", page.Text(".publication"))
	}
	owner.Post(connectionURL, connectionForm("another")).WantStatus(http.StatusUnprocessableEntity)
	page = owner.Post(connectionURL+"/forget", nil).WantStatus(http.StatusUnprocessableEntity)
	if !strings.Contains(page.Text("main"), "configuration") {
		t.Errorf("forgetting it says %q", page.Text("main"))
	}
	owner.Post(connectionURL+"/test", nil).WantStatus(http.StatusSeeOther)
	if got := findings(owner.Get(connectionURL)); strings.Contains(got, "no") || got == "" {
		t.Errorf("findings %q", got)
	}
}

// A number that is needed, and was tried, stands in the field already.
func TestConnection_suggestsTheOrganisation(t *testing.T) {
	kit := testkit.New(t, ownToken)
	all := []sandbox.Scope{sandbox.ScopeRadio, sandbox.ScopeVOD}
	if err := kit.Sandbox.SetToken(sandbox.Token{Scopes: all, NeedsAccount: true}); err != nil {
		t.Fatal(err)
	}
	owner := kit.As(t, "owner")
	owner.Post(connectionURL, connectionForm(kit.APIToken)).WantStatus(http.StatusSeeOther)
	page := owner.Get(connectionURL).WantStatus(http.StatusOK)
	number := page.Attr("#account", "value")
	if number != "48213" || !strings.Contains(page.Text(".findings"), "It is 48213") {
		t.Fatalf("suggested %q: %s", number, page.Text(".findings"))
	}
	form := connectionForm("")
	form.Set("account", number)
	owner.Post(connectionURL, form).WantStatus(http.StatusSeeOther)
	if text := owner.Get(connectionURL).Text(".admin-body"); !strings.Contains(text, "The connection works") {
		t.Errorf("after saving it: %s", text)
	}
}
