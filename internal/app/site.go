package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"runtime"
	"time"

	"usher/handlers"
	"usher/internal/config"
	"usher/internal/i18n"
	"usher/internal/infomaniak"
	"usher/internal/mail"
	"usher/internal/oidc"
	"usher/internal/passkey"
	"usher/internal/picture"
	"usher/internal/totp"
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
	Settings *paywall.SiteSettings
	Front    *paywall.Front
	Outbox   *paywall.Outbox
	Mail     *mail.Worker
	Mails    *paywall.Mails
	Jobs     *paywall.Jobs
	Imports  *paywall.Imports
	pictures *paywall.Pictures
	Plays    *paywall.Plays
	Probes   *paywall.Probes
	// Connection is the login at Infomaniak, Supplier what speaks to it, and
	// Errands the pace of what no listener waits for.
	Connection *paywall.Connection
	Supplier   *infomaniak.Client
	Errands    *paywall.Errands
	vault      *paywall.Vault
	clock      paywall.Clock
	log        *slog.Logger
}

// Outlet is where mails go.
type Outlet struct {
	Sender mail.Sender // nil where no mail server is set
	// MailboxURL is where visitors read the mails of a demo; empty on a real site.
	MailboxURL string
}

// NewSite opens the database and wires all services.
func NewSite(ctx context.Context, c config.Config, outlet Outlet, clock paywall.Clock, log *slog.Logger) (*Site, error) {
	files, err := static.New()
	if err != nil {
		return nil, err
	}
	vault, err := newVault(c)
	if err != nil {
		return nil, err
	}
	site := &Site{vault: vault, clock: clock, log: log}
	passkeys, err := newPasskeys(c, func() string { return site.Front.Name() })
	if err != nil {
		return nil, err
	}
	providers, err := newProviders(c, clock)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, c.DatabaseURL)
	if err != nil {
		return nil, err
	}
	site.Store = db
	if site.Front, err = newFront(ctx, c, db, clock); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	site.Plays = paywall.NewPlays(db, vault, siteZone(site.Front), clock)
	line := paywall.NewLine(paywall.NewBudget(db, c.MintsPerMinute, clock), clock)
	site.Errands = paywall.NewErrands(line, clock)
	site.Connection = paywall.NewConnection(db, vault, c.Credentials(), clock)
	if site.Supplier, err = newClient(c, site.Connection, site.Errands, clock); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	site.Auth = newAuth(c, db, site.Front, vault, clock, passkeys, providers)
	site.Outbox, site.Settings = site.Auth.Outbox, site.Auth.Settings
	site.Sessions = paywall.NewSessions(db, site.Outbox, clock)
	site.Mails = paywall.NewMails(db, site.Outbox, clock)
	site.Mail = mail.NewWorker(db, site.Outbox, outlet.Sender, mail.Site{
		Front: site.Front, BaseURL: c.BaseURL, From: c.Mail.From,
	}, clock, log)
	site.pictures = paywall.NewPictures(db, picture.New(), clock)
	site.Imports = paywall.NewImports(db, site.Supplier, site.pictures, c.MediaHosts, clock)
	site.Handler = handlers.New(site.deps(c, outlet, vault, line, files))
	return site, nil
}

// deps is what the handlers get.
func (s *Site) deps(c config.Config, outlet Outlet, vault *paywall.Vault, line *paywall.Line, files *static.Files) handlers.Deps {
	grants, vitals := paywall.NewGrants(s.Store, s.Outbox, s.clock), s.watch(c)
	bulk := paywall.NewBulk(s.Store, grants, s.Auth, s.Outbox, s.clock)
	imports := paywall.NewMemberImports(s.Store, grants, s.Outbox, s.clock, s.zone(c), languages())
	s.Jobs = paywall.NewJobs(s.Store, s.clock, bulk, imports)
	return handlers.Deps{
		Auth:       s.Auth,
		Sessions:   s.Sessions,
		Settings:   s.Settings,
		Front:      s.Front,
		Connection: s.Connection,
		Supplier:   s.Supplier,
		Playback:   paywall.NewPlayback(s.Store, s.Supplier, line, s.clock),
		Judge:      paywall.NewJudge(s.Store),
		Catalogue:  paywall.NewCatalogue(s.Store, c.MediaHosts, s.clock),
		Pictures:   s.pictures,
		Imports:    s.Imports,
		Grants:     grants,
		People:     paywall.NewPeople(s.Store, s.clock),
		Bulk:       bulk,
		Lists:      imports,
		Jobs:       s.Jobs,
		Vouchers: paywall.NewVouchers(paywall.VoucherDeps{
			Store: s.Store, Vault: vault, Outbox: s.Outbox, Grants: grants, Limits: c.Limits, Clock: s.clock,
		}),
		Checklist:  s.newChecklist(c, outlet),
		Operator:   operatorSettings(c),
		Probes:     s.Probes,
		Vitals:     vitals,
		Mails:      s.Mails,
		Plays:      s.Plays,
		Overview:   paywall.NewOverview(s.Store, siteZone(s.Front), s.clock),
		Record:     paywall.NewRecord(s.Store, s.clock),
		MailOff:    outlet.Sender == nil,
		MailFrom:   c.Mail.From.Address,
		MailboxURL: outlet.MailboxURL,
		Letter:     s.letter,
		Hosts:      c.MediaHosts,
		Clock:      s.clock,
		Ready:      s.Store.Writable,
		Static:     files,
		Assets:     Assets(files),
		Picture:    totp.Picture,

		BaseURL:        c.BaseURL,
		AllowedHosts:   c.AllowedHosts,
		TrustedProxies: c.TrustedProxies,
		Log:            s.log,
	}
}

