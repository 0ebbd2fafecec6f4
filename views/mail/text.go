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
	for _, lines := range c.typed {
		wrapped := make([]string, len(lines))
		for i, line := range lines {
			wrapped[i] = wrap(line)
		}
		blocks = append(blocks, strings.Join(wrapped, "\n"))
	}
	rows := c.rows()
	if c.code != "" {
		blocks = append(blocks, c.code) // nothing stands before what one looks for
	} else {
		blocks = append(blocks, rows...)
	}
	if c.url != "" {
		blocks = append(blocks, wrap(c.l.T("mail.detail.row", "Label", c.button, "Value", ""))+"\n"+c.url)
	}
	if c.code != "" {
		blocks = append(blocks, rows...)
	}
	for _, note := range c.notes {
		blocks = append(blocks, wrap(note))
	}
	// "-- " begins the signature, which clients fold away when one answers.
	blocks = append(blocks, "-- \n"+wrap(c.footer)+"\n"+c.site.BaseURL)
	if c.site.Own != "" {
		blocks = append(blocks, wrapLines(c.site.Own))
	}
	return strings.Join(blocks, "\n\n") + "\n"
}

// rows are the details as one block, or none.
func (c content) rows() []string {
	if len(c.details) == 0 {
		return nil
	}
	rows := make([]string, 0, len(c.details))
	for _, d := range c.details {
		rows = append(rows, wrap(c.l.T("mail.detail.row", "Label", d.label, "Value", d.value)))
	}
	return []string{strings.Join(rows, "\n")}
}

// wrapLines is wrap for a text of several lines, which stay apart.
func wrapLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = wrap(line)
	}
	return strings.Join(lines, "\n")
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
