// Package markdown turns what owners write into markup that pages may print as
// it is. Two walls stand between a text and a page: the parser knows no raw HTML
// (what looks like a tag is text), and a strict sanitiser then lets through only
// the few elements and the one attribute that a text needs.
package markdown
