package store

import (
	"context"
	"database/sql"
	"time"
)

// OpenBusy is Open with another busy timeout.
func OpenBusy(ctx context.Context, url string, busy time.Duration) (*DB, error) {
	return open(ctx, url, busy)
}

// Pools are the connection pools that write and that read.
func (db *DB) Pools() (writer, reader *sql.DB) { return db.writer, db.reader }

// Probe is the pool that Writable uses on SQLite.
func (db *DB) Probe() *sql.DB { return db.probe }

// Failure is what the store makes of a driver's error.
func Failure(op string, err error) error { return failure(op, err) }

// HotQueries are the queries of every player page.
func HotQueries() []string { return []string{sessionByID, stage, itemByID} }

// Record calls note with each query from now on, those in transactions of the
// store's own too.
func (db *DB) Record(note func(query string, args []any)) {
	record := func(q queries) queries {
		return queries{read: recorder{q.read, q.write, note}, write: recorder{q.read, q.write, note}, atomic: q.atomic}
	}
	atomic := db.atomic
	db.queries = record(db.queries)
	db.queries.atomic = func(ctx context.Context, fn func(q *queries) error) error {
		return atomic(ctx, func(q *queries) error {
			inside := record(*q)
			return fn(&inside)
		})
	}
}

type recorder struct {
	querier
	execer
	note func(query string, args []any)
}

func (r recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.note(query, args)
	return r.querier.QueryContext(ctx, query, args...)
}

func (r recorder) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	r.note(query, args)
	return r.execer.ExecContext(ctx, query, args...)
}
