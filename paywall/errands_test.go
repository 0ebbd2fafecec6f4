package paywall_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"usher/paywall"
)

// enter makes an errand wait for its turn in the background.
func enter(t *testing.T, e *paywall.Errands) <-chan error {
	t.Helper()
	answer := make(chan error, 1)
	go func() { answer <- e.Enter(t.Context()) }()
	synctest.Wait()
	return answer
}

// Errands take half of a minute's calls and then wait; the other half is free
// for listeners at any moment.
func TestErrands_HalfOfTheMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(20)
		errands := paywall.NewErrands(q.Line, time.Now)
		began := time.Now()
		for range 10 {
			must(t, errands.Enter(t.Context()))
		}
		if passed := time.Since(began); passed != 0 {
			t.Errorf("the first half took %s", passed)
		}
		eleventh := enter(t, errands)
		for range 10 {
			must(t, q.Take(t.Context(), "listener", true))
		}
		select {
		case err := <-eleventh:
			t.Fatalf("the eleventh errand did not wait: %v", err)
		default:
		}
		must(t, <-eleventh)
		if passed := time.Since(began); passed < time.Minute || passed > 70*time.Second {
			t.Errorf("the eleventh errand went after %s, want about a minute", passed)
		}
	})
}

// While a listener waits, no errand goes.
func TestErrands_ListenersFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(4)
		errands := paywall.NewErrands(q.Line, time.Now)
		free := q.empty(t)
		// Errands look every tenth of a second: this one never at the very instant
		// at which the listener goes.
		sleepUntil(free.Add(-2*time.Second - 50*time.Millisecond))
		errand, listener := enter(t, errands), q.come(t, "listener", false)
		must(t, <-listener)
		select {
		case err := <-errand:
			t.Fatalf("the errand went before the listener: %v", err)
		default:
		}
		must(t, <-errand)
	})
}

func TestErrands_GivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(4)
		errands := paywall.NewErrands(q.Line, time.Now)
		must(t, q.budget.Pause(t.Context(), 10*time.Minute))
		began := time.Now()
		err := errands.Enter(t.Context())
		if paywall.TroubleOf(err) != paywall.TroubleBusy || time.Since(began) != 2*time.Minute {
			t.Errorf("error %v after %s", err, time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := errands.Enter(ctx); paywall.TroubleOf(err) != paywall.TroubleBusy {
			t.Errorf("out of time: %v", err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		if err := errands.Enter(ctx); !errors.Is(err, context.Canceled) || paywall.TroubleOf(err) != "" {
			t.Errorf("given up by the caller: %v", err)
		}
	})
}

// A 429 to an errand makes everybody rest.
func TestErrands_Rest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(4)
		errands := paywall.NewErrands(q.Line, time.Now)
		errands.Rest(t.Context(), 30*time.Second)
		if q.TakeNow(t.Context()) {
			t.Error("a listener's call goes out during the rest")
		}
		began := time.Now()
		must(t, errands.Enter(t.Context()))
		if passed := time.Since(began); passed < 30*time.Second || passed > 31*time.Second {
			t.Errorf("the next errand went after %s", passed)
		}
	})
}
