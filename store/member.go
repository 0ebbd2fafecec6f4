package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"usher/paywall"
)

// searchText is what a search in the list of members looks through.
func searchText(u paywall.User) string { return fold(u.Email + " " + u.Name) }

// fold makes letters small in Go, on both sides of a comparison.
func fold(text string) string { return strings.ToLower(text) }

// conditions collects the parts of a WHERE for a list with many filters.
type conditions struct {
	parts []string
	args  []any
}

// add adds a part in which each "?" stands for the next value.
func (c *conditions) add(part string, args ...any) {
	for _, arg := range args {
		c.args = append(c.args, arg)
		part = strings.Replace(part, "?", fmt.Sprintf("$%d", len(c.args)), 1)
	}
	c.parts = append(c.parts, part)
}

// value adds a value alone and gives its place in the query.
func (c *conditions) value(arg any) string {
	c.args = append(c.args, arg)
	return fmt.Sprintf("$%d", len(c.args))
}

// in adds that a column has one of the values.
func (c *conditions) in(column string, values []string) {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = c.value(v)
	}
	c.parts = append(c.parts, column+" IN ("+strings.Join(marks, ", ")+")")
}

func (c *conditions) where() string { return strings.Join(c.parts, " AND ") }

// memberOrders are the columns of each order of the list; an index holds each.
var memberOrders = map[paywall.MemberSort]struct {
	column string
	down   bool
}{
	paywall.MembersNewest: {"created_at", true}, paywall.MembersOldest: {"created_at", false},
	paywall.MembersByEmail: {"email", false}, paywall.MembersByName: {"name", false},
	paywall.MembersSeen: {"seen_at", true},
}

// order is an ORDER BY of a column and the id of a table, turned round on
// request.
func order(table, column string, down bool) string {
	direction := "ASC"
	if down {
		direction = "DESC"
	}
	return fmt.Sprintf(" ORDER BY %[1]s.%[2]s %[3]s, %[1]s.id %[3]s", table, column, direction)
}

// memberWhere is what a filter asks for. The indexes users_list_… hold all its
// columns.
func memberWhere(f paywall.MemberFilter) *conditions { return memberWhereBy(f, holdersGathered) }

// searchedHolders is the way to ask for a text and a thing together: when the thing
// has many holders, only those whom the text finds are looked at.
func (q *queries) searchedHolders(ctx context.Context, f paywall.MemberFilter) (string, error) {
	if f.Text == "" || f.Target == "" || f.Access == paywall.AccessEnded {
		return holdersGathered, nil
	}
	_, target, _ := strings.Cut(f.Target, ":")
	many, err := queryOne(ctx, q.read, "searchedHolders", place[int],
		`SELECT COUNT(*) FROM (SELECT 1 AS one FROM grants WHERE target_id = $1 LIMIT $2) AS held`, target, manyHolders)
	if many < manyHolders {
		return holdersGathered, err
	}
	return holdersOneByOne, err
}

// manyHolders is from how many on only those whom a text finds are asked for grants.
const manyHolders = 10_000

// pageHolders is the way to fill a page. A page near an end of a long list is
// filled sooner by looking at one account after the other; further in, that is so
// only for those who have access, where the first grant of each answers.
func pageHolders(f paywall.MemberFilter, total, skip int) string {
	const long, nearEnd = 1_000, 5_000
	live := f.Access == "" || f.Access == paywall.AccessLive
	if total >= long && (live || skip < nearEnd) {
		return holdersOneByOne
	}
	return holdersGathered
}

// The ways to ask who has grants on one thing; the verb is what is asked of a
// grant.
const (
	holdersGathered = `u.id IN (SELECT g.user_id FROM grants g WHERE %s)`
	holdersOneByOne = `EXISTS (SELECT 1 FROM grants g WHERE g.user_id = u.id AND %s)`
)

