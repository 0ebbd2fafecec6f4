package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// MaxLength is how many characters of a text are read; the rest is left out.
// Forms take no more, and a text of this length that is made to be slow takes
// about a second, once.
const MaxLength = 40_000

// policy is the second wall.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "em", "strong", "blockquote", "code", "pre",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("https", "mailto")
	p.AllowAttrs("href").Matching(target).OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^noopener$")).OnElements("a")
	return p
}

// Render turns a text into markup. It keeps what it made of the last texts, so
// that a page may ask for it at each view.
func Render(source string) HTML {
	if strings.TrimSpace(source) == "" {
		return HTML{}
	}
	source = cut(source)
	if known, ok := memory.get(source); ok {
		return known
	}
	made := render(source)
	memory.put(source, made)
	return made
}

func render(source string) HTML {
	var raw bytes.Buffer
	in := []byte(source)
	if err := engine.Renderer().Render(&raw, in, parse(in)); err != nil {
		return HTML{} // a buffer takes everything
	}
	return HTML{markup: strings.TrimSpace(plainOrder(policy.SanitizeReader(&raw).String()))}
}

// cut keeps to MaxLength.
func cut(source string) string {
	if len(source) <= MaxLength {
		return source
	}
	characters := 0
	for at := range source {
		if characters == MaxLength {
			return source[:at]
		}
		characters++
	}
	return source
}

// plainOrder takes out what turns the order of writing: with it a text can look
// like another one. Both scripts' own order needs none of these.
func plainOrder(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		case r < ' ' && r != '\n' && r != '\t', r == 0x7f:
			return -1
		}
		return r
	}, s)
}
