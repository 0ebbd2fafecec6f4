package markdown

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// The page has the one h1, and a text of an owner goes no deeper than h4.
const (
	headingShift = 1
	deepest      = 4
)

// target is where a link may lead: to another site by https, to a mailbox, or to
// a page of this site. A second slash or a backslash would leave it.
var target = regexp.MustCompile(`^(?:(?i:https)://[^\s\\]+|(?i:mailto):[^\s]+|/(?:[^/\\\s\x00-\x1f][^\\\s\x00-\x1f]*)?)$`)

// leaves tells whether a link leads away from this site.
func leaves(destination string) bool { return !strings.HasPrefix(destination, "/") }

// engine reads Markdown without raw HTML: the parsers of HTML blocks and inline
// tags are left out, so that a tag is text like any other.
var engine = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
		parser.WithASTTransformers(util.Prioritized(fitIn{}, 1000)),
	)),
	goldmark.WithExtensions(
		extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"https:"})),
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
	),
	goldmark.WithRendererOptions(
		html.WithHardWraps(), // who writes an address in three lines means three lines
		renderer.WithNodeRenderers(util.Prioritized(pictures{}, 100)),
	),
)

// parse reads a text.
func parse(source []byte) ast.Node { return engine.Parser().Parse(text.NewReader(source)) }

// fitIn makes a text fit into a page: headings below the page's own, and links
// that leave the site without a handle on it.
type fitIn struct{}

// Transform is called with each parsed text.
func (fitIn) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(n.Level+headingShift, deepest)
		case *ast.Link:
			// Titles of links are seen by few and say what nobody checks.
			n.Title = nil
			markLeaving(n, string(n.Destination))
		case *ast.AutoLink:
			markLeaving(n, string(n.URL(source)))
		case *extast.Table:
			n.Alignments = nil
		}
		return ast.WalkContinue, nil
	})
}

func markLeaving(n ast.Node, destination string) {
	if leaves(destination) {
		n.SetAttributeString("rel", []byte("noopener"))
	}
}

// pictures shows the words of a picture in its place: pages load nothing from
// elsewhere.
type pictures struct{}

// RegisterFuncs makes it the renderer of images.
func (pictures) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindImage, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkContinue, nil
	})
}
