// Package migrations holds the schema as numbered steps in goose's format. One
// text serves SQLite and PostgreSQL. A released file is never edited: a change
// of the schema is a new file with the next number, and there is no way down.
package migrations

import "embed"

// FS holds the steps, embedded in the program.
//
//go:embed *.sql
var FS embed.FS
