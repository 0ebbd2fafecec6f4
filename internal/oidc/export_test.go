package oidc

import "time"

// Numbers that the tests must agree on.
const (
	MaxBody          = maxBody
	RestAfterFailure = restAfterFailure
)

// SetTimeout makes a test of a service that hangs a short one.
func (p *Provider) SetTimeout(d time.Duration) {
	p.timeout, p.client.Timeout = d, min(p.client.Timeout, d)
}

// Usable tells whether an address of a service may be called.
func (p *Provider) Usable(address string) bool { return p.usable(address) }
