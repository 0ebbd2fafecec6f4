// Package testkit starts the whole site for a test: the real handlers on a real
// SQLite file, with the sandbox in Infomaniak's place, both over HTTP on
// loopback, and a clock that the test moves.
package testkit

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"usher/internal/app"
	"usher/internal/config"
	"usher/internal/demo"
	"usher/internal/infomaniak/sandbox"
	"usher/store/storetest"
)

// Start is the instant at which a kit's clock stands at first: a Sunday evening
// in winter, when Zurich is one hour ahead of UTC.
var Start = time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC)

// Kit is a running site with the demo's people and items.
type Kit struct {
	Site    *app.Site
	Config  config.Config
	URL     string // of the site
	Sandbox *sandbox.Sandbox
	// APIToken is what the sandbox takes. It is the operator's unless an option
	// empties it.
	APIToken string
	// SandboxURL is where the sandbox listens.
	SandboxURL string
	Clock      *Clock
	// Mailbox takes the mails when the worker is told to send (Site.Mail.Flush).
	Mailbox *demo.Mailbox
	Log     *Log
}

// Option changes the configuration of a kit before the site starts.
type Option func(*config.Config)

// token is the API token that the sandbox takes.
const token = "sandbox-api-token-0123456789"

// New starts a site that stops with the test.
func New(t testing.TB, options ...Option) *Kit {
	t.Helper()
	k := start(t, func(site, stage net.Addr, database string) (config.Config, error) {
		return app.DemoConfig(site, stage, database, token)
	}, options)
	check(t, demo.Seed(context.Background(), k.Site.Store, Start, k.SandboxURL))
	check(t, k.Site.Front.Refresh(context.Background()))
	return k
}

// NewEmpty starts a site without people and items, as on a new server.
func NewEmpty(t testing.TB, options ...Option) *Kit {
	t.Helper()
	return start(t, app.EmptyDemoConfig, options)
}

func start(t testing.TB, configure func(site, stage net.Addr, database string) (config.Config, error), options []Option) *Kit {
	t.Helper()
	k := &Kit{Clock: NewClock(Start), Log: &Log{}, APIToken: token}
	k.Sandbox = sandbox.New(sandbox.Options{APIToken: token, Now: k.Clock.Now})
	stage := httptest.NewServer(k.Sandbox)
	t.Cleanup(func() { k.Sandbox.Close(); stage.Close() })
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)

	database := filepath.Join(t.TempDir(), "usher.db")
	storetest.Put(t, database)
	c, err := configure(server.Listener.Addr(), stage.Listener.Addr(), database)
	check(t, err)
	for _, option := range options {
		option(&c)
	}
	log := slog.New(slog.NewTextHandler(k.Log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var handler http.Handler
	k.Site, handler, k.Mailbox, err = app.NewDemoSite(context.Background(), c, k.Clock.Now, log)
	check(t, err)
	t.Cleanup(func() { check(t, k.Site.Close()) })
	server.Config.Handler = handler
	server.Start()
	k.Config, k.URL, k.SandboxURL = c, server.URL, stage.URL
	return k
}

// Mints is how many tokens the sandbox has given out.
func (k *Kit) Mints() int { return k.Sandbox.Calls().Mints }

// Clock is a clock that stands still until it is moved or set running.
type Clock struct {
	mu      sync.Mutex
	now     time.Time
	running time.Time // when it was set running; zero: it stands
}

// NewClock makes a clock that stands at an instant.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now is the clock's instant.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running.IsZero() {
		return c.now
	}
	return c.now.Add(time.Since(c.running))
}

// Run sets the clock running, as a browser that really plays needs it.
func (c *Clock) Run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running = time.Now()
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Log keeps what the site logged.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the log.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is everything logged so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
