package store

import (
	"context"
	"time"

	"usher/paywall"
)

// Connection is the site's login at the supplier; ErrNotFound before the first
// PutConnection.
func (q *queries) Connection(ctx context.Context) (paywall.StoredConnection, error) {
	places := func(c *paywall.StoredConnection) []any {
		return []any{(*blob)(&c.Sealed), &c.Account, &c.VODStyle, (*instant)(&c.ChangedAt), (*blob)(&c.Report)}
	}
	return queryOne(ctx, q.read, "Connection", places,
		`SELECT sealed, account, vod_style, changed_at, report FROM connection WHERE id = 1`)
}

// PutConnection stores or replaces it.
func (q *queries) PutConnection(ctx context.Context, c paywall.StoredConnection) error {
	_, err := exec(ctx, q.write, "PutConnection", `
		INSERT INTO connection (id, sealed, account, vod_style, changed_at, report) VALUES (1, $1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, account = excluded.account,
			vod_style = excluded.vod_style, changed_at = excluded.changed_at, report = excluded.report`,
		blob(c.Sealed), c.Account, string(c.VODStyle), instant(c.ChangedAt), blob(c.Report))
	return err
}

// PutConnectionReport keeps a check of what was stored at changedAt.
func (q *queries) PutConnectionReport(ctx context.Context, changedAt time.Time, report []byte) error {
	_, err := exec(ctx, q.write, "PutConnectionReport",
		`UPDATE connection SET report = $2 WHERE id = 1 AND changed_at = $1`, instant(changedAt), blob(report))
	return err
}
