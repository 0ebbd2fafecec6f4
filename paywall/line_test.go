package paywall_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"usher/paywall"
)

// queue is a line in a synctest bubble: time.Now is the bubble's own clock.
type queue struct {
	*paywall.Line
	budget *paywall.Budget
	ledger *ledger

	mu     sync.Mutex
	served []string
}

func newQueue(limit int) *queue {
	l := &ledger{}
	b := paywall.NewBudget(l, limit, time.Now)
	return &queue{Line: paywall.NewLine(b, time.Now), budget: b, ledger: l}
}

// empty spends all there is, and answers when there is something again.
func (q *queue) empty(t *testing.T) time.Time {
	t.Helper()
	for {
		ok, retry, err := q.budget.Take(t.Context())
		must(t, err)
		if !ok {
			return retry
		}
	}
}

// come lets a visitor take a call in the background. The others are waiting or
// done before it returns.
func (q *queue) come(t *testing.T, key string, member bool) <-chan error {
	answer := make(chan error, 1)
	go func() {
		err := q.Take(t.Context(), key, member)
		if err == nil {
			q.mu.Lock()
			q.served = append(q.served, key)
			q.mu.Unlock()
		}
		answer <- err
	}()
	synctest.Wait()
	return answer
}

// sleepUntil moves the bubble's clock.
func sleepUntil(instant time.Time) {
	<-time.After(time.Until(instant))
	synctest.Wait()
}

// wantPlace checks that a visitor was sent away with this place.
func wantPlace(t *testing.T, err error, place int) time.Duration {
	t.Helper()
	e := asError(t, err)
	if e.Kind != paywall.KindUnavailable || e.Key != "error.busy" || e.Place != place {
		t.Errorf("error = %v, place %d, want place %d", e, e.Place, place)
	}
	if e.RetryAfter < 3*time.Second || e.RetryAfter > time.Minute || e.RetryAfter%time.Second != 0 {
		t.Errorf("place %d is told to wait %v", e.Place, e.RetryAfter)
	}
	return e.RetryAfter
}

func TestLine_AtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, start := newQueue(5), time.Now()
		for range 5 {
			must(t, q.Take(t.Context(), "ada", true))
		}
		if q.Waiting() != 0 || !time.Now().Equal(start) {
			t.Errorf("%d places left after %v", q.Waiting(), time.Since(start))
		}
	})
}

// TestLine_FirstCome serves visitors in the order they came as calls come free.
func TestLine_FirstCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(3)
		sleepUntil(q.empty(t).Add(-2 * time.Second))
		var answers []<-chan error
		for _, key := range []string{"a", "b", "c"} {
			answers = append(answers, q.come(t, key, true))
		}
		for _, answer := range answers {
			must(t, <-answer)
		}
		wantSame(t, q.served, []string{"a", "b", "c"})
	})
}

// TestLine_MembersFirst: members stand before those without an account, in the
// order they came.
func TestLine_MembersFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(4)
		sleepUntil(q.empty(t).Add(-2 * time.Second))
		var answers []<-chan error
		for _, key := range []string{"guest 1", "member 1", "guest 2", "member 2"} {
			answers = append(answers, q.come(t, key, key[0] == 'm'))
		}
		for _, answer := range answers {
			must(t, <-answer)
		}
		wantSame(t, q.served, []string{"member 1", "member 2", "guest 1", "guest 2"})
	})
}

// TestLine_Places: who waits too long is told the true place, counted from 1,
// and waits that grow with it.
func TestLine_Places(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(30)
		free := q.empty(t)
		sleepUntil(free.Add(-45 * time.Second))
		start := time.Now()
		var answers []<-chan error
		for n := range 20 {
			answers = append(answers, q.come(t, fmt.Sprint(n), true))
		}
		last := time.Duration(0)
		for n, answer := range answers {
			wait := wantPlace(t, <-answer, n+1)
			if wait < last {
				t.Errorf("place %d waits %v, the one before %v", n+1, wait, last)
			}
			last = wait
			if back := time.Now().Add(wait); n == 0 && back.Sub(free).Abs() > time.Second {
				t.Errorf("place 1 is told to come back at %v, free at %v", back, free)
			}
		}
		if waited := time.Since(start); waited != paywall.LineWait {
			t.Errorf("told after %v, want %v", waited, paywall.LineWait)
		}
		if last != time.Minute {
			t.Errorf("the last one waits %v, want the longest wait", last)
		}
	})
}

