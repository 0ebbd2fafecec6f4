package store_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"usher/paywall"
	"usher/store"
	"usher/store/storetest"
)

func TestFailure(t *testing.T) {
	state := func(code string) error { return fmt.Errorf("query: %w", &pgconn.PgError{Code: code}) }
	for _, c := range []struct {
		name string
		err  error
		kind paywall.Kind
		is   error
	}{
		{"no rows", sql.ErrNoRows, paywall.KindNotFound, paywall.ErrNotFound},
		{"unique", state("23505"), paywall.KindConflict, paywall.ErrExists},
		{"foreign key", state("23503"), paywall.KindInternal, nil},
		{"syntax", state("42601"), paywall.KindInternal, nil},
		{"no code", state(""), paywall.KindInternal, nil},
		{"read only", state("25006"), paywall.KindUnavailable, nil},
		{"admin shutdown", state("57P01"), paywall.KindUnavailable, nil},
		{"starting up", state("57P03"), paywall.KindUnavailable, nil},
		{"connection", state("08006"), paywall.KindUnavailable, nil},
		{"disk full", state("53100"), paywall.KindUnavailable, nil},
		{"deadlock", state("40P01"), paywall.KindUnavailable, nil},
		{"lock timeout", state("55P03"), paywall.KindUnavailable, nil},
		{"network", &net.OpError{Op: "dial", Err: errors.New("refused")}, paywall.KindUnavailable, nil},
		{"end of file", io.ErrUnexpectedEOF, paywall.KindUnavailable, io.ErrUnexpectedEOF},
		{"bad connection", driver.ErrBadConn, paywall.KindUnavailable, driver.ErrBadConn},
		{"deadline", context.DeadlineExceeded, paywall.KindUnavailable, context.DeadlineExceeded},
		{"cancelled", context.Canceled, paywall.KindInternal, context.Canceled},
		{"known", paywall.ErrChanged, paywall.KindConflict, paywall.ErrChanged},
		{"other", io.ErrShortBuffer, paywall.KindInternal, io.ErrShortBuffer},
	} {
		got := store.Failure("Method", c.err)
		if paywall.KindOf(got) != c.kind {
			t.Errorf("%s: kind %v, want %v", c.name, paywall.KindOf(got), c.kind)
		}
		if c.is != nil && !errors.Is(got, c.is) {
			t.Errorf("%s: %v is not %v", c.name, got, c.is)
		}
		if c.is == nil && !strings.Contains(got.Error(), "store: Method: ") {
			t.Errorf("%s: %q does not name the method", c.name, got)
		}
	}
	if err := store.Failure("Method", nil); err != nil {
		t.Errorf("nil became %v", err)
	}
}

// TestFailure_Private: what was asked for must not stand in an error.
func TestFailure_Private(t *testing.T) {
	for name, url := range databases(t) {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			u := storetest.NewUser("private")
			u.Role = "emperor" // refused by a check
			err := db.CreateUser(t.Context(), u)
			if paywall.KindOf(err) != paywall.KindInternal || err == nil {
				t.Errorf("an unknown role: %v", err)
			} else if strings.Contains(err.Error(), "private") {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}
