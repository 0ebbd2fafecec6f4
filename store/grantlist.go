package store

import (
	"context"
	"slices"

	"usher/paywall"
)

var grantOrders = map[paywall.GrantSort]struct {
	column string
	down   bool
}{
	paywall.GrantsNewest: {"created_at", true}, paywall.GrantsOldest: {"created_at", false},
	paywall.GrantsEnding: {"ends_at", false}, paywall.GrantsEndingLast: {"ends_at", true},
}

func grantWhere(f paywall.GrantFilter) *conditions {
	c := &conditions{parts: []string{"1 = 1"}}
	if f.Text != "" {
		c.add(`g.user_id IN (SELECT id FROM users u WHERE u.deleted_at = 0 AND u.search LIKE ? ESCAPE '!')`, contains(fold(f.Text)))
	}
	now := instant(f.Now)
	switch f.State {
	case paywall.GrantLive:
		c.add(`g.ends_at > ? AND g.from_at <= ?`, now, now)
	case paywall.GrantEnded:
		c.add(`g.ends_at <= ?`, now)
	case paywall.GrantLater:
		c.add(`g.from_at > ? AND g.ends_at > ?`, now, now)
	}
	if f.Origin != "" {
		c.add(`g.origin = ?`, string(f.Origin))
	}
	return c
}

// ListGrants lists the grants that a filter finds with their holders, and tells
// how many there are in all. Only the ids of the page come out of the long list.
func (q *queries) ListGrants(ctx context.Context, f paywall.GrantFilter, sort paywall.GrantSort, limit, offset int) ([]paywall.GrantLine, int, error) {
	const op = "ListGrants"
	c := grantWhere(f)
	total, err := queryOne(ctx, q.read, op, place[int], `SELECT COUNT(*) FROM grants g WHERE `+c.where(), c.args...)
	if err != nil || offset >= total {
		return nil, total, err
	}
	by, ok := grantOrders[sort]
	if !ok {
		by = grantOrders[paywall.GrantsNewest]
	}
	down, skip, turned := fromNearerEnd(by.down, limit, offset, total)
	limit = min(limit, total-offset)
	query := `SELECT ` + grantColumns + `, u.email FROM (SELECT g.id FROM grants g WHERE ` + c.where() + order("g", by.column, down) +
		` LIMIT ` + c.value(limit) + ` OFFSET ` + c.value(skip) + `) AS page
		JOIN grants g ON g.id = page.id JOIN users u ON u.id = g.user_id` + order("g", by.column, down)
	lines, err := queryAll(ctx, q.read, op, grantLinePlaces, query, c.args...)
	if turned {
		slices.Reverse(lines)
	}
	return lines, total, err
}

func grantLinePlaces(l *paywall.GrantLine) []any { return append(grantPlaces(&l.Grant), &l.Email) }

// GrantsOfAll lists the grants of several people by person, newest first.
func (q *queries) GrantsOfAll(ctx context.Context, userIDs []string) ([]paywall.Grant, error) {
	if len(userIDs) == 0 {
		return nil, nil
	}
	c := &conditions{}
	c.in("g.user_id", userIDs)
	return queryAll(ctx, q.read, "GrantsOfAll", grantPlaces, `SELECT `+grantColumns+` FROM grants g
		WHERE `+c.where()+` ORDER BY g.user_id, g.created_at DESC, g.id DESC`, c.args...)
}

// CountGrants counts the grants of the accounts that a filter finds whose end
// lies in (from, until], or that never end with never.
func (q *queries) CountGrants(ctx context.Context, f paywall.MemberFilter, r paywall.GrantRange) (int, error) {
	c := memberWhere(f)
	where := c.where()
	c.parts = []string{`g.user_id IN (SELECT u.id FROM users u WHERE ` + where + `)`, `g.revoked_at = 0`}
	c.add(`g.ends_at > ?`, instant(r.EndsAfter))
	if r.WithEnd {
		c.add(`g.until_at <> 0`)
	}
	if r.Target != "" {
		c.add(`g.target_id = ?`, r.TargetID())
	}
	return queryOne(ctx, q.read, "CountGrants", place[int], `SELECT COUNT(*) FROM grants g WHERE `+c.where(), c.args...)
}
