package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

// catalogueGroups are about the owner's pages of items and collections.
var catalogueGroups = []group{
	{"item filter", testListItems},
	{"search letters", testSearchLetters},
	{"item places", testItemPlaces},
	{"old slugs", testOldSlugs},
	{"delete item", testDeleteItem},
	{"collection changes", testCollectionChanges},
	{"free items", testFreeItems},
	{"supplies", testSupplies},
	{"import runs", testImportRuns},
}

func slugsOf(items []paywall.Item) (slugs []string) {
	for _, i := range items {
		slugs = append(slugs, i.Slug)
	}
	return slugs
}

// addListed stores four items that differ in what a list can be filtered by.
func addListed(t *testing.T, s paywall.Store) {
	t.Helper()
	ctx := t.Context()
	c := paywall.Collection{ID: "tapes", Title: "Tapes", CreatedAt: start}
	must(t, s.CreateCollection(ctx, c))
	for n, slug := range []string{"d", "c", "b", "a"} {
		i := NewItem(slug)
		i.Title, i.Summary, i.Description, i.Position = "Title "+slug, "Sum 100% of "+slug, "long", n
		i.UpdatedAt = start.Add(time.Duration(n) * time.Minute)
		switch slug {
		case "a":
			i.Published, i.CollectionID = false, c.ID
		case "b":
			i.Access, i.Sources = paywall.AccessOpen, nil
		case "c":
			i.Sources[0].Trouble, i.Sources[0].TroubleAt = "gone", start
		case "d":
			i.Sources = append(i.Sources, NewSource("second", 1))
		}
		addItem(t, s, i)
	}
}

func testListItems(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	addListed(t, s)
	list := func(f paywall.ItemFilter, want int) []string {
		t.Helper()
		if f.Limit == 0 {
			f.Limit = 9
		}
		items, total, err := s.ListItems(ctx, f)
		must(t, err)
		wantSame(t, total, want)
		return slugsOf(items)
	}
	for _, c := range []struct {
		f     paywall.ItemFilter
		total int
		want  []string
	}{
		{paywall.ItemFilter{}, 4, []string{"d", "c", "b", "a"}},
		{paywall.ItemFilter{Sort: "nonsense; DROP"}, 4, []string{"d", "c", "b", "a"}},
		{paywall.ItemFilter{Sort: paywall.SortTitle}, 4, []string{"a", "b", "c", "d"}},
		{paywall.ItemFilter{Sort: paywall.SortState}, 4, []string{"a", "b", "c", "d"}},
		{paywall.ItemFilter{Sort: paywall.SortAccess}, 4, []string{"a", "c", "d", "b"}},
		{paywall.ItemFilter{Sort: paywall.SortChanged}, 4, []string{"a", "b", "c", "d"}},
		{paywall.ItemFilter{Limit: 2, Offset: 1}, 4, []string{"c", "b"}},
		{paywall.ItemFilter{Text: "TITLE C"}, 1, []string{"c"}},
		{paywall.ItemFilter{Text: "100% of d"}, 1, []string{"d"}},
		{paywall.ItemFilter{Text: "100_ of d"}, 0, nil},
		{paywall.ItemFilter{State: paywall.ItemsDraft}, 1, []string{"a"}},
		{paywall.ItemFilter{State: paywall.ItemsPublished}, 3, []string{"d", "c", "b"}},
		{paywall.ItemFilter{State: paywall.ItemsTroubled}, 1, []string{"c"}},
		{paywall.ItemFilter{State: paywall.ItemsBare}, 1, []string{"b"}},
		{paywall.ItemFilter{State: "nonsense"}, 0, nil},
		{paywall.ItemFilter{CollectionID: "tapes"}, 1, []string{"a"}},
		{paywall.ItemFilter{CollectionID: paywall.NoCollection}, 3, []string{"d", "c", "b"}},
	} {
		wantSame(t, list(c.f, c.total), c.want)
	}
	items, _, err := s.ListItems(ctx, paywall.ItemFilter{Limit: 1})
	must(t, err)
	whole := read[paywall.Item](t)(s.ItemBySlug(ctx, "d"))
	wantSame(t, whole.Description, "long")
	whole.Description = ""
	wantSame(t, items[0], whole)
}

func testItemPlaces(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	one, two := addItem(t, s, NewItem("one")), addItem(t, s, NewItem("two"))
	must(t, s.SetItemPosition(ctx, one.ID, 5))
	must(t, s.SetItemPoster(ctx, one.ID, "picture", start.Add(time.Hour)))
	one.Position, one.PosterID, one.UpdatedAt = 5, "picture", stored(start.Add(time.Hour))
	wantSame(t, read[paywall.Item](t)(s.ItemByID(ctx, one.ID)), one)
	wantSame(t, read[[]paywall.ItemSpot](t)(s.ItemSpots(ctx)), []paywall.ItemSpot{
		{ID: two.ID, Kind: paywall.KindRadio}, {ID: one.ID, Kind: paywall.KindRadio, Position: 5},
	})
	wantErr(t, s.SetItemPosition(ctx, "none", 1), paywall.ErrNotFound)
	wantErr(t, s.SetItemPoster(ctx, "none", "", start), paywall.ErrNotFound)

	one.Description, one.Duration = "# More", 83*time.Minute
	must(t, s.UpdateItem(ctx, one))
	stage, _, err := s.Stage(ctx, "one", "")
	must(t, err)
	if stage.PosterID != "picture" || stage.Description != "# More" || stage.Duration != 83*time.Minute {
		t.Errorf("on the stage it is %+v", stage)
	}
}

