package paywall_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"usher/paywall"
)

// ledger keeps leases in memory as paywall.MintLedger documents it. The real
// one has its own tests; this one is fast enough for thousands of arrivals.
type ledger struct {
	mu     sync.Mutex
	leases []lease
	asked  int
	err    error
}

type lease struct {
	amount  int
	expires time.Time
}

func (l *ledger) LeaseMints(_ context.Context, now time.Time, want, limit int, expires time.Time) (paywall.Lease, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	if l.err != nil {
		return paywall.Lease{}, l.err
	}
	l.leases = slices.DeleteFunc(l.leases, func(x lease) bool {
		return !now.Before(x.expires) || x.expires.Sub(now) > paywall.MaxLease
	})
	used, nextFree := 0, time.Time{}
	for _, x := range l.leases {
		used += x.amount
		if nextFree.IsZero() || x.expires.Before(nextFree) {
			nextFree = x.expires
		}
	}
	got := min(want, limit-used)
	if got <= 0 {
		return paywall.Lease{NextFree: nextFree}, nil
	}
	l.leases = append(l.leases, lease{got, expires})
	return paywall.Lease{Got: got}, nil
}

func (l *ledger) questions() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked
}

// spent is the record of all calls, for looking at it through a window.
type spent struct {
	mu    sync.Mutex
	calls []time.Time
}

func (s *spent) add(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, at)
}

// most is the largest number of calls in any 60 seconds.
func (s *spent) most() int {
	slices.SortFunc(s.calls, time.Time.Compare)
	most, first := 0, 0
	for n, call := range s.calls {
		for call.Sub(s.calls[first]) >= time.Minute {
			first++
		}
		most = max(most, n-first+1)
	}
	return most
}

// take spends a call on a movable clock and wants it to be there or not.
func take(t *testing.T, b *paywall.Budget, want bool) time.Time {
	t.Helper()
	ok, retry, err := b.Take(t.Context())
	must(t, err)
	if ok != want {
		t.Fatalf("a call is there: %v, want %v", ok, want)
	}
	return retry
}

func takeAll(t *testing.T, b *paywall.Budget) (n int) {
	t.Helper()
	for ok := true; ok; n++ {
		var err error
		ok, _, err = b.Take(t.Context())
		must(t, err)
	}
	return n - 1
}

// TestBudget_Limit: a minute holds what it may, on the real ledger.
func TestBudget_Limit(t *testing.T) {
	site := newSite(t)
	for limit, want := range map[int]int{1: 1, 5: 5, 12: 12, 55: 55, 0: 1, -3: 1} {
		site.clock.Pass(time.Hour)
		start := site.clock.Now()
		b := paywall.NewBudget(site, limit, site.clock.Now)
		if got := takeAll(t, b); got != want {
			t.Errorf("limit %d: %d calls, want %d", limit, got, want)
		}
		retry := take(t, b, false)
		if wait := retry.Sub(start); wait != time.Minute+paywall.LeaseLife {
			t.Errorf("limit %d: ask again after %v", limit, wait)
		}
		site.clock.Pass(time.Minute + paywall.LeaseLife - time.Millisecond)
		take(t, b, false)
		site.clock.Pass(time.Millisecond)
		if got := takeAll(t, b); got != want {
			t.Errorf("limit %d: %d calls in the next minute, want %d", limit, got, want)
		}
	}
}

// TestBudget_Questions: not every call writes to the database, and an empty
// budget does not ask at all before there is something to get.
func TestBudget_Questions(t *testing.T) {
	clock, l := newClock(), &ledger{}
	b := paywall.NewBudget(l, 4*paywall.LeasesPerLimit, clock.Now)
	for range 8 {
		take(t, b, true)
	}
	if got := l.questions(); got != 2 {
		t.Errorf("8 calls asked the ledger %d times, want 2", got)
	}
	takeAll(t, b)
	before := l.questions()
	for range 100 {
		take(t, b, false)
	}
	if got := l.questions() - before; got != 0 {
		t.Errorf("an empty budget asked %d times", got)
	}
}

