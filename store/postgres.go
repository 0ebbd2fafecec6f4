package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

const (
	postgresConns = 16
	// postgresLifetime bounds how long a connection can stay with a server that
	// is no longer the primary.
	postgresLifetime = 5 * time.Minute
	postgresConnect  = 5 * time.Second
)

var errReadOnly = errors.New("the PostgreSQL server is read-only")

func openPostgres(url string) (*DB, error) {
	config, err := postgresConfig(url)
	if err != nil {
		return nil, err
	}
	// Tries every second, for five minutes: a step of another node may be long.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, err
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(postgresConns)
	pool.SetMaxIdleConns(postgresConns)
	pool.SetConnMaxLifetime(postgresLifetime)
	db := &DB{
		writer: pool,
		reader: pool,
		// Sessions and grants of the account can still be added meanwhile.
		rowLock: ` FOR NO KEY UPDATE`,
		schema: schema{
			dialect:      goose.DialectPostgres,
			versionTable: `SELECT COUNT(to_regclass('goose_db_version'))`,
			options:      []goose.ProviderOption{goose.WithSessionLocker(locker)},
		},
	}
	db.queries = queries{read: pool, write: pool, atomic: db.atomically}
	return db, nil
}

// postgresConfig adds to the address what keeps several nodes and a failover
// safe. What the operator set in the address wins.
func postgresConfig(url string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{
		"application_name": "usher",
		// A lock that does not come is "try again later", as with SQLite.
		"lock_timeout": "5s",
		// A frozen node must not keep the mint gate locked for the others.
		"idle_in_transaction_session_timeout": "15s",
	} {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = postgresConnect
	}
	if config.ValidateConnect == nil {
		// With several hosts in the address: find the one that takes writes. The
		// driver's default, "any", may be a standby.
		config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	next := config.OnPgError
	config.OnPgError = func(c *pgconn.PgConn, e *pgconn.PgError) bool {
		return !lostPrimary(e.Code) && (next == nil || next(c, e))
	}
	return config, nil
}

// lostPrimary tells whether a SQLSTATE means that this connection no longer
// leads to a server that writes, so that it must be dropped.
func lostPrimary(code string) bool {
	switch code {
	case "25006", "57P01", "57P02", "57P03":
		return true
	}
	return strings.HasPrefix(code, "08")
}

// probePostgres asks whether the server takes writes; if it does not, its
// connection is dropped.
func (db *DB) probePostgres(ctx context.Context) error {
	conn, err := db.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var readOnly string
	if err := conn.QueryRowContext(ctx, `SHOW transaction_read_only`).Scan(&readOnly); err != nil {
		return err
	}
	if readOnly == "off" {
		return nil
	}
	// database/sql discards a connection for exactly this error.
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	return errReadOnly
}
