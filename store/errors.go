package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"usher/paywall"
)

// failure turns an error of a driver into one that paywall knows. The text
// names the method and never its arguments, which may be personal.
func failure(op string, err error) error {
	var known *paywall.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return paywall.ErrNotFound
	case isImpossibleText(err):
		return paywall.ErrNotFound
	case isUnique(err):
		return paywall.ErrExists
	}
	unavailable := isUnavailable(err)
	err = fmt.Errorf("store: %s: %w", op, err)
	if unavailable {
		return paywall.E(paywall.KindUnavailable, "error.unavailable").Because(err)
	}
	return err
}

// isImpossibleText tells whether PostgreSQL was asked for a text that it cannot
// hold, such as one with a NUL: then there is no such row.
func isImpossibleText(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "22021"
}

// isUnique tells whether a unique value is taken.
func isUnique(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_CONSTRAINT_UNIQUE ||
		code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY ||
		sqlState(err) == "23505"
}

// isInterrupt tells whether SQLite stopped because a context ended.
func isInterrupt(err error) bool { return sqliteCode(err)&0xff == sqlite3.SQLITE_INTERRUPT }

// isUnavailable tells whether trying later may help: the database is locked,
// full, or not there.
func isUnavailable(err error) bool {
	switch {
	case errors.Is(err, errGate), errors.Is(err, errReadOnly), errors.Is(err, context.DeadlineExceeded):
		return true
	case errors.Is(err, context.Canceled):
		return false
	}
	return sqliteUnavailable(err) || postgresUnavailable(err)
}

func sqliteUnavailable(err error) bool {
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL:
		return true
	}
	return false
}

func postgresUnavailable(err error) bool {
	if code := sqlState(err); code != "" {
		return lostPrimary(code) || transient(code)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err)
}

// transient tells whether a SQLSTATE passes by itself: 40 a lost race, 53 disk,
// memory or connections used up, 55P03 a lock that did not come, 58 the disk.
func transient(code string) bool {
	switch code[:2] {
	case "40", "53", "58":
		return true
	}
	return code == "55P03"
}

// sqliteCode is SQLite's extended result code, 0 for other errors.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// sqlState is PostgreSQL's error code, empty for other errors.
func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) && len(e.Code) == 5 {
		return e.Code
	}
	return ""
}