// TestLine_KeepsThePlace: a visitor who was sent away and comes back stands
// where they stood, before all who came since.
func TestLine_KeepsThePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(2)
		free := q.empty(t)
		first := q.come(t, "first", false)
		wantPlace(t, <-first, 1)
		sleepUntil(free.Add(-2 * time.Second))
		late := q.come(t, "late", false)
		first = q.come(t, "first", false)
		other := q.come(t, "other", false)
		must(t, <-first)
		must(t, <-late)
		wantSame(t, q.served, []string{"first", "late"})
		if time.Now().Before(free) {
			t.Error("served before anything was free")
		}
		wantPlace(t, <-other, 1)
	})
}

// TestLine_Absent: a visitor who was told to come back holds nobody up
// meanwhile, still counts in the places shown, and is forgotten in the end.
func TestLine_Absent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1)
		free := q.empty(t)
		sleepUntil(free.Add(-20 * time.Second))
		wait := wantPlace(t, <-q.come(t, "gone", true), 1)
		back := time.Now().Add(wait)
		wantPlace(t, <-q.come(t, "second", true), 2)
		sleepUntil(free.Add(-time.Second))
		must(t, <-q.come(t, "third", true))
		sleepUntil(back.Add(paywall.LineGrace))
		wantPlace(t, <-q.come(t, "fourth", true), 2) // after "second", whose time is not over
		if got := q.Waiting(); got != 2 {
			t.Errorf("%d places, want 2", got)
		}
	})
}

// TestLine_SameKey: two requests of one visitor are two places, and each return
// finds one of them.
func TestLine_SameKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(10)
		q.empty(t)
		one, two := q.come(t, "ada", true), q.come(t, "ada", true)
		wantPlace(t, <-one, 1)
		wantPlace(t, <-two, 2)
		one, two = q.come(t, "ada", true), q.come(t, "ada", true)
		wantPlace(t, <-one, 1)
		wantPlace(t, <-two, 2)
		if got := q.Waiting(); got != 2 {
			t.Errorf("%d places, want 2", got)
		}
	})
}

// TestLine_Cancel: a visitor who leaves the page leaves no ghost in the line.
func TestLine_Cancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1)
		sleepUntil(q.empty(t).Add(-time.Second))
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- q.Take(ctx, "leaves", true) }()
		synctest.Wait()
		next := q.come(t, "next", true)
		cancel()
		wantErr(t, <-left, context.Canceled)
		must(t, <-next)
		if q.Waiting() != 0 {
			t.Errorf("%d places left", q.Waiting())
		}
	})
}

// TestLine_CancelInTheMiddle: those behind move up.
func TestLine_CancelInTheMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(10)
		q.empty(t)
		first := q.come(t, "first", true)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = q.Take(ctx, "leaves", true) }()
		synctest.Wait()
		last := q.come(t, "last", true)
		cancel()
		wantPlace(t, <-first, 1)
		wantPlace(t, <-last, 2)
	})
}

func TestLine_BrokenLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, broken := newQueue(1), errors.New("disk")
		q.ledger.err = broken
		wantErr(t, q.Take(t.Context(), "ada", true), broken)
		if q.TakeNow(t.Context()) {
			t.Error("a call from a broken ledger")
		}
		q.ledger.err = nil
		must(t, q.Take(t.Context(), "ada", true))
		if q.Waiting() != 0 {
			t.Errorf("%d places left", q.Waiting())
		}
	})
}

