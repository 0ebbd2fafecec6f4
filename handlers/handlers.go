// Package handlers is Usher's HTTP side and nothing but HTTP: it reads a
// request, calls one service and shows the answer. Rules live in paywall, pages
// in views. routes.go is the one table of routes with their access levels.
package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"usher/internal/session"
	"usher/paywall"
	"usher/views"
)

// Deps is what the handlers need from the rest of the program.
type Deps struct {
	Auth      *paywall.Auth
	Sessions  *paywall.Sessions
	Settings  *paywall.SiteSettings
	Playback  *paywall.Playback
	Catalogue *paywall.Catalogue
	Grants    *paywall.Grants
	Judge     *paywall.Judge
	Vouchers  *paywall.Vouchers
	Mails     *paywall.Mails
	People    *paywall.People
	Bulk      *paywall.Bulk
	Lists     *paywall.MemberImports
	Jobs      *paywall.Jobs
	Checklist *paywall.Checklist
	// Operator are the options of the server, for owners to see.
	Operator []OperatorSetting
	Plays    *paywall.Plays
	Overview *paywall.Overview
	Record   *paywall.Record
	Front    *paywall.Front
	Pictures *paywall.Pictures
	Imports  *paywall.Imports
	// Connection is the login at Infomaniak, and Supplier the account behind it.
	Connection *paywall.Connection
	Supplier   paywall.Supplier
	Probes     *paywall.Probes
	Vitals     func() paywall.Vitals // how this node is
	Hosts      paywall.MediaHosts
	Clock      paywall.Clock
	// Ready checks that the database takes writes.
	Ready func(ctx context.Context) error
	// Static serves the assets under /static/.
	Static http.Handler
	Assets views.Assets
	// Picture draws a text as a QR code: the path of an SVG and its width.
	Picture func(text string) (path string, width int, err error)
	// MailFrom is the address that mails come from.
	MailFrom string
	// MailboxURL is where visitors of a demo read their mails; else empty.
	MailboxURL string
	// MailOff tells that no mail server is set: mails wait and are never sent.
	MailOff bool
	// Letter writes out what a mail says.
	Letter func(ctx context.Context, m paywall.Mail) (subject, text string, err error)

	BaseURL        *url.URL
	AllowedHosts   []string
	TrustedProxies []netip.Prefix
	Log            *slog.Logger
}

// Handlers answers the site's requests.
type Handlers struct {
	Deps
	sessions *session.Store
	headers  headerSet
	hosts    map[string]bool
	echo     *echo.Echo
	buffers  sync.Pool
	watch    *proxyWatch
	faces    atomic.Pointer[face]
}

// New makes the site's http.Handler.
func New(deps Deps) *Handlers {
	secure := deps.BaseURL.Scheme == "https"
	h := &Handlers{
		Deps:     deps,
		sessions: session.NewStore(deps.Sessions, secure),
		headers:  newHeaderSet(deps.Hosts, secure),
		hosts:    map[string]bool{deps.BaseURL.Host: true},
		echo:     echo.New(),
		watch:    newProxyWatch(deps.TrustedProxies, deps.Log),
	}
	for _, host := range deps.AllowedHosts {
		h.hosts[host] = true
	}
	h.echo.HideBanner, h.echo.HidePort = true, true
	h.echo.IPExtractor = ipExtractor(deps.TrustedProxies)
	h.echo.HTTPErrorHandler = h.answerError
	h.echo.Use(h.accessLog, h.recoverPanic, h.offerLanguages, h.secureHeaders, h.checkHost, h.crossOrigin())
	h.register(h.routes())
	return h
}

// ServeHTTP answers one request.
func (h *Handlers) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.echo.ServeHTTP(w, r) }
