package store

import (
	"context"
	"time"

	"usher/paywall"
)

// DayAmounts sums a kind up for each day that has any, oldest first.
func (q *queries) DayAmounts(ctx context.Context, kind paywall.CountKind, from, to string) ([]paywall.DayAmount, error) {
	places := func(a *paywall.DayAmount) []any { return []any{&a.Day, &a.Amount} }
	return queryAll(ctx, q.read, "DayAmounts", places, `
		SELECT day, CAST(SUM(amount) AS BIGINT) FROM day_counts WHERE kind = $1 AND day >= $2 AND day <= $3
		GROUP BY day HAVING SUM(amount) > 0 ORDER BY day`, string(kind), from, to)
}

func itemAmountPlaces(a *paywall.ItemAmount) []any { return []any{&a.ItemID, &a.Title, &a.Amount} }

// ItemAmounts sums a kind up for each item that has any, the largest first.
func (q *queries) ItemAmounts(ctx context.Context, kind paywall.CountKind, from, to string, limit int) ([]paywall.ItemAmount, error) {
	return queryAll(ctx, q.read, "ItemAmounts", itemAmountPlaces, `
		SELECT c.item_id, COALESCE(i.title, ''), c.total FROM (
			SELECT item_id, CAST(SUM(amount) AS BIGINT) AS total FROM day_counts WHERE kind = $1 AND day >= $2 AND day <= $3
			GROUP BY item_id HAVING SUM(amount) > 0 ORDER BY total DESC, item_id LIMIT $4
		) AS c LEFT JOIN items i ON i.id = c.item_id ORDER BY c.total DESC, c.item_id`, string(kind), from, to, limit)
}

// ReasonAmounts sums refusals up for each reason that has any.
func (q *queries) ReasonAmounts(ctx context.Context, from, to string) ([]paywall.ReasonAmount, error) {
	places := func(a *paywall.ReasonAmount) []any { return []any{(*string)(&a.Reason), &a.Amount} }
	return queryAll(ctx, q.read, "ReasonAmounts", places, `
		SELECT reason, CAST(SUM(amount) AS BIGINT) AS total FROM day_counts WHERE kind = $1 AND day >= $2 AND day <= $3
		GROUP BY reason HAVING SUM(amount) > 0 ORDER BY total DESC, reason`, string(paywall.CountRefusals), from, to)
}

// Listening counts the plays reported since an instant, for each item.
func (q *queries) Listening(ctx context.Context, since time.Time) ([]paywall.ItemAmount, error) {
	return queryAll(ctx, q.read, "Listening", itemAmountPlaces, `
		SELECT p.item_id, COALESCE(i.title, ''), p.total FROM (
			SELECT item_id, COUNT(*) AS total FROM plays
			WHERE seen_at >= $1 AND NOT stopped AND NOT staff GROUP BY item_id
		) AS p LEFT JOIN items i ON i.id = p.item_id ORDER BY p.total DESC, p.item_id`, instant(since))
}

// MemberTotals counts accounts that are neither staff nor deleted.
func (q *queries) MemberTotals(ctx context.Context) (paywall.MemberCount, error) {
	places := func(c *paywall.MemberCount) []any { return []any{&c.All, &c.Confirmed, &c.Blocked} }
	return queryOne(ctx, q.read, "MemberTotals", places, `
		SELECT COUNT(*), COUNT(CASE WHEN confirmed_at > 0 THEN 1 END), COUNT(CASE WHEN disabled_at > 0 THEN 1 END)
		FROM users WHERE role = 'member' AND deleted_at = 0`)
}

// CountNewMembers counts those of MemberTotals by when they were made.
func (q *queries) CountNewMembers(ctx context.Context, from, to time.Time) (int, error) {
	return queryOne(ctx, q.read, "CountNewMembers", place[int], `
		SELECT COUNT(*) FROM users WHERE role = 'member' AND deleted_at = 0 AND created_at >= $1 AND created_at < $2`,
		instant(from), instant(to))
}

// CountLeaving counts members who leave.
func (q *queries) CountLeaving(ctx context.Context, from, now, until time.Time) (paywall.LeavingCount, error) {
	const op = "CountLeaving"
	places := func(c *paywall.LeavingCount) []any { return []any{&c.Ended, &c.Ending} }
	count, err := queryOne(ctx, q.read, op, places, `
		SELECT COUNT(CASE WHEN access_until_at <= $2 THEN 1 END), COUNT(CASE WHEN access_until_at > $2 THEN 1 END)
		FROM users WHERE access_until_at > $1 AND access_until_at <= $3 AND role = 'member' AND deleted_at = 0`,
		instant(from), instant(now), instant(until))
	if err != nil {
		return count, err
	}
	count.Deleted, err = queryOne(ctx, q.read, op, place[int], `
		SELECT COUNT(*) FROM users WHERE deleted_at > 0 AND deleted_at >= $1 AND role = 'member'`, instant(from))
	return count, err
}

// CountActions counts the lines of an action in the record of changes.
func (q *queries) CountActions(ctx context.Context, action string, from time.Time) (int, error) {
	return queryOne(ctx, q.read, "CountActions", place[int],
		`SELECT COUNT(*) FROM audit_entries WHERE action = $1 AND entered_at >= $2`, action, instant(from))
}

type troubled struct {
	item   paywall.Item
	source paywall.Source
}

// ItemsInTrouble lists published items with a source whose last mint failed.
func (q *queries) ItemsInTrouble(ctx context.Context, limit int) ([]paywall.Item, error) {
	places := func(t *troubled) []any {
		return []any{
			&t.item.ID, &t.item.Title, &t.source.ID, (*string)(&t.source.Kind), &t.source.Label,
			(*instant)(&t.source.TroubleAt), &t.source.Trouble,
		}
	}
	rows, err := queryAll(ctx, q.read, "ItemsInTrouble", places, `
		SELECT i.id, i.title, s.id, s.kind, s.label, s.trouble_at, s.trouble
		FROM sources s JOIN items i ON i.id = s.item_id
		WHERE s.trouble <> '' AND i.published ORDER BY s.trouble_at DESC, s.id LIMIT $1`, limit)
	var items []paywall.Item
	for _, row := range rows {
		row.item.Sources = []paywall.Source{row.source}
		items = append(items, row.item)
	}
	return items, err
}
