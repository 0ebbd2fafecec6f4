package storetest

import (
	"sync"
	"testing"
	"time"

	"usher/paywall"
)

func testLeases(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	at := func(seconds int) time.Time { return stored(start).Add(time.Duration(seconds) * time.Second) }
	for n, step := range []struct {
		now, want, limit, expires int
		lease                     paywall.Lease
	}{
		{0, 3, 10, 60, paywall.Lease{Got: 3}},
		{1, 4, 10, 30, paywall.Lease{Got: 4}},
		{2, 5, 10, 90, paywall.Lease{Got: 3}}, // what is left
		{3, 1, 10, 90, paywall.Lease{NextFree: at(30)}},
		{29, 1, 10, 90, paywall.Lease{NextFree: at(30)}},
		{30, 9, 10, 90, paywall.Lease{Got: 4}}, // the second lease is over
		{31, 1, 10, 90, paywall.Lease{NextFree: at(60)}},
		{32, 1, 5, 90, paywall.Lease{NextFree: at(60)}}, // the limit went down
		{60, 1, 8, 120, paywall.Lease{Got: 1}},
		{61, 0, 10, 90, paywall.Lease{NextFree: at(90)}},
		{-3600, 2, 10, -3540, paywall.Lease{Got: 2}}, // the clock was set back by an hour
		{200, 99, 10, 260, paywall.Lease{Got: 10}},
		{300, 1, 0, 360, paywall.Lease{}},
	} {
		lease, err := s.LeaseMints(ctx, at(step.now), step.want, step.limit, at(step.expires))
		must(t, err)
		if lease != step.lease {
			t.Errorf("step %d: %+v, want %+v", n, lease, step.lease)
		}
	}

	must(t, s.InTx(ctx, func(tx paywall.Store) error {
		lease, err := tx.LeaseMints(ctx, at(400), 2, 10, at(460))
		wantSame(t, lease, paywall.Lease{Got: 2})
		return err
	}))
}

// testLeasesParallel lets 16 nodes take what they can: never more than there is,
// and everything again when the leases are over.
func testLeasesParallel(t *testing.T, s paywall.Store) {
	const nodes, limit = 16, 55
	for round := range 3 {
		now := start.Add(time.Duration(round) * time.Minute)
		if got := leaseAll(t, s, nodes, limit, now); got != limit {
			t.Errorf("round %d: %d calls handed out, want %d", round, got, limit)
		}
	}
}

func leaseAll(t *testing.T, s paywall.Store, nodes, limit int, now time.Time) int {
	ctx := bounded(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for node := range nodes {
		wg.Go(func() {
			for {
				lease, err := s.LeaseMints(ctx, now, 1+node%4, limit, now.Add(time.Minute))
				if err != nil {
					t.Errorf("LeaseMints: %v", err)
					return
				}
				if lease.Got == 0 {
					return
				}
				mu.Lock()
				total += lease.Got
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return total
}
