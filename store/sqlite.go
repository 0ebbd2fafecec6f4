package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

const (
	// busyTimeout bounds two waits of a write, one after the other: for its turn
	// in this process and for other processes. Together they stay below 5 s.
	busyTimeout = 2400 * time.Millisecond
	// probeTimeout is how long Writable waits for other processes.
	probeTimeout = 250 * time.Millisecond
)

// knowLetters lets SQLite make all letters small, as PostgreSQL does; its own
// lower() knows those of ASCII alone. No index may use it: another program that
// opens the file would not agree.
var knowLetters = sync.OnceValue(func() error {
	return sqlite.RegisterDeterministicScalarFunction("lower", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		if text, ok := args[0].(string); ok {
			return fold(text), nil
		}
		return args[0], nil
	})
})

// openSQLite makes three pools over one file. SQLite has one writer at a time,
// so one connection writes and waits in Go, where waiting is fair and can be
// cancelled; several others read, which WAL lets them do meanwhile.
func openSQLite(path string, busy time.Duration) (*DB, error) {
	if err := knowLetters(); err != nil {
		return nil, err
	}
	path, err := createFile(path)
	if err != nil {
		return nil, err
	}
	db := &DB{
		gate: gate{slot: make(chan struct{}, 1), wait: busy},
		schema: schema{
			dialect:      goose.DialectSQLite3,
			versionTable: `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`,
		},
	}
	if db.writer, err = sqlitePool(sqliteDSN(path, busy), 1); err != nil {
		return nil, err
	}
	if db.probe, err = sqlitePool(sqliteDSN(path, min(busy, probeTimeout)), 1); err != nil {
		return nil, err
	}
	readers := max(4, runtime.GOMAXPROCS(0))
	if db.reader, err = sqlitePool(sqliteDSN(path, busy)+"&_query_only=1", readers); err != nil {
		return nil, err
	}
	db.hot = &hotQueries{pool: db.reader}
	db.queries = queries{
		read:   db.hot,
		write:  gatedWriter{pool: db.writer, gate: db.gate},
		atomic: db.atomically,
	}
	return db, nil
}

// sqliteDSN sets everything in the name, so that it holds on every connection
// of a pool. busy_timeout stands first, or the switch to WAL would not wait;
// immediate transactions wait for their turn, while deferred ones that read and
// then write fail at once.
func sqliteDSN(path string, busy time.Duration) string {
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	return fmt.Sprintf("%s?_pragma=busy_timeout(%d)&_pragma=journal_mode(WAL)"+
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-8000)&_txlock=immediate",
		name.String(), busy.Milliseconds())
}

func sqlitePool(dsn string, size int) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return pool, nil
}

// createFile makes the file and its folder for this user alone; SQLite gives
// its side files the same mode. A file that exists is not even opened: closing
// it would drop the locks of another DB in this process.
func createFile(path string) (string, error) {
	if path == "" {
		return "", errors.New("the database path is empty")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return path, nil
	}
	if err != nil {
		return "", err
	}
	return path, file.Close()
}

// probeSQLite takes the write lock and lets it go. Passing the gate first keeps
// a busy site from looking broken; the connection of its own waits shortly.
func (db *DB) probeSQLite(ctx context.Context) error {
	leave, err := db.gate.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	tx, err := db.probe.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	return tx.Rollback()
}

// gate lets one writer in at a time, first come first served, and sends away
// who waited too long. The zero gate is open to all.
type gate struct {
	slot chan struct{}
	wait time.Duration
}

var errGate = errors.New("waited too long for the turn to write")

func (g gate) enter(ctx context.Context) (leave func(), err error) {
	if g.slot == nil {
		return func() {}, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	timer := time.NewTimer(g.wait)
	defer timer.Stop()
	select {
	case g.slot <- struct{}{}:
		return func() { <-g.slot }, nil
	case <-timer.C:
		return nil, errGate
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// gatedWriter runs single writes, each in SQLite's own transaction.
type gatedWriter struct {
	pool *sql.DB
	gate gate
}

// ExecContext runs one statement when it is its turn.
func (w gatedWriter) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	leave, err := w.gate.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return w.pool.ExecContext(ctx, query, args...)
}

// hotQueries reads, with the queries of every player page prepared once.
// (On PostgreSQL the driver does this by itself for every query.)
type hotQueries struct {
	pool     *sql.DB
	prepared map[string]*sql.Stmt
}

func (h *hotQueries) prepare(ctx context.Context) error {
	h.prepared = make(map[string]*sql.Stmt)
	for _, query := range []string{sessionByID, stage} {
		stmt, err := h.pool.PrepareContext(ctx, query)
		if err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
		h.prepared[query] = stmt
	}
	return nil
}

func (h *hotQueries) close() error {
	var errs []error
	for _, stmt := range h.prepared {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}

// QueryContext runs a query on one of the reading connections. A hot one takes
// microseconds and is not interrupted: a context that can end costs two
// goroutines per query, which is more than a third of the whole.
func (h *hotQueries) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt, ok := h.prepared[query]; ok {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return stmt.QueryContext(context.WithoutCancel(ctx), args...)
	}
	return h.pool.QueryContext(ctx, query, args...)
}
