package store

import (
	"context"
	"time"

	"usher/paywall"
)

const grantColumns = `g.id, g.user_id, g.scope, g.target_id, g.from_at, g.until_at,
	g.origin, g.note, g.created_at, g.revoked_at`

func grantPlaces(g *paywall.Grant) []any {
	return []any{
		&g.ID, &g.UserID, (*string)(&g.Scope), &g.TargetID, (*instant)(&g.From), (*instant)(&g.Until),
		(*string)(&g.Origin), &g.Note, (*instant)(&g.CreatedAt), (*instant)(&g.RevokedAt),
	}
}

// CreateGrant stores a grant.
func (q *queries) CreateGrant(ctx context.Context, g paywall.Grant) error {
	return q.changeGrants(ctx, g.UserID, func(q *queries) error {
		_, err := exec(ctx, q.write, "CreateGrant", `
			INSERT INTO grants (id, user_id, scope, target_id, from_at, until_at, origin, note, created_at, revoked_at, ends_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			g.ID, g.UserID, string(g.Scope), g.TargetID, instant(g.From), instant(g.Until),
			string(g.Origin), g.Note, instant(g.CreatedAt), instant(g.RevokedAt), endsAt(g))
		return err
	})
}

// GrantByID finds a grant.
func (q *queries) GrantByID(ctx context.Context, id string) (paywall.Grant, error) {
	return queryOne(ctx, q.read, "GrantByID", grantPlaces,
		`SELECT `+grantColumns+` FROM grants g WHERE g.id = $1`, id)
}

// GrantsOf lists all grants of a person, newest first.
func (q *queries) GrantsOf(ctx context.Context, userID string) ([]paywall.Grant, error) {
	return queryAll(ctx, q.read, "GrantsOf", grantPlaces, `
		SELECT `+grantColumns+` FROM grants g
		WHERE g.user_id = $1 ORDER BY g.created_at DESC, g.id DESC`, userID)
}

// RecentGrants lists grants of everybody with their holders, newest first.
func (q *queries) RecentGrants(ctx context.Context, limit, offset int) ([]paywall.GrantLine, error) {
	places := func(l *paywall.GrantLine) []any { return append(grantPlaces(&l.Grant), &l.Email) }
	return queryAll(ctx, q.read, "RecentGrants", places, `
		SELECT `+grantColumns+`, u.email FROM grants g JOIN users u ON u.id = g.user_id
		ORDER BY g.created_at DESC, g.id DESC LIMIT $1 OFFSET $2`, limit, offset)
}

// UpdateGrant keeps the end and the note of a grant.
func (q *queries) UpdateGrant(ctx context.Context, g paywall.Grant) error {
	return q.changeGrants(ctx, g.UserID, func(q *queries) error {
		return execOne(ctx, q.write, "UpdateGrant",
			`UPDATE grants SET until_at = $2, note = $3, ends_at = $4 WHERE id = $1`, g.ID, instant(g.Until), g.Note, endsAt(g))
	})
}

// RevokeGrant ends a grant at an instant; ErrNotFound when there is no such
// grant or it was taken back before.
func (q *queries) RevokeGrant(ctx context.Context, id string, at time.Time) error {
	g, err := q.GrantByID(ctx, id)
	if err != nil {
		return err
	}
	g.RevokedAt = at
	return q.changeGrants(ctx, g.UserID, func(q *queries) error {
		return execOne(ctx, q.write, "RevokeGrant",
			`UPDATE grants SET revoked_at = $2, ends_at = $3 WHERE id = $1 AND revoked_at = 0`, id, instant(at), endsAt(g))
	})
}
