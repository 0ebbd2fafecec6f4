package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"usher/internal/demo"
	"usher/paywall"
	"usher/store"
)

// fillSizes are how many rows a filled database gets beside those of the demo.
type fillSizes struct{ members, grants, plays, audit, items, mails, batches int }

const (
	// fillDays is how far back the filled rows reach.
	fillDays        = 90
	fillCollections = 40
	fillManyGrants  = 300 // of one person
)

// runFill makes a database as large as a big station's, to measure lists with:
//
//	go run ./internal/bench fill [-members 100000 …] FILE
//
// The file can then be opened by "usher demo -data" with its folder, where the
// demo's people sign in. The rows are random, but the same for the same seed and
// day. It must not exist before.
func runFill(ctx context.Context, args []string, out io.Writer) error {
	set := flag.NewFlagSet("bench fill", flag.ContinueOnError)
	set.SetOutput(out)
	var n fillSizes
	set.IntVar(&n.members, "members", 100_000, "accounts")
	set.IntVar(&n.grants, "grants", 300_000, "grants")
	set.IntVar(&n.plays, "plays", 1_000_000, "plays")
	set.IntVar(&n.audit, "audit", 1_000_000, "lines of the record of changes")
	set.IntVar(&n.items, "items", 600, "items")
	set.IntVar(&n.mails, "mails", 50_000, "mails")
	set.IntVar(&n.batches, "batches", 60, "batches of 200 vouchers, and one of 5000")
	if err := set.Parse(args); err != nil {
		return err
	}
	if set.NArg() != 1 || n.members < 1 || n.items < 1 {
		return fmt.Errorf("%w: bench fill takes one file, and at least one member and item", errUsage)
	}
	path := set.Arg(0)
	began := time.Now()
	if err := fillFile(ctx, path, n, began.UTC()); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s holds %d members, %d grants, %d plays, %d lines of the record; made in %s\n",
		path, n.members, n.grants, n.plays, n.audit, time.Since(began).Round(time.Second))
	return nil
}

// fillFile lets the store make the schema and the demo its people, then writes
// past the store, which would take minutes.
func fillFile(ctx context.Context, path string, n fillSizes, now time.Time) error {
	db, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	if err := errors.Join(demo.Seed(ctx, db, now, "http://127.0.0.1:1"), db.Close()); err != nil {
		return err
	}
	raw, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path)+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_pragma=cache_size(-200000)&_time_format=sqlite")
	if err != nil {
		return err
	}
	raw.SetMaxOpenConns(1)
	tx, err := raw.BeginTx(ctx, nil)
	if err != nil {
		return errors.Join(err, raw.Close())
	}
	f := filler{ctx: ctx, tx: tx, now: now, random: rand.New(rand.NewPCG(9, 9)), fillSizes: n}
	if err := f.fill(); err != nil {
		return errors.Join(err, tx.Rollback(), raw.Close())
	}
	_, optimized := raw.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	if err := errors.Join(optimized, raw.Close()); err != nil {
		return err
	}
	return fillVouchers(ctx, path, n.batches)
}

// filler writes the rows of one database.
type filler struct {
	ctx    context.Context //nolint:containedctx // it lives as long as one call
	tx     *sql.Tx
	now    time.Time
	random *rand.Rand
	fillSizes
	memberIDs, itemIDs []string
}

func (f *filler) fill() error {
	for _, part := range []func() error{f.addCollections, f.addItems, f.addSources, f.addMembers, f.addGrants, f.putTogether, f.addPlays, f.addAudit, f.addMails} {
		if err := part(); err != nil {
			return err
		}
	}
	return f.tx.Commit()
}

// rows inserts n rows of a table; the first word of columns names it.
func (f *filler) rows(n int, table, columns string, row func(i int) []any) error {
	places := strings.TrimSuffix(strings.Repeat("?, ", strings.Count(columns, ",")+1), ", ")
	insert, err := f.tx.PrepareContext(f.ctx, "INSERT INTO "+table+" ("+columns+") VALUES ("+places+")")
	if err != nil {
		return err
	}
	for i := range n {
		if _, err := insert.ExecContext(f.ctx, row(i)...); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", table, err), insert.Close())
		}
	}
	return insert.Close()
}

// ago is a random instant of the last days, in milliseconds.
func (f *filler) ago(days int) int64 {
	return f.now.UnixMilli() - f.random.Int64N(int64(days)*24*60*60*1000)
}

func (f *filler) id(kind string, i int) string { return fmt.Sprintf("%s%023d", kind, i) }

func (f *filler) addItems() error {
	const columns = `id, slug, kind, title, summary, collection_id, access, published, opens_at, closes_at, position, version, created_at, updated_at`
	return f.rows(f.items, "items", columns, func(i int) []any {
		id := f.id("itm", i)
		f.itemIDs = append(f.itemIDs, id)
		at := f.ago(fillDays)
		return []any{id, fmt.Sprintf("item-%d", i), "video", fmt.Sprintf("Item number %d", i), "", f.id("col", i%fillCollections), "entitled", i%9 != 0, 0, 0, 100 + i, 1, at, at}
	})
}

