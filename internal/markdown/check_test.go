package markdown_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// allowed are the elements a page may get from a text, with their attributes.
var allowed = map[string]string{
	"p": "", "br": "", "hr": "", "h2": "", "h3": "", "h4": "", "ul": "", "ol": "start", "li": "", "em": "", "strong": "",
	"a": "href rel", "blockquote": "", "code": "", "pre": "", "table": "", "thead": "", "tbody": "", "tr": "", "th": "", "td": "",
}

// checkMarkup reads markup as a browser would and fails for anything that is not
// on the list.
func checkMarkup(t *testing.T, source, markup string) {
	t.Helper()
	if i := strings.IndexFunc(markup, turns); i >= 0 {
		t.Errorf("%q: turns the order of writing at %d: %q", source, i, markup)
	}
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return
		}
		token := tokens.Token()
		switch kind {
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("%q: %s", source, token)
		case html.StartTagToken, html.SelfClosingTagToken:
			checkTag(t, source, token)
		}
	}
}

func checkTag(t *testing.T, source string, token html.Token) {
	t.Helper()
	attributes, ok := allowed[token.Data]
	if !ok {
		t.Errorf("%q: element %s", source, token)
	}
	for _, a := range token.Attr {
		if !strings.Contains(" "+attributes+" ", " "+a.Key+" ") {
			t.Errorf("%q: attribute %s", source, token)
		}
		if a.Key != "href" {
			continue
		}
		u, err := url.Parse(a.Val)
		if err != nil || u.Scheme == "" && (u.Host != "" || !strings.HasPrefix(a.Val, "/")) ||
			u.Scheme != "" && u.Scheme != "https" && u.Scheme != "mailto" {
			t.Errorf("%q: leads to %q", source, a.Val)
		}
	}
}

func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }
