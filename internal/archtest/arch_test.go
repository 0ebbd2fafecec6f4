// Package archtest keeps the architecture honest: who may import whom, how long
// files and functions get, and what must stand nowhere.
package archtest

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const module = "usher"

// mayImport lists, for each package, the packages of ours it may import. A
// package that stands in no row fails the test: think of its arrows first.
var mayImport = map[string][]string{
	"usher":                             {"internal/app"},
	"usher/paywall":                     {},
	"usher/views":                       {"internal/i18n", "internal/markdown"},
	"usher/views/mail":                  {"internal/i18n"},
	"usher/handlers":                    {"paywall", "views", "internal/session", "internal/i18n", "internal/markdown", "internal/palette"},
	"usher/store":                       {"paywall", "migrations"},
	"usher/store/storetest":             {"paywall", "store"},
	"usher/migrations":                  {},
	"usher/static":                      {},
	"usher/internal/i18n":               {},
	"usher/internal/markdown":           {},
	"usher/internal/palette":            {},
	"usher/internal/config":             {"paywall"},
	"usher/internal/session":            {"paywall"},
	"usher/internal/infomaniak":         {"paywall"},
	"usher/internal/oidc":               {"paywall"},
	"usher/internal/infomaniak/sandbox": {},
	"usher/internal/passkey":            {"paywall"},
	"usher/internal/totp":               {"paywall"},
	"usher/internal/picture":            {"paywall"},
	"usher/internal/mail":               {"paywall", "views/mail", "internal/i18n", "internal/markdown", "internal/palette"},
	"usher/internal/demo":               {"paywall", "views", "internal/i18n", "internal/mail", "internal/infomaniak/sandbox"},
	"usher/internal/app":                {"*"},
	"usher/internal/testkit":            {"*"},
	"usher/internal/bench":              {"*"},
	"usher/internal/archtest":           {},
	"usher/internal/journey":            {},
}

// onlyIn lists the packages that may import a dependency, directly.
var onlyIn = map[string][]string{
	"github.com/labstack/echo/v4":        {"usher/handlers"},
	"github.com/gorilla/sessions":        {"usher/handlers", "usher/internal/session"},
	"github.com/pquerna/otp":             {"usher/internal/totp"},
	"github.com/boombuler/barcode":       {"usher/internal/totp"},
	"database/sql":                       {"usher/store", "usher/store/storetest", "usher/internal/bench"},
	"modernc.org/sqlite":                 {"usher/store", "usher/internal/bench"},
	"github.com/jackc/pgx/v5":            {"usher/store", "usher/store/storetest"},
	"github.com/a-h/templ":               {"usher/views", "usher/views/mail", "usher/handlers"},
	"github.com/nicksnyder/go-i18n":      {"usher/internal/i18n"},
	"golang.org/x/image":                 {"usher/internal/picture"},
	"github.com/yuin/goldmark":           {"usher/internal/markdown"},
	"github.com/microcosm-cc/bluemonday": {"usher/internal/markdown"},
	"github.com/PuerkitoBio/goquery":     {"usher/internal/testkit"},
	"github.com/go-webauthn/webauthn":    {"usher/internal/passkey"},
	"github.com/coreos/go-oidc/v3":       {"usher/internal/oidc", "usher/internal/testkit"},
	"golang.org/x/oauth2":                {"usher/internal/oidc"},
	"github.com/wneessen/go-mail":        {"usher/internal/mail"},
	"github.com/emersion/go-smtp":        {"usher/internal/testkit"},
	"github.com/emersion/go-sasl":        {"usher/internal/testkit"},
}

// domainMayImport are the foreign modules of the domain: none that does I/O.
var domainMayImport = []string{"golang.org/x/crypto", "golang.org/x/net/idna", "golang.org/x/text/unicode/norm"}

type listed struct {
	ImportPath string
	Dir        string
	Imports    []string
	GoFiles    []string
	Standard   bool
}

