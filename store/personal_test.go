package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
	"usher/store"
	"usher/store/storetest"
)

// onBoth runs a test that looks past paywall.Store on both databases.
func onBoth(t *testing.T, test func(t *testing.T, db *store.DB, columns string)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, storetest.SQLite(t), `
			SELECT m.name, c.name, lower(c.type) FROM sqlite_master m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`)
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, storetest.Postgres(t), `
			SELECT table_name, column_name, data_type FROM information_schema.columns
			WHERE table_schema = current_schema()`)
	})
}

// schemaOf gives the type of each column of each table in the real schema;
// goose's own table is left out.
func schemaOf(t *testing.T, db *store.DB, query string) map[string]map[string]string {
	t.Helper()
	schema := map[string]map[string]string{}
	for _, row := range rowsOf(t, db, query) {
		table, column, kind := row[0], row[1], row[2]
		if table == "goose_db_version" {
			continue
		}
		if schema[table] == nil {
			schema[table] = map[string]string{}
		}
		schema[table][column] = kind
	}
	return schema
}

// rowsOf reads all values of a query as texts.
func rowsOf(t *testing.T, db *store.DB, query string) (all [][]string) {
	t.Helper()
	_, reader := db.Pools()
	rows, err := reader.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, places := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(names))
		for i, v := range values {
			row[i] = v.String
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestPersonalTables holds the registry of personal data against the schema.
func TestPersonalTables(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, columns string) {
		schema := schemaOf(t, db, columns)
		for _, table := range paywall.PersonalTables {
			real, ok := schema[table.Name]
			if !ok {
				t.Errorf("the schema has no table %s", table.Name)
			}
			for _, column := range table.Columns {
				kind, ok := real[column.Name]
				if !ok {
					t.Errorf("the schema has no column %s.%s", table.Name, column.Name)
				} else if table.None == "" && kind != columnType(column.Kind) {
					t.Errorf("%s.%s is %s, and %s in the registry", table.Name, column.Name, kind, column.Kind)
				}
				delete(real, column.Name)
			}
			for column := range real {
				t.Errorf("paywall.PersonalTables does not say what %s.%s tells about a person", table.Name, column)
			}
			delete(schema, table.Name)
		}
		for table := range schema {
			t.Errorf("paywall.PersonalTables does not say what the table %s tells about a person", table)
		}
	})
}

func columnType(kind paywall.PersonalKind) string {
	switch kind {
	case paywall.AsText:
		return "text"
	case paywall.AsBool:
		return "boolean"
	case paywall.AsBytes:
		return "bytea"
	}
	return "bigint"
}

// canary is a text that stands in exactly one column of a person's rows.
func canary(name, table, column string) string { return name + "-canary-" + table + "-" + column }

// canaryUser is an account whose texts are canaries.
func canaryUser(name string) paywall.User {
	u := storetest.NewUser(name)
	u.Email, u.Name = canary(name, "users", "email")+"@example.org", canary(name, "users", "name")
	return u
}

// plantCanaries fills each table that can hold something about a person, with
// the account's id, and where that may be missing with the address alone.
func plantCanaries(t *testing.T, db *store.DB, name string, u paywall.User) {
	t.Helper()
	for _, table := range paywall.PersonalTables {
		if table.None != "" {
			continue
		}
		plantRow(t, db, name, table, u)
		if len(table.ByEmail) > 0 {
			plantRow(t, db, name+"-two", table, paywall.User{Email: u.Email})
		}
	}
}

