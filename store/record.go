package store

import (
	"context"
	"fmt"
	"strings"

	"usher/paywall"
)

// recordQuery is the part of a query that chooses lines, and its arguments.
type recordQuery struct {
	conditions []string
	args       []any
}

// with adds a condition; %s in it is the place of the value.
func (r *recordQuery) with(condition string, value any) {
	r.conditions = append(r.conditions, fmt.Sprintf(condition, r.place(value)))
}

func (r *recordQuery) place(value any) string {
	r.args = append(r.args, value)
	return fmt.Sprintf("$%d", len(r.args))
}

func (r *recordQuery) where() string {
	if len(r.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(r.conditions, " AND ")
}

// recordOf writes the conditions of a filter, without its text.
func recordOf(f paywall.RecordFilter) *recordQuery {
	r := &recordQuery{}
	switch f.Actor {
	case "":
	case paywall.ActorCommand:
		r.with("actor_id = %s", "")
	default:
		r.with("actor_id = %s", f.Actor)
	}
	if f.Action != "" {
		r.with("action = %s", f.Action)
	}
	if f.Subject != "" {
		r.with("subject = %s", f.Subject)
	}
	if !f.From.IsZero() {
		r.with("entered_at >= %s", instant(f.From))
	}
	if !f.To.IsZero() {
		r.with("entered_at < %s", instant(f.To))
	}
	return r
}

const recordOrder = ` ORDER BY entered_at DESC, id DESC`

// listOrder is the order of a list.
func listOrder(f paywall.RecordFilter) string {
	if f.Oldest {
		return ` ORDER BY entered_at, id`
	}
	return recordOrder
}

// chosen is a query for the lines that a filter chooses. The lines of a late page
// are found by their ids first, which stand in the index: so the lines before them
// need not be read.
func chosen(f paywall.RecordFilter, columns, cut func(r *recordQuery) string) (string, []any) {
	r := recordOf(f)
	if f.Text == "" {
		return `SELECT ` + columns(r) + ` FROM audit_entries WHERE id IN (
			SELECT id FROM audit_entries` + r.where() + listOrder(f) + cut(r) + `)`, r.args
	}
	newest := `SELECT ` + auditColumns + ` FROM audit_entries` + r.where() + recordOrder +
		` LIMIT ` + r.place(paywall.RecordSearch)
	text := r.place(contains(f.Text))
	return `SELECT ` + columns(r) + ` FROM (SELECT * FROM (` + newest + `) AS newest
		WHERE lower(detail) LIKE lower(CAST(` + text + ` AS TEXT)) ESCAPE '!'
			OR lower(actor_name) LIKE lower(CAST(` + text + ` AS TEXT)) ESCAPE '!'` + listOrder(f) + cut(r) + `) AS found`, r.args
}

// RecordLines lists lines that a filter chooses, newest first unless it says
// otherwise.
func (q *queries) RecordLines(ctx context.Context, f paywall.RecordFilter, limit, offset int) ([]paywall.AuditEntry, error) {
	query, args := chosen(f, func(*recordQuery) string { return auditColumns },
		func(r *recordQuery) string { return ` LIMIT ` + r.place(limit) + ` OFFSET ` + r.place(offset) })
	return queryAll(ctx, q.read, "RecordLines", auditPlaces, query+listOrder(f), args...)
}

// CountRecord counts what RecordLines lists, up to most.
func (q *queries) CountRecord(ctx context.Context, f paywall.RecordFilter, most int) (int, error) {
	r := recordOf(f)
	query, args := `SELECT COUNT(*) FROM (SELECT 1 AS one FROM audit_entries`+r.where()+` LIMIT `+r.place(most)+`) AS lines`, r.args
	if f.Text != "" {
		query, args = chosen(f, func(*recordQuery) string { return `COUNT(*)` },
			func(r *recordQuery) string { return ` LIMIT ` + r.place(most) })
	}
	return queryOne(ctx, q.read, "CountRecord", place[int], query, args...)
}

// RecordBefore is RecordLines from a mark on.
func (q *queries) RecordBefore(ctx context.Context, f paywall.RecordFilter, mark paywall.RecordMark, limit int) ([]paywall.AuditEntry, error) {
	r := recordOf(f)
	r.conditions = append(r.conditions, `(entered_at, id) < (`+r.place(instant(mark.At))+`, `+r.place(mark.ID)+`)`)
	query := `SELECT ` + auditColumns + ` FROM audit_entries` + r.where() + recordOrder + ` LIMIT ` + r.place(limit)
	return queryAll(ctx, q.read, "RecordBefore", auditPlaces, query, r.args...)
}

// Actions lists the actions that occur. It jumps from one to the next in the index
// instead of reading all lines.
func (q *queries) Actions(ctx context.Context) ([]string, error) {
	return queryAll(ctx, q.read, "Actions", place[string], `
		WITH RECURSIVE found(action) AS (
			SELECT MIN(action) FROM audit_entries
			UNION ALL
			SELECT (SELECT MIN(e.action) FROM audit_entries e WHERE e.action > found.action) FROM found WHERE found.action IS NOT NULL
		) SELECT action FROM found WHERE action IS NOT NULL ORDER BY action`)
}

type named struct{ id, name string }

// NamesOf gives what things with these ids are called.
func (q *queries) NamesOf(ctx context.Context, ids []string) (map[string]string, error) {
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	r := &recordQuery{}
	var places []string
	for _, id := range ids {
		places = append(places, r.place(id))
	}
	in := ` IN (` + strings.Join(places, ", ") + `)`
	found, err := queryAll(ctx, q.read, "NamesOf", func(n *named) []any { return []any{&n.id, &n.name} }, `
		SELECT id, email FROM users WHERE deleted_at = 0 AND id`+in+`
		UNION ALL SELECT id, title FROM items WHERE id`+in+`
		UNION ALL SELECT id, title FROM collections WHERE id`+in+`
		UNION ALL SELECT id, name FROM voucher_batches WHERE id`+in+`
		UNION ALL SELECT id, recipient FROM mails WHERE id`+in+`
		UNION ALL SELECT g.id, u.email FROM grants g JOIN users u ON u.id = g.user_id WHERE u.deleted_at = 0 AND g.id`+in, r.args...)
	for _, n := range found {
		names[n.id] = n.name
	}
	return names, err
}
