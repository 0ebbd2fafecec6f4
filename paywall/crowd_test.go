package paywall_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"usher/paywall"
)

// TestCrowd: visitors without an account draw so many tokens a minute from one
// network, whatever they play; members and other networks are free.
func TestCrowd(t *testing.T) {
	s := newStage(t, 600)
	ada := s.member(t, "ada")
	ada.Network = "a"
	s.addItem(t, "radio", open)
	s.addItem(t, "other", open)
	for n := range paywall.CrowdPerNetwork {
		get(s.play(t, guest("a"), []string{"radio", "other"}[n%2]))(t)
		s.clock.Pass(time.Second)
	}
	calls := s.minter.calls()
	_, err := s.play(t, guest("a"), "radio")
	e := asError(t, err)
	if e.Kind != paywall.KindTooMany || e.Key != "error.too_many" || e.RetryAfter != 40*time.Second {
		t.Errorf("error = %v, retry after %v", e, e.RetryAfter)
	}
	if s.minter.calls() != calls {
		t.Error("the supplier was called for the crowd")
	}
	get(s.play(t, guest("b"), "radio"))(t)
	get(s.play(t, ada, "radio"))(t)
	s.clock.Pass(40*time.Second - 1)
	if _, err := s.play(t, guest("a"), "radio"); paywall.KindOf(err) != paywall.KindTooMany {
		t.Errorf("just inside the minute: %v", err)
	}
	s.clock.Pass(1)
	get(s.play(t, guest("a"), "radio"))(t)
}

// TestCrowd_Looking costs nothing, and neither does being refused.
func TestCrowd_Looking(t *testing.T) {
	s := newStage(t, 600)
	s.addItem(t, "radio", open)
	s.addItem(t, "locked")
	for range 2 * paywall.CrowdPerNetwork {
		get(s.Look(t.Context(), guest("a"), "radio"))(t)
		_, err := s.play(t, guest("a"), "locked")
		wantErr(t, err, paywall.ErrNotFound)
	}
	get(s.play(t, guest("a"), "radio"))(t)
}

// TestCrowd_Waiting: a household that is told to come back, and does so for half
// a minute, is no crowd.
func TestCrowd_Waiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := newSite(t)
		s := stageWith(base.DB, base, time.Now, 1)
		base.addItem(t, "radio", open)
		get(s.play(t, guest("another network"), "radio"))(t)
		perf := get(s.Look(t.Context(), guest("home"), "radio"))(t)
		const people, rounds = 3, 10
		answers := make(chan error, people*rounds)
		for range people {
			go func() {
				for range rounds {
					_, err := s.Start(t.Context(), guest("home"), perf, "")
					answers <- err
				}
			}()
		}
		for range people * rounds {
			if e := asError(t, <-answers); e.Kind != paywall.KindUnavailable || e.Place < 1 || e.Place > people {
				t.Errorf("error = %v, place %d", e, e.Place)
			}
		}
	})
}

// TestCrowd_GivenBack: a member who waits gives nothing to the network.
func TestCrowd_GivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := newSite(t)
		s := stageWith(base.DB, base, time.Now, paywall.CrowdPerNetwork)
		base.addItem(t, "radio", open)
		for range paywall.CrowdPerNetwork {
			get(s.play(t, guest("home"), "radio"))(t)
		}
		for n := range 3 {
			ada := s.member(t, fmt.Sprint("ada", n))
			ada.Network = "home"
			if _, err := s.play(t, ada, "radio"); paywall.KindOf(err) != paywall.KindUnavailable {
				t.Errorf("a member without a call left: %v", err)
			}
		}
		if _, err := s.play(t, guest("home"), "radio"); paywall.KindOf(err) != paywall.KindTooMany {
			t.Errorf("the full network: %v", err)
		}
	})
}

// TestCrowd_leavesHalfToMembers: many networks without an account cannot use up
// what people with one need.
func TestCrowd_leavesHalfToMembers(t *testing.T) {
	base := newSite(t)
	const limit = 60
	s := stageWith(base.DB, base, base.clock.Now, limit)
	base.addItem(t, "radio", open)
	served := 0
	for n := range limit {
		_, err := s.play(t, guest(fmt.Sprint("network ", n)), "radio")
		switch paywall.KindOf(err) {
		case paywall.KindTooMany:
		default:
			must(t, err)
			served++
		}
	}
	if served != limit/2 {
		t.Errorf("%d guests were served, want %d", served, limit/2)
	}
	get(s.play(t, s.member(t, "ada"), "radio"))(t)
}
