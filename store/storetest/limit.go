package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

// The limit of these tests: three at once, and one more each minute.
const (
	limitEvery = time.Minute
	limitBurst = 3
)

// taker counts events at instants after the start, in minutes.
func taker(t *testing.T, s paywall.Store, id string) func(minutes float64) bool {
	return func(minutes float64) bool {
		t.Helper()
		now := start.Add(time.Duration(minutes * float64(time.Minute)))
		return read[bool](t)(s.Take(t.Context(), id, now, limitEvery, limitBurst))
	}
}

// wantTakes tries until it is refused and compares how often it was not.
func wantTakes(t *testing.T, take func(minutes float64) bool, minutes float64, want int) {
	t.Helper()
	got := 0
	for got <= limitBurst && take(minutes) {
		got++
	}
	if got != want {
		t.Errorf("minute %v: %d taken, want %d", minutes, got, want)
	}
}

func testTake(t *testing.T, s paywall.Store) {
	take := taker(t, s, "a")
	for _, step := range []struct {
		minutes float64
		want    int
	}{
		{0, limitBurst},
		{0, 0}, {0.5, 0}, {0.9, 0}, // refused ones do not count
		{1, 1},
		{1.5, 0},
		{3, 2},
		{1000, limitBurst}, // never more than the burst
		{1000.5, 0},
		{1002.5, 2},
		{1003, 1}, // the half minute was not lost
	} {
		wantTakes(t, take, step.minutes, step.want)
	}
	wantTakes(t, taker(t, s, "b"), 0, limitBurst)
	wantTakes(t, take, 1003, 0)
}

func testTakeParallel(t *testing.T, s paywall.Store) {
	ctx := bounded(t)
	for _, minute := range []time.Duration{0, 60} {
		now := start.Add(minute * time.Minute)
		got := race(t, 50, func() (bool, error) { return s.Take(ctx, "a", now, limitEvery, limitBurst) })
		wantSame(t, got, limitBurst)
	}
}

// testTakeClock: a clock that jumps may give or take a burst, and locks nobody
// out for long.
func testTakeClock(t *testing.T, s paywall.Store) {
	const year = 365 * 24 * 60
	back := taker(t, s, "back")
	wantTakes(t, back, 0, limitBurst)
	wantTakes(t, back, -60, limitBurst)

	ahead := taker(t, s, "ahead")
	wantTakes(t, ahead, year, limitBurst)
	wantTakes(t, ahead, 0, limitBurst)

	// Back by less than can be told from a full burst: open again within two.
	little := taker(t, s, "little")
	wantTakes(t, little, 0, limitBurst)
	wantTakes(t, little, -2.5, 0)
	wantTakes(t, little, -2.5+2*limitBurst, limitBurst)
}

// testPutBack: what was taken and put back can be taken again, and no more.
func testPutBack(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	a, b := taker(t, s, "a"), taker(t, s, "b")
	wantTakes(t, a, 0, limitBurst)
	wantTakes(t, b, 0, limitBurst)
	must(t, s.PutBack(ctx, "a", limitEvery))
	must(t, s.PutBack(ctx, "none", limitEvery))
	wantTakes(t, a, 0, 1)
	wantTakes(t, b, 0, 0)
}

func testForgetLimit(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	a, b := taker(t, s, "a"), taker(t, s, "b")
	wantTakes(t, a, 0, limitBurst)
	wantTakes(t, b, 0, limitBurst)
	must(t, s.ForgetLimit(ctx, "a"))
	wantTakes(t, a, 0, limitBurst)
	wantTakes(t, b, 0, 0)
	must(t, s.ForgetLimit(ctx, "none"))

	// What wore off is removed, which shows when the clock goes back.
	must(t, s.DeleteIdleLimits(ctx, start.Add(limitBurst*limitEvery)))
	wantTakes(t, a, 0, 0)
	must(t, s.DeleteIdleLimits(ctx, start.Add(limitBurst*limitEvery+time.Millisecond)))
	wantTakes(t, a, 0, limitBurst)
}
