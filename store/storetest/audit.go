package storetest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"usher/paywall"
)

func testAudit(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	var want []paywall.AuditEntry
	for n := range 5 {
		e := paywall.AuditEntry{
			ID: paywall.NewID(), At: stored(start.Add(time.Duration(n) * time.Millisecond)),
			Actor:  paywall.Actor{UserID: "gone", Name: "ada@example.org", Network: "192.0.2.0/24"}, // nobody with this id
			Action: "item.update", Subject: "item", Detail: `title: "a" → "b"`,
		}
		if n == 0 {
			e.Actor = paywall.Actor{Name: "create-owner"}
		}
		must(t, s.AddAudit(ctx, e))
		want = append([]paywall.AuditEntry{e}, want...)
	}
	wantSame(t, read[[]paywall.AuditEntry](t)(s.RecentAudit(ctx, 10, 0)), want)
	wantSame(t, read[[]paywall.AuditEntry](t)(s.RecentAudit(ctx, 2, 1)), want[1:3])
	wantErr(t, s.AddAudit(ctx, want[0]), paywall.ErrExists)
}

// testAuditOf: what ada did and what was done to her, each line once.
func testAuditOf(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	var want []paywall.AuditEntry
	for n, line := range []struct{ actor, subject string }{
		{"ada", "item"}, {"bob", "ada"}, {"ada", "ada"}, {"bob", "item"}, {"", "ada"}, {"ada", ""}, {"bob", "bob"},
	} {
		e := paywall.AuditEntry{
			ID: paywall.NewID(), At: stored(start.Add(time.Duration(n/2) * time.Second)), // some at the same time
			Actor: paywall.Actor{UserID: line.actor, Name: "x", Network: "y"}, Action: "test", Subject: line.subject,
		}
		must(t, s.AddAudit(ctx, e))
		if line.actor == "ada" || line.subject == "ada" {
			want = append(want, e)
		}
	}
	slices.SortFunc(want, func(a, b paywall.AuditEntry) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
	wantSame(t, read[[]paywall.AuditEntry](t)(s.AuditOf(ctx, "ada", 9)), want)
	wantSame(t, read[[]paywall.AuditEntry](t)(s.AuditOf(ctx, "ada", 3)), want[:3])
	wantSame(t, len(read[[]paywall.AuditEntry](t)(s.AuditOf(ctx, "carl", 9))), 0)
}
