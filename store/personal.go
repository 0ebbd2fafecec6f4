package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"usher/paywall"
)

// errNobody guards rows without an account: an empty id or address would name
// all of them.
var errNobody = errors.New("store: personal data of nobody")

// ExportPersonal gives what may be exported of every table with personal data.
func (q *queries) ExportPersonal(ctx context.Context, user paywall.User) ([]paywall.PersonalRows, error) {
	if user.ID == "" || user.Email == "" {
		return nil, errNobody
	}
	var all []paywall.PersonalRows
	for _, table := range paywall.PersonalTables {
		if table.None != "" {
			continue
		}
		rows, err := q.exportTable(ctx, table, user)
		if err != nil {
			return nil, err
		}
		all = append(all, paywall.PersonalRows{Table: table.Name, Topic: table.Topic, Rows: rows})
	}
	return all, nil
}

func (q *queries) exportTable(ctx context.Context, table paywall.PersonalTable, user paywall.User) ([][]paywall.PersonalValue, error) {
	var names, expressions []string
	var places []any
	for _, column := range table.Columns {
		if column.Export {
			names = append(names, column.Name)
			expressions = append(expressions, exported(column))
			places = append(places, personalPlace(column.Kind))
		}
	}
	condition, args := whose(table, user)
	query := fmt.Sprintf(`SELECT %s FROM %s WHERE %s ORDER BY %s`,
		strings.Join(expressions, ", "), table.Name, condition, oldestFirst(table))
	var rows [][]paywall.PersonalValue
	err := queryEach(ctx, q.read, "ExportPersonal", places, func() bool {
		row := make([]paywall.PersonalValue, len(names))
		for i, name := range names {
			row[i] = paywall.PersonalValue{Column: name, Value: personalValue(places[i])}
		}
		rows = append(rows, row)
		return true
	}, query, args...)
	return rows, err
}

// whose is the condition that names the person's rows.
func whose(table paywall.PersonalTable, user paywall.User) (condition string, args []any) {
	var parts []string
	for _, column := range table.ByAccount {
		parts = append(parts, column+" = $1")
	}
	args = []any{user.ID}
	for _, column := range table.ByEmail {
		parts = append(parts, column+" = $2")
	}
	if len(table.ByEmail) > 0 {
		args = append(args, user.Email)
	}
	return strings.Join(parts, " OR "), args
}

func exported(column paywall.PersonalColumn) string {
	if column.Only == "" {
		return column.Name
	}
	return fmt.Sprintf(`CASE WHEN %s = $1 THEN %s ELSE '' END`, column.Only, column.Name)
}

// oldestFirst orders by the table's first instant.
func oldestFirst(table paywall.PersonalTable) string {
	first := table.Columns[0].Name
	for _, column := range table.Columns {
		if column.Kind == paywall.AsInstant {
			return column.Name + ", " + first
		}
	}
	return first
}

func personalPlace(kind paywall.PersonalKind) any {
	switch kind {
	case paywall.AsInstant:
		return new(instant)
	case paywall.AsBool:
		return new(bool)
	case paywall.AsNumber:
		return new(int64)
	}
	return new(string)
}

func personalValue(place any) any {
	switch v := place.(type) {
	case *instant:
		return time.Time(*v)
	case *bool:
		return *v
	case *int64:
		return *v
	case *string:
		return *v
	}
	return nil
}

// ErasePersonal forgets a person. The record of changes comes first, because
// earlier addresses are found in rows that go afterwards.
func (q *queries) ErasePersonal(ctx context.Context, user paywall.User, tombstone string) error {
	if user.ID == "" || user.Email == "" {
		return errNobody
	}
	return q.atomic(ctx, func(q *queries) error {
		if err := q.eraseMentions(ctx, user, tombstone); err != nil {
			return err
		}
		for _, table := range paywall.PersonalTables {
			query := eraseQuery(table)
			if query == "" {
				continue
			}
			condition, args := whose(table, user)
			if _, err := exec(ctx, q.write, "ErasePersonal", query+" WHERE "+condition, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// eraseQuery is what happens to a person's rows of a table, empty for nothing.
func eraseQuery(table paywall.PersonalTable) string {
	switch table.Erase {
	case paywall.EraseRows:
		return "DELETE FROM " + table.Name
	case paywall.EraseColumns:
		var changes []string
		for _, column := range table.Columns {
			if column.Blank != "" {
				changes = append(changes, column.Name+" = "+column.Blank)
			}
		}
		if len(changes) > 0 {
			return "UPDATE " + table.Name + " SET " + strings.Join(changes, ", ")
		}
	}
	return ""
}
