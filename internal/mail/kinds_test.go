package mail_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	words "usher/views/mail"
)

// Each kind of the domain has its words, and no words are left over.
func TestKinds_allWritten(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "paywall", "mail.go"), nil, 0)
	must(t, err)
	var kinds []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		kind, ok := spec.Type.(*ast.Ident)
		if literal, isText := spec.Values[0].(*ast.BasicLit); ok && isText && kind.Name == "MailKind" {
			text, err := strconv.Unquote(literal.Value)
			must(t, err)
			kinds = append(kinds, text)
		}
		return true
	})
	slices.Sort(kinds)
	if len(kinds) < 20 || !slices.Equal(kinds, words.Kinds()) {
		t.Errorf("the domain has\n%s\nthe words are for\n%s", strings.Join(kinds, " "), strings.Join(words.Kinds(), " "))
	}
}
