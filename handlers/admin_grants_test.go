package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

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

// TestGrants_lastDay: who was given a last day reads that day everywhere, and no
// midnight of the next.
func TestGrants_lastDay(t *testing.T) {
	kit := testkit.New(t)
	owner, carla, page := kit.WithSession(t, "owner"), kit.WithSession(t, "carla"), memberPath(t, kit, "carla")
	item, err := kit.Site.Store.ItemBySlug(t.Context(), "radio-lumiere")
	noFault(t, err)
	kit.Clock.Advance(time.Second) // behind the grants that were seeded
	form := url.Values{"opens": {targetOfItem(item)}, "until": {"2026-11-26"}}
	owner.Post(page+"/grants", form).WantStatus(http.StatusSeeOther)
	form = url.Values{
		"name": {"Fair"}, "codes": {"1"}, "uses": {"1"}, "opens": {"everything"}, "lasts": {"until"}, "until": {"2026-11-26"}, "valid_until": {"2026-11-26"},
	}
	batch := owner.Post("/admin/vouchers/new", form).WantStatus(http.StatusSeeOther).Header.Get("Location")
	const long, short = "until and including Thursday 26 November 2026", "until and including 26 Nov 2026"
	for _, seen := range []struct {
		answer *testkit.Answer
		want   string
	}{
		{owner.Get(page), long}, {owner.Get("/admin/grants"), long}, {owner.Get("/admin/members?q=carla"), short},
		{owner.Get(batch), short}, {owner.Get("/admin/vouchers"), short}, {owner.Get(batch + "/print"), long},
		{owner.Get("/admin/why?email=carla@demo.test&item=radio-lumiere"), long},
		{carla.Get("/account"), long}, {carla.Get("/listen/radio-lumiere"), long},
	} {
		seen.answer.WantStatus(http.StatusOK)
		if text := seen.answer.Text("main"); !strings.Contains(text, seen.want) || strings.Contains(text, "27 Nov") {
			t.Errorf("it does not say %q: %s", seen.want, text)
		}
	}
	kit.Clock.Advance(5 * 24 * time.Hour)
	for answer, want := range map[*testkit.Answer]string{
		kit.WithSession(t, "carla").Get("/account"):               "ended on Thursday 26 November 2026",
		kit.WithSession(t, "carla").Get("/listen/radio-lumiere"):  "You had access " + long,
		kit.WithSession(t, "owner").Get("/admin/members?q=carla"): "ended on 26 Nov 2026",
	} {
		if text := answer.Text("main"); !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
}

func targetOfItem(item paywall.Item) string { return string(paywall.ScopeItem) + ":" + item.ID }
