package paywall

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	// mintMinute is the span over which Infomaniak counts API calls
	// (developer.infomaniak.com/getting-started: 60 requests per minute).
	mintMinute = time.Minute
	// leaseLife is how long a node may spend the calls it took. A lease counts
	// against the minute for this much longer, so that even a call made at its
	// very end is covered.
	leaseLife = 5 * time.Second
)

// MaxLease is the longest that anything in the ledger counts, pauses included.
// What seems to count longer was written before the clock was set back.
const MaxLease = 10 * time.Minute

// leasesPerLimit is how many leases the limit is cut into. Thirteen end and
// begin while one counts, so with more than that a node with steady demand
// never runs dry by leasing alone.
const leasesPerLimit = 14

// Budget spends the calls that Infomaniak allows. The ledger in the database
// counts for all nodes and survives a restart; so that not every page view
// writes to it, a node takes a few calls at a time and spends them at once.
type Budget struct {
	ledger MintLedger
	limit  int
	batch  int
	clock  Clock

	mu     sync.Mutex // held while the ledger is asked: one question at a time
	left   int
	until  time.Time // end of what is left
	next   time.Time // no use to ask the ledger before
	paused time.Time // the supplier asked us to rest until then
}

// NewBudget allows limit calls in any minute, at least one.
func NewBudget(ledger MintLedger, limit int, clock Clock) *Budget {
	limit = max(1, limit)
	return &Budget{ledger: ledger, limit: limit, batch: max(1, limit/leasesPerLimit), clock: clock}
}

// Take spends one call if one is left, else it answers when to ask again.
func (b *Budget) Take(ctx context.Context) (ok bool, retry time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock()
	b.distrust(now)
	switch {
	case now.Before(b.paused):
		return false, b.paused, nil
	case b.left > 0 && now.Before(b.until):
		b.left--
		return true, now, nil
	case now.Before(b.next):
		return false, b.next, nil
	}
	return b.lease(ctx, now)
}

// distrust forgets instants that lie further ahead than any of ours ever does:
// the clock was set back, and nobody is to wait for it to come round again.
func (b *Budget) distrust(now time.Time) {
	for _, instant := range []*time.Time{&b.until, &b.next, &b.paused} {
		if instant.Sub(now) > MaxLease {
			*instant = time.Time{}
		}
	}
}

func (b *Budget) lease(ctx context.Context, now time.Time) (bool, time.Time, error) {
	lease, err := b.ledger.LeaseMints(ctx, now, b.batch, b.limit, now.Add(mintMinute+leaseLife))
	if KindOf(err) == KindUnavailable && ctx.Err() == nil {
		// The disk is full or the database is locked: those who listen go on,
		// at the pace of one lease for each lease's life.
		slog.WarnContext(ctx, "calls are spent without the ledger", "error", err)
		lease, err = Lease{Got: b.batch}, nil
		b.next = now.Add(leaseLife)
	}
	if err != nil {
		return false, now, err
	}
	if lease.Got == 0 {
		b.left, b.next = 0, lease.NextFree
		return false, b.next, nil
	}
	b.left, b.until = lease.Got-1, now.Add(leaseLife)
	return true, now, nil
}

// Pause stops all spending for a while, because the supplier answered 429. The
// rest is booked in the ledger as one lease of everything, so that the other
// nodes rest too; it is taken out of twice the limit, because what was leased
// before must not make it smaller.
func (b *Budget) Pause(ctx context.Context, rest time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock()
	if until := now.Add(min(rest, MaxLease)); until.After(b.paused) {
		b.paused, b.left = until, 0
	}
	_, err := b.ledger.LeaseMints(ctx, now, b.limit, 2*b.limit, b.paused)
	return err
}

// GiveBack returns a call that was taken and not made.
func (b *Budget) GiveBack() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.clock().Before(b.until) {
		b.left++
	}
}
