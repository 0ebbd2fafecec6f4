package store

import (
	"context"
	"time"
)

// Take counts one event against a limit, as the generic cell rate algorithm
// does: free_at is when all that was counted has worn off, each event moves it
// on by one interval, and it may lie no further ahead than burst intervals. One
// statement decides and counts, so events at the same time cannot slip through.
// A free_at that lies impossibly far ahead comes from a clock that was wrong.
func (q *queries) Take(ctx context.Context, id string, now time.Time, every time.Duration, burst int) (bool, error) {
	interval := every.Milliseconds()
	n, err := exec(ctx, q.write, "Take", `
		INSERT INTO limits (id, free_at) VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT))
		ON CONFLICT (id) DO UPDATE SET free_at = CASE
			WHEN limits.free_at BETWEEN CAST($2 AS BIGINT) AND CAST($4 AS BIGINT) THEN limits.free_at
			ELSE CAST($2 AS BIGINT) END + CAST($3 AS BIGINT)
		WHERE limits.free_at <= CAST($4 AS BIGINT) OR limits.free_at > CAST($5 AS BIGINT)`,
		id, instant(now), interval,
		now.UnixMilli()+interval*int64(burst-1), now.UnixMilli()+2*interval*int64(burst))
	return n == 1, err
}

// PutBack undoes a Take with the same interval.
func (q *queries) PutBack(ctx context.Context, id string, every time.Duration) error {
	_, err := exec(ctx, q.write, "PutBack", `UPDATE limits SET free_at = free_at - CAST($2 AS BIGINT) WHERE id = $1`, id, every.Milliseconds())
	return err
}

// ForgetLimit lets the count of a limit begin anew.
func (q *queries) ForgetLimit(ctx context.Context, id string) error {
	_, err := exec(ctx, q.write, "ForgetLimit", `DELETE FROM limits WHERE id = $1`, id)
	return err
}

// DeleteIdleLimits removes the limits that count nothing any more.
func (q *queries) DeleteIdleLimits(ctx context.Context, now time.Time) error {
	_, err := exec(ctx, q.write, "DeleteIdleLimits", `DELETE FROM limits WHERE free_at < $1`, instant(now))
	return err
}
