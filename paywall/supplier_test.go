package paywall_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"usher/paywall"
)

var (
	outage  = &paywall.SupplierError{Key: "trouble.test", Status: 503, Transient: true}
	refused = &paywall.SupplierError{Key: "trouble.test", Status: 401, Code: "not_authorized"}
	tooMany = &paywall.SupplierError{Status: 429, Pause: 40 * time.Second}
)

// TestPlayback_Retry: a 5xx is tried once more if a call is left, nothing else.
func TestPlayback_Retry(t *testing.T) {
	base := newSite(t)
	base.addItem(t, "radio", open)
	for name, test := range map[string]struct {
		limit int
		fail  []error
		calls int
		want  error // the cause; nil: a token
	}{
		"fine":                         {10, nil, 1, nil},
		"one outage":                   {10, []error{outage}, 2, nil},
		"two outages":                  {10, []error{outage, outage}, 2, outage},
		"outage, then refused":         {10, []error{outage, refused}, 2, refused},
		"outage, but no call left":     {1, []error{outage}, 1, outage},
		"refused":                      {10, []error{refused}, 1, refused},
		"too many":                     {10, []error{tooMany}, 1, tooMany},
		"outage that wants rest":       {10, []error{&paywall.SupplierError{Status: 503, Transient: true, Pause: time.Second}}, 1, nil},
		"no answer":                    {10, []error{context.DeadlineExceeded}, 1, context.DeadlineExceeded},
		"supplier error below another": {10, []error{errors.Join(errors.New("mint"), outage)}, 2, nil},
	} {
		t.Run(name, func(t *testing.T) {
			base.clock.Pass(time.Hour)
			s := stageWith(base.DB, base, base.clock.Now, test.limit)
			s.minter.fail = test.fail
			perf, err := s.play(t, guest("x"), "radio")
			if s.minter.calls() != test.calls {
				t.Errorf("%d calls, want %d", s.minter.calls(), test.calls)
			}
			if succeeded := test.want == nil && test.calls > len(test.fail); succeeded {
				must(t, err)
				if perf.Playable.URL == "" {
					t.Error("no address")
				}
				return
			}
			wantBusy(t, err, "error.supplier", paywall.RetryUnavailable)
			if test.want != nil {
				wantErr(t, err, test.want)
			}
			wantSame(t, perf.Playable, paywall.Playable{})
		})
	}
}

// TestPlayback_OtherFailure: what is no failure of the supplier stays as it is.
func TestPlayback_OtherFailure(t *testing.T) {
	for _, fail := range []error{errors.New("bug"), context.Canceled, paywall.ErrNotFound} {
		s := newStage(t, 10)
		s.addItem(t, "radio", open)
		s.minter.fail = []error{fail}
		if _, err := s.play(t, guest("x"), "radio"); err != fail {
			t.Errorf("error = %v, want %v", err, fail)
		}
	}
}

// TestPlayback_Pause: a 429 makes everybody rest for as long as it says, on the
// first try and on the second, on this node and on the others.
func TestPlayback_Pause(t *testing.T) {
	for name, fail := range map[string][]error{"first try": {tooMany}, "second try": {outage, tooMany}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { pause(t, fail) })
		})
	}
}

func pause(t *testing.T, fail []error) {
	base := newSite(t)
	here := stageWith(base.DB, base, time.Now, 20)
	there := stageWith(base.DB, base, time.Now, 20)
	base.addItem(t, "radio", open)
	here.minter.fail = fail
	_, err := here.play(t, guest("a"), "radio")
	wantErr(t, err, tooMany)
	start, before := time.Now(), here.minter.calls()
	for _, s := range []*stage{here, there} {
		_, err := s.play(t, guest("b"), "radio")
		wantPlace(t, err, 1)
	}
	if here.minter.calls() != before || there.minter.calls() != 0 {
		t.Errorf("called during the rest: %d and %d times", here.minter.calls()-before, there.minter.calls())
	}
	<-time.After(time.Until(start.Add(tooMany.Pause)))
	for _, s := range []*stage{here, there} {
		get(s.play(t, guest("b"), "radio"))(t)
	}
}

