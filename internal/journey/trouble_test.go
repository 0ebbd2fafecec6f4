package journey

import (
	"testing"
	"time"

	"usher/internal/config"
	"usher/internal/infomaniak/sandbox"
	"usher/internal/testkit"
)

// refreshLimit is how long a page may take to come back by itself.
const refreshLimit = 25 * time.Second

// TestSupplierDown: while the supplier fails, the page says so; when it is back,
// the page comes back by itself, and it plays.
func TestSupplierDown(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := signedIn(t, kit, "anna")
	b.watch.expectPage(503)
	setMode(t, kit, sandbox.ModeDown)
	if status := b.visitStatus("/listen/radio-lumiere"); status != 503 {
		t.Fatalf("status %d\n%s", status, b.describe())
	}
	b.wants("h1", "The player cannot start at the moment")
	if b.count(media) != 0 {
		t.Error("the page holds a player that cannot play")
	}
	setMode(t, kit, sandbox.ModeOK)
	b.waitFor("document.querySelector('[data-player]')", refreshLimit)
	b.click("[data-play]")
	b.waitPlaying()
}

func setMode(t *testing.T, kit *testkit.Kit, mode sandbox.Mode) {
	t.Helper()
	if err := kit.Sandbox.SetMode(mode); err != nil {
		t.Fatal(err)
	}
}

// TestCrowd: when more people start than the supplier allows, the next one reads
// a place in the line, and the page starts by itself.
func TestCrowd(t *testing.T) {
	t.Parallel()
	kit := running(t, func(c *config.Config) { c.MintsPerMinute = 1 })
	first, second := signedIn(t, kit, "anna"), signedIn(t, kit, "owner")
	second.watch.expectPage(503)
	first.visit("/listen/radio-lumiere")
	kit.Clock.Advance(54 * time.Second) // the minute is nearly over: the wait in the line is short
	if status := second.visitStatus("/listen/studio-ouvert"); status != 503 {
		t.Fatalf("status %d\n%s", status, second.describe())
	}
	second.wants("h1", "Many people are starting right now")
	second.wants(".lead", "You are number 1 in the line")
	second.waitFor("document.querySelector('[data-player]')", refreshLimit)
	second.click("[data-play]")
	second.waitPlaying()
}