// heldNow asks of a grant that it gives access to one thing; the values are the
// places of the thing and of the instant. An account may have several.
func heldNow(target, now string) string {
	return fmt.Sprintf(`g.target_id = %s AND g.from_at <= %[2]s AND g.ends_at > %[2]s`, target, now)
}

// heldLately asks of the grants of an account that the last of them on one thing
// ended between two instants.
func heldLately(target, now, since string) string {
	return fmt.Sprintf(`g.target_id = %s AND g.from_at <= %[2]s AND g.from_at < g.ends_at AND g.ends_at > %s
		GROUP BY g.user_id HAVING MAX(g.ends_at) <= %[2]s`, target, now, since)
}

func memberWhereBy(f paywall.MemberFilter, holders string) *conditions {
	c := &conditions{parts: []string{"u.deleted_at = 0"}}
	if f.Text != "" {
		c.add(`u.search LIKE ? ESCAPE '!'`, contains(fold(f.Text)))
	}
	switch f.State {
	case paywall.MemberActive:
		c.add(`u.confirmed_at <> 0 AND u.disabled_at = 0`)
	case paywall.MemberBlocked:
		c.add(`u.disabled_at <> 0`)
	case paywall.MemberUnconfirmed:
		c.add(`u.confirmed_at = 0 AND u.disabled_at = 0`)
	}
	if f.Role != "" {
		c.add(`u.role = ?`, string(f.Role))
	}
	if f.OnlyMembers {
		c.add(`u.role = 'member'`)
	}
	if f.OnlyEnabled {
		c.add(`u.disabled_at = 0`)
	}
	if f.OnlyBlocked {
		c.add(`u.disabled_at <> 0`)
	}
	if f.OnlyConfirmed {
		c.add(`u.confirmed_at <> 0`)
	}
	if !f.JoinedFrom.IsZero() {
		c.add(`u.created_at >= ?`, instant(f.JoinedFrom))
	}
	if !f.JoinedUntil.IsZero() {
		c.add(`u.created_at < ?`, instant(f.JoinedUntil))
	}
	if !f.MadeBefore.IsZero() {
		c.add(`u.created_at < ?`, instant(f.MadeBefore))
	}
	if len(f.IDs) > 0 {
		c.in("u.id", f.IDs)
	}
	if f.Except != "" {
		c.add(`u.id <> ?`, f.Except)
	}
	accessWhere(c, f, holders)
	return c
}

// accessWhere asks for access to anything by what is put together in the account,
// and for access to one thing by the grants of that thing.
func accessWhere(c *conditions, f paywall.MemberFilter, holders string) {
	if f.Access == "" && f.Target == "" {
		return
	}
	now := c.value(instant(f.Now))
	live := fmt.Sprintf(`(u.access_from_at <= %[1]s AND u.access_until_at > %[1]s OR u.access_before_at > %[1]s
		AND EXISTS (SELECT 1 FROM grants g WHERE g.user_id = u.id AND g.ends_at > %[1]s AND g.from_at <= %[1]s))`, now)
	target := ""
	if f.Target != "" {
		_, id, _ := strings.Cut(f.Target, ":")
		target = c.value(id)
		live = fmt.Sprintf(holders, heldNow(target, now))
	}
	switch {
	case f.Access == paywall.AccessNone:
		c.parts = append(c.parts, "NOT "+live)
	case f.Access != paywall.AccessEnded:
		c.parts = append(c.parts, live)
	case f.Target != "":
		c.parts = append(c.parts, fmt.Sprintf(holders, heldLately(target, now, c.value(instant(f.Now.Add(-paywall.EndedLately))))))
	default:
		lately := c.value(instant(f.Now.Add(-paywall.EndedLately)))
		c.parts = append(c.parts, fmt.Sprintf(`u.access_until_at <= %s AND u.access_until_at > %s`, now, lately), "NOT "+live)
	}
}

const memberColumns = userColumns + `, u.seen_at`

func memberPlaces(m *paywall.MemberLine) []any {
	return append(userPlaces(&m.User), (*instant)(&m.SeenAt))
}

