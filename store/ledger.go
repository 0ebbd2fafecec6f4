package store

import (
	"context"
	"time"

	"usher/paywall"
)

// LeaseMints takes up to want calls out of limit. Leases whose end has passed no
// longer count.
func (q *queries) LeaseMints(ctx context.Context, now time.Time, want, limit int, expires time.Time) (paywall.Lease, error) {
	var lease paywall.Lease
	err := q.atomic(ctx, func(q *queries) (err error) {
		lease, err = q.leaseMints(ctx, now, want, limit, expires)
		return err
	})
	if err != nil {
		return paywall.Lease{}, err
	}
	return lease, nil
}

// leaseMints counts and takes behind the gate: on PostgreSQL the update locks
// the row until the commit, so no two nodes count at once. SQLite's transaction
// is alone anyway.
func (q *queries) leaseMints(ctx context.Context, now time.Time, want, limit int, expires time.Time) (paywall.Lease, error) {
	const op = "LeaseMints"
	if err := execOne(ctx, q.write, op, `UPDATE mint_gate SET turn = turn + 1 WHERE id = 1`); err != nil {
		return paywall.Lease{}, err
	}
	if _, err := exec(ctx, q.write, op, `DELETE FROM mint_leases WHERE expires_at <= $1 OR expires_at > $2`,
		instant(now), instant(now.Add(paywall.MaxLease))); err != nil {
		return paywall.Lease{}, err
	}
	used, err := queryOne(ctx, q.read, op, usedPlaces, `
		SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT), COALESCE(MIN(expires_at), 0) FROM mint_leases`)
	if err != nil {
		return paywall.Lease{}, err
	}
	got := min(int64(want), int64(limit)-used.amount)
	if got <= 0 {
		return paywall.Lease{NextFree: used.nextFree}, nil
	}
	_, err = exec(ctx, q.write, op, `INSERT INTO mint_leases (id, amount, expires_at) VALUES ($1, $2, $3)`,
		paywall.NewID(), got, instant(expires))
	return paywall.Lease{Got: int(got)}, err
}

type usedMints struct {
	amount   int64
	nextFree time.Time
}

func usedPlaces(u *usedMints) []any { return []any{&u.amount, (*instant)(&u.nextFree)} }
