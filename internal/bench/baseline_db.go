package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver of the real store
)

// baselineSessions is how many sessions the table of the bare handler holds: as
// many as the site's.
const baselineSessions = 18_000

// openBaseline opens a database with the settings of the real store.
func openBaseline(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path)+
		"?_pragma=busy_timeout(2400)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-8000)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	return db, nil
}

// seedBaseline fills a new database and answers the cookies of its sessions.
func seedBaseline(ctx context.Context, path string) ([]string, error) {
	db, err := openBaseline(path)
	if err != nil {
		return nil, err
	}
	cookies, err := fillBaseline(ctx, db)
	return cookies, errors.Join(err, db.Close())
}

func fillBaseline(ctx context.Context, db *sql.DB) ([]string, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx,
		`CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL, expires_at BIGINT NOT NULL)`); err != nil {
		return nil, err
	}
	expires := time.Now().Add(time.Hour).UnixMilli()
	var cookies []string
	for range baselineSessions {
		id := rand.Text()
		if _, err := tx.ExecContext(ctx, `INSERT INTO sessions VALUES (?, ?, ?)`, id, rand.Text(), expires); err != nil {
			return nil, err
		}
		// The real cookie has a secret as well; reading it costs both the same.
		cookies = append(cookies, "usher="+id+"."+rand.Text()+rand.Text())
	}
	return cookies, tx.Commit()
}
