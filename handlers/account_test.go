package handlers_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/internal/demo"
	"usher/internal/testkit"
	"usher/paywall"
)

func TestProfile(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	form := url.Values{"name": {"Anna Ärger"}, "language": {"de"}, "zone": {"America/New_York"}, "mail_devices": {"1"}}
	anna.Post("/account/profile", form).WantStatus(http.StatusSeeOther)
	page := anna.Get("/account").WantStatus(http.StatusOK)
	if page.Attr("#name", "value") != "Anna Ärger" || page.Attr("html", "lang") != "de" {
		t.Errorf("the profile was not kept: name %q, language %q", page.Attr("#name", "value"), page.Attr("html", "lang"))
	}
	// Sunday 19:30 in Zurich is 13:30 in New York.
	if security := anna.Get("/account/security"); !strings.Contains(security.Body, "13:30") {
		t.Error("times are not shown in the chosen zone")
	}
	user, err := kit.Site.Store.UserByEmail(t.Context(), "anna@demo.test")
	if err != nil || user.QuietDevices || !user.QuietAccess || user.Zone != "America/New_York" {
		t.Errorf("stored %+v, %v", user, err)
	}
	for _, zone := range []string{"Mars/Olympus", "Local", "../../etc/passwd", strings.Repeat("x", 100)} {
		form.Set("zone", zone)
		anna.Post("/account/profile", form).WantStatus(http.StatusUnprocessableEntity)
	}
	form.Set("zone", "")
	form.Set("role", "owner")
	form.Set("language", "xx")
	anna.Post("/account/profile", form).WantStatus(http.StatusSeeOther)
	if user, err = kit.Site.Store.UserByEmail(t.Context(), "anna@demo.test"); err != nil || user.Role != paywall.RoleMember || user.Language != "" {
		t.Errorf("stored %+v, %v", user, err)
	}
}

func TestLanguage_isKeptForMails(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	anna.Post("/language", url.Values{"lang": {"fr"}, "next": {"/account"}}).WantStatus(http.StatusSeeOther)
	kit.Client(t).Post("/login/code", url.Values{"email": {"anna@demo.test"}})
	if letter := kit.Letter(t, "anna@demo.test"); letter.Language != "fr" {
		t.Errorf("the mail is in %q", letter.Language)
	}
	elsewhere := kit.As(t, "anna")
	if page := elsewhere.Get("/account"); page.Attr("html", "lang") != "fr" {
		t.Errorf("another browser shows %q after the sign-in", page.Attr("html", "lang"))
	}
}

func TestSessions_endOne(t *testing.T) {
	kit := testkit.New(t)
	phone, laptop, ben := kit.As(t, "anna"), kit.As(t, "anna"), kit.As(t, "ben")
	ends := laptop.Get("/account/security").Doc().Find(`form[action^="/account/sessions/"][action$="/end"]`).
		Not(`[action="/account/sessions/end"]`)
	if ends.Length() != 1 {
		t.Fatalf("%d other sessions are shown", ends.Length())
	}
	path, _ := ends.Attr("action")
	ben.Post(path, url.Values{}).WantStatus(http.StatusNotFound)
	phone.Get("/account").WantStatus(http.StatusOK)
	laptop.Post(path, url.Values{}).WantStatus(http.StatusSeeOther)
	phone.Get("/account").WantStatus(http.StatusSeeOther)
	laptop.Get("/account").WantStatus(http.StatusOK)
}

func TestPasswordChange(t *testing.T) {
	kit := testkit.New(t)
	phone, laptop := kit.As(t, "anna"), kit.As(t, "anna")
	before := laptop.Cookies()[0].Value
	wrong := laptop.Post("/account/password", url.Values{"current": {"nonsense-nonsense"}, "password": {newPassword}}).
		WantStatus(http.StatusUnprocessableEntity)
	if wrong.Doc().Find("#current[aria-invalid]").Length() != 1 {
		t.Error("it is not said that the current password is wrong")
	}
	laptop.Post("/account/password", url.Values{"current": {demo.Password}, "password": {newPassword}}).WantStatus(http.StatusSeeOther)
	phone.Get("/account").WantStatus(http.StatusSeeOther)
	laptop.Get("/account").WantStatus(http.StatusOK)
	if laptop.Cookies()[0].Value == before {
		t.Error("the session goes on under the old id")
	}
	told := slices.ContainsFunc(kit.Letters(t, "anna@demo.test"), func(q testkit.Queued) bool { return q.Kind == paywall.MailPassword })
	if !told {
		t.Error("the person is not told")
	}
}

