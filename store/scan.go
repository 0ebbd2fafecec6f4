package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
	"time"

	"usher/paywall"
)

// queryAll reads all rows of a query. columns gives the places of one row's
// values, in the order of the query. op names the method in errors.
func queryAll[T any](ctx context.Context, q querier, op string, columns func(*T) []any, query string, args ...any) ([]T, error) {
	var row T
	var all []T
	err := queryEach(ctx, q, op, columns(&row), func() bool { all = append(all, row); return true }, query, args...)
	if err != nil {
		return nil, err
	}
	return all, nil
}

// queryEach scans each row of a query into the places and then calls fn, until
// that wants no more.
func queryEach(ctx context.Context, q querier, op string, places []any, fn func() bool, query string, args ...any) (err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return failure(op, err)
	}
	defer func() {
		if e := rows.Close(); err == nil && e != nil {
			err = failure(op, e)
		}
	}()
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return failure(op, err)
		}
		if !fn() {
			break
		}
	}
	return failure(op, rows.Err())
}

// queryOne reads the only row of a query; ErrNotFound when there is none.
func queryOne[T any](ctx context.Context, q querier, op string, columns func(*T) []any, query string, args ...any) (T, error) {
	var row, none T
	found := false
	err := queryEach(ctx, q, op, columns(&row), func() bool { found = true; return false }, query, args...)
	switch {
	case err != nil:
		return none, err
	case !found:
		return none, failure(op, sql.ErrNoRows)
	}
	return row, nil
}

// exec runs a write and tells how many rows it touched.
func exec(ctx context.Context, q execer, op, query string, args ...any) (int64, error) {
	result, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, failure(op, err)
	}
	n, err := result.RowsAffected()
	return n, failure(op, err)
}

// execOne is exec for a write that must touch a row; ErrNotFound if it does not.
func execOne(ctx context.Context, q execer, op, query string, args ...any) error {
	n, err := exec(ctx, q, op, query, args...)
	if err == nil && n == 0 {
		return paywall.ErrNotFound
	}
	return err
}

// instant is a time.Time in a column: Unix milliseconds, 0 for the zero time.
// It reads back in UTC, without what is smaller than a millisecond.
type instant time.Time

// Value gives what the column keeps.
func (i instant) Value() (driver.Value, error) {
	if t := time.Time(i); !t.IsZero() {
		return t.UnixMilli(), nil
	}
	return int64(0), nil
}

// Scan reads a column.
func (i *instant) Scan(src any) error {
	ms, ok := src.(int64)
	if !ok {
		return fmt.Errorf("an instant cannot be read from %T", src)
	}
	*i = instant(fromMillis(ms))
	return nil
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// seconds is a time.Duration in a column.
type seconds time.Duration

// Value gives what the column keeps.
func (s seconds) Value() (driver.Value, error) {
	return int64(time.Duration(s) / time.Second), nil
}

// Scan reads a column.
func (s *seconds) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a duration cannot be read from %T", src)
	}
	*s = seconds(fromSeconds(n))
	return nil
}

func fromSeconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// contains is the LIKE pattern of texts that hold another one; "!" escapes.
func contains(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}

// place is the place of a row with one value.
func place[T any](value *T) []any { return []any{value} }

// blob is a column of bytes that is never NULL. None come back as nil, which
// the two drivers would not agree about.
type blob []byte

// Value gives what the column keeps.
func (b blob) Value() (driver.Value, error) {
	if b == nil {
		return []byte{}, nil
	}
	return []byte(b), nil
}

// Scan reads a column. The bytes it is given are the driver's own.
func (b *blob) Scan(src any) error {
	bytes, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("bytes cannot be read from %T", src)
	}
	*b = nil
	if len(bytes) > 0 {
		*b = slices.Clone(bytes)
	}
	return nil
}
