package storetest

import (
	"sync"
	"testing"
	"time"

	"usher/paywall"
)

func testSetup(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	wantSame(t, read[paywall.Setup](t)(s.Setup(ctx)), paywall.Setup{})
	must(t, s.OfferSetup(ctx, []byte("first"), start))
	must(t, s.OfferSetup(ctx, []byte{0, 255}, start.Add(time.Hour)))
	must(t, s.GuideSetup(ctx, true))
	want := paywall.Setup{SecretHash: []byte{0, 255}, ExpiresAt: stored(start.Add(time.Hour)), Guided: true}
	wantSame(t, read[paywall.Setup](t)(s.Setup(ctx)), want)
	must(t, s.CloseSetup(ctx, start))
	must(t, s.CloseSetup(ctx, start.Add(time.Minute)))
	want = paywall.Setup{ClosedAt: stored(start), Guided: true}
	wantSame(t, read[paywall.Setup](t)(s.Setup(ctx)), want)
	wantErr(t, s.OfferSetup(ctx, []byte("third"), start.Add(time.Hour)), paywall.ErrNotFound)
	wantErr(t, s.UseSetup(ctx, []byte("third"), start), paywall.ErrNotFound)
	wantErr(t, s.UseSetup(ctx, nil, start), paywall.ErrNotFound)
	must(t, s.GuideSetup(ctx, false))
	want.Guided = false
	wantSame(t, read[paywall.Setup](t)(s.Setup(ctx)), want)
}

// testSetupOnce: only the newest address, only before its end, only once.
func testSetupOnce(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	wantErr(t, s.UseSetup(ctx, nil, start), paywall.ErrNotFound) // none was made
	must(t, s.OfferSetup(ctx, []byte("older"), start.Add(time.Hour)))
	must(t, s.OfferSetup(ctx, []byte("newer"), start.Add(time.Hour)))
	wantErr(t, s.UseSetup(ctx, []byte("older"), start), paywall.ErrNotFound)
	wantErr(t, s.UseSetup(ctx, []byte("newer"), start.Add(time.Hour)), paywall.ErrNotFound)
	must(t, s.UseSetup(ctx, []byte("newer"), start.Add(time.Hour-time.Millisecond)))
	wantErr(t, s.UseSetup(ctx, []byte("newer"), start), paywall.ErrNotFound)
}

func testSetupRace(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	must(t, s.OfferSetup(ctx, []byte("secret"), start.Add(time.Hour)))
	results := make(chan error, 8)
	var running sync.WaitGroup
	for range cap(results) {
		running.Go(func() {
			results <- s.InTx(ctx, func(tx paywall.Store) error { return tx.UseSetup(ctx, []byte("secret"), start) })
		})
	}
	running.Wait()
	close(results)
	won := 0
	for err := range results {
		if err == nil {
			won++
			continue
		}
		wantErr(t, err, paywall.ErrNotFound)
	}
	wantSame(t, won, 1)
}

func testSkippedSteps(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	steps := func() map[paywall.Step]time.Time {
		t.Helper()
		return read[map[paywall.Step]time.Time](t)(s.SkippedSteps(ctx))
	}
	wantSame(t, steps(), map[paywall.Step]time.Time{})
	must(t, s.SkipStep(ctx, paywall.StepMail, start))
	must(t, s.SkipStep(ctx, paywall.StepMail, start.Add(time.Hour)))
	must(t, s.SkipStep(ctx, paywall.StepTexts, start))
	wantSame(t, steps(), map[paywall.Step]time.Time{paywall.StepMail: stored(start), paywall.StepTexts: stored(start)})
	must(t, s.ResumeStep(ctx, paywall.StepMail))
	must(t, s.ResumeStep(ctx, paywall.StepMail))
	wantSame(t, steps(), map[paywall.Step]time.Time{paywall.StepTexts: stored(start)})
}

// testLastHeard: a play counts when its player told that it plays.
func testLastHeard(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	heard := func() time.Time { t.Helper(); return read[time.Time](t)(s.LastHeard(ctx)) }
	wantSame(t, heard(), time.Time{})
	for _, slot := range []string{"one", "two"} {
		wantSame(t, began(t, s, newPlay(slot, "item")), true)
	}
	wantSame(t, heard(), time.Time{})
	must(t, s.BeatPlay(ctx, "two", start.Add(9*time.Minute), false))
	must(t, s.BeatPlay(ctx, "one", start.Add(time.Minute), false))
	wantSame(t, heard(), stored(start.Add(9*time.Minute)))
}
