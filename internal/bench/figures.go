package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"usher/internal/app"
	"usher/paywall"
)

// plainCount counts one figure of the overview from the rows themselves, without
// what is kept beside them.
type plainCount struct {
	name  string
	query string
	args  []any
	shown int
}

// checkFigures holds the overview's figures against plain counts.
func checkFigures(ctx context.Context, table *report, site *app.Site, path string) error {
	f, err := site.Handler.Overview.Figures(ctx, paywall.Viewer{User: paywall.User{ID: "bench", Role: paywall.RoleOwner}, SessionID: "bench"})
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path)+"?mode=ro")
	if err != nil {
		return err
	}
	differ := ""
	counts := plainCounts(f)
	for _, c := range counts {
		var plain int
		if err := db.QueryRowContext(ctx, c.query, c.args...).Scan(&plain); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", c.name, err), db.Close())
		}
		if plain != c.shown {
			differ += fmt.Sprintf(" %s: %d shown, %d counted;", c.name, c.shown, plain)
		}
	}
	table.judge(differ == "", "figures", "exact", fmt.Sprintf("%d figures against a plain count;%s", len(counts), differ))
	return db.Close()
}

func plainCounts(f paywall.Figures) []plainCount {
	days, listening, refused := len(f.Days), 0, 0
	for _, item := range f.Listening {
		listening += item.Amount
	}
	for _, reason := range f.Refusals {
		refused += reason.Amount
	}
	day := func(n int) int64 { return f.Days[days-n].From.UnixMilli() }
	ms := time.Time.UnixMilli
	const members = `SELECT COUNT(*) FROM users WHERE role = 'member' AND deleted_at = 0`
	const plays = `SELECT COUNT(*) FROM plays WHERE NOT staff AND started_at >= ?`
	const leaving = `SELECT COUNT(*) FROM (SELECT g.user_id, MAX(CASE
			WHEN revoked_at > 0 AND revoked_at <= from_at OR until_at > 0 AND until_at <= from_at THEN 0
			WHEN revoked_at > 0 AND (until_at = 0 OR revoked_at < until_at) THEN revoked_at
			WHEN until_at = 0 THEN 9223372036854775807 ELSE until_at END) AS over_at FROM grants g GROUP BY g.user_id) a
		JOIN users u ON u.id = a.user_id WHERE u.role = 'member' AND u.deleted_at = 0 AND a.over_at > ? AND a.over_at <= ?`
	p := f.People
	counts := []plainCount{
		{"plays today", plays, []any{day(1)}, paywall.Sum(f.Plays, 1)},
		{"plays of a week", plays, []any{day(7)}, paywall.Sum(f.Plays, 7)},
		{"plays of 30 days", plays, []any{day(30)}, paywall.Sum(f.Plays, 30)},
		{"listening", `SELECT COUNT(*) FROM plays WHERE NOT staff AND NOT stopped AND seen_at >= ?`, []any{ms(f.At.Add(-paywall.ListeningFor))}, listening},
		{"refusals", `SELECT SUM(amount) FROM day_counts WHERE kind = 'refusal' AND day >= ?`, []any{f.Days[0].Name}, refused},
		{"members", members, nil, p.Members.All},
		{"confirmed", members + ` AND confirmed_at > 0`, nil, p.Members.Confirmed},
		{"blocked", members + ` AND disabled_at > 0`, nil, p.Members.Blocked},
		{"new in a week", members + ` AND created_at >= ?`, []any{day(7)}, paywall.Sum(p.New, 7)},
		{"new in 30 days", members + ` AND created_at >= ?`, []any{day(30)}, paywall.Sum(p.New, 30)},
		{"access ended", leaving, []any{day(days), ms(f.At)}, p.Leaving.Ended},
		{"access ends soon", leaving, []any{ms(f.At), ms(p.EndingUntil)}, p.Leaving.Ending},
		{"deleted", `SELECT COUNT(*) FROM users WHERE role = 'member' AND deleted_at >= ? AND deleted_at > 0`, []any{day(days)}, p.Leaving.Deleted},
		{"sign-ins", `SELECT COUNT(*) FROM audit_entries WHERE action = 'session.start' AND entered_at >= ?`, []any{day(7)}, p.SignIns},
	}
	for _, item := range f.MostPlayed {
		counts = append(counts, plainCount{"plays of " + item.Title, plays + ` AND item_id = ?`, []any{day(days), item.ItemID}, item.Amount})
	}
	return counts
}
