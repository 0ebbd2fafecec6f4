package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"

	"usher/paywall"
)

// queryAll reads all rows of a query. columns gives the places of one row's
// values, in the order of the query. op names the method in errors.
func queryAll[T any](ctx context.Context, q querier, op string, columns func(*T) []any, query string, args ...any) (all []T, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, failure(op, err)
	}
	defer func() {
		if e := rows.Close(); err == nil && e != nil {
			all, err = nil, failure(op, e)
		}
	}()
	var row T
	places := columns(&row)
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return nil, failure(op, err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return nil, failure(op, err)
	}
	return all, nil
}

// queryOne reads the only row of a query; ErrNotFound when there is none.
func queryOne[T any](ctx context.Context, q querier, op string, columns func(*T) []any, query string, args ...any) (T, error) {
	all, err := queryAll(ctx, q, op, columns, query, args...)
	if err == nil && len(all) == 0 {
		err = failure(op, sql.ErrNoRows)
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
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
	switch {
	case !ok:
		return fmt.Errorf("an instant cannot be read from %T", src)
	case ms == 0:
		*i = instant{}
	default:
		*i = instant(time.UnixMilli(ms).UTC())
	}
	return nil
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
	*s = seconds(time.Duration(n) * time.Second)
	return nil
}
