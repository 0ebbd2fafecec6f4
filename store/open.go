package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"usher/migrations"
	"usher/paywall"
)

// ErrNewerSchema is the cause when a newer Usher wrote the database.
var ErrNewerSchema = errors.New("the database was written by a newer version of Usher")

// DB is an open database. It is safe for concurrent use.
type DB struct {
	queries

	writer *sql.DB // transactions and writes
	reader *sql.DB // on PostgreSQL the same pool
	probe  *sql.DB // SQLite only, see sqlite.go
	gate   gate
	hot    *hotQueries // SQLite only
	schema schema
	// rowLock locks the rows that a query reads; PostgreSQL only.
	rowLock string
}

var _ paywall.Store = (*DB)(nil)

// schema is what the migration step needs to know about a database.
type schema struct {
	dialect goose.Dialect
	// versionTable counts the tables that hold goose's version: 0 or 1.
	versionTable string
	options      []goose.ProviderOption
}

// Open opens the database at url and brings its schema up to date. The url is
// postgres://… or postgresql://… for PostgreSQL; anything else is the path of a
// SQLite file, with or without "sqlite:" in front. It refuses a database with a
// schema that is newer than the program (ErrNewerSchema).
func Open(ctx context.Context, url string) (*DB, error) {
	return open(ctx, url, busyTimeout)
}

func open(ctx context.Context, url string, busy time.Duration) (*DB, error) {
	var db *DB
	var err error
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		db, err = openPostgres(url)
	} else {
		db, err = openSQLite(strings.TrimPrefix(url, "sqlite:"), busy)
	}
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	if err := db.start(ctx); err != nil {
		return nil, errors.Join(failure("open", err), db.Close())
	}
	return db, nil
}

func (db *DB) start(ctx context.Context) error {
	if err := db.migrateAmongOthers(ctx); err != nil {
		return err
	}
	if !db.sqlite() {
		return nil
	}
	return db.hot.prepare(ctx)
}

// Close ends all connections. Running transactions are finished first.
func (db *DB) Close() error {
	var errs []error
	if db.sqlite() {
		errs = append(errs, db.hot.close())
	}
	for _, pool := range []*sql.DB{db.probe, db.reader, db.writer} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Programs that start at once on one new database get in each other's way: SQLite
// waits for nobody while a file is switched to WAL, and goose has no lock there.
// Who is in the way needs milliseconds, and the next try finds what is left to do.
const (
	migrateTries = 40
	migrateRest  = 25 * time.Millisecond
)

func (db *DB) migrateAmongOthers(ctx context.Context) error {
	for try := 1; ; try++ {
		err := db.migrate(ctx)
		if err == nil || try == migrateTries || !db.sqlite() || errors.Is(err, ErrNewerSchema) {
			return err
		}
		select {
		case <-time.After(migrateRest):
		case <-ctx.Done():
			return err
		}
	}
}

// sqlite tells which of the two databases this is.
func (db *DB) sqlite() bool { return db.hot != nil }

// migrate applies the missing steps. It asks for the version itself, because a
// start with nothing to do is the normal one and goose takes its time.
func (db *DB) migrate(ctx context.Context) error {
	newest, err := newestStep()
	if err != nil {
		return err
	}
	version, err := db.version(ctx)
	if err != nil {
		return err
	}
	if version > newest {
		return fmt.Errorf("%w: its schema has version %d, this program knows %d",
			ErrNewerSchema, version, newest)
	}
	if version == newest {
		return nil
	}
	return db.applySteps(ctx, newest)
}

func (db *DB) applySteps(ctx context.Context, newest int64) error {
	options := append([]goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}, db.schema.options...)
	provider, err := goose.NewProvider(db.schema.dialect, db.writer, migrations.FS, options...)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		// Another process may have been faster: SQLite has no lock for the whole
		// of goose's work. Then our step fails, and all is well.
		if version, again := db.version(ctx); again == nil && version == newest {
			return nil
		}
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// version is the schema's version in the database, 0 for an empty one.
func (db *DB) version(ctx context.Context) (int64, error) {
	var version int64
	if err := db.writer.QueryRowContext(ctx, db.schema.versionTable).Scan(&version); err != nil || version == 0 {
		return 0, err
	}
	err := db.writer.QueryRowContext(ctx,
		`SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version)
	return version, err
}

// newestStep is the highest number among the embedded files.
func newestStep() (int64, error) {
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, name := range names {
		n, err := goose.NumericComponent(name)
		if err != nil {
			return 0, err
		}
		newest = max(newest, n)
	}
	return newest, nil
}
