package i18n

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sources are the folders whose files name keys.
var sources = []string{
	"views", "handlers", "paywall", "internal/infomaniak", "internal/oidc", "internal/passkey", "internal/picture", "internal/app", "internal/demo",
}

// composed are the keys that the program puts together: a beginning that stands
// in the sources as it is here, and an end.
var composed = []struct{ prefix, suffix string }{
	{"access.", ""},
	{"kind.", ""},
	{"sourcekind.", ""},
	{"origin.", ""},
	{"paywall.reason.", ""},
	{"error.page.", ".title"},
	{"error.page.", ".text"},
	{"role.", ""},
	{"role.", ".help"},
	{"admin.nav.", ""}, {"admin.nav.group.", ""},
	{"mailkind.", ""},
	{"record.", ""},
	{"fact.", ""},
	{"factword.", ""},
	{"mailstate.", ""},
	{"admin.settings.sign_up.", ""},
	{"admin.settings.sign_up.", ".help"},
	{"overview.chart.", ""}, {"overview.chart.", ".count"}, {"overview.reason.", ""},
	{"data.topic.", ".title"},
	{"data.topic.", ".why"},
	{"data.erase.", ""},
	{"admin.item.", ".label"},
	{"admin.source.", ".label"},
	{"admin.source.", ".help"},
	{"probe.state.", ""},
	{"probe.cause.", ""},
	{"probe.do.", ""},
	{"probe.sight.", ""},
	{"probe.told.", ""},
	{"admin.health.sort.", ""},
	{"import.kind.", ""},
	{"import.state.", ""},
	{"import.plan.", ""},
	{"import.field.", ""},
	{"admin.items.state.", ""},
	{"admin.items.sort.", ""},
	{"connection.check.", ""},
	{"connection.finding.", ""},
	{"connection.verdict.", ""},
	{"mail.", ".subject"},
	{"mail.", ".lead"},
	{"texts.place.", ""},
	{"texts.place.", ".about"},
	{"preview.kind.", ""},
	{"preview.tab.", ""},
	{"admin.vouchers.sort.", ""},
	{"admin.vouchers.lasts.", ""},
	{"admin.vouchers.", ".label"},
	{"why.reason.", ""},
	{"why.finding.", ""},
	{"why.change.", ""},
	{"setup.step.", ".title"},
	{"setup.step.", ".why"},
	{"setup.step.", ".without"},
	{"setup.state.", ""},
	{"setting.", ""},
	{"operator.", ""},
	{"people.act.", ""},
	{"people.effect.", ""},
	{"people.access.", ""},
	{"people.sort.", ""},
	{"people.grant.", ""},
	{"people.grant_sort.", ""},
	{"people.moment.", ""},
	{"people.job.", ""},
	{"people.count.", ""},
	{"people.field.", ""},
	{"people.verdict.", ""},
}

var (
	literal = regexp.MustCompile(`"([a-z]+(?:\.[a-z0-9_]+)*\.?)"`)
	asked   = regexp.MustCompile(`\.[TN]\("([^"]*)"`)
)

// sourceText is everything that can name a key.
func sourceText(t *testing.T) string {
	t.Helper()
	root := filepath.Join("..", "..")
	var all strings.Builder
	for _, dir := range sources {
		if _, err := os.Stat(filepath.Join(root, dir)); err != nil {
			t.Fatalf("%s is not there: %v", dir, err)
		}
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !isSource(path) {
				return err
			}
			content, err := os.ReadFile(path)
			all.Write(content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func isSource(path string) bool {
	switch {
	case strings.HasSuffix(path, "_test.go"), strings.HasSuffix(path, "_templ.go"):
		return false
	}
	return strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".templ")
}

func parent(key string) string { return key[:strings.LastIndexByte(key, '.')+1] }

// Every key that the program names exists. A text in the form of a key counts
// as one when the catalogue has neighbours of it.
func TestKeys_AllKnown(t *testing.T) {
	text, neighbours := sourceText(t), map[string]bool{}
	for _, key := range Keys() {
		neighbours[parent(key)] = true
	}
	for _, m := range asked.FindAllStringSubmatch(text, -1) {
		if !Has(m[1]) && !isPrefix(m[1]) {
			t.Errorf("%q is asked for and does not exist", m[1])
		}
	}
	for _, m := range literal.FindAllStringSubmatch(text, -1) {
		key := m[1]
		if strings.Contains(key, ".") && !strings.HasSuffix(key, ".") && neighbours[parent(key)] && !Has(key) {
			t.Errorf("%q is named and does not exist", key)
		}
	}
}

// Every key of the catalogue is named somewhere, so that dead texts go.
func TestKeys_AllUsed(t *testing.T) {
	named := map[string]bool{}
	for _, m := range literal.FindAllStringSubmatch(sourceText(t), -1) {
		named[m[1]] = true
	}
	for _, c := range composed {
		if !named[c.prefix] {
			t.Errorf("nothing begins a key with %q any more", c.prefix)
		}
	}
	for _, key := range Keys() {
		if !named[key] && !isComposed(key) {
			t.Errorf("%q is named nowhere", key)
		}
	}
}

func isComposed(key string) bool {
	for _, c := range composed {
		rest, ok := strings.CutPrefix(key, c.prefix)
		if ok && strings.HasSuffix(rest, c.suffix) && (c.suffix == "" || !strings.Contains(strings.TrimSuffix(rest, c.suffix), ".")) {
			return true
		}
	}
	return false
}

func isPrefix(key string) bool {
	for _, c := range composed {
		if c.prefix == key {
			return true
		}
	}
	return false
}
