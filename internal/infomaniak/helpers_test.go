package infomaniak

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/paywall"
)

// canary is an API token that no output may hold.
const canary = "CANARY-f3Zq9"

const vodToken = "token=st=1637143497~exp=1637143797~acl=/hls/1jhvl2uq4dnra/1jhvl2uq4dnmd/*~hmac=914aa838bdba141ec85db74266b54278572a1353a49e8851e4fd096dc6372127"

// start is just after the st of vodToken.
var start = time.Unix(1637143500, 0).UTC()

var (
	radio = paywall.Source{ItemID: "item", Kind: paywall.SourceStream, URL: "https://newradiotest.ice.infomaniak.ch/newradiotest-128.aac", Ref: "newradiotest-128.aac"}
	hls   = paywall.Source{ItemID: "item", Kind: paywall.SourceHLS, URL: "https://myradiostream.radiohls.infomaniak.com/myradiostream/manifest.m3u8", Ref: "myradiostream"}
	video = paywall.Source{ItemID: "item", Kind: paywall.SourceVOD, Channel: "1227", Ref: "1jhvl2uqa5rdf"}
)

func ticket(tb testing.TB, itemID string) paywall.Ticket {
	tb.Helper()
	item := paywall.Item{ID: itemID, Published: true, Access: paywall.AccessOpen}
	t := paywall.Decide(start, paywall.Viewer{}, item, nil).Ticket()
	if !t.Valid() {
		tb.Fatal("no ticket for an open item")
	}
	return t
}

// theCanary are credentials whose token no output may hold.
func theCanary() *credentials {
	return newCredentials(paywall.Credentials{Token: paywall.NewSecret(canary)})
}

func mediaHosts(tb testing.TB) paywall.MediaHosts {
	tb.Helper()
	hosts, err := paywall.ParseMediaHosts([]string{
		"https://*.ice.infomaniak.ch", "https://*.radiohls.infomaniak.com",
		"https://player.vod2.infomaniak.com", "https://api.vod2.infomaniak.com",
	})
	if err != nil {
		tb.Fatal(err)
	}
	return hosts
}

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: start} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// newClient makes a client for an API address; change may set more.
func newClient(tb testing.TB, api string, change func(*Config)) *Client {
	tb.Helper()
	cfg := Config{
		APIToken: paywall.NewSecret(canary),
		APIURL:   api,
		Hosts:    mediaHosts(tb),
		Now:      newClock().now,
	}
	if change != nil {
		change(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	return c
}

// serve starts a supplier that behaves like the handler.
func serve(tb testing.TB, h http.HandlerFunc) *httptest.Server {
	tb.Helper()
	srv := httptest.NewServer(h)
	tb.Cleanup(srv.Close)
	return srv
}

// answers makes a supplier that always says the same.
func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func success(data string) http.HandlerFunc {
	return answers(http.StatusOK, `{"result":"success","data":`+data+`}`)
}

func mint(tb testing.TB, c *Client, s paywall.Source) (paywall.Playable, error) {
	tb.Helper()
	return c.Mint(context.Background(), ticket(tb, "item"), s, 5*time.Minute)
}

// mintFails wants the failure of a mint and checks that no address came with it.
func mintFails(tb testing.TB, c *Client, s paywall.Source) *paywall.SupplierError {
	tb.Helper()
	playable, err := mint(tb, c, s)
	var failure *paywall.SupplierError
	if !errors.As(err, &failure) {
		tb.Fatalf("error = %v (%T), want a *paywall.SupplierError", err, err)
	}
	if playable != (paywall.Playable{}) {
		tb.Errorf("a failed mint gave %+v", playable)
	}
	if strings.Contains(err.Error(), canary) {
		tb.Errorf("the error holds the API token: %v", err)
	}
	return failure
}
