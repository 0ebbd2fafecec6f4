// Package infomaniak asks Infomaniak for playback tokens and builds the
// addresses to embed. It covers the radio token API (Infomaniak FAQ 2792) and
// the VOD token API (FAQ 1366), both of which answer in the same envelope.
//
// One Client serves the whole process: it keeps connections alive, bounds the
// calls in flight, and rests for a moment when the supplier is down.
package infomaniak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"usher/paywall"
)

var _ paywall.Minter = (*Client)(nil)

// maxInFlight bounds the calls at any instant. The supplier allows about one
// call a second, so this many can only be open when it hangs.
const maxInFlight = 256

// Client mints tokens. It is safe for use by many goroutines.
type Client struct {
	api     string // base addresses, without a slash at the end
	vod     string
	player  string
	embed   EmbedStyle
	hosts   paywall.MediaHosts
	now     paywall.Clock
	timeout time.Duration

	login   func(ctx context.Context) (paywall.Credentials, error)
	last    atomic.Pointer[credentials] // made of what login answered last
	pace    paywall.Pace
	sender  http.RoundTripper
	slots   chan struct{}
	breaker *breaker
	watch   clockWatch
}

// New checks the configuration and makes a client. It calls nobody.
func New(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	return &Client{
		api:     trimBase(cfg.APIURL),
		vod:     trimBase(cfg.VODURL),
		player:  trimBase(cfg.PlayerURL),
		embed:   cfg.EmbedStyle,
		hosts:   cfg.Hosts,
		now:     cfg.Now,
		timeout: cfg.Timeout,
		login:   cfg.credentials(),
		pace:    cfg.Pace,
		sender:  newTransport(),
		slots:   make(chan struct{}, maxInFlight),
		breaker: newBreaker(cfg.Now),
	}, nil
}

// Errors of Mint that are no failure of the supplier and cost no call.
var (
	// ErrTicket says that the ticket does not open the source: a fault of ours.
	ErrTicket = errors.New("infomaniak: the ticket does not open this source")
	// ErrSource says that no address can be built from the source.
	ErrSource = errors.New("infomaniak: unusable source")
	// ErrHost says that the address to embed is not on the allow-list.
	ErrHost = errors.New("infomaniak: the address is not on a listed media host")
)

// ErrNoToken is the cause of a failed mint when no API token is configured.
var ErrNoToken = errors.New("no API token is set")

// Mint implements paywall.Minter. Its errors beside *paywall.SupplierError are the
// ones above, and context.Canceled when the caller gave up.
func (c *Client) Mint(ctx context.Context, t paywall.Ticket, s paywall.Source, window time.Duration) (paywall.Playable, error) {
	if !t.Opens(s) {
		return paywall.Playable{}, ErrTicket
	}
	key, err := c.credentials(ctx)
	if err != nil {
		return paywall.Playable{}, key.explained(err)
	}
	p, err := c.plan(key, s, window)
	if err != nil {
		return paywall.Playable{}, err
	}
	// Taken before the call: the token's life is rather judged too short.
	asked := c.now()
	query, err := c.mint(ctx, key, p)
	if err != nil {
		return paywall.Playable{}, key.explained(err)
	}
	return paywall.Playable{
		URL:       p.embed + "?" + query, // raw: see checkQuery
		ExpiresAt: expiry(p.kind, query, asked, p.window),
	}, nil
}

// mint makes the one call, if a slot is free in time and the breaker lets it.
func (c *Client) mint(ctx context.Context, key *credentials, p plan) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if err := c.enter(ctx, key); err != nil {
		return "", err
	}
	defer c.leave()
	pass, ok := c.breaker.enter()
	if !ok {
		return "", errOpen()
	}
	fair := c.fairChance(ctx)
	query, err := c.call(ctx, key, p)
	c.breaker.report(pass, judge(err, fair), err)
	return query, err
}

// enter takes a slot. It does not queue behind calls that hang while the
// breaker already knows better.
func (c *Client) enter(ctx context.Context, key *credentials) error {
	if !c.breaker.ready() {
		return errOpen()
	}
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return key.noAnswer(ctx, 0, errBusy)
	}
}

func (c *Client) leave() { <-c.slots }

// fairChance tells whether the supplier gets enough time to be blamed for a
// timeout: a viewer who waited long in our own queue leaves it little.
func (c *Client) fairChance(ctx context.Context) bool {
	deadline, _ := ctx.Deadline()
	return time.Until(deadline) >= c.timeout/4
}

// Health is what an owner may know about the way to the supplier.
type Health struct {
	// State is one of StateClosed, StateOpen and StateProbing.
	State string
	// Since is when the breaker last opened or closed.
	Since time.Time
	// LastTrouble is the likely cause of the last failed mint, one of the Trouble
	// constants of paywall.
	LastTrouble string
	LastErrorAt time.Time
	// LastOK is the last mint that gave a token.
	LastOK time.Time
}

// Health tells how the calls have gone.
func (c *Client) Health() Health { return c.breaker.health() }

// Close ends the idle connections, for an orderly shutdown.
func (c *Client) Close() {
	if t, ok := c.sender.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// String names the client without its credentials.
func (c *Client) String() string { return fmt.Sprintf("infomaniak.Client(%s)", c.api) }

// GoString is String, so that %#v prints no internals.
func (c *Client) GoString() string { return c.String() }
