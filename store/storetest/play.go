package storetest

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"usher/paywall"
)

// newPlay is a play that can go on for an hour, not stored yet.
func newPlay(slot, itemID string) paywall.Play {
	return paywall.Play{
		ID: paywall.NewID(), Slot: slot, ItemID: itemID, Kind: paywall.SourceStream, UserID: "ada", Window: time.Hour,
		StartedAt: stored(start), Until: stored(start.Add(time.Hour)),
	}
}

func began(t *testing.T, s paywall.Store, p paywall.Play) bool {
	t.Helper()
	return read[bool](t)(s.StartPlay(t.Context(), p))
}

func testPlays(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	first := newPlay("slot", "item")
	first.Staff, first.SeenAt, first.Stopped = true, stored(start.Add(time.Second)), true
	wantSame(t, began(t, s, first), true)
	wantSame(t, began(t, s, newPlay("other", "item")), true)
	wantSame(t, read[paywall.Play](t)(s.PlayBySlot(ctx, "slot")), first)

	// A second start in its time goes on with it, and never shortens it.
	for _, later := range []time.Duration{30 * time.Minute, -30 * time.Minute} {
		again := newPlay("slot", "item")
		again.StartedAt, again.Until = stored(start.Add(later)), stored(start.Add(later+time.Hour))
		wantSame(t, began(t, s, again), false)
	}
	first.Until = stored(start.Add(90 * time.Minute))
	wantSame(t, read[paywall.Play](t)(s.PlayBySlot(ctx, "slot")), first)

	// When its time is over, the next one begins.
	next := newPlay("slot", "item")
	next.StartedAt, next.Until = first.Until, first.Until.Add(time.Hour)
	wantSame(t, began(t, s, next), true)
	wantSame(t, read[paywall.Play](t)(s.PlayBySlot(ctx, "slot")), next)

	must(t, s.EndPlays(ctx, stored(start.Add(2*time.Hour))))
	_, err := s.PlayBySlot(ctx, "other")
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, read[paywall.Play](t)(s.PlayBySlot(ctx, "slot")), next)
	must(t, s.EndPlays(ctx, next.Until))
	_, err = s.PlayBySlot(ctx, "slot")
	wantErr(t, err, paywall.ErrNotFound)
	_, err = s.PlayBySlot(ctx, "")
	wantErr(t, err, paywall.ErrNotFound)
}

// testPlayRace: of many starts in one slot, as of two tabs at once, one begins.
func testPlayRace(t *testing.T, s paywall.Store) {
	ctx := bounded(t)
	old := newPlay("slot", "item")
	old.StartedAt, old.Until = stored(start.Add(-time.Hour)), stored(start)
	wantSame(t, began(t, s, old), true)
	var n atomic.Int32
	if wins := race(t, 12, func() (bool, error) {
		if n.Add(1)%2 == 0 {
			return s.StartPlay(ctx, newPlay("slot", "item"))
		}
		var began bool
		err := s.InTx(ctx, func(tx paywall.Store) (err error) {
			began, err = tx.StartPlay(ctx, newPlay("slot", "item"))
			return err
		})
		return began, err
	}); wins != 1 {
		t.Errorf("%d plays began, want 1", wins)
	}
}

func testBeats(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	play, other := newPlay("slot", "item"), newPlay("other", "item")
	began(t, s, play)
	began(t, s, other)
	beat := func(after time.Duration, stopped bool) {
		t.Helper()
		must(t, s.BeatPlay(ctx, "slot", stored(start.Add(after)), stopped))
		wantSame(t, read[paywall.Play](t)(s.PlayBySlot(ctx, "slot")), play)
	}
	play.SeenAt, play.Until = stored(start.Add(time.Minute)), stored(start.Add(61*time.Minute))
	beat(time.Minute, false)
	play.SeenAt, play.Stopped, play.Until = stored(start.Add(2*time.Minute)), true, stored(start.Add(62*time.Minute))
	beat(2*time.Minute, true)
	beat(time.Minute, false)    // comes late
	beat(62*time.Minute, false) // the play is over
	must(t, s.BeatPlay(ctx, "none", start, false))
	must(t, s.BeatPlay(ctx, "", start, false))
	wantSame(t, read[paywall.Play](t)(s.PlayBySlot(ctx, "other")), other)
}

