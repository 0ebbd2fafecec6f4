package paywall_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

func (s *site) sessions() *paywall.Sessions { return sessionsOf(s, s.clock.Now) }

// started is a session with its secret.
type started struct {
	paywall.Session
	secret string
}

// arrival is somebody who gave the right password in an unknown browser.
func arrival(user paywall.User, replaceID string) paywall.Arrival {
	return paywall.Arrival{User: user, Method: paywall.MethodPassword, Caller: paywall.Caller{
		Device: "Firefox, Linux", Network: "192.0.2.0/24", SessionID: replaceID,
	}}
}

func (s *site) start(t testing.TB, userID, replaceID string) started {
	t.Helper()
	user := get(s.UserByID(t.Context(), userID))(t)
	got := get(s.sessions().Start(t.Context(), arrival(user, replaceID)))(t)
	return started{got.Session, got.Secret.Reveal()}
}

func (s *site) wantGone(t testing.TB, session started) {
	t.Helper()
	got, user, err := s.sessions().Find(t.Context(), session.ID, session.secret)
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, got, paywall.Session{})
	wantSame(t, user, paywall.User{})
}

func TestSessions_Start(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	session := s.start(t, ada.ID, "")
	if len(session.ID) != 26 || len(session.secret) != 52 || strings.Contains(session.secret, session.ID) {
		t.Errorf("id %q, secret of %d characters", session.ID, len(session.secret))
	}
	hash := sha256.Sum256([]byte(session.secret))
	wantSame(t, session.Session, paywall.Session{
		ID: session.ID, SecretHash: hash[:], UserID: ada.ID, Device: "Firefox, Linux",
		CreatedAt: opening, SeenAt: opening, ExpiresAt: opening.Add(paywall.SessionAbsolute),
		Network: "192.0.2.0/24", Method: paywall.MethodPassword, ProvedAt: opening,
	})
	found, user, err := s.sessions().Find(t.Context(), session.ID, session.secret)
	must(t, err)
	if found.ID != session.ID || found.UserID != ada.ID || !found.SeenAt.Equal(opening) || user.Email != ada.Email {
		t.Errorf("found %+v of %+v", found, user)
	}
	s.wantAudit(t, paywall.AuditEntry{
		At: opening, Actor: paywall.Actor{UserID: ada.ID, Name: ada.Email, Network: "192.0.2.0/24"},
		Action: "session.start", Subject: ada.ID, Detail: "signed in by: password\ndevice: Firefox, Linux",
	})
	if again := s.start(t, ada.ID, ""); again.ID == session.ID || again.secret == session.secret {
		t.Error("two sessions share an id or a secret")
	}
}

// TestSessions_Stored: a copied database opens no account.
func TestSessions_Stored(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	session := s.start(t, ada.ID, "")
	for _, stored := range get(s.SessionsOf(t.Context(), ada.ID))(t) {
		if bytes.Contains(stored.SecretHash, []byte(session.secret)) || len(stored.SecretHash) != sha256.Size {
			t.Errorf("stored %q", stored.SecretHash)
		}
		_, _, err := s.sessions().Find(t.Context(), stored.ID, string(stored.SecretHash))
		wantErr(t, err, paywall.ErrNotFound)
	}
	for _, line := range s.audit(t) {
		if strings.Contains(line.Detail+line.Subject, session.secret) || strings.Contains(line.Detail, session.ID) {
			t.Errorf("the record of changes holds the secret or id: %+v", line)
		}
	}
}

// TestSessions_Rotation: a session that was there before the login is worth
// nothing after it.
func TestSessions_Rotation(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	planted, other := s.start(t, ada.ID, ""), s.start(t, ada.ID, "")
	fresh := s.start(t, ada.ID, planted.ID)
	s.wantGone(t, planted)
	if fresh.ID == planted.ID {
		t.Error("the id was taken over")
	}
	for _, live := range []started{other, fresh} {
		_, _, err := s.sessions().Find(t.Context(), live.ID, live.secret)
		must(t, err)
	}
	s.start(t, ada.ID, "one that does not exist")
}

// TestSessions_StartUnknown: there is no session without an account, and the one
// to replace stays.
func TestSessions_StartUnknown(t *testing.T) {
	s := newSite(t)
	session := s.start(t, s.addUser(t, "ada").ID, "")
	if _, err := s.sessions().Start(t.Context(), arrival(paywall.User{ID: "unknown"}, session.ID)); err == nil {
		t.Error("a session of nobody")
	}
	_, _, err := s.sessions().Find(t.Context(), session.ID, session.secret)
	must(t, err)
}

