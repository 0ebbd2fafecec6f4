package paywall

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"time"
)

// Sessions keeps people signed in.
type Sessions struct {
	store Store
	clock Clock
}

// NewSessions makes the service.
func NewSessions(store Store, clock Clock) *Sessions {
	return &Sessions{store: store, clock: clock}
}

// Start makes a new session for a person who has just proved who they are, and
// ends the one with replaceID, so that an id planted before the login is worth
// nothing. If the password was changed or the account disabled since the proof,
// there is no session. The secret is given out once; only its hash is kept.
func (s *Sessions) Start(ctx context.Context, proved User, device, replaceID string) (Session, Secret, error) {
	secret := rand.Text() + rand.Text() // 256 bits and more
	now := s.clock()
	session := Session{
		ID: NewID(), SecretHash: hashSecret(secret), UserID: proved.ID, Device: device,
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(SessionAbsolute),
	}
	err := s.store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByID(ctx, proved.ID)
		if err != nil {
			return err
		}
		if user.PasswordHash != proved.PasswordHash || user.Disabled() {
			return errCredentials()
		}
		if replaceID != "" {
			if err := tx.DeleteSession(ctx, replaceID); err != nil {
				return err
			}
		}
		if err := tx.CreateSession(ctx, session); err != nil {
			return err
		}
		return s.audit(ctx, tx, user, "session.start", device)
	})
	return session, NewSecret(secret), err
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

// EndAll signs a person out everywhere, this device included.
func (s *Sessions) EndAll(ctx context.Context, userID string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := tx.DeleteSessionsOf(ctx, userID, ""); err != nil {
			return err
		}
		user, err := tx.UserByID(ctx, userID)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, user, "session.end_all", "")
	})
}

// audit writes down what a person did with their own sessions.
func (s *Sessions) audit(ctx context.Context, tx Store, user User, action, detail string) error {
	return audit(ctx, tx, s.clock, Actor{UserID: user.ID, Name: user.Email}, action, user.ID, detail)
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