// TestDangerous_needsAProof: an hour after the sign-in, what is dangerous asks
// once more who one is, and leads back.
func TestDangerous_needsAProof(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	anna.Header.Set("Referer", kit.Config.BaseURL.String()+"/account/data")
	kit.Clock.Advance(paywall.FreshFor)
	for _, path := range []string{
		"/account/email", "/account/factor/begin", "/account/factor/off", "/account/factor/codes",
		"/account/data/export", "/account/passkeys/x/remove", "/account/identities/x/remove",
	} {
		answer := anna.Post(path, url.Values{"email": {"new@demo.test"}})
		if to := answer.Header.Get("Location"); answer.Status != http.StatusSeeOther || to != "/account/prove?next=%2Faccount%2Fdata" {
			t.Errorf("%s: status %d to %q", path, answer.Status, to)
		}
	}
	if answer := anna.Post("/account/delete", url.Values{"sure": {"1"}}); !strings.HasPrefix(answer.Header.Get("Location"), "/account/prove") {
		t.Error("the account can be deleted without a proof")
	}
	anna.Do(http.MethodPost, "/account/passkeys/begin", "application/json", nil).WantStatus(http.StatusForbidden)
	anna.Post("/account/prove", url.Values{"password": {"wrong-wrong-wrong"}}).WantStatus(http.StatusUnprocessableEntity)
	done := anna.Post("/account/prove", url.Values{"password": {demo.Password}, "next": {"/account/data"}}).WantStatus(http.StatusSeeOther)
	if done.Header.Get("Location") != "/account/data" {
		t.Errorf("the proof leads to %q", done.Header.Get("Location"))
	}
	anna.Post("/account/data/export", url.Values{}).WantStatus(http.StatusOK)
}

func TestExport(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	anna.Post("/account/profile", url.Values{"name": {"=HYPERLINK(1)"}, "mail_access": {"1"}})
	answer := anna.Post("/account/data/export", url.Values{"format": {"json"}}).WantStatus(http.StatusOK)
	if !strings.Contains(answer.Header.Get("Content-Disposition"), "attachment") {
		t.Error("the export is shown instead of saved")
	}
	var out struct{ Data map[string][]map[string]any }
	answer.JSON(&out)
	if len(out.Data["users"]) != 1 || out.Data["users"][0]["email"] != "anna@demo.test" || len(out.Data["grants"]) == 0 || len(out.Data["sessions"]) != 1 {
		t.Errorf("the export lacks something: %s", answer.Body)
	}
	if strings.Contains(answer.Body, "argon2id") || strings.Contains(answer.Body, "hash") {
		t.Error("the export holds a secret")
	}
	lines, err := csv.NewReader(strings.NewReader(anna.Post("/account/data/export", url.Values{"format": {"csv"}}).Body)).ReadAll()
	if err != nil || len(lines) < 10 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for _, line := range lines {
		if line[2] == "name" && line[3] != "'=HYPERLINK(1)" {
			t.Errorf("a formula in the CSV: %q", line[3])
		}
	}
}