// CountMembers counts the accounts that a filter finds.
func (q *queries) CountMembers(ctx context.Context, f paywall.MemberFilter) (int, error) {
	way, err := q.searchedHolders(ctx, f)
	if err != nil {
		return 0, err
	}
	return q.countMembersBy(ctx, f, way)
}

// countMembersBy is CountMembers with the way to ask for holders known.
func (q *queries) countMembersBy(ctx context.Context, f paywall.MemberFilter, holders string) (int, error) {
	rest := f
	rest.Target, rest.Access = "", ""
	if alone := len(memberWhere(rest).parts) == 1; alone && f.Target != "" {
		return q.countHolders(ctx, f, rest)
	}
	c := memberWhereBy(f, holders)
	return queryOne(ctx, q.read, "CountMembers", place[int], `SELECT COUNT(*) FROM users u WHERE `+c.where(), c.args...)
}

// countHolders counts who has access to one thing, whose access to it ended lately,
// or all others. The grants of a thing stand in an index by person, so the accounts
// need not be looked up, but for the few tombstones.
func (q *queries) countHolders(ctx context.Context, f, all paywall.MemberFilter) (int, error) {
	const op = "CountMembers"
	_, target, _ := strings.Cut(f.Target, ":")
	held, args := heldNow("$2", "$1"), []any{instant(f.Now), target}
	count := `SELECT COUNT(DISTINCT g.user_id) FROM grants g WHERE ` + held
	if f.Access == paywall.AccessEnded {
		held, args = heldLately("$2", "$1", "$3"), append(args, instant(f.Now.Add(-paywall.EndedLately)))
		count = `SELECT COUNT(*) FROM (SELECT 1 AS one FROM grants g WHERE ` + held + `) AS ended`
	}
	holders, err := queryOne(ctx, q.read, op, place[int], count, args...)
	if err != nil {
		return 0, err
	}
	tombstones, err := queryOne(ctx, q.read, op, place[int],
		`SELECT COUNT(*) FROM users u WHERE u.deleted_at > 0 AND `+fmt.Sprintf(holdersOneByOne, held), args...)
	if err != nil || f.Access != paywall.AccessNone {
		return holders - tombstones, err
	}
	total, err := q.CountMembers(ctx, all)
	return total - holders + tombstones, err
}

// ListMembers lists the accounts that a filter finds and tells how many there are
// in all. Only the ids of the page come out of the long list, and a page behind
// the middle is counted from the end.
func (q *queries) ListMembers(ctx context.Context, f paywall.MemberFilter, sort paywall.MemberSort, limit, offset int) ([]paywall.MemberLine, int, error) {
	way, err := q.searchedHolders(ctx, f)
	if err != nil {
		return nil, 0, err
	}
	total, err := q.countMembersBy(ctx, f, way)
	if err != nil || offset >= total {
		return nil, total, err
	}
	by, ok := memberOrders[sort]
	if !ok {
		by = memberOrders[paywall.MembersNewest]
	}
	down, skip, turned := fromNearerEnd(by.down, limit, offset, total)
	limit = min(limit, total-offset)
	c := memberWhereBy(f, pageHolders(f, total, skip))
	query := `SELECT ` + memberColumns + ` FROM (SELECT u.id FROM users u WHERE ` + c.where() + order("u", by.column, down) +
		` LIMIT ` + c.value(limit) + ` OFFSET ` + c.value(skip) + `) AS page JOIN users u ON u.id = page.id` + order("u", by.column, down)
	lines, err := queryAll(ctx, q.read, "ListMembers", memberPlaces, query, c.args...)
	if turned {
		slices.Reverse(lines)
	}
	return lines, total, err
}

// fromNearerEnd says from which end of a list a page is reached sooner, and how
// many lines to skip from there.
func fromNearerEnd(down bool, limit, offset, total int) (bool, int, bool) {
	if offset <= total/2 {
		return down, offset, false
	}
	return !down, max(0, total-offset-limit), true
}

