package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"usher/internal/config"
	"usher/internal/demo"
	"usher/internal/infomaniak/sandbox"
	"usher/paywall"
	"usher/static"
)

// databaseFile is the database in the folder of a site.
const databaseFile = "usher.db"

// runDemo runs a whole site to try: seeded people and items, with the sandbox in
// Infomaniak's place.
func runDemo(ctx context.Context, e env, args []string) error {
	set := e.flags("demo")
	addr := set.String("addr", "127.0.0.1:8080", "address of the site")
	sandboxAddr := set.String("sandbox-addr", "127.0.0.1:0", "address of the stand-in for Infomaniak")
	empty := set.Bool("empty", false, "begin without people and items, as on a new server, to try the first set-up")
	data := set.String("data", "", "folder to keep the database in; else it is thrown away at the end")
	if err := parse(set, args); err != nil {
		return err
	}
	if err := onlyLoopback(*addr, *sandboxAddr); err != nil {
		return err
	}
	folder, clean, err := dataFolder(*data)
	if err != nil {
		return err
	}
	defer clean()
	site, err := listen(ctx, *addr)
	if err != nil {
		return err
	}
	stage, err := listen(ctx, *sandboxAddr)
	if err != nil {
		return errors.Join(err, site.Close())
	}
	return demoSite(ctx, e, site, stage, demoOptions{database: filepath.Join(folder, databaseFile), empty: *empty})
}

// demoOptions are what can be chosen of a demo.
type demoOptions struct {
	database string
	empty    bool // without people and items
}

// demoSite wires the site to the sandbox and serves both until the context ends.
func demoSite(ctx context.Context, e env, siteListener, sandboxListener net.Listener, o demoOptions) error {
	token := paywall.NewID()
	c, err := demoConfig(siteListener.Addr(), sandboxListener.Addr(), o, token)
	if err != nil {
		return err
	}
	c.APIToken = paywall.Secret{} // it is the owner's, who can look at the page of it
	log := newLog(e.Err, c)
	site, handler, _, err := NewDemoSite(ctx, c, utcNow, log)
	if err != nil {
		return err
	}
	supplier := sandbox.New(sandbox.Options{APIToken: token})
	sandboxURL := "http://" + sandboxListener.Addr().String()
	if o.empty {
		err = offerSetup(ctx, site.Auth, c, e.Out, log)
	} else {
		err = seedDemo(ctx, site, token, sandboxURL)
	}
	if err != nil {
		return errors.Join(err, site.Close())
	}
	var running sync.WaitGroup
	var sandboxErr error
	ctx, stop := context.WithCancel(ctx)
	context.AfterFunc(ctx, supplier.Close)
	running.Go(func() { sandboxErr = serve(ctx, sandboxListener, supplier, log); stop() })
	if o.empty {
		tellEmptyDemo(e.Out, c, sandboxURL, token)
	} else {
		tellDemo(e.Out, c, sandboxURL)
	}
	err = site.run(ctx, siteListener, handler)
	stop()
	running.Wait()
	return errors.Join(err, sandboxErr, site.Close())
}

// seedDemo fills a demo with people, items and the login at the sandbox.
func seedDemo(ctx context.Context, site *Site, token, sandboxURL string) error {
	login := paywall.ConnectionInput{Token: paywall.NewSecret(token), VODStyle: paywall.VODStyleV1}
	if err := site.Connection.Change(ctx, paywall.Actor{Name: "demo"}, login); err != nil {
		return err
	}
	return errors.Join(demo.Seed(ctx, site.Store, utcNow(), sandboxURL), site.Front.Refresh(ctx))
}

// NewDemoSite is a site whose mails go to a mailbox that the browser shows, and
// its handler with that mailbox beside it.
func NewDemoSite(ctx context.Context, c config.Config, clock paywall.Clock, log *slog.Logger) (*Site, http.Handler, *demo.Mailbox, error) {
	files, err := static.New()
	if err != nil {
		return nil, nil, nil, err
	}
	var site *Site
	box := demo.NewMailbox(func() string { return site.Front.Name() }, Assets(files), c.Zone)
	site, err = NewSite(ctx, c, Outlet{Sender: box, MailboxURL: demo.MailboxPath}, clock, log)
	if err != nil {
		return nil, nil, nil, err
	}
	box.FlushWith(site.Mail.Flush)
	return site, beside(box, site.Handler), box, nil
}

