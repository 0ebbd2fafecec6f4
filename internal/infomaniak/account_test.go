package infomaniak_test

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/internal/infomaniak"
	"usher/internal/infomaniak/sandbox"
	"usher/paywall"
)

// bigSandbox is the account that an import has to read.
func bigSandbox(t *testing.T, change func(*infomaniak.Config)) (*sandbox.Sandbox, *infomaniak.Client, string) {
	t.Helper()
	sb := sandbox.New(sandbox.Options{APIToken: sandboxToken, Catalogue: sandbox.BigCatalogue()})
	srv := httptest.NewServer(sb)
	t.Cleanup(srv.Close)
	t.Cleanup(sb.Close)
	return sb, sandboxClient(t, srv.URL, change), srv.URL
}

// all takes a list or stops the test.
func all[T any](list []T, err error) func(*testing.T) []T {
	return func(t *testing.T) []T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
}

// once checks that no id comes twice.
func once[T any](t *testing.T, list []T, id func(T) string) {
	t.Helper()
	seen := map[string]bool{}
	for _, row := range list {
		if id(row) == "" || seen[id(row)] {
			t.Errorf("%q comes twice or is empty", id(row))
		}
		seen[id(row)] = true
	}
}

// All of a big account is read, over all pages and products, and nothing twice.
func TestAccount_ReadInFull(t *testing.T) {
	sb, c, base := bigSandbox(t, nil)
	ctx := t.Context()
	products := all(c.RadioProducts(ctx))(t)
	var stations []paywall.SupplierStation
	var streams []paywall.SupplierStream
	for _, p := range products {
		for _, st := range all(c.Stations(ctx, p.ID))(t) {
			stations = append(stations, st)
			streams = append(streams, st.Streams...)
		}
	}
	if len(products) != 2 || len(stations) != sandbox.BigStations || len(streams) != sandbox.BigStreams {
		t.Errorf("%d products, %d stations, %d streams", len(products), len(stations), len(streams))
	}
	once(t, streams, func(s paywall.SupplierStream) string { return s.Ref })
	want := paywall.SupplierStream{
		ID: "92010", Kind: paywall.SourceStream, Ref: "grandlarge-320.mp3", URL: base + "/ice/grandlarge-320.mp3",
		Codec: "mp3", Bitrate: 320, Protection: paywall.Protection{Known: true, On: true}, Up: true, Enabled: true,
	}
	if streams[0] != want {
		t.Errorf("stream %+v\nwant   %+v", streams[0], want)
	}
	if hls := streams[3]; hls.Kind != paywall.SourceHLS || hls.URL != base+"/hls/grandlarge/manifest.m3u8" || hls.Bitrate != 64 {
		t.Errorf("hls %+v", hls)
	}

	channels := all(c.Channels(ctx))(t)
	var folders []paywall.SupplierFolder
	var media []paywall.SupplierMedia
	var shares []paywall.SupplierShare
	for _, ch := range channels {
		folders = append(folders, all(c.Folders(ctx, ch.ID))(t)...)
		media = append(media, all(c.Media(ctx, ch.ID))(t)...)
		shares = append(shares, all(c.Shares(ctx, ch.ID))(t)...)
	}
	if len(channels) != sandbox.BigChannels || len(folders) != sandbox.BigFolders || len(media) != sandbox.BigMedia || len(shares) != sandbox.BigShares {
		t.Errorf("%d channels, %d folders, %d media, %d shares", len(channels), len(folders), len(media), len(shares))
	}
	once(t, folders, func(f paywall.SupplierFolder) string { return f.ID })
	once(t, media, func(m paywall.SupplierMedia) string { return m.ID })
	once(t, shares, func(s paywall.SupplierShare) string { return s.ID })
	checkShared(t, media, shares)
	if f := folders[1]; f.Path != "Saison 2022/Automne" || f.Name != "Automne" || f.Protection != (paywall.Protection{Known: true, On: true, Folder: f.Path}) {
		t.Errorf("folder %+v", f)
	}
	m := media[3]
	if m.Duration != 351*time.Second+620*time.Millisecond || m.State != paywall.MediaReady || m.Poster == "" || m.Folder == "" || !m.Protection.Known {
		t.Errorf("media %+v", m)
	}
	if calls := sb.Calls(); calls.Lookups > 20 || calls.Mints != 0 {
		t.Errorf("%d calls for one reading", calls.Lookups)
	}
}

