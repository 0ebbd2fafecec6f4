package paywall

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"time"
)

// Sessions keeps people signed in.
type Sessions struct {
	store  Store
	outbox *Outbox
	clock  Clock
}

// NewSessions makes the service.
func NewSessions(store Store, outbox *Outbox, clock Clock) *Sessions {
	return &Sessions{store: store, outbox: outbox, clock: clock}
}

// Arrival is somebody who has just proved who they are, on a device.
type Arrival struct {
	User   User
	Method Method
	Strong bool
	Caller Caller
}

// Started is a new session with the secrets of its cookies, given out once.
type Started struct {
	Session Session
	Secret  Secret
	// Known is the value of the cookie by which this browser is known from now
	// on; empty when it was known already.
	Known Secret
}

// Start makes a new session for a person who has just proved who they are, and
// ends the one that the caller had, so that an id planted before the login is
// worth nothing. If password or address changed, the account was disabled, or a
// second factor was switched on since the proof, there is no session. Of a sign-in
// on an unknown device the person is told by mail, unless it is the first one.
func (s *Sessions) Start(ctx context.Context, in Arrival) (Started, error) {
	secret, now := newSecret(), s.clock()
	started := Started{Secret: NewSecret(secret), Session: Session{
		ID: NewID(), SecretHash: hashSecret(secret), UserID: in.User.ID, Device: in.Caller.Device,
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(SessionAbsolute),
		Network: in.Caller.Network, Method: in.Method, Strong: in.Strong, ProvedAt: now,
	}}
	err := s.store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByID(ctx, in.User.ID)
		if err != nil {
			return err
		}
		if user.PasswordHash != in.User.PasswordHash || user.Email != in.User.Email || user.Disabled() {
			return errCredentials()
		}
		if err := strongEnough(ctx, tx, in); err != nil {
			return err
		}
		if in.Caller.SessionID != "" {
			if err := tx.DeleteSession(ctx, in.Caller.SessionID); err != nil {
				return err
			}
		}
		if err := tx.CreateSession(ctx, started.Session); err != nil {
			return err
		}
		if started.Known, err = s.recognise(ctx, tx, user, in.Caller); err != nil {
			return err
		}
		return audit(ctx, tx, s.clock, in.Caller.actor(user), "session.start", user.ID,
			Fact{LabelMethod, string(in.Method)}, Fact{LabelDevice, in.Caller.Device})
	})
	return started, err
}

// strongEnough refuses a session without the second factor of the account.
func strongEnough(ctx context.Context, tx Store, in Arrival) error {
	factor, err := tx.SecondFactorOf(ctx, in.User.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err == nil && factor.Active() && !in.Strong:
		return errCredentials()
	}
	return err
}

// recognise remembers the browser as one that signed in, and answers the cookie
// for a new one.
func (s *Sessions) recognise(ctx context.Context, tx Store, user User, c Caller) (Secret, error) {
	now := s.clock()
	device, err := knownDevice(ctx, tx, c.Known, user.ID)
	if err != nil {
		return Secret{}, err
	}
	if device.ID != "" {
		return Secret{}, tx.TouchDevice(ctx, device.ID, now)
	}
	others, err := tx.CountDevices(ctx, user.ID)
	if err != nil {
		return Secret{}, err
	}
	secret := newSecret()
	device = Device{ID: NewID(), UserID: user.ID, SecretHash: hashSecret(secret), CreatedAt: now, SeenAt: now}
	if err := tx.CreateDevice(ctx, device); err != nil {
		return Secret{}, err
	}
	if others > 0 && !user.QuietDevices {
		err = s.outbox.Put(ctx, tx, letterTo(user, c.Language, MailNewDevice,
			MailParams{Device: c.Device, At: now, Path: safetyPath}))
	}
	return NewSecret(device.ID + "." + secret), err
}

// Find answers the session and its account. A wrong secret, an ended session and
// a disabled account all answer ErrNotFound.
func (s *Sessions) Find(ctx context.Context, id, secret string) (Session, User, error) {
	session, user, err := s.store.SessionByID(ctx, id)
	if err != nil {
		return Session{}, User{}, err
	}
	now := s.clock()
	if subtle.ConstantTimeCompare(session.SecretHash, hashSecret(secret)) != 1 ||
		!session.Live(now) || user.Disabled() {
		return Session{}, User{}, ErrNotFound
	}
	s.touch(ctx, session, now)
	return session, user, nil
}

// touch moves "last seen" now and then. It may fail, on a full disk for one:
// nobody is signed out for that.
func (s *Sessions) touch(ctx context.Context, session Session, now time.Time) {
	if now.Sub(session.SeenAt) < SessionTouch {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, noteDeadline)
	defer cancel()
	if err := s.store.TouchSession(ctx, session.ID, now); err != nil {
		slog.WarnContext(ctx, "session not touched", "error", err)
	}
}

// List gives a person's live sessions, last seen first.
func (s *Sessions) List(ctx context.Context, userID string) ([]Session, error) {
	all, err := s.store.SessionsOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	now := s.clock()
	live := make([]Session, 0, len(all))
	for _, session := range all {
		if session.Live(now) {
			live = append(live, session)
		}
	}
	return live, nil
}

// SetFlash keeps a message for the person's next page.
func (s *Sessions) SetFlash(ctx context.Context, id, flash string) error {
	return s.store.SetFlash(ctx, id, flash)
}

// End ends one session.
func (s *Sessions) End(ctx context.Context, id string) error {
	return s.store.DeleteSession(ctx, id)
}

// EndOne signs one of the person's own devices out.
func (s *Sessions) EndOne(ctx context.Context, actor Actor, userID, id string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := tx.DeleteSessionOf(ctx, userID, id); err != nil {
			return err
		}
		return audit(ctx, tx, s.clock, actor, "session.end", userID)
	})
}

// EndAll signs a person out everywhere, and forgets the browsers that signed in.
func (s *Sessions) EndAll(ctx context.Context, actor Actor, userID string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := tx.DeleteSessionsOf(ctx, userID, ""); err != nil {
			return err
		}
		if err := tx.DeleteDevicesOf(ctx, userID, ""); err != nil {
			return err
		}
		return audit(ctx, tx, s.clock, actor, "session.end_all", userID)
	})
}

// sweepBatch keeps each clean-up short, so that it never holds up a visitor.
const sweepBatch = 500

// Sweep removes sessions that ended, batch by batch.
func (s *Sessions) Sweep(ctx context.Context) error {
	for {
		now := s.clock()
		n, err := s.store.DeleteDeadSessions(ctx, now, now.Add(-SessionIdle), sweepBatch)
		if err != nil {
			return errors.Join(errors.New("sweep sessions"), err)
		}
		if n < sweepBatch {
			return nil
		}
	}
}

func hashSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
