package mail

import (
	"strings"
	"unicode/utf8"
)

// textWidth is how long a line of the text part gets, in characters.
const textWidth = 72

// text is the mail for clients, people and ears that take no HTML. Code and
// address each have a line of their own, so that they can be copied.
func (c content) text() string {
	blocks := []string{c.site.Name, wrap(c.title), wrap(c.lead)}
	if rows := c.rows(); rows != "" {
		blocks = append(blocks, rows)
	}
	if c.code != "" {
		blocks = append(blocks, c.code)
	}
	if c.url != "" {
		blocks = append(blocks, wrap(c.l.T("mail.detail.row", "Label", c.button, "Value", ""))+"\n"+c.url)
	}
	for _, note := range c.notes {
		blocks = append(blocks, wrap(note))
	}
	// "-- " begins the signature, which clients fold away when one answers.
	blocks = append(blocks, "-- \n"+wrap(c.footer)+"\n"+c.site.BaseURL)
	return strings.Join(blocks, "\n\n") + "\n"
}

func (c content) rows() string {
	rows := make([]string, 0, len(c.details))
	for _, d := range c.details {
		rows = append(rows, wrap(c.l.T("mail.detail.row", "Label", d.label, "Value", d.value)))
	}
	return strings.Join(rows, "\n")
}

// wrap breaks a paragraph at spaces; a space that must not break stays one.
func wrap(paragraph string) string {
	var b strings.Builder
	column := 0
	for word := range strings.SplitSeq(paragraph, " ") {
		width := utf8.RuneCountInString(word)
		switch {
		case width == 0:
			continue
		case column == 0:
		case column+1+width > textWidth:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += width
	}
	return b.String()
}