// checkShared counts which media can be played as they are.
func checkShared(t *testing.T, media []paywall.SupplierMedia, shares []paywall.SupplierShare) {
	t.Helper()
	live, any := map[string]bool{}, map[string]bool{}
	for _, s := range shares {
		any[s.MediaID] = true
		live[s.MediaID] = live[s.MediaID] || s.Live(time.Now())
		if s.Kind != "media" {
			t.Errorf("share %+v", s)
		}
	}
	count := map[string]int{}
	for _, m := range media {
		switch {
		case live[m.ID]:
			count["live"]++
		case any[m.ID]:
			count["ended"]++
		default:
			count["none"]++
		}
		if any[m.ID] != (len(m.Shares) > 0) {
			t.Errorf("media %s tells of shares %v", m.ID, m.Shares)
		}
	}
	if count["live"] != sandbox.BigShared || count["ended"] != sandbox.BigEnded || count["none"] != sandbox.BigUnshared {
		t.Errorf("shared %v", count)
	}
}

func TestAccount_CreateShare(t *testing.T) {
	sb, c, _ := bigSandbox(t, nil)
	channels := all(c.Channels(t.Context()))(t)
	media := all(c.Media(t.Context(), channels[0].ID))(t)
	i := slices.IndexFunc(media, func(m paywall.SupplierMedia) bool { return len(m.Shares) == 0 })
	made, err := c.CreateShare(t.Context(), channels[0].ID, media[i].ID)
	if err != nil || made.ID == "" || made.MediaID != media[i].ID || !made.EndsAt.IsZero() || made.Kind != "media" {
		t.Fatalf("share %+v, %v", made, err)
	}
	_, err = mintSandbox(c, paywall.Source{Kind: paywall.SourceVOD, Ref: made.ID, Channel: channels[0].ID})
	if err != nil {
		t.Errorf("the new share gives no token: %v", err)
	}
	if _, err = c.CreateShare(t.Context(), channels[0].ID, "1jnope"); paywall.TroubleOf(err) != paywall.TroubleGone {
		t.Errorf("error = %v", err)
	}
	// Whether a share was made when the service broke down is not known: not again.
	if err := sb.SetMode(sandbox.ModeDown); err != nil {
		t.Fatal(err)
	}
	before := sb.Calls().Faults
	_, err = c.CreateShare(t.Context(), channels[0].ID, media[i].ID)
	if paywall.TroubleOf(err) != paywall.TroubleDown || sb.Calls().Faults != before+1 {
		t.Errorf("error %v after %d calls", err, sb.Calls().Faults-before)
	}
	if sb.Calls().SharesMade != 1 {
		t.Errorf("%d shares made", sb.Calls().SharesMade)
	}
}

// protection reads one thing.
func protection(t *testing.T, c *infomaniak.Client, ref paywall.SupplierRef) paywall.Protection {
	t.Helper()
	found, err := c.Protections(t.Context(), []paywall.SupplierRef{ref})
	if err != nil {
		t.Fatal(err)
	}
	return found[ref]
}

