package store

import (
	"context"

	"usher/paywall"
)

func challengePlaces(c *paywall.Challenge) []any {
	return []any{&c.ID, (*string)(&c.Kind), (*blob)(&c.WindowHash), &c.UserID, (*blob)(&c.Data), (*instant)(&c.ExpiresAt)}
}

// CreateChallenge stores a question to a window.
func (q *queries) CreateChallenge(ctx context.Context, c paywall.Challenge) error {
	_, err := exec(ctx, q.write, "CreateChallenge", `
		INSERT INTO challenges (id, kind, window_hash, user_id, data, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		c.ID, string(c.Kind), blob(c.WindowHash), c.UserID, blob(c.Data), instant(c.ExpiresAt))
	return err
}

// ChallengeByID finds a challenge of a kind that a window was asked.
func (q *queries) ChallengeByID(ctx context.Context, id string, kind paywall.ChallengeKind, windowHash []byte) (paywall.Challenge, error) {
	return queryOne(ctx, q.read, "ChallengeByID", challengePlaces, `
		SELECT id, kind, window_hash, user_id, data, expires_at FROM challenges
		WHERE id = $1 AND kind = $2 AND window_hash = $3`, id, string(kind), windowHash)
}

// DeleteChallenge uses a challenge up; ErrNotFound when that was done before.
func (q *queries) DeleteChallenge(ctx context.Context, id string) error {
	return execOne(ctx, q.write, "DeleteChallenge", `DELETE FROM challenges WHERE id = $1`, id)
}
