package i18n

import (
	"fmt"
	"regexp"
	"strings"
)

// message is a text of a catalogue, cut at its slots: the text before
// the first one, then each name with the text behind it.
type message struct {
	head  string
	parts []part
}

type part struct{ name, tail string }

var slots = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

// parseMessage cuts a text such as "Opens on {{.Date}}."
func parseMessage(text string) message {
	m := message{}
	found := slots.FindAllStringSubmatchIndex(text, -1)
	if len(found) == 0 {
		return message{head: text}
	}
	m.head = text[:found[0][0]]
	for i, at := range found {
		end := len(text)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		m.parts = append(m.parts, part{name: text[at[2]:at[3]], tail: text[at[1]:end]})
	}
	return m
}

// fill puts the values of name, value pairs in. A name without a value shows
// nothing.
func (m message) fill(args []any) string {
	if len(m.parts) == 0 {
		return m.head
	}
	var b strings.Builder
	b.WriteString(m.head)
	for _, p := range m.parts {
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == p.name {
				writeValue(&b, args[i+1])
			}
		}
		b.WriteString(p.tail)
	}
	return b.String()
}

func writeValue(b *strings.Builder, value any) {
	if text, ok := value.(string); ok {
		b.WriteString(text)
		return
	}
	fmt.Fprint(b, value)
}