// beside serves the mailbox under its own addresses. (A ServeMux would also
// mend the paths that the site refuses.)
func beside(box, site http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_demo/") {
			box.ServeHTTP(w, r)
			return
		}
		site.ServeHTTP(w, r)
	})
}

// DemoConfig is the configuration of the demo. It reads nothing from the
// environment: a demo must never reach a real account.
func DemoConfig(site, stage net.Addr, database, token string) (config.Config, error) {
	return demoConfig(site, stage, demoOptions{database: database}, token)
}

// EmptyDemoConfig is the configuration of a demo that its owner sets up.
func EmptyDemoConfig(site, stage net.Addr, database string) (config.Config, error) {
	return demoConfig(site, stage, demoOptions{database: database, empty: true}, "")
}

// demoConfig leaves out of an empty demo what its owner is to set.
func demoConfig(site, stage net.Addr, o demoOptions, token string) (config.Config, error) {
	_, port, err := net.SplitHostPort(site.String())
	if err != nil {
		return config.Config{}, err
	}
	sandboxURL := "http://" + stage.String()
	settings := map[string]string{
		"USHER_ADDR":                  site.String(),
		"USHER_BASE_URL":              "http://localhost:" + port,
		"USHER_DATABASE_URL":          "sqlite:" + o.database,
		"USHER_SITE_NAME":             "Radio Lumière",
		"USHER_INFOMANIAK_TOKEN":      token,
		"USHER_INFOMANIAK_API_URL":    sandboxURL,
		"USHER_INFOMANIAK_VOD_URL":    sandboxURL,
		"USHER_INFOMANIAK_PLAYER_URL": sandboxURL,
		"USHER_MEDIA_HOSTS":           sandboxURL,
		"USHER_LOG_LEVEL":             "warn",
	}
	if o.empty {
		delete(settings, "USHER_SITE_NAME")
		delete(settings, "USHER_INFOMANIAK_TOKEN")
	}
	return config.Load(func(name string) string { return settings[name] })
}

// onlyLoopback keeps the demo, whose passwords everybody knows, on this machine.
func onlyLoopback(addrs ...string) error {
	for _, addr := range addrs {
		host, _, err := net.SplitHostPort(addr)
		if err != nil || !paywall.IsLoopback(host) {
			return fmt.Errorf("%w: the demo stays on this machine; %q is not an address such as 127.0.0.1:8080", errUsage, addr)
		}
	}
	return nil
}

// dataFolder is the folder asked for, or one that clean removes.
func dataFolder(asked string) (folder string, clean func(), err error) {
	if asked != "" {
		return asked, func() {}, os.MkdirAll(asked, 0o700)
	}
	folder, err = os.MkdirTemp("", "usher-demo-")
	return folder, func() { _ = os.RemoveAll(folder) }, err
}

func tellDemo(w io.Writer, c config.Config, sandboxURL string) {
	fmt.Fprintf(w, "\n  The site     %s\n  Infomaniak   %s (a stand-in, on this machine only)\n\n", c.BaseURL, sandboxURL)
	fmt.Fprintf(w, "  Sign in as   (password of all: %s)\n", demo.Password)
	for _, p := range demo.People {
		fmt.Fprintf(w, "    %-18s %s\n", p.Email, p.About)
	}
	fmt.Fprintf(w, "\n  Make an account at %s/signup and read its mail at %s/_demo/mailbox\n", c.BaseURL, c.BaseURL)
	fmt.Fprintf(w, "\n  Begin at     %s/listen/radio-lumiere\n  Stop with    Ctrl+C\n", c.BaseURL)
	fmt.Fprintf(w, "  Make Infomaniak slow, down, ratelimit, garbage, html, hang or ok:\n"+
		"    curl -d '{\"mode\":\"down\"}' %s/_sandbox/mode\n\n", sandboxURL)
}

// tellEmptyDemo says what somebody needs who sets the demo up like a new site.
func tellEmptyDemo(w io.Writer, c config.Config, sandboxURL, token string) {
	fmt.Fprintf(w, "  Infomaniak   %s (a stand-in, on this machine only)\n", sandboxURL)
	fmt.Fprintf(w, "  API token    %s (to paste where the set-up asks for it)\n", token)
	fmt.Fprintf(w, "  Mails        %s/_demo/mailbox\n  Stop with    Ctrl+C\n\n", c.BaseURL)
}