// TestPlayback_PauseBooked: the other nodes learn of the rest even when the
// visitor who met it has gone.
func TestPlayback_PauseBooked(t *testing.T) {
	s := newStage(t, 10)
	s.addItem(t, "radio", open)
	ctx, cancel := context.WithCancel(t.Context())
	perf := get(s.Look(ctx, guest("x"), "radio"))(t)
	s.minter.fail = []error{&leaving{cancel, tooMany}}
	if _, err := s.Start(ctx, guest("x"), perf, ""); err == nil {
		t.Fatal("a token from a 429")
	}
	other := paywall.NewBudget(s.DB, 10, s.clock.Now)
	take(t, other, false)
}

// leaving is a supplier's failure that cancels the request when it is looked at.
type leaving struct {
	cancel context.CancelFunc
	failed *paywall.SupplierError
}

func (l *leaving) Error() string { return l.failed.Error() }

func (l *leaving) Unwrap() error {
	l.cancel()
	return l.failed
}

// TestPlayback_Deadline: a supplier that hangs costs a visitor 4.5 s, waiting in
// the line included.
func TestPlayback_Deadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := newSite(t)
		s := stageWith(base.DB, base, time.Now, 10)
		base.addItem(t, "radio", open)
		s.minter.hang = true
		start := time.Now()
		_, err := s.play(t, guest("x"), "radio")
		wantBusy(t, err, "error.supplier", paywall.RetryUnavailable)
		wantErr(t, err, context.DeadlineExceeded)
		if took := time.Since(start); took != paywall.StartDeadline {
			t.Errorf("took %v, want %v", took, paywall.StartDeadline)
		}
	})
}

// TestPlayback_Busy: without a call left, the visitor is told a place in 3 s.
func TestPlayback_Busy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := newSite(t)
		s := stageWith(base.DB, base, time.Now, 1)
		ada := s.member(t, "ada")
		base.addItem(t, "radio", open)
		get(s.play(t, ada, "radio"))(t)
		start := time.Now()
		_, err := s.play(t, s.member(t, "bob"), "radio")
		wantPlace(t, err, 1)
		if took := time.Since(start); took != paywall.LineWait {
			t.Errorf("told after %v, want %v", took, paywall.LineWait)
		}
		if s.minter.calls() != 1 {
			t.Errorf("%d calls, want 1", s.minter.calls())
		}
	})
}

// TestPlayback_MembersFirst: the line knows who has an account.
func TestPlayback_MembersFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := newSite(t)
		s := stageWith(base.DB, base, time.Now, 1)
		base.addItem(t, "radio", open)
		ada := s.member(t, "ada")
		get(s.play(t, guest("first"), "radio"))(t)
		var group sync.WaitGroup
		for viewer, place := range map[string]int{"guest": 2, "member": 1} {
			group.Go(func() {
				who := guest("second")
				if viewer == "member" {
					who = ada
				}
				perf, err := s.Look(t.Context(), who, "radio")
				if err == nil {
					_, err = s.Start(t.Context(), who, perf, "")
				}
				var busy *paywall.Error
				if !errors.As(err, &busy) || busy.Place != place {
					t.Errorf("%s: %v, want place %d", viewer, err, place)
				}
			})
		}
		group.Wait()
	})
}

// trouble reads the note on the item's only source.
func (s *stage) trouble(t testing.TB, id string) (string, time.Time) {
	t.Helper()
	source := get(s.ItemByID(t.Context(), id))(t).Sources[0]
	return source.Trouble, source.TroubleAt
}

// TestPlayback_Trouble follows the note for the owner through an outage.
func TestPlayback_Trouble(t *testing.T) {
	s := newStage(t, 60)
	item := s.addItem(t, "radio", open)
	for n, step := range []struct {
		after time.Duration
		fail  []error
		text  string
		since time.Duration // of the note; -1: no note
	}{
		{0, nil, "", -1},
		{time.Second, []error{refused}, "trouble.test supplier answered 401 not_authorized", time.Second},
		{paywall.TroubleEvery - 1, []error{outage, outage}, "trouble.test supplier answered 401 not_authorized", time.Second}, // too soon
		{1, []error{outage, outage}, "trouble.test supplier answered 503", time.Second + paywall.TroubleEvery},
		{paywall.TroubleEvery, []error{errors.New("bug")}, "trouble.test supplier answered 503", time.Second + paywall.TroubleEvery},
		{1, []error{context.DeadlineExceeded}, "trouble.test supplier answered 503", time.Second + paywall.TroubleEvery},
		{1, []error{outage}, "", -1}, // the second try went well
		{1, []error{refused}, "trouble.test supplier answered 401 not_authorized", time.Second + 2*paywall.TroubleEvery + 3},
	} {
		s.clock.Pass(step.after)
		s.minter.fail = step.fail
		_, _ = s.play(t, guest("x"), "radio")
		want := time.Time{}
		if step.since >= 0 {
			want = opening.Add(step.since).Truncate(time.Millisecond)
		}
		if text, since := s.trouble(t, item.ID); text != step.text || !since.Equal(want) {
			t.Errorf("step %d: %q since %v, want %q since %v", n, text, since, step.text, want)
		}
	}
}