// TestLine_TakeNow never overtakes somebody who waits.
func TestLine_TakeNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1)
		if !q.TakeNow(t.Context()) {
			t.Error("the free call is refused")
		}
		if q.TakeNow(t.Context()) {
			t.Error("a call that is not there")
		}
		sleepUntil(q.empty(t).Add(-time.Second))
		waiting := q.come(t, "waits", true)
		if q.TakeNow(t.Context()) {
			t.Error("overtook a waiting visitor")
		}
		must(t, <-waiting)
	})
}

// TestLine_Pause: while the supplier wants rest nobody is served, and everybody
// is told so.
func TestLine_Pause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(60)
		must(t, q.budget.Pause(t.Context(), 40*time.Second))
		a, b := q.come(t, "a", true), q.come(t, "b", true)
		for place, answer := range []<-chan error{a, b} {
			if wait := wantPlace(t, <-answer, place+1); wait < 37*time.Second || wait > 39*time.Second {
				t.Errorf("place %d waits %v of 37 s", place+1, wait)
			}
		}
		sleepUntil(time.Now().Add(37 * time.Second))
		must(t, <-q.come(t, "b", true))
	})
}

// visit comes back as told until it is served, as a browser does by itself. It
// answers how long that took.
func visit(ctx context.Context, t *testing.T, line *paywall.Line, key string, member bool) time.Duration {
	start := time.Now()
	for {
		asked := time.Now()
		err := line.Take(ctx, key, member)
		if took := time.Since(asked); took > paywall.LineWait+100*time.Millisecond {
			t.Errorf("%s was kept for %v without a word", key, took)
		}
		if err == nil {
			return time.Since(start)
		}
		var busy *paywall.Error
		if !errors.As(err, &busy) || busy.Place < 1 || busy.RetryAfter <= 0 {
			t.Errorf("%s: %v", key, err)
			return 0
		}
		<-time.After(busy.RetryAfter)
	}
}

// TestLine_Crowd is R9: a hundred members within ten seconds, 55 calls a minute.
// Each is served or told a place in 3 s, and all are served in two minutes.
func TestLine_Crowd(t *testing.T) {
	for name, nodes := range map[string]int{"one node": 1, "two nodes": 2} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { crowd(t, nodes) })
		})
	}
}

func crowd(t *testing.T, nodes int) {
	const people, limit = 100, 55
	l, s := &ledger{}, &spent{}
	var lines []*paywall.Line
	for range nodes {
		lines = append(lines, paywall.NewLine(paywall.NewBudget(l, limit, time.Now), time.Now))
	}
	waits := make([]time.Duration, people)
	var group sync.WaitGroup
	for n := range people {
		group.Go(func() {
			waits[n] = visit(t.Context(), t, lines[n%nodes], fmt.Sprint("session ", n), true)
			s.add(time.Now())
		})
		<-time.After(100 * time.Millisecond)
	}
	group.Wait()
	if slowest := slices.Max(waits); slowest > 2*time.Minute {
		t.Errorf("the slowest waited %v", slowest)
	}
	if most := s.most(); most > limit {
		t.Errorf("%d calls in a minute", most)
	}
	for _, line := range lines {
		if line.Waiting() != 0 {
			t.Errorf("%d places left", line.Waiting())
		}
	}
}

// TestLine_Steady: with as many visitors as there are calls, nobody waits long.
func TestLine_Steady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(60)
		var group sync.WaitGroup
		for n := range 200 {
			group.Go(func() {
				if took := visit(t.Context(), t, q.Line, fmt.Sprint(n), n%3 > 0); took > 20*time.Second {
					t.Errorf("visitor %d waited %v", n, took)
				}
			})
			<-time.After(1200 * time.Millisecond)
		}
		group.Wait()
	})
}

// TestLine_GiveBack wakes whoever is first.
func TestLine_GiveBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1)
		q.empty(t)
		start := time.Now()
		first, second := q.come(t, "first", true), q.come(t, "second", true)
		q.GiveBack()
		must(t, <-first)
		if !time.Now().Equal(start) {
			t.Errorf("served after %v", time.Since(start))
		}
		wantPlace(t, <-second, 1)
		q.GiveBack() // nobody is there
	})
}