// TestBudget_StaleLease: what a node took and did not spend at once is gone.
func TestBudget_StaleLease(t *testing.T) {
	clock, l := newClock(), &ledger{}
	const limit = 2 * paywall.LeasesPerLimit // two calls in a lease
	b := paywall.NewBudget(l, limit, clock.Now)
	take(t, b, true)
	clock.Pass(paywall.LeaseLife - 1)
	take(t, b, true)
	if got := l.questions(); got != 1 {
		t.Errorf("asked %d times inside the life of a lease", got)
	}
	clock.Pass(1)
	if got := takeAll(t, b); got != limit-2 {
		t.Errorf("%d calls are left, want %d less the first lease", got, limit)
	}
}

// TestBudget_Trickle: a visitor now and then, each of whom costs a whole lease,
// never uses up the minute.
func TestBudget_Trickle(t *testing.T) {
	for limit := paywall.LeasesPerLimit; limit <= 120; limit++ {
		clock := newClock()
		b := paywall.NewBudget(&ledger{}, limit, clock.Now)
		for range 100 {
			ok, _, err := b.Take(t.Context())
			must(t, err)
			if !ok {
				t.Fatalf("limit %d: nothing left after %v", limit, clock.Now().Sub(opening))
			}
			clock.Pass(paywall.LeaseLife)
		}
	}
}

// TestBudget_PauseDropsLease: after a short rest, what was taken before it is
// not spent any more.
func TestBudget_PauseDropsLease(t *testing.T) {
	clock, l := newClock(), &ledger{}
	b := paywall.NewBudget(l, 4*paywall.LeasesPerLimit, clock.Now)
	take(t, b, true) // three more are at hand
	must(t, b.Pause(t.Context(), time.Second))
	clock.Pass(time.Second)
	before := l.questions()
	take(t, b, true)
	if got := l.questions() - before; got != 1 {
		t.Errorf("asked %d times after the rest, want 1", got)
	}
}

func TestBudget_BrokenLedger(t *testing.T) {
	clock, broken := newClock(), errors.New("disk")
	l := &ledger{err: broken}
	b := paywall.NewBudget(l, 12, clock.Now)
	ok, _, err := b.Take(t.Context())
	if ok || !errors.Is(err, broken) {
		t.Errorf("%v, %v, want %v", ok, err, broken)
	}
	wantErr(t, b.Pause(t.Context(), time.Minute), broken)
	l.err = nil
	take(t, b, false) // this node rests although the ledger could not be told
	clock.Pass(time.Minute)
	take(t, b, true)
}

// TestBudget_Pause: a 429 stops this node at once and the others too.
func TestBudget_Pause(t *testing.T) {
	for name, before := range map[string]int{"fresh": 0, "half spent": 6, "all spent": 12} {
		t.Run(name, func(t *testing.T) {
			site := newSite(t)
			a := paywall.NewBudget(site, 12, site.clock.Now)
			b := paywall.NewBudget(site, 12, site.clock.Now)
			for range before {
				take(t, a, true)
			}
			must(t, a.Pause(t.Context(), 90*time.Second))
			if retry := take(t, a, false); !retry.Equal(opening.Add(90 * time.Second)) {
				t.Errorf("this node asks again at %v", retry)
			}
			take(t, b, false)
			site.clock.Pass(80 * time.Second) // all leases from before are over
			take(t, a, false)
			take(t, b, false)
			site.clock.Pass(10 * time.Second)
			take(t, a, true)
			take(t, b, true)
		})
	}
}

// TestBudget_PauseLongest: the longest rest counts, in either order.
func TestBudget_PauseLongest(t *testing.T) {
	for _, rests := range [][2]time.Duration{{time.Minute, 10 * time.Second}, {10 * time.Second, time.Minute}} {
		clock := newClock()
		b := paywall.NewBudget(&ledger{}, 12, clock.Now)
		must(t, b.Pause(t.Context(), rests[0]))
		must(t, b.Pause(t.Context(), rests[1]))
		if retry := take(t, b, false); !retry.Equal(opening.Add(time.Minute)) {
			t.Errorf("rests %v: ask again at %v", rests, retry)
		}
		clock.Pass(time.Minute)
		take(t, b, true)
	}
}