// notes counts what is written about the sources.
type notes struct {
	paywall.Store
	written int
}

func (n *notes) SetSourceTrouble(ctx context.Context, id, trouble string, at time.Time) error {
	n.written++
	return n.Store.SetSourceTrouble(ctx, id, trouble, at)
}

// TestPlayback_TroubleWrites: a page view of a source that works, or that was
// just noted, costs no write.
func TestPlayback_TroubleWrites(t *testing.T) {
	base := newSite(t)
	counted := &notes{Store: base.DB}
	s := stageWith(counted, base, base.clock.Now, 60)
	base.addItem(t, "radio", open)
	for n, step := range []struct {
		fail error
		want int
	}{{nil, 0}, {nil, 0}, {refused, 1}, {refused, 1}, {nil, 2}, {nil, 2}} {
		s.minter.fail = []error{step.fail}
		_, _ = s.play(t, guest("x"), "radio")
		if counted.written != step.want {
			t.Errorf("step %d: %d writes so far, want %d", n, counted.written, step.want)
		}
	}
}

// TestPlayback_TroubleNotNoted: a failing note stops nobody.
func TestPlayback_TroubleNotNoted(t *testing.T) {
	base := newSite(t)
	s := stageWith(faulty{Store: base.DB, faults: map[string]error{"SetSourceTrouble": errFault}}, base, base.clock.Now, 10)
	item := base.addItem(t, "radio", open)
	s.minter.fail = []error{refused}
	_, err := s.play(t, guest("x"), "radio")
	wantErr(t, err, refused)
	must(t, base.SetSourceTrouble(t.Context(), item.Sources[0].ID, "old", opening))
	get(s.play(t, guest("x"), "radio"))(t)
}

// TestPlayback_PauseNotBooked: a ledger that fails at the 429 changes nothing
// for the visitor, and this node rests all the same.
func TestPlayback_PauseNotBooked(t *testing.T) {
	base := newSite(t)
	faults := map[string]error{}
	s := stageWith(faulty{Store: base.DB, faults: faults}, base, base.clock.Now, 10)
	base.addItem(t, "radio", open)
	perf := get(s.Look(t.Context(), guest("x"), "radio"))(t)
	s.minter.fail = []error{&breaking{faults, tooMany}}
	_, err := s.Start(t.Context(), guest("x"), perf, "")
	wantBusy(t, err, "error.supplier", paywall.RetryUnavailable)
	delete(faults, "LeaseMints")
	if s.line.TakeNow(t.Context()) {
		t.Error("this node goes on")
	}
}

// breaking is a supplier's failure after which the ledger fails.
type breaking struct {
	faults map[string]error
	failed *paywall.SupplierError
}

func (b *breaking) Error() string { return b.failed.Error() }

func (b *breaking) Unwrap() error {
	b.faults["LeaseMints"] = errFault
	return b.failed
}

// TestPlayback_Unasked: a call that the minter did not make is not lost, and
// whoever is first in the line gets it.
func TestPlayback_Unasked(t *testing.T) {
	s := newStage(t, 1)
	s.addItem(t, "radio", open)
	unasked := &paywall.SupplierError{Unasked: true}
	for range 5 {
		s.minter.fail = []error{unasked}
		_, err := s.play(t, guest("x"), "radio")
		wantBusy(t, err, "error.supplier", paywall.RetryUnavailable)
		wantErr(t, err, unasked)
	}
	get(s.play(t, guest("x"), "radio"))(t)
	if s.line.TakeNow(t.Context()) {
		t.Error("one call served two")
	}
}
