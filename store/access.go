package store

import (
	"context"
	"math"

	"usher/paywall"
)

// never is the end of what does not end, so that it comes after every instant.
const never = math.MaxInt64

// endsAt is when a grant stops to count, as the database compares it.
func endsAt(g paywall.Grant) int64 {
	if end := g.End(); !end.IsZero() {
		return end.UnixMilli()
	}
	return never
}

// changeGrants does something with a person's grants and puts anew together when
// they have access. The account is locked first, so that of two changes at once
// the later one sees what the earlier one did.
func (q *queries) changeGrants(ctx context.Context, userID string, do func(q *queries) error) error {
	const op = "changeGrants"
	return q.atomic(ctx, func(q *queries) error {
		if q.lock != "" {
			if _, err := queryAll(ctx, q.read, op, place[string], `SELECT id FROM users WHERE id = $1`+q.lock, userID); err != nil {
				return err
			}
		}
		if err := do(q); err != nil {
			return err
		}
		times, err := queryAll(ctx, q.read, op, func(s *span) []any { return []any{&s.from, &s.until} },
			`SELECT from_at, ends_at FROM grants WHERE user_id = $1 AND from_at < ends_at ORDER BY from_at`, userID)
		if err != nil {
			return err
		}
		last, before := lastSpan(times)
		_, err = exec(ctx, q.write, op,
			`UPDATE users SET access_from_at = $2, access_until_at = $3, access_before_at = $4 WHERE id = $1`,
			userID, last.from, last.until, before)
		return err
	})
}

// span is a time in which somebody has access, in milliseconds; until is not in
// it any more.
type span struct{ from, until int64 }

// lastSpan puts times that touch together, ordered by their beginnings. It gives
// the last one and the end of the one before.
func lastSpan(times []span) (last span, before int64) {
	for _, t := range times {
		if t.from > last.until {
			before, last = last.until, t
			continue
		}
		last.until = max(last.until, t.until)
	}
	return last, before
}
