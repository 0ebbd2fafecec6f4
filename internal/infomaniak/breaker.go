package infomaniak

import (
	"errors"
	"sync"
	"time"

	"usher/paywall"
)

// The states of the breaker.
const (
	StateClosed  = "closed"  // calls go out
	StateOpen    = "open"    // the supplier is down; no call goes out
	StateProbing = "probing" // one call is out to see whether it is back
)

const (
	openAfter = 5               // failures in a row
	openFor   = 5 * time.Second // rest before a probe
)

// ErrBreakerOpen is the cause when no call was made because the last ones failed.
var ErrBreakerOpen = errors.New("the supplier failed several times in a row and is left alone for a moment")

func errOpen() error { return &paywall.SupplierError{Unasked: true, Err: ErrBreakerOpen} }

// verdict is what a call says about the supplier's health.
type verdict int

const (
	unclear  verdict = iota // the caller gave up, or gave too little time
	answered                // it answered, be it with a refusal
	failed                  // it was not there, or talked nonsense
)

// breaker keeps viewers from waiting for a supplier that is down, and the
// supplier from being hammered while it gets up.
type breaker struct {
	mu  sync.Mutex
	now paywall.Clock

	seen    Health // State included
	round   int    // grows with each change of state; calls of old rounds no longer count
	fails   int    // in a row
	retryAt time.Time
}

// pass is the permission for one call.
type pass struct{ round int }

func newBreaker(now paywall.Clock) *breaker {
	return &breaker{now: now, seen: Health{State: StateClosed, Since: now()}}
}

// ready tells whether enter would let a call through.
func (b *breaker) ready() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lets()
}

// enter lets a call through or not. In the open state it lets exactly one
// through after the rest: the probe.
func (b *breaker) enter() (pass, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.lets() {
		return pass{}, false
	}
	if b.seen.State == StateOpen {
		b.change(StateProbing)
	}
	return pass{b.round}, true
}

func (b *breaker) lets() bool {
	if b.seen.State != StateOpen {
		return b.seen.State == StateClosed
	}
	left := b.retryAt.Sub(b.now())
	return left <= 0 || left > openFor // more is left only if the clock was set back
}

// report takes the outcome of a call that enter let through.
func (b *breaker) report(p pass, v verdict, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remember(v, err)
	if p.round != b.round {
		return
	}
	probe := b.seen.State == StateProbing
	switch v {
	case answered:
		b.fails = 0
		if probe {
			b.seen.Since = b.now()
			b.change(StateClosed)
		}
	case failed:
		b.fails++
		if probe || b.fails >= openAfter {
			b.open(openFor)
		}
	case unclear:
		if probe {
			b.open(0) // the next caller may probe at once
		}
	}
}

// remember keeps what the owner may see. A caller that gave up is no news.
func (b *breaker) remember(v verdict, err error) {
	switch {
	case err == nil:
		b.seen.LastOK = b.now()
	case v != unclear:
		b.seen.LastTrouble, b.seen.LastErrorAt = TroubleKey(err), b.now()
	}
}

func (b *breaker) open(rest time.Duration) {
	now := b.now()
	if b.seen.State == StateClosed {
		b.seen.Since = now // a failed probe is the same outage
	}
	b.retryAt = now.Add(rest)
	b.change(StateOpen)
}

func (b *breaker) change(state string) {
	b.seen.State = state
	b.round++
	b.fails = 0
}

func (b *breaker) health() Health {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen
}
