package app

import (
	"context"
	"io"
	"log/slog"
	"runtime"
	"time"

	"usher/handlers"
	"usher/internal/config"
	"usher/internal/infomaniak"
	"usher/paywall"
	"usher/static"
	"usher/store"
	"usher/views"
)

// loginWait is how long a login waits for a free hash slot. More would only let
// a flood pile up.
const loginWait = 500 * time.Millisecond

// newHasher leaves half of the cores to the pages: a flood of logins must not
// slow down those who listen.
func newHasher() *paywall.Hasher {
	return paywall.NewHasher(runtime.GOMAXPROCS(0)/2, loginWait)
}

// gcPercent lets the heap grow to four times what is live before it is
// collected. A site's live heap is a few megabytes, so the default would collect
// every hundred page views to save memory that nobody misses.
const gcPercent = 300

// Site is the whole website, wired and ready to serve.
type Site struct {
	Handler  *handlers.Handlers
	Store    *store.DB
	Auth     *paywall.Auth
	Sessions *paywall.Sessions
	log      *slog.Logger
}

// NewSite opens the database and wires all services.
func NewSite(ctx context.Context, c config.Config, clock paywall.Clock, log *slog.Logger) (*Site, error) {
	client, err := newClient(c, clock)
	if err != nil {
		return nil, err
	}
	files, err := static.New()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, c.DatabaseURL)
	if err != nil {
		return nil, err
	}
	line := paywall.NewLine(paywall.NewBudget(db, c.MintsPerMinute, clock), clock)
	site := &Site{
		Store:    db,
		Auth:     paywall.NewAuth(db, newHasher(), clock),
		Sessions: paywall.NewSessions(db, clock),
		log:      log,
	}
	site.Handler = handlers.New(handlers.Deps{
		Auth: site.Auth, Sessions: site.Sessions,
		Playback:  paywall.NewPlayback(db, client, line, clock),
		Catalogue: paywall.NewCatalogue(db, c.MediaHosts, clock),
		Grants:    paywall.NewGrants(db, clock),
		Hosts:     c.MediaHosts, Clock: clock, Ready: db.Writable,
		Static: files, Assets: assets(files),
		BaseURL: c.BaseURL, AllowedHosts: c.AllowedHosts, TrustedProxies: c.TrustedProxies,
		SiteName: c.SiteName, Zone: c.Zone, Log: log,
	})
	return site, nil
}

// Close lets go of the database.
func (s *Site) Close() error { return s.Store.Close() }

func newClient(c config.Config, clock paywall.Clock) (*infomaniak.Client, error) {
	return infomaniak.New(infomaniak.Config{
		APIToken: c.APIToken, APIURL: c.APIURL, VODURL: c.VODURL, PlayerURL: c.PlayerURL,
		VODStyle: infomaniak.VODStyle(c.VODStyle), EmbedStyle: infomaniak.EmbedStyle(c.EmbedStyle),
		Account: c.Account, Hosts: c.MediaHosts, Now: clock,
	})
}

func assets(files *static.Files) views.Assets {
	return views.Assets{
		CSS: files.URL("css/usher.css"), Player: files.URL("js/player.js"),
		Forms: files.URL("js/forms.js"),
		HLS:   files.URL("vendor/hls.light.min.js"), Icon: files.URL("icons/icon.svg"),
	}
}

// newLog makes the program's logger. It is also the default one, which the
// domain uses for what it notices by the way.
func newLog(w io.Writer, c config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	var handler slog.Handler = slog.NewTextHandler(w, options)
	if c.LogJSON {
		handler = slog.NewJSONHandler(w, options)
	}
	log := slog.New(handler)
	slog.SetDefault(log)
	return log
}

func utcNow() time.Time { return time.Now().UTC() }
