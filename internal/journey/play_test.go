package journey

import (
	"strings"
	"testing"
	"time"

	"usher/internal/testkit"
)

const (
	// sound is how far a player must get to prove that it plays on.
	sound = 10.0
	// soundLimit is how long that may take.
	soundLimit = 25 * time.Second
)

// noNativeHLS makes a browser of one that cannot play HLS by itself.
const noNativeHLS = `(() => {
	const can = HTMLMediaElement.prototype.canPlayType;
	HTMLMediaElement.prototype.canPlayType = function (type) {
		return /mpegurl/i.test(type) ? '' : can.call(this, type);
	};
})();`

// running starts a site whose clock runs, as a live playlist needs it.
func running(t *testing.T, options ...testkit.Option) *testkit.Kit {
	t.Helper()
	needBrowser(t)
	kit := testkit.New(t, options...)
	kit.Clock.Run()
	return kit
}

// quality is the link to a source by its label.
func (b *tab) quality(label string) string {
	b.t.Helper()
	href := eval[string](b, `[...document.querySelectorAll('.qualities a')].find((a) => a.innerText.trim() === `+
		quote(label)+`)?.getAttribute('href') || ''`)
	if href == "" {
		b.t.Fatalf("no quality %q\n%s", label, b.describe())
	}
	return href
}

// position is where the audio element is, in seconds.
func (b *tab) position() float64 {
	b.t.Helper()
	return eval[float64](b, "document.querySelector('audio').currentTime")
}

// radios are the ways in which a station plays.
var radios = []struct {
	name, label string
	before      string // a script that runs ahead of the page's own
	library     bool   // hls.js plays
}{
	{"mp3", "MP3 128 kbit/s", "", false},
	{"aac", "AAC 64 kbit/s", "", false},
	{"hls native", "HLS", "", false},
	{"hls.js", "HLS", noNativeHLS, true},
}

// TestPlay: Anna presses play, and each kind of source plays on for ten seconds.
// All play at the same time, to save time.
func TestPlay(t *testing.T) {
	t.Parallel()
	kit := running(t)
	anna := signedIn(t, kit, "anna")
	anna.visit("/listen/radio-lumiere")

	tabs := map[string]*tab{}
	for _, r := range radios {
		if r.library && kit.Site.Handler.Assets.HLS == "" {
			continue
		}
		b := anna.another(t)
		b.before(r.before)
		b.visit(anna.quality(r.label))
		b.click("[data-play]")
		tabs[r.name] = b
	}
	film := anna.another(t)
	film.visit("/watch/le-concert")
	film.tellPositions()
	film.pressFrame()

	for _, r := range radios {
		t.Run(r.name, func(t *testing.T) {
			if tabs[r.name] == nil {
				missing(t, "no hls.js: npm ci && npm run vendor in static/")
			}
			tabs[r.name].t = t
			tabs[r.name].wantsLive(r.library)
		})
	}
	t.Run("vod", func(t *testing.T) {
		film.t = t
		film.waitFor("window.journeyRise >= "+number(sound), soundLimit)
		film.wants("[data-state]", "Playing")
	})
}

// wantsLive checks that a radio has played for ten seconds in one go, in the way
// it should, and that the page says so.
func (b *tab) wantsLive(library bool) {
	b.t.Helper()
	b.waitPlaying()
	// Where a live playlist begins says nothing: what counts is the rise.
	b.waitFor(`(() => {
		const { played, currentTime } = document.querySelector('audio');
		return played.length > 0 && currentTime - played.start(played.length - 1) >= `+number(sound)+`;
	})()`, soundLimit)
	b.wants("[data-state]", "Playing live")
	if label := eval[string](b, "document.querySelector('[data-play]').getAttribute('aria-label')"); label != "Pause" {
		b.t.Errorf("the button says %q", label)
	}
	if got := b.watch.asked("GET", "hls.light") > 0; got != library {
		b.t.Errorf("hls.js loaded: %v, want %v", got, library)
	}
	source := eval[string](b, "document.querySelector('audio').src")
	if strings.HasPrefix(source, "blob:") != library {
		b.t.Errorf("it plays %q", source)
	}
	if eval[bool](b, "document.querySelector('audio').paused") {
		b.t.Error("it is paused")
	}
}

// tellPositions adds up how far the frame says it has come.
func (b *tab) tellPositions() {
	b.t.Helper()
	b.waitFor(`(() => {
		if (window.journeyRise !== undefined) return true;
		window.journeyRise = 0;
		let last = null;
		addEventListener('message', ({ data }) => {
			if (data?.type !== 'timeupdate') return;
			if (last !== null && data.currentTime > last) window.journeyRise += data.currentTime - last;
			last = data.currentTime;
		});
		return true;
	})()`, time.Second)
}
