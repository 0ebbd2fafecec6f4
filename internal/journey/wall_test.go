package journey

import "testing"

// media is everything that could play.
const media = "audio, video, iframe, source, [data-player]"

// wall is what somebody finds at an item instead of its player.
type wall struct{ path, reason, words string }

// walls are the walls of the demo, by person; nobody is signed out.
var walls = map[string][]wall{
	"": {
		{"/listen/radio-lumiere", "signed_out", "Please sign in"},
		{"/listen/studio-ouvert", "signed_out", "Please sign in"},
		{"/watch/le-concert", "signed_out", "Please sign in"},
	},
	"ben": {
		{"/listen/radio-lumiere", "no_grant", "Your account has no access to this"},
		{"/watch/le-concert", "no_grant", "Your account has no access to this"},
	},
	"carla": {
		{"/listen/radio-lumiere", "grant_ended", "Your access has ended"},
		{"/watch/le-concert", "grant_ended", "Your access has ended"},
	},
	"anna": {
		{"/watch/premiere", "not_yet_open", "Not open yet"},
	},
}

// TestWall: who may not play reads why, and the page holds nothing that plays.
func TestWall(t *testing.T) {
	t.Parallel()
	kit := running(t)
	for person, found := range walls {
		t.Run("as "+person, func(t *testing.T) {
			b := visitor(t, kit)
			if person != "" {
				b.visit("/login")
				b.signIn(person)
			}
			for _, w := range found {
				b.visit(w.path)
				b.wantsWall(w.reason, w.words)
			}
		})
	}
	if mints := kit.Mints(); mints != 0 {
		t.Errorf("%d tokens were drawn for people in front of a wall", mints)
	}
}

// wantsWall checks that the page is a wall for a reason.
func (b *tab) wantsWall(reason, words string) {
	b.t.Helper()
	if got := eval[string](b, "document.querySelector('.door')?.dataset.reason || ''"); got != reason {
		b.t.Fatalf("reason %q, want %q\n%s", got, reason, b.describe())
	}
	b.wants(".door h2", words)
	if n := b.count(media); n != 0 {
		b.t.Errorf("%d elements that could play stand in the page", n)
	}
	if asked := b.watch.asked("GET", b.kit.SandboxURL); asked != 0 {
		b.t.Errorf("%d requests went to the supplier", asked)
	}
}

// TestDraft: a draft answers like an address that does not exist.
func TestDraft(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := signedIn(t, kit, "anna")
	b.watch.expectPage(404)
	if status := b.visitStatus("/watch/brouillon"); status != 404 {
		t.Fatalf("status %d", status)
	}
	draft := b.text("main")
	b.visitStatus("/watch/nothing-of-that-name")
	if other := b.text("main"); withoutReference(other) != withoutReference(draft) {
		t.Errorf("a draft says %q, nothing says %q", draft, other)
	}
}

// TestWallToPlayer: a visitor in front of the wall signs in, is back at the item,
// and it plays.
func TestWallToPlayer(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := visitor(t, kit)
	b.visit("/listen/radio-lumiere")
	b.follow(".door a.button-main")
	b.signIn("anna")
	if b.path() != "/listen/radio-lumiere" {
		t.Fatalf("after the sign-in at %s", b.path())
	}
	b.click("[data-play]")
	b.waitPlaying()
}
