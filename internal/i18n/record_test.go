package i18n

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// action finds what the domain writes into the record of changes: the text of an
// audit line, or that of a change which is written down elsewhere.
var action = regexp.MustCompile(`(?:audit(?:Item|Grant)?\(ctx, [^"\n]*|action: |noteFactor\([^"\n]*|action = |:= )"([a-z]+\.[a-z_]+)"`)

// TestRecord_Words: every action that can stand in the record of changes is called
// something in words.
func TestRecord_Words(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "..", "paywall", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range action.FindAllStringSubmatch(string(text), -1) {
			found++
			if key := "record." + strings.ReplaceAll(m[1], ".", "_"); !Has(key) {
				t.Errorf("%s: the record has no words for %q (%s)", filepath.Base(name), m[1], key)
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d actions were found: is their form another one now?", found)
	}
}
