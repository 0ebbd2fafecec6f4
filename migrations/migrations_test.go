package migrations_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"usher/migrations"
)

var nameForm = regexp.MustCompile(`^\d{4}_[a-z0-9_]+\.sql$`)

// TestFS_Steps keeps the numbering without gaps and the steps forward only.
func TestFS_Steps(t *testing.T) {
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("Glob = %v, %v", names, err)
	}
	for i, name := range names {
		if !nameForm.MatchString(name) || !strings.HasPrefix(name, fmt.Sprintf("%04d_", i+1)) {
			t.Errorf("file %d is called %q", i+1, name)
		}
		text, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "-- +goose Up\n") {
			t.Errorf("%s has no Up section", name)
		}
		if strings.Contains(string(text), "-- +goose Down") {
			t.Errorf("%s has a Down section; steps go forward only", name)
		}
	}
}
