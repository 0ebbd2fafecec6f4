package views

import "strings"

// maxSummary is how much of a description a search engine or a link preview
// shows, in bytes.
const maxSummary = 240

// summary is the description on one line, cut at the end of a word.
func (p Page) summary() string {
	text := strings.Join(strings.Fields(p.Description), " ")
	if len(text) <= maxSummary {
		return text
	}
	cut := strings.LastIndexByte(text[:maxSummary], ' ')
	if cut <= 0 {
		cut = maxSummary
	}
	return strings.ToValidUTF8(text[:cut], "") + "…"
}
