package store_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"usher/paywall"
	"usher/store"
	"usher/store/storetest"
)

// onlyConn leaves a DB one connection, so that a test knows which one it uses.
func onlyConn(t *testing.T) (*store.DB, *sql.DB) {
	t.Helper()
	db := storetest.Postgres(t)
	pool, _ := db.Pools()
	pool.SetMaxOpenConns(1)
	return db, pool
}

func backend(t *testing.T, pool *sql.DB) (pid int) {
	t.Helper()
	if err := pool.QueryRowContext(t.Context(), `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

// TestPostgres_ReadOnly is R17 and R18: a connection that leads to a server
// which no longer writes is dropped at the first refused write or probe.
func TestPostgres_ReadOnly(t *testing.T) {
	for name, write := range map[string]func(ctx context.Context, db *store.DB) error{
		"write": func(ctx context.Context, db *store.DB) error { return db.CreateUser(ctx, storetest.NewUser("ada")) },
		"tx": func(ctx context.Context, db *store.DB) error {
			_, err := db.LeaseMints(ctx, time.Now(), 1, 1, time.Now())
			return err
		},
		"probe": func(ctx context.Context, db *store.DB) error { return db.Writable(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
			db, pool := onlyConn(t)
			pid := backend(t, pool)
			if _, err := pool.ExecContext(t.Context(),
				`SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY`); err != nil {
				t.Fatal(err)
			}
			if err := write(t.Context(), db); paywall.KindOf(err) != paywall.KindUnavailable {
				t.Errorf("on a read-only server: %v", err)
			}
			if err := write(t.Context(), db); err != nil {
				t.Errorf("with a new connection: %v", err)
			}
			if backend(t, pool) == pid {
				t.Error("the old connection is still in use")
			}
		})
	}
}

// TestPostgres_Terminated: a server that ends a connection costs one answer.
func TestPostgres_Terminated(t *testing.T) {
	db, pool := onlyConn(t)
	pid := backend(t, pool)
	other, _ := storetest.Postgres(t).Pools()
	if _, err := other.ExecContext(t.Context(), `SELECT pg_terminate_backend($1)`, pid); err != nil {
		t.Fatal(err)
	}
	u := storetest.NewUser("ada")
	if err := db.CreateUser(t.Context(), u); err != nil {
		if paywall.KindOf(err) != paywall.KindUnavailable {
			t.Errorf("on an ended connection: %v", err)
		}
		if err := db.CreateUser(t.Context(), u); err != nil {
			t.Errorf("with a new connection: %v", err)
		}
	}
}

func TestPostgres_Gone(t *testing.T) {
	const secret = "hunter2"
	for _, url := range []string{
		"postgres://usher:" + secret + "@127.0.0.1:1/usher?connect_timeout=1",
		"postgres://usher:" + secret + "@127.0.0.1:port/usher",
		"postgresql://usher:" + secret + "@127.0.0.1/usher?sslmode=sometimes",
		"postgres://usher:" + secret + "@%zz/usher",
	} {
		_, err := store.Open(t.Context(), url)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("Open of an impossible address: %v", err)
		}
	}
	_, err := store.Open(t.Context(), "postgres://usher@127.0.0.1:1/usher?connect_timeout=1")
	if paywall.KindOf(err) != paywall.KindUnavailable {
		t.Errorf("Open without a server: %v", err)
	}
}

// TestPostgres_Settings: ours are there, and the operator's win.
func TestPostgres_Settings(t *testing.T) {
	url := storetest.PostgresURL(t)
	for _, c := range []struct{ query, setting, want string }{
		{"", "application_name", "usher"},
		{"", "lock_timeout", "5s"},
		{"", "idle_in_transaction_session_timeout", "15s"},
		{"&lock_timeout=7s", "lock_timeout", "7s"},
	} {
		pool, _ := storetest.Open(t, url+c.query).Pools()
		var got string
		if err := pool.QueryRowContext(t.Context(), `SHOW `+c.setting).Scan(&got); err != nil || got != c.want {
			t.Errorf("%s with %q is %q (%v), want %q", c.setting, c.query, got, err, c.want)
		}
	}
}
