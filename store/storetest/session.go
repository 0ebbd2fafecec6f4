package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

func sessionID(s paywall.Session) string { return s.ID }

func addSession(t *testing.T, s paywall.Store, userID string, change func(*paywall.Session)) paywall.Session {
	t.Helper()
	session := changed(NewSession(userID), change)
	must(t, s.CreateSession(t.Context(), session))
	return session
}

func testSessions(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada := NewUser("ada")
	ada.DisabledAt, ada.DeletedAt = stored(start), stored(start) // found all the same: the rule is not the store's
	ada.Language, ada.Zone, ada.QuietDevices, ada.QuietAccess = "fr", "Europe/Zurich", true, true
	must(t, s.CreateUser(ctx, ada))
	first := addSession(t, s, ada.ID, func(x *paywall.Session) {
		x.Flash, x.ExpiresAt = "welcome", stored(start.Add(-time.Hour))
		x.Network, x.Method, x.Strong, x.ProvedAt = "192.0.2.0/24", paywall.MethodPasskey, true, stored(start.Add(time.Second))
	})
	second := addSession(t, s, ada.ID, func(x *paywall.Session) { x.SeenAt = stored(start.Add(time.Hour)) })
	bob := addUser(t, s, "bob")
	addSession(t, s, bob.ID, nil)

	session, user, err := s.SessionByID(ctx, first.ID)
	must(t, err)
	wantSame(t, session, asAsked(first))
	ada.CreatedAt, ada.DeletedAt, ada.Language, ada.QuietDevices, ada.QuietAccess = time.Time{}, time.Time{}, "", false, false
	wantSame(t, user, ada)
	wantSame(t, read[[]paywall.Session](t)(s.SessionsOf(ctx, ada.ID)), []paywall.Session{second, first})

	_, _, err = s.SessionByID(ctx, "none")
	wantErr(t, err, paywall.ErrNotFound)
	wantErr(t, s.CreateSession(ctx, first), paywall.ErrExists)
	if err := s.CreateSession(ctx, NewSession("nobody")); err == nil {
		t.Error("a session without a user was stored")
	}
}

func testSessionChanges(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	a, b, c := addSession(t, s, ada.ID, nil), addSession(t, s, ada.ID, nil), addSession(t, s, ada.ID, nil)
	other := addSession(t, s, bob.ID, nil)

	must(t, s.TouchSession(ctx, a.ID, start.Add(time.Hour)))
	must(t, s.SetFlash(ctx, a.ID, "saved"))
	a.SeenAt, a.Flash = stored(start.Add(time.Hour)), "saved"
	got, _, err := s.SessionByID(ctx, a.ID)
	must(t, err)
	wantSame(t, got, asAsked(a))
	must(t, s.SetFlash(ctx, a.ID, ""))
	got, _, err = s.SessionByID(ctx, a.ID)
	must(t, err)
	wantSame(t, got.Flash, "")
	wantErr(t, s.TouchSession(ctx, "none", start), paywall.ErrNotFound)
	wantErr(t, s.SetFlash(ctx, "none", "x"), paywall.ErrNotFound)

	must(t, s.DeleteSession(ctx, b.ID))
	must(t, s.DeleteSession(ctx, b.ID))
	wantErr(t, s.DeleteSessionOf(ctx, ada.ID, other.ID), paywall.ErrNotFound)
	wantErr(t, s.DeleteSessionOf(ctx, ada.ID, "none"), paywall.ErrNotFound)
	d := addSession(t, s, ada.ID, nil)
	must(t, s.DeleteSessionOf(ctx, ada.ID, d.ID))
	wantSame(t, ids(read[[]paywall.Session](t)(s.SessionsOf(ctx, ada.ID)), sessionID), []string{a.ID, c.ID})
	must(t, s.DeleteSessionsOf(ctx, ada.ID, c.ID))
	wantSame(t, ids(read[[]paywall.Session](t)(s.SessionsOf(ctx, ada.ID)), sessionID), []string{c.ID})
	must(t, s.DeleteSessionsOf(ctx, ada.ID, ""))
	wantSame(t, len(read[[]paywall.Session](t)(s.SessionsOf(ctx, ada.ID))), 0)
	wantSame(t, ids(read[[]paywall.Session](t)(s.SessionsOf(ctx, bob.ID)), sessionID), []string{other.ID})
}

// testSessionProofs: a session that was strong stays so.
func testSessionProofs(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada := addUser(t, s, "ada")
	session, other := addSession(t, s, ada.ID, nil), addSession(t, s, ada.ID, nil)
	for n, step := range []struct{ strong, want bool }{{false, false}, {true, true}, {false, true}} {
		session.ProvedAt, session.Strong = stored(start.Add(time.Duration(n)*time.Minute)), step.want
		must(t, s.ProveSession(ctx, session.ID, session.ProvedAt, step.strong))
		got, _, err := s.SessionByID(ctx, session.ID)
		must(t, err)
		wantSame(t, got, asAsked(session))
	}
	got, _, err := s.SessionByID(ctx, other.ID)
	must(t, err)
	wantSame(t, got, asAsked(other))
	wantErr(t, s.ProveSession(ctx, "none", start, true), paywall.ErrNotFound)
	must(t, s.WeakenSessions(ctx, addUser(t, s, "bob").ID))
	strong := func() bool {
		got, _, err := s.SessionByID(ctx, session.ID)
		must(t, err)
		return got.Strong
	}
	wantSame(t, strong(), true)
	must(t, s.WeakenSessions(ctx, ada.ID))
	wantSame(t, strong(), false)
}

// testDeadSessions holds the store's idea of "dead" against the domain's.
func testDeadSessions(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada := addUser(t, s, "ada")
	now := stored(start.Add(paywall.SessionAbsolute))
	idleSince := now.Add(-paywall.SessionIdle)
	live, dead := map[string]bool{}, 0
	for _, seen := range []time.Time{idleSince.Add(-time.Hour), idleSince, idleSince.Add(time.Millisecond), now} {
		for _, end := range []time.Time{now.Add(-time.Hour), now, now.Add(time.Millisecond)} {
			x := addSession(t, s, ada.ID, func(x *paywall.Session) { x.SeenAt, x.ExpiresAt = seen, end })
			if x.Live(now) {
				live[x.ID] = true
			} else {
				dead++
			}
		}
	}
	for _, want := range []int{4, dead - 4, 0} {
		n, err := s.DeleteDeadSessions(ctx, now, idleSince, min(dead-4, max(4, want)))
		must(t, err)
		if n != want {
			t.Errorf("removed %d, want %d", n, want)
		}
	}
	left := read[[]paywall.Session](t)(s.SessionsOf(ctx, ada.ID))
	if len(left) != len(live) || len(live) == 0 {
		t.Errorf("%d sessions left, want %d", len(left), len(live))
	}
	for _, x := range left {
		if !live[x.ID] {
			t.Errorf("left a dead session: %+v", x)
		}
	}
}

// asAsked is a session as SessionByID gives it.
func asAsked(s paywall.Session) paywall.Session {
	s.Device, s.CreatedAt, s.Network, s.Method = "", time.Time{}, "", ""
	return s
}
