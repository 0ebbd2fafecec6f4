package store

import (
	"context"
	"time"

	"usher/paywall"
)

const playColumns = `id, slot, item_id, source_kind, user_id, staff, window_seconds, started_at, seen_at, stopped, until_at`

func playPlaces(p *paywall.Play) []any {
	return []any{
		&p.ID, &p.Slot, &p.ItemID, (*string)(&p.Kind), &p.UserID, &p.Staff, (*seconds)(&p.Window),
		(*instant)(&p.StartedAt), (*instant)(&p.SeenAt), &p.Stopped, (*instant)(&p.Until),
	}
}

// StartPlay lets the play with p.Slot go on, if one can; else it stores p. Of two
// nodes that store at once, one finds the other's.
func (q *queries) StartPlay(ctx context.Context, p paywall.Play) (began bool, err error) {
	const op = "StartPlay"
	err = q.atomic(ctx, func(q *queries) error {
		n, err := exec(ctx, q.write, op, `
			UPDATE plays SET until_at = CASE WHEN until_at < CAST($3 AS BIGINT) THEN CAST($3 AS BIGINT) ELSE until_at END
			WHERE slot = $1 AND slot <> '' AND until_at > $2`, p.Slot, instant(p.StartedAt), instant(p.Until))
		if err != nil || n > 0 {
			return err
		}
		if _, err := exec(ctx, q.write, op, `UPDATE plays SET slot = '' WHERE slot = $1 AND slot <> '' AND until_at <= $2`,
			p.Slot, instant(p.StartedAt)); err != nil {
			return err
		}
		n, err = exec(ctx, q.write, op, `
			INSERT INTO plays (`+playColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (slot) WHERE slot <> '' DO NOTHING`,
			p.ID, p.Slot, p.ItemID, string(p.Kind), p.UserID, p.Staff, seconds(p.Window),
			instant(p.StartedAt), instant(p.SeenAt), p.Stopped, instant(p.Until))
		began = n == 1
		return err
	})
	return began, err
}

// BeatPlay keeps that the play in a slot plays, or stopped, and lets it go on.
func (q *queries) BeatPlay(ctx context.Context, slot string, at time.Time, stopped bool) error {
	_, err := exec(ctx, q.write, "BeatPlay", `
		UPDATE plays SET seen_at = CAST($2 AS BIGINT), stopped = $3,
			until_at = CASE WHEN until_at < CAST($2 AS BIGINT) + window_seconds * 1000
				THEN CAST($2 AS BIGINT) + window_seconds * 1000 ELSE until_at END
		WHERE slot = $1 AND slot <> '' AND until_at > CAST($2 AS BIGINT) AND seen_at <= CAST($2 AS BIGINT)`,
		slot, instant(at), stopped)
	return err
}

// PlayBySlot finds a play whose slot was not emptied yet.
func (q *queries) PlayBySlot(ctx context.Context, slot string) (paywall.Play, error) {
	return queryOne(ctx, q.read, "PlayBySlot", playPlaces,
		`SELECT `+playColumns+` FROM plays WHERE slot = $1 AND slot <> ''`, slot)
}

// ReplacePlay undoes the play in one slot if the one in another can go on, else
// moves it there.
func (q *queries) ReplacePlay(ctx context.Context, slot, instead string, at time.Time) (undone paywall.Play, err error) {
	const op = "ReplacePlay"
	err = q.atomic(ctx, func(q *queries) error {
		second, err := q.PlayBySlot(ctx, instead)
		if err != nil {
			return err
		}
		n, err := exec(ctx, q.write, op, `
			UPDATE plays SET until_at = CASE WHEN until_at < CAST($4 AS BIGINT) THEN CAST($4 AS BIGINT) ELSE until_at END
			WHERE slot = $1 AND slot <> '' AND until_at > $2 AND item_id = $3`,
			slot, instant(at), second.ItemID, instant(second.Until))
		if err != nil {
			return err
		}
		if n == 0 {
			return q.movePlay(ctx, second.ID, slot)
		}
		undone = second
		_, err = exec(ctx, q.write, op, `DELETE FROM plays WHERE id = $1`, second.ID)
		return err
	})
	if err == nil && undone.ID == "" {
		err = paywall.ErrNotFound
	}
	return undone, err
}

// movePlay gives a play another slot.
func (q *queries) movePlay(ctx context.Context, id, slot string) error {
	const op = "ReplacePlay"
	if _, err := exec(ctx, q.write, op, `UPDATE plays SET slot = '' WHERE slot = $1 AND slot <> ''`, slot); err != nil {
		return err
	}
	_, err := exec(ctx, q.write, op, `UPDATE plays SET slot = $2 WHERE id = $1`, id, slot)
	return err
}

// AddCount adds to a sum.
func (q *queries) AddCount(ctx context.Context, c paywall.DayCount, amount int) error {
	_, err := exec(ctx, q.write, "AddCount", `
		INSERT INTO day_counts (kind, day, item_id, reason, amount) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind, day, item_id, reason) DO UPDATE SET amount = day_counts.amount + excluded.amount`,
		string(c.Kind), c.Day, c.ItemID, string(c.Reason), amount)
	return err
}

// EndPlays empties the slots of plays that can no longer go on.
func (q *queries) EndPlays(ctx context.Context, now time.Time) error {
	_, err := exec(ctx, q.write, "EndPlays",
		`UPDATE plays SET slot = '' WHERE slot <> '' AND until_at <= $1`, instant(now))
	return err
}

// DeleteOldPlays removes plays that began before an instant, at most limit.
func (q *queries) DeleteOldPlays(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, q.write, "DeleteOldPlays", `
		DELETE FROM plays WHERE id IN (SELECT id FROM plays WHERE started_at < $1 ORDER BY started_at, id LIMIT $2)`,
		instant(before), limit)
	return int(n), err
}

// DeleteOldCounts removes the sums of a kind for days before one.
func (q *queries) DeleteOldCounts(ctx context.Context, kind paywall.CountKind, day string) error {
	_, err := exec(ctx, q.write, "DeleteOldCounts",
		`DELETE FROM day_counts WHERE kind = $1 AND day < $2`, string(kind), day)
	return err
}