func TestSessions_FindRefused(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	session, other := s.start(t, ada.ID, ""), s.start(t, ada.ID, "")
	for name, cookie := range map[string]struct{ id, secret string }{
		"wrong secret":             {session.ID, strings.Repeat("A", 52)},
		"no secret":                {session.ID, ""},
		"part of the secret":       {session.ID, session.secret[:51]},
		"secret and more":          {session.ID, session.secret + "A"},
		"secret in small letters":  {session.ID, strings.ToLower(session.secret)},
		"secret of another":        {session.ID, other.secret},
		"unknown id":               {"unknown", session.secret},
		"no id":                    {"", session.secret},
		"id in capitals":           {strings.ToUpper(session.ID), session.secret},
		"id of another, no secret": {other.ID, ""},
	} {
		t.Run(name, func(t *testing.T) { s.wantGone(t, started{paywall.Session{ID: cookie.id}, cookie.secret}) })
	}
}

func TestSessions_FindDisabled(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	session := s.start(t, ada.ID, "")
	ada.DisabledAt = opening
	must(t, s.UpdateUser(t.Context(), ada))
	s.wantGone(t, session)
}

// TestSessions_Idle: a session lives as long as it is used now and then.
func TestSessions_Idle(t *testing.T) {
	s := newSite(t)
	session := s.start(t, s.addUser(t, "ada").ID, "")
	for range 3 {
		s.clock.Pass(paywall.SessionIdle - time.Millisecond)
		_, _, err := s.sessions().Find(t.Context(), session.ID, session.secret)
		must(t, err)
	}
	s.clock.Pass(paywall.SessionIdle)
	s.wantGone(t, session)
}

// TestSessions_Absolute: and not for ever.
func TestSessions_Absolute(t *testing.T) {
	s := newSite(t)
	session := s.start(t, s.addUser(t, "ada").ID, "")
	const steps = 8
	for n := range steps {
		s.clock.Pass(paywall.SessionAbsolute / steps)
		if n == steps-1 {
			s.wantGone(t, session)
			return
		}
		_, _, err := s.sessions().Find(t.Context(), session.ID, session.secret)
		must(t, err)
	}
}

