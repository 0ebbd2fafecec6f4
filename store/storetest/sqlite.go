package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"usher/store"
)

// SQLite opens a fresh SQLite database in a temporary file.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "usher.db")
	Put(t, path)
	return Open(t, path)
}

// Put writes an SQLite database with all tables and no rows of anybody's into a
// file. Making one takes longer than most tests, so it is made once and copied.
func Put(t testing.TB, path string) {
	t.Helper()
	body, err := emptyFile()
	must(t, err)
	must(t, os.WriteFile(path, body, 0o600))
}

var emptyFile = sync.OnceValues(func() (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "usher-empty-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "usher.db")
	db, err := store.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

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
