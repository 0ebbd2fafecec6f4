package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/migrations"
	"usher/paywall"
	"usher/store"
	"usher/store/storetest"
)

// TestOpen_Pragmas looks at every connection of busy pools (R2).
func TestOpen_Pragmas(t *testing.T) {
	db := storetest.SQLite(t)
	writer, reader := db.Pools()
	for name, pool := range map[string]*sql.DB{"writer": writer, "reader": reader, "probe": db.Probe()} {
		size := pool.Stats().MaxOpenConnections
		for n := range size {
			conn, err := pool.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close() // only at the end, so that each round gets another one
			for pragma, want := range map[string]string{
				"synchronous": "2", "foreign_keys": "1", "journal_mode": "wal",
				"query_only": map[bool]string{true: "1", false: "0"}[name == "reader"],
			} {
				if got := pragmaOf(t, conn, pragma); got != want {
					t.Errorf("%s %d: %s = %s, want %s", name, n, pragma, got, want)
				}
			}
			if got := pragmaOf(t, conn, "busy_timeout"); got == "0" {
				t.Errorf("%s %d does not wait for locks", name, n)
			}
		}
		if open := pool.Stats().OpenConnections; open != size {
			t.Errorf("%s: looked at %d connections, want %d", name, open, size)
		}
	}
}

func pragmaOf(t *testing.T, conn *sql.Conn, name string) (value string) {
	t.Helper()
	if err := conn.QueryRowContext(t.Context(), `PRAGMA `+name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestOpen_FileModes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder?#%", "usher.db")
	db := storetest.Open(t, "sqlite:"+path)
	if err := db.CreateUser(t.Context(), storetest.NewUser("ada")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{
		filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", filepath.Base(name), info.Mode().Perm(), want)
		}
	}
}

func TestOpen_Impossible(t *testing.T) {
	garbage := filepath.Join(t.TempDir(), "usher.db")
	if err := os.WriteFile(garbage, []byte("this is a letter and no database at all, whatever its name is"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "sqlite:", "/dev/null/usher.db", garbage} {
		if _, err := store.Open(t.Context(), path); err == nil {
			t.Errorf("Open(%q) gave no error", path)
		}
	}
}

// TestOpen_Again opens one file again and again, and then as a newer Usher left it.
func TestOpen_Again(t *testing.T) {
	for name, url := range databases(t) {
		t.Run(name, func(t *testing.T) { testOpenAgain(t, url(t)) })
	}
}

func databases(t *testing.T) map[string]func(t *testing.T) string {
	t.Helper()
	return map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "usher.db") },
		"postgres": func(t *testing.T) string { return storetest.PostgresURL(t) },
	}
}

func testOpenAgain(t *testing.T, url string) {
	steps, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	u := storetest.NewUser("ada")
	first := storetest.Open(t, url)
	if err := first.CreateUser(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		again := storetest.Open(t, url)
		if got, err := again.UserByID(t.Context(), u.ID); err != nil || got != u {
			t.Fatalf("UserByID = %+v, %v", got, err)
		}
		if n := count(t, again, "goose_db_version"); n != 1+len(steps) { // version 0 and each step once
			t.Errorf("%d rows in the version table, want %d", n, 1+len(steps))
		}
	}

	writer, _ := first.Pools()
	if _, err := writer.ExecContext(t.Context(),
		`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, $1)`, true); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), url); !errors.Is(err, store.ErrNewerSchema) {
		t.Errorf("Open of a newer schema: %v", err)
	}
}

// TestOpen_Together starts several programs on one empty database.
func TestOpen_Together(t *testing.T) {
	for name, url := range databases(t) {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					db, err := store.Open(t.Context(), url)
					if err != nil {
						t.Errorf("Open: %v", err)
						return
					}
					if err := db.Writable(t.Context()); err != nil {
						t.Errorf("Writable: %v", err)
					}
					_ = db.Close()
				})
			}
			wg.Wait()
		})
	}
}

// TestLocked is R5: while another program holds the write lock, reads go on and
// writes end as "unavailable" after the busy timeout.
func TestLocked(t *testing.T) {
	const busy = 100 * time.Millisecond
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "usher.db")
	db, err := store.OpenBusy(ctx, path, busy)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	u := storetest.NewUser("ada")
	if err := db.CreateUser(ctx, u); err != nil {
		t.Fatal(err)
	}
	unlock := lockFile(t, path)
	t0 := time.Now()
	var wg sync.WaitGroup
	for name, write := range map[string]func() error{
		"UpdateUser": func() error { return db.UpdateUser(ctx, u) },
		"CreateItem": func() error { return db.CreateItem(ctx, storetest.NewItem("item")) },
		"InTx":       func() error { return db.InTx(ctx, func(paywall.Store) error { return nil }) },
		"Writable":   func() error { return db.Writable(ctx) },
	} {
		wg.Go(func() {
			if err := write(); paywall.KindOf(err) != paywall.KindUnavailable {
				t.Errorf("%s while locked: %v", name, err)
			}
		})
	}
	if _, err := db.UserByID(ctx, u.ID); err != nil {
		t.Errorf("a read while locked: %v", err)
	}
	wg.Wait()
	if took := time.Since(t0); took > 20*busy {
		t.Errorf("four writes waited %v together, the busy timeout is %v", took, busy)
	}
	unlock()
	if err := db.Writable(ctx); err != nil {
		t.Errorf("Writable after the lock: %v", err)
	}
	if err := db.UpdateUser(ctx, u); err != nil {
		t.Errorf("a write after the lock: %v", err)
	}
}

