package paywall_test

import (
	"fmt"
	"testing"
	"time"

	"usher/paywall"
)

// render plays and answers the address that stands in the page.
func (s *stage) render(t testing.TB, viewer paywall.Viewer, slug string) string {
	t.Helper()
	return get(s.play(t, viewer, slug))(t).Playable.URL
}

// fill renders as often as each render gets a token of its own.
func (s *stage) fill(t testing.TB, viewer paywall.Viewer, slug string) (last string) {
	t.Helper()
	for n := range paywall.RecentFree {
		before := s.minter.calls()
		last = s.render(t, viewer, slug)
		if s.minter.calls() != before+1 {
			t.Fatalf("render %d got no token of its own", n+1)
		}
	}
	return last
}

// TestRecent_Sixth: the sixth render in a minute gets the viewer's own last
// token again, and a fresh one when the first render is a minute ago.
func TestRecent_Sixth(t *testing.T) {
	s := newStage(t, 600)
	ada := s.member(t, "ada")
	s.addItem(t, "radio", open)
	last := s.fill(t, ada, "radio")
	calls := s.minter.calls()
	for range 20 {
		s.clock.Pass(time.Second)
		if got := s.render(t, ada, "radio"); got != last {
			t.Errorf("rendered %s, want %s", got, last)
		}
	}
	if s.minter.calls() != calls {
		t.Errorf("%d calls too many", s.minter.calls()-calls)
	}
	s.clock.Pass(40*time.Second - 1)
	if got := s.render(t, ada, "radio"); got != last {
		t.Errorf("just inside the minute: %s, want %s", got, last)
	}
	s.clock.Pass(1)
	if got := s.render(t, ada, "radio"); got == last {
		t.Error("after the minute: still the old token")
	}
}

// TestRecent_Slow: five renders a minute are never too many.
func TestRecent_Slow(t *testing.T) {
	s := newStage(t, 600)
	ada := s.member(t, "ada")
	s.addItem(t, "radio", open)
	seen := map[string]bool{}
	for range 30 {
		seen[s.render(t, ada, "radio")] = true
		s.clock.Pass(12 * time.Second)
	}
	if len(seen) != 30 {
		t.Errorf("%d different tokens, want 30", len(seen))
	}
}

// TestRecent_Never: nobody gets the token of another session, another source, or
// one without a session.
func TestRecent_Never(t *testing.T) {
	s := newStage(t, 600)
	ada := s.member(t, "ada")
	phone := ada
	phone.SessionID = "her phone"
	radio := s.addItem(t, "radio", open, func(i *paywall.Item) {
		low := i.Sources[0]
		low.ID, low.Position = paywall.NewID(), 1
		i.Sources = append(i.Sources, low)
	})
	s.addItem(t, "other", open)
	last := s.fill(t, ada, "radio")
	for name, fresh := range map[string]func() string{
		"another session of hers": func() string { return s.render(t, phone, "radio") },
		"another person":          func() string { return s.render(t, s.member(t, "bob"), "radio") },
		"another item":            func() string { return s.render(t, ada, "other") },
		"another source": func() string {
			perf := get(s.Look(t.Context(), ada, "radio"))(t)
			return get(s.Start(t.Context(), ada, perf, radio.Sources[1].ID))(t).Playable.URL
		},
	} {
		before := s.minter.calls()
		if got := fresh(); got == last || s.minter.calls() != before+1 {
			t.Errorf("%s gets %s", name, got)
		}
	}
	seen := map[string]bool{}
	for range 2 * paywall.RecentFree {
		seen[s.render(t, guest("one network"), "radio")] = true
	}
	if len(seen) != 2*paywall.RecentFree {
		t.Error("visitors without a session share tokens")
	}
	if got := s.Remembered(); got != 5 {
		t.Errorf("%d tokens remembered, want those of the 5 above with a session", got)
	}
}

// TestRecent_HalfLife: a token is used again only while more than half of its
// life is left.
func TestRecent_HalfLife(t *testing.T) {
	s := newStage(t, 600)
	ada := s.member(t, "ada")
	s.addItem(t, "radio", open, func(i *paywall.Item) { i.Sources[0].Window = paywall.MinWindow })
	last := s.fill(t, ada, "radio")
	s.clock.Pass(paywall.MinWindow/2 - 1)
	if got := s.render(t, ada, "radio"); got != last {
		t.Error("just before half of its life: a fresh one")
	}
	s.clock.Pass(1)
	fresh := s.render(t, ada, "radio")
	if fresh == last {
		t.Error("at half of its life: the old one")
	}
	if got := s.render(t, ada, "radio"); got != fresh {
		t.Error("the fresh one is not the one that is used again")
	}
}

// TestRecent_Decides: a token is used again only after a positive decision.
func TestRecent_Decides(t *testing.T) {
	s := newStage(t, 600)
	ada := s.member(t, "ada")
	s.addItem(t, "radio")
	g := s.addGrant(t, ada.User.ID)
	s.fill(t, ada, "radio")
	s.render(t, ada, "radio")
	must(t, s.RevokeGrant(t.Context(), g.ID, s.clock.Now()))
	perf, err := s.play(t, ada, "radio")
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, perf.Playable, paywall.Playable{})
}

// TestRecent_Forget: the tokens of a session go with it, those of others stay.
func TestRecent_Forget(t *testing.T) {
	s := newStage(t, 600)
	ada, bob := s.member(t, "ada"), s.member(t, "bob")
	s.addItem(t, "radio", open)
	s.addItem(t, "other", open)
	of := func(viewer paywall.Viewer) { s.fill(t, viewer, "radio"); s.fill(t, viewer, "other") }
	of(ada)
	of(bob)
	s.Forget(ada.SessionID)
	s.Forget("unknown")
	if got := s.Remembered(); got != 2 {
		t.Errorf("%d tokens remembered, want bob's 2", got)
	}
	before := s.minter.calls()
	s.render(t, ada, "radio")
	s.render(t, bob, "radio")
	if got := s.minter.calls() - before; got != 1 {
		t.Errorf("%d calls, want 1 for ada", got)
	}
}

// TestRecent_Failed: a failed mint is not remembered.
func TestRecent_Failed(t *testing.T) {
	s := newStage(t, 600)
	ada := s.member(t, "ada")
	s.addItem(t, "radio", open)
	for range paywall.RecentFree + 1 {
		s.minter.fail = []error{refused}
		if _, err := s.play(t, ada, "radio"); err == nil {
			t.Error("a token out of nothing")
		}
	}
	if got := s.Remembered(); got != 0 {
		t.Errorf("%d tokens remembered", got)
	}
}

// TestRecent_Memory: what is older than a minute is dropped, and the number of
// tokens is bounded in any minute.
func TestRecent_Memory(t *testing.T) {
	s := newStage(t, 10*paywall.RecentMost)
	s.addItem(t, "radio", open)
	perf := get(s.Look(t.Context(), guest("x"), "radio"))(t)
	ada := s.member(t, "ada")
	come := func(n int) {
		ada.SessionID = fmt.Sprint("session ", n)
		get(s.Start(t.Context(), ada, perf, ""))(t)
	}
	for n := range 100 {
		come(n)
	}
	s.clock.Pass(time.Minute)
	come(100)
	if got := s.Remembered(); got != 1 {
		t.Errorf("%d tokens remembered after a minute, want 1", got)
	}
	for n := range paywall.RecentMost + 100 {
		come(n)
		if got := s.Remembered(); got > paywall.RecentMost+1 {
			t.Fatalf("%d tokens remembered, more than %d", got, paywall.RecentMost)
		}
	}
}