// MembersAfter lists the accounts that a filter finds by id, after one.
func (q *queries) MembersAfter(ctx context.Context, f paywall.MemberFilter, after string, limit int) ([]paywall.User, error) {
	c := memberWhere(f)
	c.add(`u.id > ?`, after)
	query := `SELECT ` + userColumns + ` FROM users u WHERE ` + c.where() + ` ORDER BY u.id LIMIT ` + c.value(limit)
	return queryAll(ctx, q.read, "MembersAfter", userPlaces, query, c.args...)
}

// SeenAt is when an account was last used; zero: never.
func (q *queries) SeenAt(ctx context.Context, userID string) (time.Time, error) {
	return queryOne(ctx, q.read, "SeenAt", func(t *time.Time) []any { return []any{(*instant)(t)} },
		`SELECT seen_at FROM users WHERE id = $1`, userID)
}

// MailsOf lists the mails to a person, newest first. Each half is cut before they
// meet.
func (q *queries) MailsOf(ctx context.Context, userID, email string, limit int) ([]paywall.Mail, error) {
	return queryAll(ctx, q.read, "MailsOf", mailPlaces, `
		SELECT `+mailColumns+` FROM mails WHERE id IN (
			SELECT id FROM (SELECT id FROM mails WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $3) AS about
			UNION
			SELECT id FROM (SELECT id FROM mails WHERE recipient = $2 ORDER BY created_at DESC, id DESC LIMIT $3) AS addressed)
		ORDER BY created_at DESC, id DESC LIMIT $3`, userID, email, limit)
}

// AuditOfGrants lists what was done to a person's grants, newest first.
func (q *queries) AuditOfGrants(ctx context.Context, userID string, limit int) ([]paywall.AuditEntry, error) {
	return queryAll(ctx, q.read, "AuditOfGrants", auditPlaces, `
		SELECT `+auditColumns+` FROM audit_entries WHERE subject IN (SELECT id FROM grants WHERE user_id = $1)
		ORDER BY entered_at DESC, id DESC LIMIT $2`, userID, limit)
}

// DeleteUnusedMember removes an account that nobody has used: no sign-in, no
// password, no role, and no other grants than these. It tells whether it did. In
// the record of changes the tombstone's name takes the place of what was said.
func (q *queries) DeleteUnusedMember(ctx context.Context, user paywall.User, grantIDs []string, tombstone string) (bool, error) {
	const op = "DeleteUnusedMember"
	deleted := false
	err := q.atomic(ctx, func(q *queries) error {
		c := &conditions{}
		c.add(`id = ? AND seen_at = 0 AND password_hash = '' AND role = 'member' AND deleted_at = 0`, user.ID)
		others := ""
		if len(grantIDs) > 0 {
			in := &conditions{args: c.args}
			in.in("g.id", grantIDs)
			others, c.args = " AND NOT "+in.where(), in.args
		}
		c.parts = append(c.parts, `NOT EXISTS (SELECT 1 FROM grants g WHERE g.user_id = users.id`+others+`)`)
		unused, err := queryOne(ctx, q.read, op, place[int], `SELECT COUNT(*) FROM users WHERE `+c.where(), c.args...)
		if err != nil || unused == 0 {
			return err
		}
		deleted = true
		return q.deleteMember(ctx, op, user, tombstone)
	})
	return deleted, err
}

func (q *queries) deleteMember(ctx context.Context, op string, user paywall.User, tombstone string) error {
	if _, err := exec(ctx, q.write, op, `UPDATE audit_entries SET detail = $2
		WHERE subject = $1 OR subject IN (SELECT id FROM grants WHERE user_id = $1)`, user.ID, tombstone); err != nil {
		return err
	}
	for _, table := range []string{"mails", "proofs"} {
		if _, err := exec(ctx, q.write, op, `DELETE FROM `+table+` WHERE user_id = $1`, user.ID); err != nil {
			return err
		}
	}
	_, err := exec(ctx, q.write, op, `DELETE FROM users WHERE id = $1`, user.ID)
	return err
}
