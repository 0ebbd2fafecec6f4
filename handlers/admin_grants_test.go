package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
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

// TestGrants_nothingChosen: before somebody chooses, a form gives access to
// nothing, and says so at the field.
func TestGrants_nothingChosen(t *testing.T) {
	kit := testkit.New(t)
	owner, anna := kit.WithSession(t, "owner"), memberPath(t, kit, "anna")
	before, err := kit.Site.Store.RecentGrants(t.Context(), 99, 0)
	noFault(t, err)
	for page, form := range map[string]url.Values{
		"/admin/grants":       {"email": {"anna@demo.test"}},
		anna + "/grants":      {},
		"/admin/vouchers/new": {"name": {"Fair"}, "codes": {"1"}, "uses": {"1"}, "lasts": {"ever"}},
		"/admin/members/bulk": {"act": {"give"}, "id": {strings.TrimPrefix(anna, "/admin/members/")}},
	} {
		form.Set("opens", "")
		answer := owner.Post(page, form).WantStatus(http.StatusUnprocessableEntity)
		choice := answer.Doc().Find("#opens[required][aria-invalid]")
		if first := choice.Find("option").First(); choice.Length() != 1 || first.AttrOr("value", "?") != "" || choice.Find("option[selected]").Length() != 0 {
			t.Errorf("%s: %d fields in error, %q first", page, choice.Length(), first.Text())
		}
	}
	after, err := kit.Site.Store.RecentGrants(t.Context(), 99, 0)
	noFault(t, err)
	if !slices.Equal(before, after) {
		t.Errorf("access was given: %d grants, then %d", len(before), len(after))
	}
}