// TestBudget_AnyMinute: random crowds on several nodes with one ledger never
// spend more than the limit in any 60 seconds, and do spend it when they can.
func TestBudget_AnyMinute(t *testing.T) {
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 7))
		limit, nodes := 1+random.IntN(60), 1+random.IntN(4)
		clock, l, s := newClock(), &ledger{}, &spent{}
		var budgets []*paywall.Budget
		for range nodes {
			budgets = append(budgets, paywall.NewBudget(l, limit, clock.Now))
		}
		pace := time.Duration(1 + random.IntN(int(2*time.Second)))
		for range 2000 {
			clock.Pass(time.Duration(random.Int64N(int64(pace))))
			ok, retry, err := budgets[random.IntN(nodes)].Take(t.Context())
			must(t, err)
			if ok {
				s.add(clock.Now())
			} else if !retry.After(clock.Now()) {
				t.Fatalf("seed %d: nothing left, but ask again at once", seed)
			}
			if random.IntN(500) == 0 {
				must(t, budgets[0].Pause(t.Context(), time.Duration(random.IntN(20))*time.Second))
			}
		}
		if most := s.most(); most > limit {
			t.Errorf("seed %d: %d calls in a minute, limit %d", seed, most, limit)
		}
		if len(s.calls) == 0 {
			t.Errorf("seed %d: nobody was served", seed)
		}
	}
}

// TestBudget_Parallel does the same with real concurrency on the real ledger.
func TestBudget_Parallel(t *testing.T) {
	const limit, nodes, callers = 30, 3, 8
	synctest.Test(t, func(t *testing.T) {
		db, s := newSite(t).DB, &spent{}
		var group sync.WaitGroup
		for range nodes {
			b := paywall.NewBudget(db, limit, time.Now)
			for caller := range callers {
				group.Go(func() { keepTaking(t, b, s, 1+caller) })
			}
		}
		group.Wait()
		if most := s.most(); most != limit {
			t.Errorf("%d calls in the busiest minute, want %d", most, limit)
		}
	})
}

func keepTaking(t *testing.T, b *paywall.Budget, s *spent, pace int) {
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); {
		ok, _, err := b.Take(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		if ok {
			s.add(time.Now())
		}
		<-time.After(time.Duration(pace) * 371 * time.Millisecond)
	}
}

// TestBudget_GiveBack: a call that was not made can be made by somebody else, as
// long as its lease covers it.
func TestBudget_GiveBack(t *testing.T) {
	clock, l := newClock(), &ledger{}
	b := paywall.NewBudget(l, 2, clock.Now)
	if got := takeAll(t, b); got != 2 {
		t.Fatalf("%d calls, want 2", got)
	}
	b.GiveBack()
	clock.Pass(paywall.LeaseLife - 1)
	take(t, b, true)
	take(t, b, false)
	b.GiveBack()
	clock.Pass(1)
	take(t, b, false) // the lease is over
	b.GiveBack()
	take(t, b, false)
}

// TestBudget_clockSetBack: when the clock jumps back, nobody waits until it has
// come round again.
func TestBudget_clockSetBack(t *testing.T) {
	now := opening
	budget := paywall.NewBudget(&ledger{}, 1, func() time.Time { return now })
	take := func() bool {
		ok, _, err := budget.Take(t.Context())
		must(t, err)
		return ok
	}
	if !take() || take() {
		t.Fatal("the limit of one does not hold")
	}
	must(t, budget.Pause(t.Context(), time.Hour))
	now = now.Add(-24 * time.Hour)
	if !take() || take() {
		t.Error("a day back: want one call, and not a second one")
	}
}

// TestBudget_withoutLedger: on a full disk those who listen go on, at a pace
// that keeps below the limit.
func TestBudget_withoutLedger(t *testing.T) {
	now := opening
	full := &ledger{err: paywall.E(paywall.KindUnavailable, "error.unavailable")}
	budget := paywall.NewBudget(full, 55, func() time.Time { return now })
	taken := 0
	for range 60 {
		for range 10 {
			ok, _, err := budget.Take(t.Context())
			must(t, err)
			if ok {
				taken++
			}
		}
		now = now.Add(time.Second)
	}
	if taken < 20 || taken > 55 {
		t.Errorf("%d calls in a minute without the ledger", taken)
	}
}