// languages are the tags of the languages that the program speaks.
func languages() (tags []string) {
	for _, l := range i18n.All() {
		tags = append(tags, l.Tag())
	}
	return tags
}

// zone gives the zone that the owner set, or the configured one, as it is when
// it is asked for.
func (s *Site) zone(c config.Config) func() *time.Location {
	return func() *time.Location {
		if zone, err := time.LoadLocation(s.Front.Now().Zone); err == nil {
			return zone
		}
		return c.Zone
	}
}

// letter writes a mail out for the owner who reads the mail log.
func (s *Site) letter(ctx context.Context, m paywall.Mail) (subject, text string, err error) {
	written, err := s.Mail.Message(ctx, m)
	return written.Subject, written.Text, err
}

// newFront reads what the site shows of itself. What no owner has set is as the
// operator has it.
func newFront(ctx context.Context, c config.Config, db *store.DB, clock paywall.Clock) (*paywall.Front, error) {
	look := paywall.Look{Name: c.SiteName, Language: i18n.Default().Tag(), Zone: c.Zone.String()}
	for _, l := range i18n.All() {
		look.Languages = append(look.Languages, l.Tag())
	}
	front := paywall.NewFront(db, clock, look)
	return front, front.Refresh(ctx)
}

// newAuth wires what knows who people are.
func newAuth(c config.Config, db *store.DB, front *paywall.Front, vault *paywall.Vault, clock paywall.Clock,
	passkeys paywall.PasskeyVerifier, providers []paywall.IdentityProvider) *paywall.Auth {
	return paywall.NewAuth(paywall.AuthDeps{
		Store: db, Hasher: newHasher(), Vault: vault, Outbox: paywall.NewOutbox(vault, clock),
		Settings: paywall.NewSiteSettings(db, clock), Limits: c.Limits, Clock: clock, Codes: totp.Codes{},
		Passkeys: passkeys, Providers: providers,
		ReturnURL: func(id string) string { return c.BaseURL.String() + handlers.ReturnPath(id) },
		Front:     front, Host: c.BaseURL.Hostname(),
	})
}

// NewSender is the way to the configured mail server; nil where there is none.
func NewSender(c config.Config) (mail.Sender, error) {
	if c.Mail.Host == "" {
		return nil, nil //nolint:nilnil // mails then wait in the mail log
	}
	return mail.NewSMTP(mail.SMTPConfig{
		Host: c.Mail.Host, Port: c.Mail.Port, TLS: c.Mail.TLS, User: c.Mail.User, Password: c.Mail.Password,
		CAFile: c.Mail.CAFile, SiteHost: c.BaseURL.Hostname(),
	})
}

// newPasskeys is nil on a site without a name, where passkeys cannot work.
func newPasskeys(c config.Config, siteName func() string) (paywall.PasskeyVerifier, error) {
	verifier, err := passkey.New(c.BaseURL, siteName, c.AllowedHosts...)
	if errors.Is(err, passkey.ErrNoName) {
		return nil, nil //nolint:nilnil // see above
	}
	return verifier, err
}

// newProviders are the other services where people can sign in.
func newProviders(c config.Config, clock paywall.Clock) ([]paywall.IdentityProvider, error) {
	var all []paywall.IdentityProvider
	for _, p := range c.OIDC {
		provider, err := oidc.New(oidc.Config{
			ID: p.ID, Name: p.Name, Issuer: p.Issuer, ClientID: p.ClientID, ClientSecret: p.ClientSecret,
		}, clock)
		if err != nil {
			return nil, err
		}
		all = append(all, provider)
	}
	return all, nil
}

// Close lets go of the database, after what goes on in the background.
func (s *Site) Close() error {
	s.Probes.Close()
	return s.Store.Close()
}

func newClient(c config.Config, login *paywall.Connection, pace paywall.Pace, clock paywall.Clock) (*infomaniak.Client, error) {
	return infomaniak.New(infomaniak.Config{
		Credentials: login.Credentials, Pace: pace,
		APIURL: c.APIURL, VODURL: c.VODURL, PlayerURL: c.PlayerURL,
		EmbedStyle: infomaniak.EmbedStyle(c.EmbedStyle), Hosts: c.MediaHosts, Now: clock,
	})
}

// Assets are the addresses of the static files that pages name.
func Assets(files *static.Files) views.Assets {
	return views.Assets{
		CSS: files.URL("css/usher.css"), Player: files.URL("js/player.js"),
		Forms: files.URL("js/forms.js"), Passkeys: files.URL("js/passkeys.js"), Owner: files.URL("js/owner.js"),
		HLS: files.URL("vendor/hls.light.min.js"), Icon: files.URL("icons/icon.svg"),
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
