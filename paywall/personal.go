package paywall

import "context"

// PersonalClass says what a column holds about a person.
type PersonalClass string

// The classes of column.
const (
	// ClassPersonal tells something about the person.
	ClassPersonal PersonalClass = "personal"
	// ClassSecret is a hash, a mark or something sealed. It never leaves the
	// store; the page about one's data names the column.
	ClassSecret PersonalClass = "secret"
	// ClassTechnical is bookkeeping, such as an id or the kind of a row.
	ClassTechnical PersonalClass = "technical"
)

// PersonalKind says how a column reads.
type PersonalKind string

// The kinds of column.
const (
	AsText    PersonalKind = "text"
	AsInstant PersonalKind = "instant"
	AsBool    PersonalKind = "bool"
	AsNumber  PersonalKind = "number"
	AsBytes   PersonalKind = "bytes"
)

// EraseRule says what becomes of a person's rows when the account is deleted.
type EraseRule string

// The rules of erasing.
const (
	EraseRows    EraseRule = "rows"    // the rows go
	EraseColumns EraseRule = "columns" // the rows stay, their Blank columns are emptied
	// EraseMentions is for the record of changes: the lines stay, the person's
	// names and addresses in them give way to the tombstone's name.
	EraseMentions EraseRule = "mentions"
)

// PersonalTable is a table of the database seen from a person's rights: what
// they may read, and what is left when they go.
type PersonalTable struct {
	Name string
	// None is why the table holds nothing about anybody; then only the names of
	// the columns count.
	None string
	// Topic is the end of the message key that names the table.
	Topic string
	// ByAccount and ByEmail are the columns that say whose a row is: one that
	// holds the account's id or its address is enough.
	ByAccount []string
	ByEmail   []string
	Erase     EraseRule
	Columns   []PersonalColumn
}

// PersonalColumn is a column of a PersonalTable.
type PersonalColumn struct {
	Name   string
	Class  PersonalClass
	Kind   PersonalKind
	Export bool
	// Only names the column that must hold the account's id for this one to be
	// exported: the rest of the line may be about somebody else.
	Only string
	// Blank is the SQL expression that takes the value's place under
	// EraseColumns; empty: it stays.
	Blank string
}

// PersonalRows is what a table holds about a person.
type PersonalRows struct {
	Table string
	Topic string
	Rows  [][]PersonalValue // oldest first
}

// PersonalValue is one value about a person: a string, bool, int64 or time.Time,
// whose zero stands for none.
type PersonalValue struct {
	Column string
	Value  any
}

// PersonalStore reads and erases what the database holds about a person, as
// PersonalTables says.
type PersonalStore interface {
	// ExportPersonal gives what may be exported of every table with personal
	// data, in the order of PersonalTables; a table without rows is there too.
	ExportPersonal(ctx context.Context, user User) ([]PersonalRows, error)
	// ErasePersonal forgets a person. The account's row stays, without what it
	// told: read it anew before an UpdateUser, which would bring all back. The
	// tombstone's name stands in the record of changes from then on. A mail to
	// the person that is to go out afterwards must be added afterwards.
	ErasePersonal(ctx context.Context, user User, tombstone string) error
}

// personal is a column that tells something about the person.
func personal(name string, kind PersonalKind) PersonalColumn {
	return PersonalColumn{Name: name, Class: ClassPersonal, Kind: kind, Export: true}
}

// secret is a column that is never exported.
func secret(name string, kind PersonalKind) PersonalColumn {
	return PersonalColumn{Name: name, Class: ClassSecret, Kind: kind}
}

// technical is a column of bookkeeping that nobody would miss in an export.
func technical(name string, kind PersonalKind) PersonalColumn {
	return PersonalColumn{Name: name, Class: ClassTechnical, Kind: kind}
}

// shown is bookkeeping that makes an export easier to understand.
func shown(name string, kind PersonalKind) PersonalColumn {
	return PersonalColumn{Name: name, Class: ClassTechnical, Kind: kind, Export: true}
}

func (c PersonalColumn) blank(expression string) PersonalColumn {
	c.Blank = expression
	return c
}

func (c PersonalColumn) only(column string) PersonalColumn {
	c.Only = column
	return c
}

// impersonal is a table that holds nothing about anybody.
func impersonal(name, why string, columns ...string) PersonalTable {
	table := PersonalTable{Name: name, None: why}
	for _, column := range columns {
		table.Columns = append(table.Columns, PersonalColumn{Name: column, Class: ClassTechnical})
	}
	return table
}
