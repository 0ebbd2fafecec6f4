package paywall_test

import (
	"testing"

	"usher/paywall"
)

// TestPersonalTables_Rules: no secret is exported, and each table says either
// why it is nobody's or whose it is and what becomes of it.
func TestPersonalTables_Rules(t *testing.T) {
	topics := map[string]bool{}
	for _, table := range paywall.PersonalTables {
		if table.None != "" {
			if table.Topic != "" || table.Erase != "" || table.ByAccount != nil || table.ByEmail != nil {
				t.Errorf("%s holds nothing personal, and yet has an owner", table.Name)
			}
			continue
		}
		if table.Topic == "" || topics[table.Topic] || table.Erase == "" || len(table.ByAccount) == 0 {
			t.Errorf("%s is described by half", table.Name)
		}
		topics[table.Topic] = true
		for _, column := range table.Columns {
			checkPersonalColumn(t, table, column)
		}
	}
}

func checkPersonalColumn(t *testing.T, table paywall.PersonalTable, column paywall.PersonalColumn) {
	t.Helper()
	name := table.Name + "." + column.Name
	switch {
	case column.Class == paywall.ClassSecret && column.Export:
		t.Errorf("the secret %s is exported", name)
	case column.Kind == paywall.AsBytes && column.Export:
		t.Errorf("%s is exported, but nobody can read bytes", name)
	case column.Class == paywall.ClassPersonal && !column.Export:
		t.Errorf("%s tells of a person and is kept from them", name)
	case column.Only != "" && column.Kind != paywall.AsText:
		t.Errorf("%s: only texts can be left out", name)
	case column.Blank != "" && table.Erase != paywall.EraseColumns:
		t.Errorf("%s is to be blanked in a table where nothing is", name)
	}
}
