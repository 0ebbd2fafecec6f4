package storetest

import (
	"testing"

	"usher/paywall"
)

// testSearchLetters: no search tells small letters from large ones, also beyond
// ASCII.
func testSearchLetters(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	item := NewItem("night")
	item.Title, item.Summary = "La Lumière", "Ein ÄRGERNIS"
	addItem(t, s, item)
	addVouchers(t, s, NewVoucherBatch("Été 2026", 1), nil)
	must(t, s.AddAudit(ctx, paywall.AuditEntry{ID: "one", At: start, Actor: paywall.Actor{Name: "test"}, Action: "item.create", Detail: "“Été”"}))
	for text, found := range map[string]func(text string) (int, error){
		"LUMIÈRE": func(text string) (int, error) {
			_, total, err := s.ListItems(ctx, paywall.ItemFilter{Text: text, Limit: 9})
			return total, err
		},
		"ärgernis": func(text string) (int, error) {
			_, total, err := s.ListItems(ctx, paywall.ItemFilter{Text: text, Limit: 9})
			return total, err
		},
		"LUMIÈRE 128": func(text string) (int, error) {
			_, total, err := s.Probes(ctx, paywall.ProbeFilter{Text: text}, 9, 0)
			return total, err
		},
		"ÉTÉ": func(text string) (int, error) {
			_, total, err := s.VoucherBatches(ctx, text, "", 9, 0)
			return total, err
		},
		"éTÉ": func(text string) (int, error) {
			lines, err := s.RecordLines(ctx, paywall.RecordFilter{Text: text}, 9, 0)
			return len(lines), err
		},
	} {
		if n := read[int](t)(found(text)); n != 1 {
			t.Errorf("%q finds %d", text, n)
		}
	}
}
