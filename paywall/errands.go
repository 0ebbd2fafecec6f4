package paywall

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Pace lets calls out to the supplier that no listener waits for: reading the
// catalogue, probing, testing the connection.
type Pace interface {
	// Enter waits until a call may go out. When that takes too long it answers a
	// *SupplierError with TroubleBusy, at once if it is known before; or the
	// context's error when the caller gave up.
	Enter(ctx context.Context) error
	// Rest stops all calls for a while, because the supplier answered 429.
	Rest(ctx context.Context, pause time.Duration)
}

const (
	// errandPatience is how long a call waits for its turn. A minute is the
	// longest that our own share makes it wait; more means that listeners need
	// everything there is.
	errandPatience = 2 * time.Minute
	// errandLook is how often a waiting call looks whether it may go.
	errandLook = 100 * time.Millisecond
)

// Errands is the Pace of a node: its calls come out of the same Budget as those
// of listeners, only while no listener waits, and are at most half of what a
// minute allows. So a listener finds a call free also in the middle of an import.
type Errands struct {
	line  *Line
	clock Clock

	mu   sync.Mutex
	made []time.Time // within the last minute, oldest first
}

// NewErrands makes the pace of what shares a line's budget.
func NewErrands(line *Line, clock Clock) *Errands { return &Errands{line: line, clock: clock} }

// Enter implements Pace.
func (e *Errands) Enter(ctx context.Context) error {
	patience := time.NewTimer(errandPatience)
	defer patience.Stop()
	for {
		if e.try(ctx) {
			return nil
		}
		if e.hopeless(ctx) {
			return &SupplierError{Key: TroubleBusy, Unasked: true}
		}
		look := time.NewTimer(errandLook)
		select {
		case <-look.C:
		case <-patience.C:
			look.Stop()
			return &SupplierError{Key: TroubleBusy, Unasked: true}
		case <-ctx.Done():
			look.Stop()
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return &SupplierError{Key: TroubleBusy, Unasked: true, Err: ctx.Err()}
			}
			return ctx.Err()
		}
	}
}

// try takes one call if it may.
func (e *Errands) try(ctx context.Context) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.clock()
	e.forget(now)
	if e.full() || !e.line.TakeNow(ctx) {
		return false
	}
	e.made = append(e.made, now)
	return true
}

// full tells whether the share of this minute is used up.
func (e *Errands) full() bool { return len(e.made) >= max(1, e.line.budget.limit/2) }

// hopeless tells whether the caller's time ends before the share has room again.
func (e *Errands) hopeless(ctx context.Context) bool {
	deadline, ends := ctx.Deadline()
	if !ends {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.full() && mintMinute-e.clock().Sub(e.made[0]) > time.Until(deadline)
}

// forget drops the calls that a minute ago no longer counts, and those from
// before the clock was set back.
func (e *Errands) forget(now time.Time) {
	kept := e.made[:0]
	for _, at := range e.made {
		if age := now.Sub(at); age >= 0 && age < mintMinute {
			kept = append(kept, at)
		}
	}
	e.made = kept
}

// Rest implements Pace: it makes listeners and the other nodes rest too.
func (e *Errands) Rest(ctx context.Context, pause time.Duration) { e.line.rest(ctx, pause) }