func lockFile(t *testing.T, path string) (unlock func()) {
	t.Helper()
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), `BEGIN EXCLUSIVE`); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := conn.ExecContext(t.Context(), `ROLLBACK`); err != nil {
			t.Error(err)
		}
		_ = conn.Close()
		_ = other.Close()
	}
}

// TestTwoPrograms lets two DBs on one file read and then write: each waits for
// the other, none fails.
func TestTwoPrograms(t *testing.T) {
	path := filepath.Join(t.TempDir(), "usher.db")
	dbs := []*store.DB{storetest.Open(t, path), storetest.Open(t, path)}
	u := storetest.NewUser("ada")
	if err := dbs[0].CreateUser(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	const rounds = 100
	var wg sync.WaitGroup
	for _, db := range dbs {
		wg.Go(func() {
			for range rounds {
				err := db.InTx(t.Context(), func(tx paywall.Store) error {
					if _, err := tx.UserByID(t.Context(), u.ID); err != nil {
						return err
					}
					return tx.CreateGrant(t.Context(), storetest.NewGrant(u.ID, paywall.ScopeEverything, ""))
				})
				if err != nil {
					t.Errorf("InTx beside another program: %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
	if n := count(t, dbs[0], "grants"); n != 2*rounds {
		t.Errorf("%d grants, want %d", n, 2*rounds)
	}
}

// TestFull is R3: with a full disk reads go on, writes are "unavailable", and
// the same DB writes again when there is room. A page limit plays the disk.
func TestFull(t *testing.T) {
	ctx, db := t.Context(), storetest.SQLite(t)
	u := storetest.NewUser("ada")
	if err := db.CreateUser(ctx, u); err != nil {
		t.Fatal(err)
	}
	limitPages(t, db, 1) // SQLite takes the present size instead
	var full error
	for n := 0; full == nil && n < 1000; n++ {
		full = db.CreateUser(ctx, storetest.NewUser(fmt.Sprint("user", n)))
	}
	if paywall.KindOf(full) != paywall.KindUnavailable {
		t.Errorf("a write on a full disk: %v", full)
	}
	if _, err := db.UserByID(ctx, u.ID); err != nil {
		t.Errorf("a read on a full disk: %v", err)
	}
	limitPages(t, db, 1<<30)
	if err := db.CreateUser(ctx, storetest.NewUser("late")); err != nil {
		t.Errorf("a write when there is room again: %v", err)
	}
}

func limitPages(t *testing.T, db *store.DB, pages int) {
	t.Helper()
	writer, _ := db.Pools()
	if _, err := writer.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)); err != nil {
		t.Fatal(err)
	}
}

// TestHotQueries_Indexed: no query of a player page may walk through a table or sort.
func TestHotQueries_Indexed(t *testing.T) {
	db := storetest.SQLite(t)
	for _, query := range store.HotQueries() {
		for _, step := range planOf(t, db, query, "a", "b", "c") {
			if strings.HasPrefix(step, "SCAN") || strings.HasPrefix(step, "USE TEMP") {
				t.Errorf("%s in %s", step, query)
			}
		}
	}
}

// planOf is how SQLite would find the rows of a query.
func planOf(t *testing.T, db *store.DB, query string, args ...any) (steps []string) {
	t.Helper()
	_, reader := db.Pools()
	rows, err := reader.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// TestLibcPin: modernc.org/sqlite is translated for exactly one version of
// modernc.org/libc; a newer one can break it in silence.
func TestLibcPin(t *testing.T) {
	var module struct{ GoMod, Version string }
	goList(t, &module, "list", "-m", "-json", "modernc.org/sqlite")
	var wanted struct {
		Require []struct{ Path, Version string }
	}
	goList(t, &wanted, "mod", "edit", "-json", module.GoMod)
	var ours struct{ Version string }
	goList(t, &ours, "list", "-m", "-json", "modernc.org/libc")
	for _, r := range wanted.Require {
		if r.Path != "modernc.org/libc" {
			continue
		}
		if r.Version != ours.Version {
			t.Errorf("modernc.org/libc is %s, sqlite %s wants %s", ours.Version, module.Version, r.Version)
		}
		return
	}
	t.Errorf("no modernc.org/libc in %s", module.GoMod)
}

func goList(t *testing.T, into any, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(context.Background(), "go", args...).Output()
	if err == nil {
		err = json.Unmarshal(out, into)
	}
	if err != nil {
		t.Fatalf("go %v: %v", args, err)
	}
}