func plantRow(t *testing.T, db *store.DB, name string, table paywall.PersonalTable, u paywall.User) {
	t.Helper()
	var names, places []string
	var values []any
	for i, column := range table.Columns {
		names = append(names, column.Name)
		places = append(places, fmt.Sprintf("$%d", i+1))
		values = append(values, plantValue(name, table, column, u))
	}
	writer, _ := db.Pools()
	if _, err := writer.ExecContext(t.Context(), fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`,
		table.Name, strings.Join(names, ", "), strings.Join(places, ", ")), values...); err != nil {
		t.Fatalf("%s: %v", table.Name, err)
	}
}

func plantValue(name string, table paywall.PersonalTable, column paywall.PersonalColumn, u paywall.User) any {
	text := canary(name, table.Name, column.Name)
	switch {
	case slices.Contains(table.ByAccount, column.Name):
		return u.ID
	case slices.Contains(table.ByEmail, column.Name):
		return u.Email
	case column.Kind == paywall.AsInstant:
		return time.Date(2026, 3, 29, 2, 30, 0, 0, time.UTC).UnixMilli()
	case column.Kind == paywall.AsBool:
		return true
	case column.Kind == paywall.AsNumber:
		return 7
	case column.Kind == paywall.AsBytes:
		return []byte(text)
	}
	switch table.Name + "." + column.Name {
	case "users.email":
		return u.Email
	case "users.role":
		return "member"
	case "grants.scope":
		return "item"
	case "audit_entries.detail":
		return fmt.Sprintf(`%s: name "%s", also %s`, u.Email, u.Name, canary(name, "identities", "email"))
	}
	if column.Class == paywall.ClassTechnical && table.Erase != paywall.EraseRows {
		return "kept " + name // an id, or a constant of ours
	}
	return text
}

// dump is every row of the database as one text.
func dump(t *testing.T, db *store.DB, columns string) (all []string) {
	t.Helper()
	for table := range schemaOf(t, db, columns) {
		for _, row := range rowsOf(t, db, `SELECT * FROM `+table) {
			all = append(all, table+": "+strings.Join(row, " | "))
		}
	}
	slices.Sort(all)
	return all
}

func holding(lines []string, text string) (found []string) {
	for _, line := range lines {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

// TestErasePersonal_Canaries fills every personal column, erases the person and
// searches the whole database for what is left.
func TestErasePersonal_Canaries(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, columns string) {
		ctx, ada, bob := t.Context(), canaryUser("ada"), canaryUser("bob")
		plantCanaries(t, db, "ada", ada)
		plantCanaries(t, db, "bob", bob)
		before := dump(t, db, columns)
		if n := len(holding(before, "ada-canary")); n < 10 {
			t.Fatalf("only %d rows hold a canary", n)
		}
		err := db.InTx(ctx, func(tx paywall.Store) error { return tx.ErasePersonal(ctx, ada, "(deleted)") })
		if err != nil {
			t.Fatal(err)
		}
		after := dump(t, db, columns)
		for _, line := range holding(after, "canary") {
			if strings.Contains(line, "ada") {
				t.Errorf("left behind: %s", line)
			}
		}
		if !slices.Equal(holding(after, "bob"), holding(before, "bob")) {
			t.Errorf("another person's rows changed:\n%s\n%s",
				strings.Join(holding(before, "bob"), "\n"), strings.Join(holding(after, "bob"), "\n"))
		}
		left, err := db.UserByID(ctx, ada.ID)
		if err != nil || left.Email != "deleted-"+ada.ID+"@deleted.invalid" || left.PasswordHash != "" || left.Confirmed() {
			t.Errorf("the tombstone is %+v (%v)", left, err)
		}
		for table, want := range map[string]int{"grants": 2, "consents": 2, "audit_entries": 2, "users": 2, "sessions": 1} {
			if n := count(t, db, table); n != want {
				t.Errorf("%d rows in %s, want %d", n, table, want)
			}
		}
	})
}

// TestExportPersonal_Canaries: all that may be exported is there, no secret is,
// and nothing of anybody else.
func TestExportPersonal_Canaries(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		ada, bob := canaryUser("ada"), canaryUser("bob")
		plantCanaries(t, db, "ada", ada)
		plantCanaries(t, db, "bob", bob)
		tables, err := db.ExportPersonal(t.Context(), ada)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("%+v", tables)
		if strings.Contains(text, "bob") {
			t.Errorf("the export tells of somebody else: %s", text)
		}
		next := 0
		for _, table := range paywall.PersonalTables {
			if table.None != "" {
				continue
			}
			checkExport(t, table, tables[next], text)
			next++
		}
		if next != len(tables) {
			t.Errorf("%d tables exported, want %d", len(tables), next)
		}
	})
}

func checkExport(t *testing.T, table paywall.PersonalTable, got paywall.PersonalRows, text string) {
	t.Helper()
	want := 1 + len(table.ByEmail)
	if got.Table != table.Name || got.Topic != table.Topic || len(got.Rows) != want {
		t.Errorf("%d rows of %s (%s), want %d of %s", len(got.Rows), got.Table, got.Topic, want, table.Name)
		return
	}
	values := map[string]any{}
	for _, v := range got.Rows[0] {
		values[v.Column] = v.Value
	}
	for _, column := range table.Columns {
		value, ok := values[column.Name]
		planted := plantValue("ada", table, column, canaryUser("ada"))
		switch {
		case ok != column.Export:
			t.Errorf("%s.%s exported: %v, want %v", table.Name, column.Name, ok, column.Export)
		case !ok:
			if strings.Contains(text, canary("ada", table.Name, column.Name)) {
				t.Errorf("the export tells %s.%s", table.Name, column.Name)
			}
		case column.Kind == paywall.AsInstant:
			if value.(time.Time).UnixMilli() != planted {
				t.Errorf("%s.%s = %v", table.Name, column.Name, value)
			}
		case column.Class == paywall.ClassPersonal && fmt.Sprint(value) != fmt.Sprint(planted):
			t.Errorf("%s.%s = %v, want %v", table.Name, column.Name, value, planted)
		}
	}
}