func testOldSlugs(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	one, two := addItem(t, s, NewItem("one")), addItem(t, s, NewItem("two"))
	_, err := s.MovedItem(ctx, "old")
	wantErr(t, err, paywall.ErrNotFound)
	must(t, s.KeepOldSlug(ctx, "old", one.ID, start))
	wantSame(t, read[string](t)(s.MovedItem(ctx, "old")), one.ID)
	must(t, s.KeepOldSlug(ctx, "old", two.ID, start))
	wantSame(t, read[string](t)(s.MovedItem(ctx, "old")), two.ID)
	must(t, s.DropOldSlug(ctx, "old"))
	must(t, s.DropOldSlug(ctx, "old"))
	_, err = s.MovedItem(ctx, "old")
	wantErr(t, err, paywall.ErrNotFound)
}

func testDeleteItem(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, item := addUser(t, s, "ada"), addItem(t, s, NewItem("item"))
	must(t, s.KeepOldSlug(ctx, "old", item.ID, start))
	count := func(want int) {
		t.Helper()
		wantSame(t, read[int](t)(s.CountGrantsOn(ctx, paywall.ScopeItem, item.ID, start)), want)
	}
	count(0)
	for n, g := range []paywall.Grant{{}, {Until: start}, {Until: start.Add(time.Hour)}, {RevokedAt: start}} {
		g.ID, g.UserID, g.Scope, g.TargetID, g.Origin = string(rune('a'+n)), ada.ID, paywall.ScopeItem, item.ID, paywall.OriginOwner
		must(t, s.CreateGrant(ctx, g))
	}
	must(t, s.CreateGrant(ctx, NewGrant(ada.ID, paywall.ScopeEverything, "")))
	count(2)
	must(t, s.DeleteItem(ctx, item.ID))
	count(2)
	_, err := s.ItemByID(ctx, item.ID)
	wantErr(t, err, paywall.ErrNotFound)
	_, err = s.MovedItem(ctx, "old")
	wantErr(t, err, paywall.ErrNotFound)
	wantErr(t, s.DeleteItem(ctx, item.ID), paywall.ErrNotFound)
	item.Version = 1
	addItem(t, s, item) // its sources are gone, so their ids are free
}

func testCollectionChanges(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	c := paywall.Collection{
		ID: "one", Slug: "tapes", Title: "Tapes", Description: "*old*", Position: 2, Version: 1, CreatedAt: stored(start), UpdatedAt: stored(start),
	}
	must(t, s.CreateCollection(ctx, c))
	must(t, s.CreateCollection(ctx, paywall.Collection{ID: "two", Title: "Zulu", Position: 1, Version: 1, CreatedAt: stored(start)}))
	must(t, s.CreateCollection(ctx, paywall.Collection{ID: "three", Title: "Yankee", Position: 3, Version: 1, CreatedAt: stored(start)}))
	wantErr(t, s.CreateCollection(ctx, paywall.Collection{ID: "four", Slug: "tapes"}), paywall.ErrExists)
	wantSame(t, read[paywall.Collection](t)(s.CollectionByID(ctx, "one")), c)
	wantSame(t, read[paywall.Collection](t)(s.CollectionBySlug(ctx, "tapes")), c)
	wantSame(t, read[paywall.Collection](t)(s.CollectionBySlug(ctx, "two")).Title, "Zulu")
	for _, slug := range []string{"", "none"} {
		_, err := s.CollectionBySlug(ctx, slug)
		wantErr(t, err, paywall.ErrNotFound)
	}
	wantSame(t, read[[]paywall.Collection](t)(s.Collections(ctx))[0].ID, "two")

	edit := c
	edit.Title, edit.Slug, edit.Description, edit.UpdatedAt = "New", "new", "", stored(start.Add(time.Hour))
	must(t, s.UpdateCollection(ctx, edit))
	edit.Version++
	wantSame(t, read[paywall.Collection](t)(s.CollectionByID(ctx, "one")), edit)
	wantErr(t, s.UpdateCollection(ctx, c), paywall.ErrChanged)
	c.ID = "none"
	wantErr(t, s.UpdateCollection(ctx, c), paywall.ErrNotFound)

	must(t, s.SetCollectionPosition(ctx, "one", 9))
	must(t, s.SetCollectionPoster(ctx, "one", "picture", start))
	edit.Position, edit.PosterID, edit.UpdatedAt = 9, "picture", stored(start)
	wantSame(t, read[paywall.Collection](t)(s.CollectionByID(ctx, "one")), edit)
	wantErr(t, s.SetCollectionPosition(ctx, "none", 9), paywall.ErrNotFound)
	wantErr(t, s.SetCollectionPoster(ctx, "none", "", start), paywall.ErrNotFound)
}

func testFreeItems(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	must(t, s.CreateCollection(ctx, paywall.Collection{ID: "one", Title: "One", CreatedAt: start}))
	in := NewItem("in")
	in.CollectionID = "one"
	in = addItem(t, s, in)
	out := addItem(t, s, NewItem("out"))
	if err := s.DeleteCollection(ctx, "one"); err == nil {
		t.Fatal("a collection with items was deleted")
	}
	wantSame(t, read[int](t)(s.FreeItems(ctx, "one", start.Add(time.Hour))), 1)
	in.CollectionID, in.Version, in.UpdatedAt = "", in.Version+1, stored(start.Add(time.Hour))
	wantSame(t, read[paywall.Item](t)(s.ItemByID(ctx, in.ID)), in)
	wantSame(t, read[paywall.Item](t)(s.ItemByID(ctx, out.ID)), out)
	wantSame(t, read[int](t)(s.FreeItems(ctx, "one", start)), 0)
	must(t, s.DeleteCollection(ctx, "one"))
	wantErr(t, s.DeleteCollection(ctx, "one"), paywall.ErrNotFound)
}