func TestAccount_ProtectionOfStreams(t *testing.T) {
	sb, c, base := bigSandbox(t, nil)
	sb.SetSpread(time.Hour)
	for _, ref := range []paywall.SupplierRef{
		{Kind: paywall.SourceStream, Ref: "festival-128.mp3"}, {Kind: paywall.SourceHLS, Ref: "grandlargejazz"},
	} {
		for _, on := range []bool{false, true} {
			if err := c.SetProtection(t.Context(), ref, on); err != nil {
				t.Fatal(err)
			}
			if got := protection(t, c, ref); got != (paywall.Protection{Known: true, On: on}) {
				t.Errorf("%s set to %v reads %+v", ref.Ref, on, got)
			}
		}
	}
	if got := statusOf(t, base+"/ice/festival-128.mp3"); got != http.StatusForbidden {
		t.Errorf("before the change has spread: %d", got)
	}
	gone := paywall.SupplierRef{Kind: paywall.SourceStream, Ref: "nobody-128.mp3"}
	if err := c.SetProtection(t.Context(), gone, true); paywall.TroubleOf(err) != paywall.TroubleGone {
		t.Errorf("error = %v", err)
	}
	if found, err := c.Protections(t.Context(), []paywall.SupplierRef{gone}); err != nil || len(found) != 0 {
		t.Errorf("found %v, %v", found, err)
	}
}

// A share is protected by its folder: also by one that takes its rules from above.
func TestAccount_ProtectionOfShares(t *testing.T) {
	sb, c, _ := bigSandbox(t, nil)
	channel := all(c.Channels(t.Context()))(t)[0].ID
	folders := all(c.Folders(t.Context(), channel))(t)
	media := all(c.Media(t.Context(), channel))(t)
	in := func(folder string) paywall.SupplierRef {
		for _, m := range media {
			if m.FolderID == folder && len(m.Shares) > 0 {
				return paywall.SupplierRef{Kind: paywall.SourceVOD, Ref: m.Shares[0], Channel: channel}
			}
		}
		t.Fatalf("nothing in folder %q", folder)
		return paywall.SupplierRef{}
	}
	heir, root := folders[13], paywall.SupplierMedia{} // "Saison 2025" is open, and "Automne" in it inherits
	for _, m := range media {
		if m.Folder == "" && len(m.Shares) > 0 {
			root = m
			break
		}
	}
	refs := []paywall.SupplierRef{in(folders[12].ID), in(heir.ID), {Kind: paywall.SourceVOD, Ref: root.Shares[0], Channel: channel}}
	for i, want := range []bool{false, false, true} {
		if got := protection(t, c, refs[i]); !got.Known || got.On != want {
			t.Errorf("%d: protection %+v, want %v", i, got, want)
		}
	}
	if err := c.SetProtection(t.Context(), refs[1], true); err != nil {
		t.Fatal(err)
	}
	found, err := c.Protections(t.Context(), append(refs, paywall.SupplierRef{Kind: paywall.SourceVOD, Ref: "0000000000000", Channel: channel}))
	if err != nil || found[refs[0]].On || !found[refs[1]].On || found[refs[1]].Folder != "Saison 2025/Automne" || len(found) != 3 {
		t.Errorf("after protecting the heir: %+v, %v", found, err)
	}
	before := sb.Calls().Switched
	if err := c.SetProtection(t.Context(), refs[1], true); err != nil || sb.Calls().Switched != before {
		t.Errorf("what is on is switched on again: %v", err)
	}
	if err := c.SetProtection(t.Context(), refs[2], false); err != nil || protection(t, c, refs[2]).On {
		t.Errorf("the root cannot be switched: %v", err)
	}
}

