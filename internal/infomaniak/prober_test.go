package infomaniak

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"usher/paywall"
)

// localProber asks a server of the test's for everything.
func localProber(t *testing.T, h http.HandlerFunc) (*Prober, string) {
	t.Helper()
	server := serve(t, h)
	hosts, err := paywall.ParseMediaHosts([]string{server.URL})
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, server.URL, func(cfg *Config) { cfg.Hosts, cfg.PlayerURL, cfg.VODURL = hosts, server.URL, server.URL })
	return NewProber(c, nil), server.URL
}

func TestProber_Stream(t *testing.T) {
	for path, tc := range map[string]struct {
		status      int
		contentType string
		body        string
		want        paywall.Sighting
	}{
		"sound":     {200, "audio/mpeg", "ID3…", paywall.SightPlays},
		"no type":   {200, "", "\xff\xf1", paywall.SightPlays},
		"bytes":     {206, "application/octet-stream", "\xff\xf1", paywall.SightPlays},
		"silence":   {200, "audio/mpeg", "", paywall.SightOdd},
		"page":      {200, "text/html", "<p>closed</p>", paywall.SightOdd},
		"401":       {401, "", "", paywall.SightRefused},
		"403":       {403, "audio/mpeg", "sound", paywall.SightRefused},
		"451":       {451, "", "", paywall.SightRefused},
		"404":       {404, "", "", paywall.SightMissing},
		"410":       {410, "", "", paywall.SightMissing},
		"500":       {500, "", "", paywall.SightDown},
		"503":       {503, "", "", paywall.SightDown},
		"429":       {429, "", "", paywall.SightDown},
		"teapot":    {418, "", "", paywall.SightOdd},
		"no answer": {0, "", "", paywall.SightSilent},
	} {
		t.Run(path, func(t *testing.T) {
			prober, base := localProber(t, func(w http.ResponseWriter, _ *http.Request) {
				if tc.status == 0 {
					panic(http.ErrAbortHandler)
				}
				w.Header().Set("Content-Type", tc.contentType)
				w.WriteHeader(tc.status)
				fmt.Fprint(w, tc.body)
			})
			sight := prober.Probe(t.Context(), stream(base+"/x.mp3"), paywall.Playable{URL: base + "/x.mp3?token=CANARY-secret"})
			if sight.Sighting != tc.want || sight.Detail == "" || strings.Contains(sight.Detail, "CANARY") || strings.Contains(sight.Detail, "127.0.0.1") {
				t.Errorf("sight = %+v, want %s", sight, tc.want)
			}
		})
	}
}

// An endless stream is hung up after a few kilobytes.
func TestProber_HangsUp(t *testing.T) {
	var sent atomic.Int64
	gone := make(chan struct{})
	prober, base := localProber(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(gone)
		w.Header().Set("Content-Type", "audio/aac")
		for r.Context().Err() == nil {
			n, err := w.Write(make([]byte, 1024))
			if err != nil {
				return
			}
			sent.Add(int64(n))
			_ = http.NewResponseController(w).Flush()
			time.Sleep(time.Millisecond)
		}
	})
	if sight := prober.Probe(t.Context(), stream(base+"/x"), paywall.Playable{}); sight.Sighting != paywall.SightPlays {
		t.Errorf("sight = %+v", sight)
	}
	<-gone
	if n := sent.Load(); n > 1<<20 {
		t.Errorf("%d bytes were sent", n)
	}
}

// The token goes down with the playlists, and only sound proves that it plays.
func TestProber_HLS(t *testing.T) {
	segment := http.StatusOK
	prober, base := localProber(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hls/x/manifest.m3u8":
			fmt.Fprint(w, "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=64000\nlow/audio.m3u8\n")
		case "/hls/x/low/audio.m3u8":
			fmt.Fprint(w, "#EXTM3U\r\n#EXTINF:2,\r\n../seg1.aac\r\n")
		case "/hls/x/seg1.aac":
			if r.URL.RawQuery != "token=st~acl=/*" {
				segment = http.StatusForbidden
			}
			w.Header().Set("Content-Type", "audio/aac")
			w.WriteHeader(segment)
			fmt.Fprint(w, "sound")
		case "/hls/empty/manifest.m3u8":
			fmt.Fprint(w, "#EXTM3U\n#EXT-X-TARGETDURATION:2\n")
		case "/hls/loop/manifest.m3u8":
			fmt.Fprint(w, "#EXTM3U\nmanifest.m3u8\n")
		default:
			fmt.Fprint(w, "<html>")
		}
	})
	for _, tc := range []struct {
		path, query string
		want        paywall.Sighting
	}{
		{"/hls/x/manifest.m3u8", "?token=st~acl=/*", paywall.SightPlays}, {"/hls/x/manifest.m3u8", "", paywall.SightRefused},
		{"/hls/empty/manifest.m3u8", "", paywall.SightDown}, {"/hls/loop/manifest.m3u8", "", paywall.SightOdd},
		{"/hls/page/manifest.m3u8", "", paywall.SightOdd},
	} {
		source := paywall.Source{ItemID: "item", Kind: paywall.SourceHLS, URL: base + tc.path, Ref: "x"}
		playable := paywall.Playable{}
		if tc.query != "" {
			playable.URL = base + tc.path + tc.query
		}
		if sight := prober.Probe(t.Context(), source, playable); sight.Sighting != tc.want {
			t.Errorf("%s%s: %+v, want %s", tc.path, tc.query, sight, tc.want)
		}
	}
}

// A player page proves nothing; the film it names does, or the one that the
// public description of the share gives out.
func TestProber_VOD(t *testing.T) {
	for name, tc := range map[string]struct {
		page   string
		source string // of the description
		film   int    // status
		want   paywall.Sighting
	}{
		"no film":            {"<div id=player></div>", "", 200, paywall.SightUnclear},
		"film in the page":   {`<video src="/film.mp4?a=1&amp;b=2">`, "", 200, paywall.SightPlays},
		"film refused":       {`{"file":"\/film.mp4"}`, "", 403, paywall.SightRefused},
		"film away":          {`<video src="/film.mp4">`, "", 404, paywall.SightUnclear},
		"described, open":    {"", "/film.mp4", 200, paywall.SightPlays},
		"described, refused": {"", "/film.mp4", 403, paywall.SightRefused},
	} {
		t.Run(name, func(t *testing.T) {
			prober, _ := localProber(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/film.mp4":
					w.Header().Set("Content-Type", "video/mp4")
					w.WriteHeader(tc.film)
					fmt.Fprint(w, "film")
				case strings.HasPrefix(r.URL.Path, "/embed/"):
					fmt.Fprint(w, tc.page)
				case tc.source != "" && strings.HasPrefix(r.URL.Path, "/2/vod/res/shares/"):
					fmt.Fprintf(w, `{"result":"success","data":{"media":[{"source":%q}]}}`, tc.source)
				default:
					http.NotFound(w, r)
				}
			})
			if sight := prober.Probe(t.Context(), video, paywall.Playable{}); sight.Sighting != tc.want {
				t.Errorf("sight = %+v, want %s", sight, tc.want)
			}
		})
	}
}
