package infomaniak_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"usher/internal/infomaniak"
	"usher/internal/infomaniak/sandbox"
	"usher/paywall"
)

const sandboxToken = "sandbox-token"

func startSandbox(t *testing.T) (*sandbox.Sandbox, string) {
	t.Helper()
	sb := sandbox.New(sandbox.Options{
		APIToken:  sandboxToken,
		PerMinute: 2,
		Catalogue: sandbox.Catalogue{
			Stations: []sandbox.Station{{
				ID: 1, Name: "Test", Subdomain: "test", HLS: "teststream",
				Mountpoints: []sandbox.Mountpoint{{File: "test-128.mp3", Codec: sandbox.MP3, Bitrate: 128}},
			}},
			Channels: []sandbox.Channel{{ID: 1227, Name: "Test", Shares: []sandbox.Share{{ID: "1jhvl2uqa5rdf", Title: "Film"}}}},
		},
	})
	srv := httptest.NewServer(sb)
	t.Cleanup(srv.Close)
	t.Cleanup(sb.Close) // first, so that endless streams end
	return sb, srv.URL
}

func sandboxClient(t *testing.T, base string, change func(*infomaniak.Config)) *infomaniak.Client {
	t.Helper()
	hosts, err := paywall.ParseMediaHosts([]string{base})
	if err != nil {
		t.Fatal(err)
	}
	cfg := infomaniak.Config{
		APIToken: paywall.NewSecret(sandboxToken), Hosts: hosts,
		APIURL: base, VODURL: base, PlayerURL: base,
	}
	if change != nil {
		change(&cfg)
	}
	c, err := infomaniak.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func mintSandbox(c *infomaniak.Client, s paywall.Source) (paywall.Playable, error) {
	s.ItemID = "item"
	item := paywall.Item{ID: "item", Published: true, Access: paywall.AccessOpen}
	pass := paywall.Decide(time.Now(), paywall.Viewer{}, item, nil).Ticket()
	return c.Mint(context.Background(), pass, s, 10*time.Minute)
}

// statusOf opens an address and leaves it at once: streams have no end.
func statusOf(t *testing.T, address string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// TestSandbox_Plays mints in every style and opens what was minted.
func TestSandbox_Plays(t *testing.T) {
	_, base := startSandbox(t)
	video := paywall.Source{Kind: paywall.SourceVOD, Channel: "1227", Ref: "1jhvl2uqa5rdf"}
	for name, tc := range map[string]struct {
		source paywall.Source
		change func(*infomaniak.Config)
	}{
		"stream":  {paywall.Source{Kind: paywall.SourceStream, URL: base + "/ice/test-128.mp3", Ref: "test-128.mp3"}, nil},
		"hls":     {paywall.Source{Kind: paywall.SourceHLS, URL: base + "/hls/teststream/manifest.m3u8", Ref: "teststream"}, nil},
		"vod":     {video, nil},
		"vod pub": {video, func(c *infomaniak.Config) { c.VODStyle = paywall.VODStylePub }},
		"vod res": {video, func(c *infomaniak.Config) { c.EmbedStyle = infomaniak.EmbedRes }},
	} {
		t.Run(name, func(t *testing.T) {
			playable, err := mintSandbox(sandboxClient(t, base, tc.change), tc.source)
			if err != nil {
				t.Fatal(err)
			}
			if got := statusOf(t, playable.URL); got != http.StatusOK {
				t.Errorf("with a token: %d", got)
			}
			plain, _, _ := strings.Cut(playable.URL, "?")
			if tc.source.Kind == paywall.SourceVOD {
				plain = "" // the embed page itself always loads
			}
			if plain != "" && statusOf(t, plain) != http.StatusForbidden {
				t.Error("it plays without a token")
			}
			if left := time.Until(playable.ExpiresAt); left < 9*time.Minute || left > 11*time.Minute {
				t.Errorf("it lives for %s, want ten minutes", left)
			}
		})
	}
}

// TestSandbox_Moods maps each mood of the supplier to what the owner reads.
func TestSandbox_Moods(t *testing.T) {
	good := paywall.Source{Kind: paywall.SourceVOD, Channel: "1227", Ref: "1jhvl2uqa5rdf"}
	gone := paywall.Source{Kind: paywall.SourceVOD, Channel: "1227", Ref: "0000000000000"}
	wrong := func(c *infomaniak.Config) { c.APIToken = paywall.NewSecret("wrong-token") }
	for name, tc := range map[string]struct {
		mode   sandbox.Mode
		source paywall.Source
		change func(*infomaniak.Config)
		want   string
	}{
		"wrong token": {sandbox.ModeOK, good, wrong, "trouble.token"},
		"gone":        {sandbox.ModeOK, gone, nil, "trouble.gone"},
		"slow":        {sandbox.ModeSlow, good, nil, "trouble.timeout"},
		"hang":        {sandbox.ModeHang, good, nil, "trouble.timeout"},
		"down":        {sandbox.ModeDown, good, nil, "trouble.down"},
		"HTML":        {sandbox.ModeHTML, good, nil, "trouble.garbage"},
		"garbage":     {sandbox.ModeGarbage, good, nil, "trouble.garbage"},
		"limited":     {sandbox.ModeRateLimit, good, nil, "trouble.limit"},
	} {
		t.Run(name, func(t *testing.T) {
			sb, base := startSandbox(t)
			if err := sb.SetMode(tc.mode); err != nil {
				t.Fatal(err)
			}
			c := sandboxClient(t, base, func(c *infomaniak.Config) {
				c.Timeout = 200 * time.Millisecond
				if tc.change != nil {
					tc.change(c)
				}
			})
			_, err := mintSandbox(c, tc.source)
			for range 2 {
				if tc.mode == sandbox.ModeRateLimit { // two calls are free
					_, err = mintSandbox(c, tc.source)
				}
			}
			var failure *paywall.SupplierError
			if !errors.As(err, &failure) || infomaniak.TroubleKey(err) != tc.want {
				t.Errorf("error = %v, key %s; want %s", err, infomaniak.TroubleKey(err), tc.want)
			}
		})
	}
}
