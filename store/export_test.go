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
