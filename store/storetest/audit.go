package storetest

import (
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
			Actor:  paywall.Actor{UserID: "gone", Name: "ada@example.org"}, // nobody with this id
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
