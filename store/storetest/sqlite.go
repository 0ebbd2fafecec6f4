package storetest

import (
	"path/filepath"
	"testing"

	"usher/store"
)

// SQLite opens a fresh SQLite database in a temporary file.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, filepath.Join(t.TempDir(), "usher.db"))
}

// Open opens a database for the time of the test.
func Open(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	must(t, err)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return db
}