func TestDeleteAccount(t *testing.T) {
	kit := testkit.New(t)
	anna, elsewhere := kit.As(t, "anna"), kit.As(t, "anna")
	anna.Post("/account/delete", url.Values{}).WantStatus(http.StatusUnprocessableEntity)
	anna.Get("/account").WantStatus(http.StatusOK)
	done := anna.Post("/account/delete", url.Values{"sure": {"1"}}).WantStatus(http.StatusSeeOther)
	if page := anna.Get(done.Header.Get("Location")); !strings.Contains(page.Text("[role=status]"), "deleted") {
		t.Error("it is not said that the account is gone")
	}
	elsewhere.Get("/account").WantStatus(http.StatusSeeOther)
	kit.Client(t).Post("/login", url.Values{"email": {"anna@demo.test"}, "password": {demo.Password}}).WantStatus(http.StatusUnprocessableEntity)
	if letter := kit.Letter(t, "anna@demo.test"); letter.Kind != paywall.MailDeleted || letter.UserID != "" {
		t.Errorf("the last mail is %+v", letter.Mail)
	}
	if err := kit.Site.Mail.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantNowhere(t, kit, "anna@demo.test", "Anna")
	// The address is free again, and nothing is inherited.
	fresh := kit.Client(t)
	signUp(t, fresh, "anna@demo.test", newPassword, "/listen/radio-lumiere")
	fresh.Post("/code", url.Values{"code": {kit.Letter(t, "anna@demo.test").Code}}).WantStatus(http.StatusSeeOther)
	if fresh.Get("/listen/radio-lumiere").Doc().Find("audio").Length() != 0 {
		t.Error("a new account inherits from a deleted one")
	}
	owner := kit.As(t, "owner")
	owner.Post("/account/delete", url.Values{"sure": {"1"}}).WantStatus(http.StatusUnprocessableEntity)
	owner.Get("/admin/items").WantStatus(http.StatusOK)
}

// wantNowhere looks for words in the whole database file and its log.
func wantNowhere(t *testing.T, kit *testkit.Kit, words ...string) {
	t.Helper()
	rows, err := kit.Site.Store.ExportPersonal(t.Context(), paywall.User{ID: "nobody", Email: words[0]})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	audit, err := kit.Site.Store.RecentAudit(t.Context(), 1000, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range audit {
		text = append(text, line.Actor.Name+" "+line.Detail+"\n"...)
	}
	for _, word := range words {
		if strings.Contains(string(text), word) {
			t.Errorf("%q is still there: %s", word, text)
		}
	}
}

// TestSecrets_nowhere: codes and links of mails stand in no log line and nowhere
// in the database files, whatever is done with them.
func TestSecrets_nowhere(t *testing.T) {
	kit := testkit.New(t, noLimits)
	c := kit.Client(t)
	var secrets []string
	note := func(email string) testkit.Queued {
		letter := kit.Letter(t, email)
		secrets = append(secrets, letter.Code, strings.TrimPrefix(letter.Path, "/link/"))
		return letter
	}
	signUp(t, c, newcomer, newPassword, "/")
	letter := note(newcomer)
	c.Post("/code", url.Values{"code": {"000000"}})
	c.Get(letter.Path)
	c.Get(letter.Path + "x").WantStatus(http.StatusUnprocessableEntity)
	c.Post("/code", url.Values{"code": {letter.Code}}).WantStatus(http.StatusSeeOther)
	c.Post("/forgot", byEmail("ben@demo.test"))
	reset := note("ben@demo.test")
	c.Post("/link", url.Values{"secret": {strings.TrimPrefix(reset.Path, "/link/")}, "password": {newPassword}}).WantStatus(http.StatusSeeOther)
	kit.Client(t).Post("/login/code", byEmail("carla@demo.test"))
	note("carla@demo.test")
	if err := kit.Site.Mail.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	kit.Clock.Advance(time.Hour)

	held := []byte(kit.Log.String())
	files, err := filepath.Glob(strings.TrimPrefix(kit.Config.DatabaseURL, "sqlite:") + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no database: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, text...)
	}
	for _, secret := range append(secrets, newPassword) {
		if strings.Contains(string(held), secret) {
			t.Errorf("%q can be read", secret)
		}
	}
}

func TestSecurity_keepsTheTypedAddress(t *testing.T) {
	anna := testkit.New(t).WithSession(t, "anna")
	page := anna.Post("/account/email", url.Values{"email": {"nora at home"}}).WantStatus(http.StatusUnprocessableEntity)
	if typed := page.Attr("#email", "value"); typed != "nora at home" {
		t.Errorf("the form holds %q", typed)
	}
}