func TestAccount_Poster(t *testing.T) {
	_, c, base := bigSandbox(t, nil)
	media := all(c.Media(t.Context(), "7301"))(t)
	picture, err := c.Poster(t.Context(), media[0].Poster)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jpeg.Decode(bytes.NewReader(picture)); err != nil {
		t.Error(err)
	}
	if _, err := c.Poster(t.Context(), base+"/1/vod/thumbnail/nope.jpg"); paywall.TroubleOf(err) != paywall.TroubleGone {
		t.Errorf("error = %v", err)
	}
	for _, address := range []string{
		"http://127.0.0.1:1/x.jpg", "http://169.254.169.254/latest/", "https://res.vod2.infomaniak.com.evil.example/x.jpg",
		"https://user@res.vod2.infomaniak.com/x.jpg", "file:///etc/passwd", "//res.vod2.infomaniak.com/x.jpg", "",
	} {
		if _, err := c.Poster(t.Context(), address); !errors.Is(err, infomaniak.ErrHost) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// A redirect is not followed, with a token or without.
func TestAccount_NoRedirects(t *testing.T) {
	visited := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	t.Cleanup(elsewhere.Close)
	srv := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusFound))
	t.Cleanup(srv.Close)
	c := sandboxClient(t, srv.URL, nil)
	if _, err := c.Channels(t.Context()); paywall.TroubleOf(err) != paywall.TroubleGarbage {
		t.Errorf("channels: %v", err)
	}
	if _, err := c.Poster(t.Context(), srv.URL+"/x.jpg"); paywall.TroubleOf(err) != paywall.TroubleGarbage {
		t.Errorf("poster: %v", err)
	}
	if visited {
		t.Error("a redirect was followed")
	}
}

// pacing counts what passes.
type pacing struct {
	entered int
	rested  time.Duration
}

func (p *pacing) Enter(context.Context) error                 { p.entered++; return nil }
func (p *pacing) Rest(_ context.Context, pause time.Duration) { p.rested += pause }

// Each call of the catalogue goes through the pace, and a 429 makes all rest.
func TestAccount_Paced(t *testing.T) {
	pace := &pacing{}
	sb, c, _ := bigSandbox(t, func(cfg *infomaniak.Config) { cfg.Pace = pace })
	all(c.Media(t.Context(), "7301"))(t)
	if got := sb.Calls().Lookups; pace.entered != got || got != 2 {
		t.Errorf("%d calls, %d through the pace", got, pace.entered)
	}
	limited := sandbox.New(sandbox.Options{APIToken: sandboxToken, PerMinute: 1})
	srv := httptest.NewServer(limited)
	t.Cleanup(srv.Close)
	_ = limited.SetMode(sandbox.ModeRateLimit)
	pace = &pacing{}
	c = sandboxClient(t, srv.URL, func(cfg *infomaniak.Config) { cfg.Pace = pace })
	all(c.Media(t.Context(), "1227"))(t)
	_, err := c.Media(t.Context(), "1227")
	if paywall.TroubleOf(err) != paywall.TroubleLimit || pace.rested < 3*50*time.Second || pace.entered != 4 {
		t.Errorf("error %v, rested %s over %d calls", err, pace.rested, pace.entered)
	}
}

// Every mood of the supplier has its cause, for lists as for tokens, and none of
// them is taken for an empty account.
func TestAccount_Moods(t *testing.T) {
	for mode, want := range map[sandbox.Mode]string{
		sandbox.ModeHang: paywall.TroubleTimeout, sandbox.ModeDown: paywall.TroubleDown,
		sandbox.ModeHTML: paywall.TroubleGarbage,
	} {
		sb, c, _ := bigSandbox(t, func(cfg *infomaniak.Config) { cfg.Timeout = 100 * time.Millisecond })
		if err := sb.SetMode(mode); err != nil {
			t.Fatal(err)
		}
		list, err := c.Media(t.Context(), "7301")
		if paywall.TroubleOf(err) != want || len(list) != 0 {
			t.Errorf("%s: %d media, %v", mode, len(list), err)
		}
		if strings.Contains(err.Error(), sandboxToken) {
			t.Errorf("the error holds the token: %v", err)
		}
	}
	sb, c, _ := bigSandbox(t, nil)
	_ = sb.SetMode(sandbox.ModeGarbage)
	for i := range 10 { // all the answers of that mood
		if list, err := c.Media(t.Context(), "7301"); paywall.TroubleOf(err) != paywall.TroubleGarbage {
			t.Errorf("answer %d gave %d media, %v", i, len(list), err)
		}
	}
}