// packages asks the go command for the packages of this module.
func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,Imports,GoFiles", module+"/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		allowed, known := mayImport[p.ImportPath]
		if !known {
			t.Errorf("%s has no row in mayImport", p.ImportPath)
		}
		for _, imported := range p.Imports {
			ours, isOurs := strings.CutPrefix(imported, module+"/")
			if isOurs && !contains(allowed, ours) && !contains(allowed, "*") {
				t.Errorf("%s must not import %s", p.ImportPath, imported)
			}
			for dependency, where := range onlyIn {
				if (imported == dependency || strings.HasPrefix(imported, dependency+"/")) && !contains(where, p.ImportPath) {
					t.Errorf("%s must not import %s", p.ImportPath, imported)
				}
			}
			if p.ImportPath == "usher/paywall" && strings.Contains(imported, ".") && !hasPrefix(domainMayImport, imported) {
				t.Errorf("the domain must not import %s", imported)
			}
		}
	}
}

// Sizes in lines, generated files left out. Half of all functions are far
// shorter; these are the bars nobody should reach without a reason.
const (
	mostFileLines     = 500
	mostFunctionLines = 60
)

// longFunctions are the exceptions, each with its reason.
var longFunctions = map[string]string{}

func TestSizes(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			if strings.HasSuffix(name, "_templ.go") {
				continue
			}
			path := filepath.Join(p.Dir, name)
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if n := files.Position(file.End()).Line; n > mostFileLines {
				t.Errorf("%s has %d lines", path, n)
			}
			for _, declared := range file.Decls {
				checkFunction(t, files, declared)
			}
		}
	}
}

func checkFunction(t *testing.T, files *token.FileSet, declared ast.Decl) {
	t.Helper()
	function, ok := declared.(*ast.FuncDecl)
	if !ok {
		return
	}
	lines := files.Position(function.End()).Line - files.Position(function.Pos()).Line + 1
	if lines > mostFunctionLines && longFunctions[function.Name.Name] == "" {
		t.Errorf("%s: %s has %d lines", files.Position(function.Pos()), function.Name.Name, lines)
	}
}

// forbidden are texts that must not stand in the files of a folder. Folders in it
// are left out: views/mail has inline styles, which mail programs need.
var forbidden = []struct{ folder, text, why string }{
	{"paywall", "time.Now()", "a rule asks the injected clock"},
	{"handlers", "c.Bind(", "it fills fields the form never had; use postedForm"},
	{"handlers", "c.QueryParams().Get", "use c.QueryParam"},
	{"views", " style=", "the policy forbids inline styles"},
	{"views", "templ.Raw", "pages are escaped"},
	{"internal/session", "time.Now()", "sessions ask the injected clock"},
}

func TestForbidden(t *testing.T) {
	for _, f := range forbidden {
		root := filepath.Join("..", "..", f.folder)
		for _, pattern := range []string{"*.go", "*.templ"} {
			names, err := filepath.Glob(filepath.Join(root, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				text, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if !strings.HasSuffix(name, "_test.go") && strings.Contains(string(text), f.text) {
					t.Errorf("%s holds %q: %s", name, f.text, f.why)
				}
			}
		}
	}
}

// TestDependenciesExplained: each direct dependency has its line of reason.
func TestDependenciesExplained(t *testing.T) {
	modFile, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(modFile)) {
		fields := strings.Fields(line)
		if len(fields) != 2 || !strings.HasPrefix(fields[1], "v") || !strings.Contains(fields[0], "/") {
			continue // indirect requirements carry a comment, which makes them longer
		}
		if !strings.Contains(string(text), fields[0]) {
			t.Errorf("docs/architecture.md does not say why we depend on %s", fields[0])
		}
	}
}

func contains(list []string, s string) bool {
	for _, entry := range list {
		if entry == s {
			return true
		}
	}
	return false
}

func hasPrefix(prefixes []string, s string) bool {
	for _, p := range prefixes {
		if s == p || strings.HasPrefix(s, p+"/") {
			return true
		}
	}
	return false
}
