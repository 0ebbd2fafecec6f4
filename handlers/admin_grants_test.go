package handlers_test

import (
	"net/http"
	"testing"

	"usher/internal/testkit"
	"usher/paywall"
)

func TestGrants_list(t *testing.T) {
	kit := testkit.New(t)
	db, owner := kit.Site.Store, kit.As(t, "owner")
	ben, err := db.UserByEmail(t.Context(), "ben@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	seeded, err := db.RecentGrants(t.Context(), 50, 0)
	if err != nil {
		t.Fatal(err)
	}
	give := func(count int) {
		t.Helper()
		for range count {
			err := db.CreateGrant(t.Context(), paywall.Grant{
				ID: paywall.NewID(), UserID: ben.ID, Scope: paywall.ScopeEverything, Origin: paywall.OriginOwner,
				From: testkit.Start, CreatedAt: testkit.Start,
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	give(50 - len(seeded))
	page := owner.Get("/admin/grants").WantStatus(http.StatusOK)
	if rows := page.Doc().Find("tbody tr").Length(); rows != 50 || page.Doc().Find("a[rel=prev], a[rel=next]").Length() != 0 {
		t.Errorf("50 grants are %d rows, or more than one page", rows)
	}
	give(1)
	page = owner.Get("/admin/grants").WantStatus(http.StatusOK)
	if rows := page.Doc().Find("tbody tr").Length(); rows != 50 {
		t.Errorf("%d rows on the first page", rows)
	}
	page = owner.Get(page.Attr("a[rel=next]", "href")).WantStatus(http.StatusOK)
	if rows := page.Doc().Find("tbody tr").Length(); rows != 1 || page.Doc().Find("a[rel=next]").Length() != 0 {
		t.Errorf("%d rows on the last page", rows)
	}
	if prev := page.Attr("a[rel=prev]", "href"); prev != "/admin/grants?page=1" {
		t.Errorf("the last page leads back to %q", prev)
	}
}