func TestSession_Live(t *testing.T) {
	session := paywall.Session{SeenAt: opening, ExpiresAt: opening.Add(paywall.SessionAbsolute)}
	old := paywall.Session{SeenAt: opening, ExpiresAt: at(1)}
	for name, test := range map[string]struct {
		session paywall.Session
		now     time.Time
		want    bool
	}{
		"just started":       {session, opening, true},
		"just before idle":   {session, opening.Add(paywall.SessionIdle - 1), true},
		"idle":               {session, opening.Add(paywall.SessionIdle), false},
		"just before expiry": {old, at(1).Add(-1), true},
		"expired":            {old, at(1), false},
		"zero":               {paywall.Session{}, opening, false},
		"clock jumped back":  {session, opening.Add(-time.Hour), true},
	} {
		if got := test.session.Live(test.now); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// TestSessions_Touch: "last seen" is written at most every five minutes.
func TestSessions_Touch(t *testing.T) {
	s := newSite(t)
	session := s.start(t, s.addUser(t, "ada").ID, "")
	for n, step := range []struct {
		pass time.Duration
		want time.Duration // "last seen", since the start
	}{
		{0, 0},
		{paywall.SessionTouch - time.Millisecond, 0},
		{time.Millisecond, paywall.SessionTouch},
		{time.Minute, paywall.SessionTouch},
		{time.Hour, paywall.SessionTouch + time.Minute + time.Hour},
	} {
		s.clock.Pass(step.pass)
		_, _, err := s.sessions().Find(t.Context(), session.ID, session.secret)
		must(t, err)
		stored, _, err := s.SessionByID(t.Context(), session.ID)
		must(t, err)
		if got := stored.SeenAt.Sub(opening); got != step.want {
			t.Errorf("step %d: seen after %v, want %v", n, got, step.want)
		}
	}
	before, _, err := s.SessionByID(t.Context(), session.ID)
	must(t, err)
	s.clock.Pass(time.Hour)
	s.wantGone(t, started{session.Session, "wrong"})
	after, _, err := s.SessionByID(t.Context(), session.ID)
	must(t, err)
	wantSame(t, after, before) // a wrong secret keeps no session alive
}

// TestSessions_TouchFails: a full disk signs nobody out.
func TestSessions_TouchFails(t *testing.T) {
	s := newSite(t)
	session := s.start(t, s.addUser(t, "ada").ID, "")
	s.clock.Pass(time.Hour)
	broken := faulty{Store: s.DB, faults: map[string]error{"TouchSession": errFault}}
	_, user, err := sessionsOf(broken, s.clock.Now).Find(t.Context(), session.ID, session.secret)
	must(t, err)
	if user.ID != session.UserID {
		t.Errorf("found %+v", user)
	}
}

// TestSessions_List shows live devices only, last seen first.
func TestSessions_List(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	s.start(t, s.addUser(t, "bob").ID, "")
	old := s.start(t, ada.ID, "")
	s.clock.Pass(paywall.SessionIdle - time.Minute)
	middle := s.start(t, ada.ID, "")
	s.clock.Pass(time.Second)
	young := s.start(t, ada.ID, "")
	wantSame(t, get(s.sessions().List(t.Context(), ada.ID))(t), []paywall.Session{young.Session, middle.Session, old.Session})
	s.clock.Pass(time.Minute)
	wantSame(t, get(s.sessions().List(t.Context(), ada.ID))(t), []paywall.Session{young.Session, middle.Session})
	wantSame(t, get(s.sessions().List(t.Context(), "unknown"))(t), []paywall.Session{})
}

func TestSessions_End(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	one, two := s.start(t, ada.ID, ""), s.start(t, ada.ID, "")
	must(t, s.sessions().End(t.Context(), one.ID))
	must(t, s.sessions().End(t.Context(), one.ID)) // twice is fine
	s.wantGone(t, one)
	wantSame(t, s.sessionIDs(t, ada.ID), []string{two.ID})
}

func TestSessions_EndAll(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada"), s.addUser(t, "bob")
	s.addSessions(t, ada.ID, 3)
	others := s.addSessions(t, bob.ID, 2)
	must(t, s.sessions().EndAll(t.Context(), by, ada.ID))
	wantSame(t, s.sessionIDs(t, ada.ID), []string(nil))
	wantSame(t, s.sessionIDs(t, bob.ID), others)
	s.wantAudit(t, paywall.AuditEntry{
		At: opening, Actor: by, Action: "session.end_all", Subject: ada.ID,
	})
}

func TestSessions_Flash(t *testing.T) {
	s := newSite(t)
	session := s.start(t, s.addUser(t, "ada").ID, "")
	for _, flash := range []string{"saved", ""} {
		must(t, s.sessions().SetFlash(t.Context(), session.ID, flash))
		got, _, err := s.sessions().Find(t.Context(), session.ID, session.secret)
		must(t, err)
		if got.Flash != flash {
			t.Errorf("flash %q, want %q", got.Flash, flash)
		}
	}
	wantErr(t, s.sessions().SetFlash(t.Context(), "unknown", "x"), paywall.ErrNotFound)
}

// TestSessions_Sweep removes what ended, in more than one batch, and nothing
// else.
func TestSessions_Sweep(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	must(t, s.InTx(t.Context(), func(tx paywall.Store) error {
		for n := range paywall.SweepBatch + 10 {
			session := storetest.NewSession(ada.ID)
			session.SeenAt, session.ExpiresAt = opening, opening.Add(paywall.SessionAbsolute)
			if n%2 == 0 { // idle
				session.SeenAt = opening.Add(-paywall.SessionIdle)
			} else { // past its end
				session.ExpiresAt = opening
			}
			if err := tx.CreateSession(t.Context(), session); err != nil {
				return err
			}
		}
		return nil
	}))
	live := s.start(t, ada.ID, "")
	batches := &counting{Store: s.DB}
	must(t, sessionsOf(batches, s.clock.Now).Sweep(t.Context()))
	wantSame(t, s.sessionIDs(t, ada.ID), []string{live.ID})
	wantSame(t, batches.limits, []int{paywall.SweepBatch, paywall.SweepBatch})
}

// counting notes the size of each batch.
type counting struct {
	paywall.Store
	limits []int
}

func (c *counting) DeleteDeadSessions(ctx context.Context, now, idle time.Time, limit int) (int, error) {
	c.limits = append(c.limits, limit)
	return c.Store.DeleteDeadSessions(ctx, now, idle, limit)
}

// TestSessions_StartAfterAChange: a login that was under way when the password
// was changed, or the account disabled, gets no session.
func TestSessions_StartAfterAChange(t *testing.T) {
	for name, change := range map[string]func(u *paywall.User){
		"password": func(u *paywall.User) { u.PasswordHash = "another" },
		"disabled": func(u *paywall.User) { u.DisabledAt = opening },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			proved := s.addUser(t, "ada")
			now := proved
			change(&now)
			must(t, s.UpdateUser(t.Context(), now))
			_, err := s.sessions().Start(t.Context(), arrival(proved, ""))
			if paywall.KindOf(err) != paywall.KindInvalid {
				t.Errorf("error %v", err)
			}
			if all := get(s.SessionsOf(t.Context(), proved.ID))(t); len(all) != 0 {
				t.Errorf("sessions %+v", all)
			}
		})
	}
}