func testReplacePlay(t *testing.T, s paywall.Store) {
	ctx, now := t.Context(), stored(start.Add(10*time.Minute))
	replace := func(slot, instead string) (paywall.Play, error) { return s.ReplacePlay(ctx, slot, instead, now) }
	first, second, foreign := newPlay("first", "item"), newPlay("second", "item"), newPlay("foreign", "another item")
	second.StartedAt, second.Until = now, now.Add(time.Hour)
	for _, p := range []paywall.Play{first, second, foreign} {
		began(t, s, p)
	}
	_, err := replace("first", "none")
	wantErr(t, err, paywall.ErrNotFound)
	// The one before goes on, for as long as the new one would.
	wantSame(t, read[paywall.Play](t)(replace("first", "second")), second)
	first.Until = second.Until
	wantSame(t, read[paywall.Play](t)(s.PlayBySlot(ctx, "first")), first)
	_, err = s.PlayBySlot(ctx, "second")
	wantErr(t, err, paywall.ErrNotFound)
	// Of another item, or over: the new one takes the name.
	for _, slot := range []string{"foreign", "over"} {
		over := newPlay("over", "item")
		over.StartedAt, over.Until = stored(start.Add(-time.Hour)), stored(start)
		began(t, s, over)
		fresh := newPlay("fresh", "item")
		began(t, s, fresh)
		_, err = replace(slot, "fresh")
		wantErr(t, err, paywall.ErrNotFound)
		fresh.Slot = slot
		wantSame(t, read[paywall.Play](t)(s.PlayBySlot(ctx, slot)), fresh)
	}
}

func testOldPlays(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	for n := range 5 {
		p := newPlay(paywall.NewID(), "item")
		p.StartedAt = stored(start.Add(-time.Duration(n) * time.Millisecond))
		began(t, s, p)
	}
	deleted := func(limit int) int {
		t.Helper()
		return read[int](t)(s.DeleteOldPlays(ctx, start, limit))
	}
	wantSame(t, []int{deleted(3), deleted(3), deleted(3)}, []int{3, 1, 0})
	rows := read[[]paywall.PersonalRows](t)(s.ExportPersonal(ctx, paywall.User{ID: "ada", Email: "ada@example.org"}))
	for _, table := range rows {
		if table.Table == "plays" && len(table.Rows) != 1 {
			t.Errorf("%d plays are left, want 1", len(table.Rows))
		}
	}
}

func testCounts(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	play := paywall.DayCount{Kind: paywall.CountPlays, Day: "2026-03-29", ItemID: "item"}
	err := s.InTx(ctx, func(tx paywall.Store) error {
		return errors.Join(tx.AddCount(ctx, play, 3), tx.AddCount(ctx, play, 4), tx.AddCount(ctx, play, -2))
	})
	must(t, err)
	for _, day := range []string{"2026-03-27", "2026-03-28", "2026-03-30"} {
		must(t, s.AddCount(ctx, paywall.DayCount{Kind: paywall.CountPlays, Day: day, ItemID: "item"}, 1))
		must(t, s.AddCount(ctx, paywall.DayCount{Kind: paywall.CountRefusals, Day: day, ItemID: "item", Reason: "closed"}, 1))
	}
	must(t, s.DeleteOldCounts(ctx, paywall.CountRefusals, "2026-03-28"))
	amounts := func(kind paywall.CountKind) []paywall.DayAmount {
		t.Helper()
		return read[[]paywall.DayAmount](t)(s.DayAmounts(ctx, kind, "2026-03-01", "2026-03-29"))
	}
	wantSame(t, amounts(paywall.CountPlays), []paywall.DayAmount{{Day: "2026-03-27", Amount: 1}, {Day: "2026-03-28", Amount: 1}, {Day: "2026-03-29", Amount: 5}})
	wantSame(t, amounts(paywall.CountRefusals), []paywall.DayAmount{{Day: "2026-03-28", Amount: 1}})
}
