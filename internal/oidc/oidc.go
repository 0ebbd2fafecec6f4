// Package oidc signs people in with another service by OpenID Connect: the code
// flow with PKCE, on top of coreos/go-oidc and golang.org/x/oauth2.
//
// The libraries fetch, parse and verify. What they leave open is decided here:
// when to look a service up, how long to wait, how much to read, which addresses
// to call, and what of a failure may be written down.
package oidc

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"usher/paywall"
)

var _ paywall.IdentityProvider = (*Provider)(nil)

// callTimeout is how long a visitor waits for one call, all its requests
// together. A service that is asked for more than this is taken for down.
const callTimeout = 5 * time.Second

// Config is what one service gives to those who let people sign in there.
type Config struct {
	ID           string // short name in addresses
	Name         string // what the button says
	Issuer       string // exactly as the service writes it: a slash at the end counts
	ClientID     string
	ClientSecret paywall.Secret
	Scopes       []string // none: openid, email and profile
}

// Provider is one service. It is safe for use by many goroutines.
type Provider struct {
	cfg     Config
	clock   paywall.Clock
	local   bool // the service is on this machine
	client  *http.Client
	timeout time.Duration

	// turn is held by whoever uses the fields below it: a channel, so that
	// waiting for it can end with the visitor's patience.
	turn     chan struct{}
	found    *service
	failure  error // of the last lookup; nil: it went well, or there was none
	failedAt time.Time
}

// New checks the configuration. It calls nobody: a service that is down must
// not keep the site from starting.
func New(c Config, clock paywall.Clock) (*Provider, error) {
	if len(c.Scopes) == 0 {
		c.Scopes = []string{oidc.ScopeOpenID, oidc.ScopeEmail, oidc.ScopeProfile}
	}
	p := &Provider{
		cfg: c, clock: clock, timeout: callTimeout, turn: make(chan struct{}, 1),
		// The client's own limit is for the keys, which go-oidc fetches in the
		// background, whoever waits for them.
		client: &http.Client{Transport: newGuard(), Timeout: callTimeout},
	}
	if issuer, err := url.Parse(c.Issuer); err == nil {
		p.local = paywall.IsLoopback(issuer.Hostname())
	}
	switch {
	case c.ID == "" || c.Name == "" || c.ClientID == "" || c.ClientSecret.Empty():
		return nil, errors.New("oidc: id, name, client id and client secret are all needed")
	case !slices.Contains(c.Scopes, oidc.ScopeOpenID):
		return nil, errors.New("oidc: without the scope openid nobody is told who signed in")
	case !p.usable(c.Issuer) || strings.ContainsAny(c.Issuer, "?#"):
		return nil, errors.New("oidc: the issuer must be an https address without query and fragment")
	case clock == nil:
		return nil, errors.New("oidc: a clock is needed")
	}
	return p, nil
}

// ID implements paywall.IdentityProvider.
func (p *Provider) ID() string { return p.cfg.ID }

// Name implements paywall.IdentityProvider.
func (p *Provider) Name() string { return p.cfg.Name }

// errUnprotected is a fault of ours: without these a stranger's answer passes.
var errUnprotected = errors.New("oidc: state, nonce and verifier must not be empty")

// AuthURL implements paywall.IdentityProvider. The first call looks the service
// up, and so can fail.
func (p *Provider) AuthURL(ctx context.Context, redirectURL, state, nonce, verifier string) (string, error) {
	if state == "" || nonce == "" || verifier == "" {
		return "", errUnprotected
	}
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	s, err := p.lookup(ctx)
	if err != nil {
		return "", p.unavailable("lookup", err)
	}
	return p.oauth(s, redirectURL).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

func (p *Provider) oauth(s *service, redirectURL string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret.Reveal(),
		Endpoint: s.endpoint, Scopes: p.cfg.Scopes, RedirectURL: redirectURL,
	}
}
