package infomaniak

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"usher/paywall"
)

var _ paywall.Prober = (*Prober)(nil)

// probeDeadline bounds one look at a source in all.
const probeDeadline = 5 * time.Second

// Prober asks sources as a listener's player would. It asks the listed media
// hosts alone, and only where their names lead to the public internet; origins
// of plain http, which can be listed for this machine only, may lead to it.
type Prober struct {
	client        *Client
	remote, local http.RoundTripper
}

// NewProber makes a prober that asks for the client's addresses. The resolver is
// net.DefaultResolver when nil.
func NewProber(client *Client, resolver Resolver) *Prober {
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	return &Prober{
		client: client,
		remote: guard{resolver, outside}.transport(),
		local:  guard{resolver, func(ip netip.Addr) bool { return ip.Unmap().IsLoopback() }}.transport(),
	}
}

// Probe implements paywall.Prober.
func (p *Prober) Probe(ctx context.Context, s paywall.Source, playable paywall.Playable) paywall.Sight {
	address := playable.URL
	if address == "" {
		base, err := p.client.embedBase(s)
		if err != nil {
			return unlisted("the address is not on the list of media hosts")
		}
		address = base
	}
	u, err := url.Parse(address)
	if err != nil {
		return unlisted("the address cannot be read")
	}
	ctx, cancel := context.WithTimeout(ctx, probeDeadline)
	defer cancel()
	walk := &walk{Prober: p, ctx: ctx, query: u.RawQuery}
	switch s.Kind {
	case paywall.SourceStream:
		return walk.media(u)
	case paywall.SourceHLS:
		return walk.playlist(u, 0)
	case paywall.SourceVOD:
		return walk.player(u, s.Ref)
	}
	return unlisted("the kind of source is unknown")
}

func unlisted(detail string) paywall.Sight {
	return paywall.Sight{Sighting: paywall.SightUnlisted, Detail: detail}
}

// transportFor is the way to an address; nil when it is not on the list. Plain
// http is listed for this machine only, see paywall.ParseMediaHosts.
func (p *Prober) transportFor(u *url.URL) http.RoundTripper {
	switch {
	case !p.client.hosts.Allows(u) || strings.ContainsAny(u.Host, "\\@%"):
		return nil
	case u.Scheme == "http":
		return p.local
	}
	return p.remote
}
