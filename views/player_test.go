package views

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"usher/internal/i18n"
)

// A token is not re-encoded: only what HTML demands is escaped.
func TestPlayer_TokenStandsAsItCame(t *testing.T) {
	if got := attribute(t, find(t, "player_radio"), "audio", "src"); got != strings.ReplaceAll(sampleStream, "&", "&amp;") {
		t.Errorf("audio src = %s", got)
	}
	if got := attribute(t, find(t, "player_vod"), "iframe", "src"); got != sampleVOD {
		t.Errorf("iframe src = %s", got)
	}
}

func TestPlayer_ContractWithTheScript(t *testing.T) {
	doc := parse(t, find(t, "player_hls_owner"))
	player := doc.Find("section.player[data-player]")
	for name, want := range map[string]string{
		"data-form": "hls", "data-renew": "/play/lumiere-jazz/token", "data-source": "S1", "data-fallback": "S1",
		"data-fresh-for": "3600", "data-hls": "/static/js/hls.js", "data-title": "Lumière Jazz", "data-site": "Radio Lumière",
	} {
		if got := player.AttrOr(name, "?"); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	var texts map[string]string
	if err := json.Unmarshal([]byte(player.Find("[data-texts]").AttrOr("data-texts", "")), &texts); err != nil {
		t.Error(err)
	}
	for _, state := range playerStates {
		if texts[state.name] == "" {
			t.Errorf("the script has no words for %q", state.name)
		}
	}
	for _, one := range []string{
		"audio[controls][preload=none][data-media]", ".player-controls[data-controls][hidden]", "button[type=button][data-play][aria-label]",
		"label input[type=range][data-volume][min='0'][max='100']", "button[data-mute][aria-pressed=false]",
		"[data-state][role=status][aria-live=polite]", ".player-fallback a[href='/listen/lumiere-jazz?source=S1']",
	} {
		if n := player.Find(one).Length(); n != 1 {
			t.Errorf("%d of %s", n, one)
		}
	}
	if doc.Find("script[src='/static/js/player.js'][defer]").Length() != 1 {
		t.Error("no script")
	}
	vod := parse(t, find(t, "player_vod"))
	for _, one := range []string{
		"iframe[title='The Seagull'][allowfullscreen][referrerpolicy='strict-origin-when-cross-origin'][data-media]", "button[data-reload][hidden]", "[data-state]",
	} {
		if n := vod.Find(".player " + one).Length(); n != 1 {
			t.Errorf("%d of %s", n, one)
		}
	}
}

func TestPlayer_AtRestHasOneButtonAndNoMedia(t *testing.T) {
	for _, name := range []string{"player_rest_radio", "player_rest_video"} {
		doc := parse(t, find(t, name))
		if doc.Find("audio, iframe, script, [data-player]").Length() != 0 {
			t.Errorf("%s has media", name)
		}
		if doc.Find("a.button-main").AttrOr("href", "") != "/listen/lumiere-jazz" {
			t.Errorf("%s has no way to start", name)
		}
	}
}

// A phone on a poor line gets the page in one go.
func TestPlayer_IsSmall(t *testing.T) {
	for _, l := range i18n.All() {
		for _, s := range samples(t, l) {
			if size := len(render(t, s.page)); strings.HasPrefix(s.name, "player_") && size > 15_000 {
				t.Errorf("%s in %s has %d bytes", s.name, l.Tag(), size)
			}
		}
	}
}

func TestMediaSrc(t *testing.T) {
	allows := func(u *url.URL) bool { return u.Scheme == "https" && u.Host == "lumiere.ice.infomaniak.ch" }
	for _, address := range []string{
		"javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x", "http://lumiere.ice.infomaniak.ch/a.mp3",
		"https://evil.example/a.mp3", "//evil.example/a.mp3", "https://lumiere.ice.infomaniak.ch@evil.example/", "https://lumiere.ice.infomaniak.ch.evil.example/",
		"", "/a.mp3", "https://lumiere.ice.infomaniak.ch\\@evil.example/", "https://%zz/",
	} {
		if src, err := NewMediaSrc(address, allows); err == nil || !src.Empty() {
			t.Errorf("%q was accepted", address)
		}
	}
	src, err := NewMediaSrc("https://lumiere.ice.infomaniak.ch/a.mp3?token=a~b=*/c", allows)
	if err != nil || src.Empty() || src.String() != "https://lumiere.ice.infomaniak.ch/a.mp3?token=a~b=*/c" {
		t.Errorf("%q, %v", src, err)
	}
}

func BenchmarkPlayer(b *testing.B) {
	for _, s := range samples(b, i18n.Default()) {
		if s.name != "player_radio" && s.name != "home" {
			continue
		}
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				render(b, s.page)
			}
		})
	}
}
