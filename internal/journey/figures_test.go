package journey

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"usher/internal/testkit"
	"usher/paywall"
)

// TestListening: players that really play are counted, for as long as they do. A
// page that is loaded again is no new play, with an account or without.
func TestListening(t *testing.T) {
	t.Parallel()
	kit := running(t)
	anna, guest, owner := signedIn(t, kit, "anna"), visitor(t, kit), signedIn(t, kit, "owner")
	anna.visit("/listen/radio-lumiere")
	guest.visit("/listen/promo")
	wantFigures(t, kit, 2, 0) // tokens were handed out, and nobody pressed play
	for _, b := range []*tab{anna, guest} {
		b.click("[data-play]")
		b.waitPlaying()
	}
	wantFigures(t, kit, 2, 2)
	owner.visit("/admin")
	owner.wants(".figures div:first-child", "Listening now")
	owner.wants(".figures div:first-child .figure", "2")

	for _, b := range []*tab{anna, guest} {
		b.reload()
	}
	wantFigures(t, kit, 2, 0)
	for _, b := range []*tab{anna, guest} {
		b.click("[data-play]")
		b.waitPlaying()
	}
	wantFigures(t, kit, 2, 2)
	anna.click("[data-play]")
	wantFigures(t, kit, 2, 1)
	guest.visit("/")
	wantFigures(t, kit, 2, 0)

	film := anna.another(t)
	film.visit("/watch/le-concert")
	film.pressFrame()
	film.waitFor("document.querySelector('[data-player]').dataset.status === 'playing'", soundLimit)
	wantFigures(t, kit, 3, 1)
	film.visit("/")
	wantFigures(t, kit, 3, 0)
}

// wantFigures waits for the reports of the players to come in.
func wantFigures(t *testing.T, kit *testkit.Kit, plays, listening int) {
	t.Helper()
	deadline := time.Now().Add(stepLimit)
	for {
		kit.Site.Plays.Flush(t.Context())
		counted, playing := 0, 0
		days, err := kit.Site.Store.DayAmounts(t.Context(), paywall.CountPlays, "2000", "3000")
		if err != nil {
			t.Fatal(err)
		}
		for _, day := range days {
			counted += day.Amount
		}
		items, err := kit.Site.Store.Listening(t.Context(), kit.Clock.Now().Add(-paywall.ListeningFor))
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			playing += item.Amount
		}
		if counted == plays && playing == listening {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d plays and %d listening, want %d and %d", counted, playing, plays, listening)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// TestLooksFigures looks at the overview and the record of changes: filled, empty,
// and with what goes wrong.
func TestLooksFigures(t *testing.T) {
	t.Parallel()
	needAxe(t)
	kit := running(t)
	anna, owner := signedIn(t, kit, "anna"), signedIn(t, kit, "owner")
	owner.inspect(t, 200, "overview of nothing", "/admin")
	anna.visit("/listen/radio-lumiere")
	visitor(t, kit).visit("/listen/radio-lumiere")
	kit.Site.Plays.Flush(t.Context())
	item, err := kit.Site.Store.ItemBySlug(t.Context(), "le-concert")
	if err != nil {
		t.Fatal(err)
	}
	if err := kit.Site.Store.SetSourceTrouble(t.Context(), item.Sources[0].ID, fmt.Sprint("trouble.token supplier answered ", http.StatusUnauthorized), kit.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	for n := range 30 {
		count := paywall.DayCount{Kind: paywall.CountPlays, Day: paywall.DayName(kit.Clock.Now().AddDate(0, 0, -n), time.UTC), ItemID: item.ID}
		if err := kit.Site.Store.AddCount(t.Context(), count, 1000+(n*n*37)%900); err != nil {
			t.Fatal(err)
		}
	}
	owner.inspect(t, 200, "overview", "/admin")
	owner.inspect(t, 200, "record", "/admin/audit")
	owner.inspect(t, 200, "record of nothing", "/admin/audit?q=nothing-like-this&from=soon")
}
