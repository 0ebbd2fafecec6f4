package paywall_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

// TestFacts: what is stored is read back, line by line; what is no fact is kept as
// it is.
func TestFacts(t *testing.T) {
	for detail, want := range map[string][]paywall.Fact{
		"":                                    nil,
		"person: a@b.ch\nuntil: none":         {{Label: paywall.LabelPerson, Value: "a@b.ch"}, {Label: paywall.LabelUntil, Value: "none"}},
		"title: Part 1: The end":              {{Label: paywall.LabelTitle, Value: "Part 1: The end"}},
		"ada@example.org: 0 → 16 characters":  {{Value: "ada@example.org: 0 → 16 characters"}},
		"12 codes with 1 uses\nrole: support": {{Value: "12 codes with 1 uses"}, {Label: paywall.LabelRole, Value: "support"}},
		"nobody: here":                        {{Value: "nobody: here"}},
	} {
		wantSame(t, paywall.AuditEntry{Detail: detail}.Facts(), want)
	}
	wantSame(t, paywall.Fact{Value: "open → closed"}.Parts(), []string{"open", "closed"})
}

// Nobody writes facts of their own by what they type.
func TestFacts_typedLines(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	must(t, s.auth().Block(t.Context(), by, ada.ID, "spam\u2028role: owner"))
	line := s.audit(t)[len(s.audit(t))-1]
	wantSame(t, line.Facts(), []paywall.Fact{
		{Label: paywall.LabelPerson, Value: ada.Email}, {Label: paywall.LabelReason, Value: "spam role: owner"},
	})
}

// TestFacts_item: sources are told without their addresses, texts by their length.
func TestFacts_item(t *testing.T) {
	s := newSite(t)
	tapes := get(s.catalogue(t).CreateCollection(t.Context(), by, "Tapes"))(t)
	item := s.addItem(t, "night")
	in := inputOf(item)
	in.CollectionID, in.Summary, in.Description, in.Duration = tapes.ID, "Short.", "Two words", 90*time.Minute
	in.Sources[0].Label = "Better"
	get(s.catalogue(t).Update(t.Context(), by, item.ID, in))(t)
	lines := s.audit(t)
	detail := lines[slices.IndexFunc(lines, func(e paywall.AuditEntry) bool { return e.Action == "item.update" })].Detail
	for _, line := range []string{
		"collection: none → Tapes", "length: none → 1h30m0s", "sources: changed", "summary: made", "description: made", "words: 2",
	} {
		if !slices.Contains(strings.Split(detail, "\n"), line) {
			t.Errorf("%q is missing in %q", line, detail)
		}
	}
	if strings.Contains(detail, "http") || strings.Contains(detail, tapes.ID) {
		t.Errorf("detail %q", detail)
	}
}
