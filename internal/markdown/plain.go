package markdown

import (
	"bufio"
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	markup "github.com/yuin/goldmark/renderer/html"
)

// Text turns a text into plain words, for mails and for descriptions of pages:
// paragraphs stand apart by an empty line, and the address of a link follows its
// words. It is no markup: pages and mails escape it.
func Text(source string) string {
	in := []byte(cut(source))
	w := writer{source: in}
	w.blocks(parse(in))
	return strings.TrimSpace(plainOrder(w.out.String()))
}

// writer writes a parsed text out.
type writer struct {
	source []byte
	out    strings.Builder
}

// blocks writes the blocks inside n, each with an empty line after it.
func (w *writer) blocks(n ast.Node) {
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		w.block(child)
	}
}

func (w *writer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.List:
		w.list(n)
	case *ast.ThematicBreak:
		w.out.WriteString("* * *\n\n")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			w.out.Write(line.Value(w.source))
		}
		w.out.WriteString("\n")
	case *extast.Table:
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			w.row(row)
		}
		w.out.WriteString("\n")
	case *ast.Blockquote:
		w.blocks(n)
	default:
		w.inlines(n)
		w.out.WriteString("\n\n")
	}
}

// list writes each entry on a line of its own; entries inside entries follow.
func (w *writer) list(n *ast.List) {
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if n.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		w.out.WriteString(mark)
		inner := writer{source: w.source}
		inner.blocks(item)
		words := strings.ReplaceAll(strings.TrimSpace(inner.out.String()), "\n\n", "\n")
		w.out.WriteString(strings.ReplaceAll(words, "\n", "\n  ") + "\n")
	}
	w.out.WriteString("\n")
}

func (w *writer) row(n ast.Node) {
	for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
		if cell != n.FirstChild() {
			w.out.WriteString(" | ")
		}
		w.inlines(cell)
	}
	w.out.WriteString("\n")
}

func (w *writer) inlines(n ast.Node) {
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		w.inline(child)
	}
}

func (w *writer) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.out.WriteString(unescaped(n.Segment.Value(w.source)))
		if n.SoftLineBreak() || n.HardLineBreak() {
			w.out.WriteString("\n")
		}
	case *ast.String:
		w.out.Write(n.Value)
	case *ast.AutoLink:
		w.out.Write(n.Label(w.source))
	case *ast.CodeSpan:
		for child := n.FirstChild(); child != nil; child = child.NextSibling() {
			if words, ok := child.(*ast.Text); ok {
				w.out.Write(words.Segment.Value(w.source))
			}
		}
	case *ast.Link:
		start := w.out.Len()
		w.inlines(n)
		w.address(string(n.Destination), w.out.String()[start:])
	default:
		w.inlines(n)
	}
}

// address writes where a link leads, unless its words say so. What a page would
// not link is not written.
func (w *writer) address(destination, words string) {
	shown := strings.TrimPrefix(destination, "mailto:")
	if target.MatchString(destination) && leaves(destination) && shown != words {
		w.out.WriteString(" (" + shown + ")")
	}
}

// unescaped resolves backslashes and entities as a page does.
func unescaped(words []byte) string {
	var escaped strings.Builder
	buffer := bufio.NewWriter(&escaped)
	markup.DefaultWriter.Write(buffer, words)
	if err := buffer.Flush(); err != nil {
		return string(words) // a builder takes everything
	}
	return html.UnescapeString(escaped.String())
}
