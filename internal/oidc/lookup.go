package oidc

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"usher/paywall"
)

// restAfterFailure is how long a failed lookup stands for all visitors, so that
// a service that is down is not asked once for each of them.
const restAfterFailure = 3 * time.Second

// service is what a service's discovery document says.
type service struct {
	endpoint oauth2.Endpoint
	keys     oidc.KeySet
	userInfo string // empty: it has none
}

// lookup gives the service's addresses: those found before, or the answer of
// one request at a time.
func (p *Provider) lookup(ctx context.Context) (*service, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if p.found != nil {
		return p.found, nil
	}
	// The lower bound is for a clock that was set back.
	if age := p.clock().Sub(p.failedAt); p.failure != nil && age >= 0 && age < restAfterFailure {
		return nil, p.failure
	}
	found, err := p.discover(ctx)
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, ctx.Err() // the visitor left: it says nothing about the service
	}
	p.found, p.failure, p.failedAt = found, err, p.clock()
	return found, err
}

// discover fetches the discovery document. go-oidc refuses one that names
// another issuer.
func (p *Provider) discover(ctx context.Context) (*service, error) {
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.cfg.Issuer)
	if err != nil {
		return nil, err
	}
	var document struct {
		Keys        string   `json:"jwks_uri"`
		AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := found.Claims(&document); err != nil {
		return nil, err
	}
	s := &service{endpoint: found.Endpoint(), userInfo: found.UserInfoEndpoint()}
	s.endpoint.AuthStyle = authStyle(document.AuthMethods)
	addresses := []string{s.endpoint.AuthURL, s.endpoint.TokenURL, document.Keys}
	if s.userInfo != "" {
		addresses = append(addresses, s.userInfo)
	}
	for _, address := range addresses {
		if !p.usable(address) {
			return nil, errAddress
		}
	}
	// Without the visitor's context: the keys outlive the visit.
	s.keys = oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), p.client), document.Keys)
	return s, nil
}

// usable tells whether an address may be called, or a visitor sent to it. Plain
// http is for a service on this machine, and a service elsewhere must not make
// us call this machine.
func (p *Provider) usable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && p.local && paywall.IsLoopback(u.Hostname())
}

// authStyle is how the client secret travels. It is never found out by trying,
// as oauth2 does by itself: that would show a code twice, and a service takes a
// code that comes twice for stolen.
func authStyle(methods []string) oauth2.AuthStyle {
	if !slices.Contains(methods, "client_secret_basic") && slices.Contains(methods, "client_secret_post") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader // what no list means as well
}