// addMembers makes one of 50 unconfirmed, one of 100 blocked, one of 200 deleted.
func (f *filler) addMembers() error {
	const columns = `id, email, name, role, password_hash, confirmed_at, disabled_at, created_at, language, zone, quiet_devices, quiet_access, deleted_at, seen_at, search`
	return f.rows(f.members, "users", columns, func(i int) []any {
		id, created := f.id("usr", i), f.ago(3*365)
		f.memberIDs = append(f.memberIDs, id)
		email, name := fmt.Sprintf("listener-%d@bench.test", i), fmt.Sprintf("Listener %d", i)
		confirmed, blocked, deleted := created, int64(0), int64(0)
		switch {
		case i%50 == 1:
			confirmed = 0
		case i%100 == 2:
			blocked = f.ago(fillDays)
		case i%200 == 3:
			deleted = f.ago(fillDays)
			confirmed, email, name = 0, "deleted-"+id+"@deleted.invalid", ""
		}
		seen := created + f.random.Int64N(f.now.UnixMilli()-created+1)
		return []any{id, email, name, "member", "", confirmed, blocked, created, "", "", false, true, deleted, seen, strings.ToLower(email + " " + name)}
	})
}

// addGrants gives months in a row, as renewals do, to most people, and other
// spans to some. The first person has many.
func (f *filler) addGrants() error {
	const columns = `id, user_id, scope, target_id, from_at, until_at, origin, note, created_at, revoked_at, ends_at`
	const month = int64(30 * 24 * 60 * 60 * 1000)
	return f.rows(f.grants, "grants", columns, func(i int) []any {
		user := f.memberIDs[i%len(f.memberIDs)]
		if i%(f.grants/fillManyGrants+1) == 0 {
			user = f.memberIDs[0]
		}
		back := int64(i/len(f.memberIDs)) - 1 // 1 month on, this month, last month, …
		from := f.now.UnixMilli() - month*back - f.random.Int64N(month)
		until, revoked := from+month, int64(0)
		switch f.random.IntN(40) {
		case 0:
			until = 0
		case 1, 2:
			revoked = min(from+f.random.Int64N(month), f.now.UnixMilli())
		case 3, 4:
			from, until = from-2*month, until-2*month
		}
		scope, target := "everything", ""
		if f.random.IntN(3) == 0 {
			scope, target = "item", f.itemIDs[f.random.IntN(len(f.itemIDs))]
		}
		ends := int64(math.MaxInt64)
		for _, end := range []int64{until, revoked} {
			if end != 0 {
				ends = min(ends, end)
			}
		}
		return []any{f.id("grt", i), user, scope, target, from, until, []string{"owner", "voucher", "import"}[f.random.IntN(3)], "", from, revoked, ends}
	})
}

// addPlays lets popular items be played more, a few of all plays by staff.
func (f *filler) addPlays() error {
	zone, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		return err
	}
	type sum struct{ day, item string }
	sums := map[sum]int{}
	const columns = `id, slot, item_id, source_kind, user_id, staff, window_seconds, started_at, seen_at, stopped, until_at`
	err = f.rows(f.plays, "plays", columns, func(i int) []any {
		started := f.ago(fillDays)
		item := f.itemIDs[f.random.IntN(1+f.random.IntN(len(f.itemIDs)))]
		user, staff := f.memberIDs[f.random.IntN(len(f.memberIDs))], f.random.IntN(100) == 0
		if f.random.IntN(4) == 0 {
			user = ""
		}
		seen, until, slot := started+f.random.Int64N(3*60*60*1000), started+3*60*60*1000, ""
		if seen > f.now.UnixMilli() {
			seen = f.now.UnixMilli()
		}
		if until > f.now.UnixMilli() {
			slot = f.id("slt", i)
		}
		if !staff {
			sums[sum{paywall.DayName(time.UnixMilli(started), zone), item}]++
		}
		return []any{f.id("ply", i), slot, item, "stream", user, staff, 5400, started, seen, f.random.IntN(2) == 0, until}
	})
	if err != nil {
		return err
	}
	for s, n := range sums {
		if _, err := f.tx.ExecContext(f.ctx, `INSERT INTO day_counts (kind, day, item_id, reason, amount) VALUES ('play', ?, ?, '', ?)`, s.day, s.item, n); err != nil {
			return err
		}
	}
	return f.addRefusals(zone)
}

// addRefusals counts some for each item and day.
func (f *filler) addRefusals(zone *time.Location) error {
	reasons := []string{"signed_out", "no_grant", "grant_ended", "not_yet_open"}
	days := paywall.LastDays(f.now, zone, fillDays)
	const columns = `kind, day, item_id, reason, amount`
	return f.rows(len(days)*len(f.itemIDs)*len(reasons), "day_counts", columns, func(i int) []any {
		reason, i := reasons[i%len(reasons)], i/len(reasons)
		return []any{"refusal", days[i%len(days)].Name, f.itemIDs[i/len(days)], reason, 1 + f.random.IntN(40)}
	})
}

// addAudit is two sign-ins of three lines, and what owners do.
func (f *filler) addAudit() error {
	others := []string{"grant.give", "grant.revoke", "item.update", "user.profile", "session.end", "user.password", "mail.resend", "site.settings"}
	const columns = `id, entered_at, actor_id, actor_name, action, subject, detail, network`
	return f.rows(f.audit, "audit_entries", columns, func(i int) []any {
		n := f.random.IntN(len(f.memberIDs))
		member := f.memberIDs[n]
		actor, name, action, subject := member, fmt.Sprintf("listener-%d@bench.test", n), "session.start", member
		detail := "password, Firefox, Linux"
		if f.random.IntN(3) == 0 {
			action = others[f.random.IntN(len(others))]
			actor, name = "", "command line"
			detail = fmt.Sprintf("listener-%d@bench.test everything until 2026-12-31", n)
		}
		return []any{f.id("adt", i), f.ago(2 * 365), actor, name, action, subject, detail, "192.0.2.0/24"}
	})
}
