package store

import (
	"context"
	"time"

	"usher/paywall"
)

const sessionColumns = `s.id, s.secret_hash, s.user_id, s.device, s.flash,
	s.created_at, s.seen_at, s.expires_at, s.network, s.method, s.strong, s.proved_at`

func sessionPlaces(s *paywall.Session) []any {
	return []any{
		&s.ID, &s.SecretHash, &s.UserID, &s.Device, &s.Flash,
		(*instant)(&s.CreatedAt), (*instant)(&s.SeenAt), (*instant)(&s.ExpiresAt),
		&s.Network, (*string)(&s.Method), &s.Strong, (*instant)(&s.ProvedAt),
	}
}

// sessionByID is asked at every page view, so it asks for little.
const sessionByID = `SELECT s.secret_hash, s.flash, s.seen_at, s.expires_at, s.strong, s.proved_at,
		u.id, u.email, u.name, u.role, u.password_hash, u.confirmed_at, u.disabled_at,
		u.zone
	FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1`

type sessionRow struct {
	session paywall.Session
	user    paywall.User
}

func sessionRowPlaces(r *sessionRow) []any {
	s, u := &r.session, &r.user
	return []any{
		&s.SecretHash, &s.Flash, (*instant)(&s.SeenAt), (*instant)(&s.ExpiresAt),
		&s.Strong, (*instant)(&s.ProvedAt),
		&u.ID, &u.Email, &u.Name, (*string)(&u.Role), &u.PasswordHash,
		(*instant)(&u.ConfirmedAt), (*instant)(&u.DisabledAt),
		&u.Zone,
	}
}

// CreateSession stores a signed-in device.
func (q *queries) CreateSession(ctx context.Context, s paywall.Session) error {
	return q.atomic(ctx, func(q *queries) error {
		if err := q.seen(ctx, "CreateSession", s.UserID, s.SeenAt); err != nil {
			return err
		}
		_, err := exec(ctx, q.write, "CreateSession", `
			INSERT INTO sessions (id, secret_hash, user_id, device, flash, created_at, seen_at, expires_at,
				network, method, strong, proved_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			s.ID, s.SecretHash, s.UserID, s.Device, s.Flash,
			instant(s.CreatedAt), instant(s.SeenAt), instant(s.ExpiresAt),
			s.Network, string(s.Method), s.Strong, instant(s.ProvedAt))
		return err
	})
}

// seen moves when an account was last used. Its row is locked before those of
// its sessions, as everywhere.
func (q *queries) seen(ctx context.Context, op, userID string, at time.Time) error {
	_, err := exec(ctx, q.write, op, `UPDATE users SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, userID, instant(at))
	return err
}

// SessionByID finds a session and its account, also when the session has
// expired or the account is disabled.
func (q *queries) SessionByID(ctx context.Context, id string) (paywall.Session, paywall.User, error) {
	row, err := queryOne(ctx, q.read, "SessionByID", sessionRowPlaces, sessionByID, id)
	if err != nil {
		return paywall.Session{}, paywall.User{}, err
	}
	row.session.ID, row.session.UserID = id, row.user.ID
	return row.session, row.user, nil
}

// SessionsOf lists a person's sessions, last seen first.
func (q *queries) SessionsOf(ctx context.Context, userID string) ([]paywall.Session, error) {
	return queryAll(ctx, q.read, "SessionsOf", sessionPlaces, `
		SELECT `+sessionColumns+` FROM sessions s
		WHERE s.user_id = $1 ORDER BY s.seen_at DESC, s.id`, userID)
}

// TouchSession moves "last seen", of the account too.
func (q *queries) TouchSession(ctx context.Context, id string, seen time.Time) error {
	const op = "TouchSession"
	return q.atomic(ctx, func(q *queries) error {
		userID, err := queryOne(ctx, q.read, op, place[string], `SELECT user_id FROM sessions WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if err := q.seen(ctx, op, userID, seen); err != nil {
			return err
		}
		return execOne(ctx, q.write, op, `UPDATE sessions SET seen_at = $2 WHERE id = $1`, id, instant(seen))
	})
}

// ProveSession keeps that the person proved who they are; a strong session stays
// strong.
func (q *queries) ProveSession(ctx context.Context, id string, at time.Time, strong bool) error {
	return execOne(ctx, q.write, "ProveSession",
		`UPDATE sessions SET proved_at = $2, strong = (strong OR $3) WHERE id = $1`, id, instant(at), strong)
}

// WeakenSessions makes no session of a person strong any more.
func (q *queries) WeakenSessions(ctx context.Context, userID string) error {
	_, err := exec(ctx, q.write, "WeakenSessions", `UPDATE sessions SET strong = FALSE WHERE user_id = $1`, userID)
	return err
}

// SetFlash keeps a message for the next page; "" clears it.
func (q *queries) SetFlash(ctx context.Context, id, flash string) error {
	return execOne(ctx, q.write, "SetFlash", `UPDATE sessions SET flash = $2 WHERE id = $1`, id, flash)
}

// DeleteSession ends one session; ending one that is gone is no error.
func (q *queries) DeleteSession(ctx context.Context, id string) error {
	_, err := exec(ctx, q.write, "DeleteSession", `DELETE FROM sessions WHERE id = $1`, id)
	return err
}

// DeleteSessionOf ends a session if it is the person's.
func (q *queries) DeleteSessionOf(ctx context.Context, userID, id string) error {
	return execOne(ctx, q.write, "DeleteSessionOf",
		`DELETE FROM sessions WHERE user_id = $1 AND id = $2`, userID, id)
}

// DeleteSessionsOf ends all sessions of a person but the one with keepID.
func (q *queries) DeleteSessionsOf(ctx context.Context, userID, keepID string) error {
	_, err := exec(ctx, q.write, "DeleteSessionsOf",
		`DELETE FROM sessions WHERE user_id = $1 AND id <> $2`, userID, keepID)
	return err
}

// DeleteDeadSessions removes sessions past their end or unseen since idleSince,
// at most limit, and tells how many there were. The bounds are those of
// paywall.Session.Live.
func (q *queries) DeleteDeadSessions(ctx context.Context, now, idleSince time.Time, limit int) (int, error) {
	n, err := exec(ctx, q.write, "DeleteDeadSessions", `
		DELETE FROM sessions WHERE id IN (
			SELECT id FROM sessions WHERE expires_at <= $1 OR seen_at <= $2 LIMIT $3)`,
		instant(now), instant(idleSince), limit)
	return int(n), err
}
