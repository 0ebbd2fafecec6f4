package journey

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/internal/config"
	"usher/internal/testkit"
	"usher/paywall"
)

// sleeper lets a page's wall clock jump, as after the sleep of a device, whose
// other clock may have stood still.
const sleeper = `(() => {
	let shift = 0;
	const now = Date.now;
	Date.now = () => now() + shift;
	window.journeySleep = (seconds) => { shift += 1000 * seconds; };
})();`

// recorder keeps every state that the player shows, and what it says then.
const recorder = `document.addEventListener('DOMContentLoaded', () => {
	const root = document.querySelector('[data-player]');
	window.journeyStates = [];
	if (!root) return;
	new MutationObserver(() => {
		const line = root.dataset.status + ': ' + root.querySelector('[data-state]').textContent;
		if (line !== window.journeyStates.at(-1)) window.journeyStates.push(line);
	}).observe(root, { attributes: true, childList: true, characterData: true, subtree: true });
});`

// waitPlaying waits until the player says that the sound goes on.
func (b *tab) waitPlaying() {
	b.t.Helper()
	b.waitFor("document.querySelector('[data-player]').dataset.status === 'playing_live'", soundLimit)
}

// sleep lets time pass for the site, the supplier and the page.
func (b *tab) sleep(d time.Duration) {
	b.t.Helper()
	b.kit.Clock.Advance(d)
	b.waitFor("window.journeySleep("+number(d.Seconds())+") || true", time.Second)
}

// TestStaleToken: a page is left open until its token is over. Pressing play asks
// for a new one, once, and it plays.
func TestStaleToken(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := signedIn(t, kit, "anna")
	b.before(sleeper)
	b.visit("/listen/radio-lumiere")
	old := eval[string](b, "document.querySelector('audio').src")
	b.sleep(2 * time.Hour)
	if status := statusOf(t, old); status != http.StatusForbidden {
		t.Fatalf("the old token is answered %d: it should be over", status)
	}
	mints := kit.Mints()
	b.click("[data-play]")
	b.waitPlaying()
	b.waitFor("document.querySelector('audio').currentTime >= 3", soundLimit)
	if n := b.watch.asked("POST", "/play/radio-lumiere/token"); n != 1 {
		t.Errorf("asked %d times for a new token", n)
	}
	if n := kit.Mints() - mints; n != 1 {
		t.Errorf("%d tokens were drawn", n)
	}
}

// TestStaleFilm: who comes back to a film whose token is over finds a new one in
// the frame, and it plays.
func TestStaleFilm(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := signedIn(t, kit, "anna")
	b.before(sleeper)
	b.visit("/watch/le-concert")
	old := eval[string](b, "document.querySelector('iframe').src")
	b.sleep(8 * time.Hour)
	b.waitFor("window.dispatchEvent(new Event('focus'))", time.Second)
	b.waitFor("document.querySelector('iframe').src !== "+quote(old), stepLimit)
	b.tellPositions()
	fresh := eval[string](b, "document.querySelector('iframe').src")
	b.waitForFrame("location.href === "+quote(fresh)+" && document.querySelector('video')?.readyState >= 1", stepLimit)
	b.pressFrame()
	b.waitFor("window.journeyRise >= 2", soundLimit)
	if n := b.watch.asked("POST", "/play/le-concert/token"); n != 1 {
		t.Errorf("asked %d times for a new token", n)
	}
}

// TestLostConnection: the line to the supplier breaks while a radio plays. The
// player says so, connects again with a new token, and plays on.
func TestLostConnection(t *testing.T) {
	t.Parallel()
	line := newLine(t)
	kit := running(t, func(c *config.Config) { c.MediaHosts = hosts(t, c.MediaHosts, line.url) })
	line.leadTo(kit.SandboxURL)
	throughLine(t, kit, "studio-ouvert", line)

	b := signedIn(t, kit, "anna")
	b.watch.expect(line.url) // what comes through a cut line fails
	b.before(recorder)
	b.visit("/listen/studio-ouvert")
	b.click("[data-play]")
	b.waitPlaying()
	old, mints := eval[string](b, "document.querySelector('audio').src"), kit.Mints()
	line.cut()
	b.waitFor("window.journeyStates.some((s) => s.startsWith('reconnecting: Connection lost'))", soundLimit)
	line.mend()
	b.waitFor("window.journeyStates.at(-1).startsWith('playing_live')", soundLimit)
	from := b.position()
	b.waitFor("document.querySelector('audio').currentTime >= "+number(from+2), soundLimit)
	if now := eval[string](b, "document.querySelector('audio').src"); now == old {
		t.Error("it plays with the old token")
	}
	drawn, asked := kit.Mints()-mints, b.watch.asked("POST", "/play/studio-ouvert/token")
	if drawn < 1 || drawn > 3 || drawn != asked {
		t.Errorf("%d tokens were drawn and %d asked for to connect again", drawn, asked)
	}
	states := eval[[]string](b, "window.journeyStates")
	if slices.ContainsFunc(states, func(s string) bool { return strings.HasPrefix(s, "failed") }) {
		t.Errorf("it gave up in between: %q", states)
	}
}

// hosts adds an address to those that media may come from.
func hosts(t *testing.T, known paywall.MediaHosts, more string) paywall.MediaHosts {
	t.Helper()
	all, err := paywall.ParseMediaHosts(append(known.Origins(), more))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// throughLine lets an item's stream come through a line.
func throughLine(t *testing.T, kit *testkit.Kit, slug string, line *line) {
	t.Helper()
	item, err := kit.Site.Store.ItemBySlug(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	for n := range item.Sources {
		item.Sources[n].URL = strings.Replace(item.Sources[n].URL, kit.SandboxURL, line.url, 1)
	}
	if err := kit.Site.Store.UpdateItem(t.Context(), item); err != nil {
		t.Fatal(err)
	}
}

// statusOf asks for an address and hangs up.
func statusOf(t *testing.T, url string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), stepLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}
