package store

import (
	"context"
	"database/sql"
	"errors"

	"usher/paywall"
)

// queries implements the methods that stand in all parts of paywall.Store, for
// a DB and for a transaction alike.
type queries struct {
	read  querier
	write execer
	// atomic runs several statements as one: in a new transaction, or in the
	// one that is already running.
	atomic func(ctx context.Context, fn func(q *queries) error) error
	// lock is the end of a query that reads an account in a write transaction:
	// nobody else changes it until the commit. SQLite, with its one writer, and
	// reads outside of transactions have none.
	lock string
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// InTx runs fn in one write transaction. It commits when fn returns nil and no
// statement failed; otherwise, and when fn panics, nothing remains.
func (db *DB) InTx(ctx context.Context, fn func(tx paywall.Store) error) error {
	return db.atomically(ctx, func(q *queries) error { return fn(&transaction{queries: q}) })
}

func (db *DB) atomically(ctx context.Context, fn func(q *queries) error) error {
	leave, err := db.gate.enter(ctx)
	if err != nil {
		return failure("InTx", err)
	}
	defer leave()
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return failure("InTx", because(ctx, err))
	}
	// After a commit this does nothing; it also runs when fn panics.
	defer func() { _ = tx.Rollback() }()
	run := &txRunner{tx: tx, lock: db.rowLock}
	if err := fn(run.queries()); err != nil {
		return because(ctx, err)
	}
	if run.failed != nil {
		return failure("InTx", because(ctx, run.failed))
	}
	return failure("InTx", because(ctx, tx.Commit()))
}

// because prefers the end of the context over what it caused in the driver.
func because(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil && (errors.Is(err, sql.ErrTxDone) || isInterrupt(err)) {
		return ended
	}
	return err
}

// Writable checks that the database takes writes now.
func (db *DB) Writable(ctx context.Context) error {
	probe := db.probePostgres
	if db.probe != nil {
		probe = db.probeSQLite
	}
	return failure("Writable", because(ctx, probe(ctx)))
}

// txRunner remembers the first failed statement. PostgreSQL refuses everything
// after one; SQLite would go on and commit the rest. Both must act alike.
type txRunner struct {
	tx     *sql.Tx
	lock   string
	failed error
}

func (r *txRunner) queries() *queries {
	q := &queries{read: r, write: r, lock: r.lock}
	q.atomic = func(_ context.Context, fn func(q *queries) error) error { return fn(q) }
	return q
}

func (r *txRunner) note(err error) error {
	if r.failed == nil {
		r.failed = err
	}
	return err
}

// QueryContext reads inside the transaction.
func (r *txRunner) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := r.tx.QueryContext(ctx, query, args...)
	return rows, r.note(err)
}

// ExecContext writes inside the transaction.
func (r *txRunner) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	result, err := r.tx.ExecContext(ctx, query, args...)
	return result, r.note(err)
}

// transaction is the Store that InTx hands out.
type transaction struct{ *queries }

var _ paywall.Store = (*transaction)(nil)

var errNested = errors.New("store: InTx inside InTx")

// InTx refuses: a transaction inside a transaction is a mistake in the caller.
func (t *transaction) InTx(context.Context, func(tx paywall.Store) error) error { return errNested }

// Writable is true: the transaction holds the right to write already.
func (t *transaction) Writable(ctx context.Context) error { return ctx.Err() }
