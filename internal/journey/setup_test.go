package journey

import (
	"testing"
	"time"

	"usher/internal/testkit"
	"usher/paywall"
)

// TestFirstRun is a new owner's way on a phone, on an empty database: from the
// address on the console to a station that plays for an invited listener, and to
// the page that says so. The guide leads; nothing is typed that a person would not
// type.
func TestFirstRun(t *testing.T) {
	t.Parallel()
	needBrowser(t)
	kit := testkit.NewEmpty(t)
	kit.Clock.Run()
	path, _, err := kit.Site.Auth.OfferSetup(t.Context(), paywall.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	owner := visitor(t, kit).onPhone()
	owner.visit(path)
	owner.fill("#email", "olivia@radio.test")
	owner.fill("#password", newPassword)
	owner.follow(mainButton)
	owner.wants(".flash", "you are signed in")

	owner.follow(".admin-body > .actions .button-main")
	owner.replace("#name", "Radio Phare")
	owner.follow(`form[action="/admin/settings/look"] .button-main`)
	owner.wants(".guide .fact-done", "Radio Phare")

	owner.goOn("/admin/settings/connection")
	owner.fill("#token", kit.APIToken)
	owner.follow(`form[action="/admin/settings/connection"] .button-main`)
	owner.wants(".guide .fact-done", "The token works.")

	owner.goOn("/admin/settings/mail")
	owner.follow(`form[action="/admin/settings/mail"] button`)
	if err := kit.Site.Mail.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	owner.waitFor(`document.querySelector('.guide .fact-done')`, stepLimit) // the page looks again by itself

	owner.goOn("/admin/items/import")
	owner.follow(`form[action="/admin/items/import/read"] .button-main`)
	owner.works(kit)
	owner.follow(".actions .button-main")
	owner.click("#s0")
	owner.follow(`form[action="/admin/items/import/plan"] .button-main`)
	owner.follow(`.admin-body form .button-main`)
	owner.works(kit)
	owner.wants(".guide .fact-done", "1 item is published.")

	owner.goOn("/admin/health")
	owner.follow(`form[action="/admin/health/check"] button`)
	if err := kit.Site.Probes.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	owner.reload()
	owner.wants(".guide .fact-done", "Nothing plays without a token, and everything with one.")

	owner.goOn("/admin/settings/sign-up")
	owner.click("#sign_up-invitation")
	owner.follow(`form[action="/admin/settings/sign-up"] .button-main`)

	owner.goOn("/admin/setup/invite")
	owner.fill("#email", newcomer)
	owner.follow("form .button-main[name=how]")
	owner.wants(".guide .fact-done", newcomer)

	nora := visitor(t, kit).onPhone()
	nora.visit(kit.Letter(t, newcomer).Path)
	nora.follow(`form[action="/link"] .button-main`)
	if nora.path() != "/listen/radio-lumiere" {
		t.Fatalf("the invitation leads to %s", nora.path())
	}
	nora.click("[data-play]")
	nora.waitPlaying()
	t.Logf("from the first page to sound for the invited listener: %s", time.Since(began).Round(time.Second))

	owner.goOn("/admin/setup/listen")
	owner.follow(".panel .button-main")
	owner.click("[data-play]")
	owner.waitPlaying()
	owner.follow("main a[href='/admin/setup']")
	deadline := time.Now().Add(stepLimit)
	for owner.count(".actions a[href='/']") == 0 && time.Now().Before(deadline) {
		kit.Site.Plays.Flush(t.Context()) // the player tells a moment later that it plays
		owner.reload()
	}
	owner.wants("h1", "Everything is ready.")

	stranger := visitor(t, kit).onPhone()
	stranger.visit("/listen/radio-lumiere")
	if n := stranger.count("audio"); n != 0 {
		t.Error("a stranger has a player")
	}
}

// works lets the run that the page shows come to its end.
func (b *tab) works(kit *testkit.Kit) {
	b.t.Helper()
	if err := kit.Site.Imports.Work(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.reload()
	b.wants(".badge-good", "Done")
}

// goOn follows the guide to the next step.
func (b *tab) goOn(path string) {
	b.t.Helper()
	b.follow(".guide .button-main")
	if got := b.path(); got != path {
		b.t.Fatalf("the guide leads to %s, want %s\n%s", got, path, b.describe())
	}
}

// replace types over what stands in a field.
func (b *tab) replace(selector, text string) {
	b.t.Helper()
	eval[string](b, "document.querySelector("+quote(selector)+").value = ''")
	b.fill(selector, text)
}
