package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"usher/paywall"
	"usher/store"
)

// The environment of the PostgreSQL tests.
const (
	// EnvPostgres is the address of a server to use instead of a throwaway one.
	EnvPostgres = "USHER_TEST_POSTGRES_URL"
	// EnvRequireAll, set to 1, turns a skipped test into a failed one.
	EnvRequireAll = "USHER_TEST_REQUIRE_ALL"
)

// Postgres opens a fresh schema on a PostgreSQL server. Without a server and
// without the programs to start one, the test is skipped.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, PostgresURL(t))
}

// PostgresURL is the address of a fresh, empty schema.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server := serverURL(t)
	admin, err := sql.Open("pgx", server)
	must(t, err)
	schema := "test_" + paywall.NewID()
	_, err = admin.ExecContext(t.Context(), `CREATE SCHEMA `+schema)
	must(t, err)
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.Background(), `DROP SCHEMA `+schema+` CASCADE`); err != nil {
			t.Errorf("drop the schema: %v", err)
		}
		_ = admin.Close()
	})
	u, err := url.Parse(server)
	must(t, err)
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func serverURL(t testing.TB) string {
	t.Helper()
	if server := os.Getenv(EnvPostgres); server != "" {
		return server
	}
	server, err := theCluster()
	if err == nil {
		return server
	}
	text := fmt.Sprintf("NOT TESTED ON POSTGRESQL: %v (install PostgreSQL or set %s)", err, EnvPostgres)
	if os.Getenv(EnvRequireAll) == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
	return ""
}
