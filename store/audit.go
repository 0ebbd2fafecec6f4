package store

import (
	"context"

	"usher/paywall"
)

func auditPlaces(e *paywall.AuditEntry) []any {
	return []any{
		&e.ID, (*instant)(&e.At), &e.Actor.UserID, &e.Actor.Name, &e.Action, &e.Subject, &e.Detail,
	}
}

// AddAudit adds a line to the record of changes.
func (q *queries) AddAudit(ctx context.Context, e paywall.AuditEntry) error {
	_, err := exec(ctx, q.write, "AddAudit", `
		INSERT INTO audit_entries (id, entered_at, actor_id, actor_name, action, subject, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, instant(e.At), e.Actor.UserID, e.Actor.Name, e.Action, e.Subject, e.Detail)
	return err
}

// RecentAudit lists lines, newest first.
func (q *queries) RecentAudit(ctx context.Context, limit, offset int) ([]paywall.AuditEntry, error) {
	return queryAll(ctx, q.read, "RecentAudit", auditPlaces, `
		SELECT id, entered_at, actor_id, actor_name, action, subject, detail FROM audit_entries
		ORDER BY entered_at DESC, id DESC LIMIT $1 OFFSET $2`, limit, offset)
}
