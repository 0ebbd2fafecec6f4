package store

import (
	"context"

	"usher/paywall"
)

const auditColumns = `id, entered_at, actor_id, actor_name, action, subject, detail, network`

func auditPlaces(e *paywall.AuditEntry) []any {
	return []any{
		&e.ID, (*instant)(&e.At), &e.Actor.UserID, &e.Actor.Name, &e.Action, &e.Subject, &e.Detail, &e.Actor.Network,
	}
}

// AddAudit adds a line to the record of changes.
func (q *queries) AddAudit(ctx context.Context, e paywall.AuditEntry) error {
	_, err := exec(ctx, q.write, "AddAudit", `
		INSERT INTO audit_entries (`+auditColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.ID, instant(e.At), e.Actor.UserID, e.Actor.Name, e.Action, e.Subject, e.Detail, e.Actor.Network)
	return err
}

// AuditOf lists what a person did and what was done to their account, newest
// first. Each half is cut before they meet: with an OR all lines of an owner
// would be sorted.
func (q *queries) AuditOf(ctx context.Context, userID string, limit int) ([]paywall.AuditEntry, error) {
	return queryAll(ctx, q.read, "AuditOf", auditPlaces, `
		SELECT `+auditColumns+` FROM (SELECT * FROM audit_entries WHERE actor_id = $1
			ORDER BY entered_at DESC, id DESC LIMIT $2) AS did
		UNION
		SELECT `+auditColumns+` FROM (SELECT * FROM audit_entries WHERE subject = $1
			ORDER BY entered_at DESC, id DESC LIMIT $2) AS undergone
		ORDER BY entered_at DESC, id DESC LIMIT $2`, userID, limit)
}

// RecentAudit lists lines, newest first.
func (q *queries) RecentAudit(ctx context.Context, limit, offset int) ([]paywall.AuditEntry, error) {
	return queryAll(ctx, q.read, "RecentAudit", auditPlaces, `
		SELECT `+auditColumns+` FROM audit_entries
		ORDER BY entered_at DESC, id DESC LIMIT $1 OFFSET $2`, limit, offset)
}
