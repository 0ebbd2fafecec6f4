package storetest

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"usher/paywall"
)

func testItems(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	c := paywall.Collection{ID: paywall.NewID(), Title: "Festival", CreatedAt: stored(start)}
	must(t, s.CreateCollection(ctx, c))

	full := NewItem("full")
	full.Kind, full.Access, full.Summary, full.CollectionID = paywall.KindVideo, paywall.AccessMembers, "Words\nand “more”", c.ID
	full.OpensAt, full.ClosesAt = stored(start), stored(start.Add(time.Hour))
	full.Position, full.Version, full.Published = -3, 7, false
	full.Sources = []paywall.Source{
		{ID: paywall.NewID(), Kind: paywall.SourceVOD, Ref: "1jhvl2uqjpwmr", Channel: "1234", Position: 0},
		{
			ID: paywall.NewID(), Kind: paywall.SourceHLS, Label: "HLS", URL: "https://x.radiohls.infomaniak.com/x/manifest.m3u8",
			Ref: "x", Window: paywall.MaxWindow, Position: 1, TroubleAt: stored(start), Trouble: "supplier answered 500",
		},
	}
	full = addItem(t, s, full)
	bare := NewItem("bare")
	bare.Sources = nil
	bare = addItem(t, s, bare)

	wantSame(t, read[paywall.Item](t)(s.ItemBySlug(ctx, "full")), full)
	wantSame(t, read[paywall.Item](t)(s.ItemByID(ctx, full.ID)), full)
	wantSame(t, read[paywall.Item](t)(s.ItemBySlug(ctx, "bare")), bare)

	_, err := s.ItemBySlug(ctx, "none")
	wantErr(t, err, paywall.ErrNotFound)
	_, err = s.ItemByID(ctx, "none")
	wantErr(t, err, paywall.ErrNotFound)

	wantErr(t, s.CreateItem(ctx, NewItem("full")), paywall.ErrExists)
	thief := NewItem("thief")
	thief.Sources[0].ID = full.Sources[0].ID
	wantErr(t, s.CreateItem(ctx, thief), paywall.ErrExists)
	_, err = s.ItemBySlug(ctx, "thief")
	wantErr(t, err, paywall.ErrNotFound) // nothing of it may remain
}

// testItemSources edits the sources of an item: kept, moved, added, removed.
func testItemSources(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	other := addItem(t, s, NewItem("other"))
	item := NewItem("item")
	item.Sources = []paywall.Source{NewSource("a", 0), NewSource("b", 1), NewSource("c", 2)}
	item = addItem(t, s, item)

	a, c, d := item.Sources[0], item.Sources[2], NewSource("d", 1)
	c.Position, c.Label, c.Window, a.Position, d.ItemID = 0, "new", 0, 2, item.ID
	item.Sources = []paywall.Source{c, d, a}
	for _, in := range []string{"alone", "in a transaction"} {
		if in == "alone" {
			must(t, s.UpdateItem(ctx, item))
		} else {
			must(t, s.InTx(ctx, func(tx paywall.Store) error { return tx.UpdateItem(ctx, item) }))
		}
		item.Version++
		wantSame(t, read[paywall.Item](t)(s.ItemByID(ctx, item.ID)), item)
	}

	item.Sources = append(slices.Clone(item.Sources), other.Sources[0])
	wantErr(t, s.UpdateItem(ctx, item), paywall.ErrExists)
	wantSame(t, read[paywall.Item](t)(s.ItemByID(ctx, other.ID)), other)

	item.Sources = nil
	must(t, s.UpdateItem(ctx, item))
	item.Version++
	wantSame(t, read[paywall.Item](t)(s.ItemByID(ctx, item.ID)), item)
	wantSame(t, read[paywall.Item](t)(s.ItemByID(ctx, other.ID)), other)
}

func testItemVersions(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	other := addItem(t, s, NewItem("other"))
	item := addItem(t, s, NewItem("item"))

	edit := item
	edit.Slug, edit.Title, edit.Kind, edit.Access = "renamed", "New", paywall.KindVideo, paywall.AccessOpen
	edit.Summary, edit.Published, edit.Position = "New", false, 9
	edit.OpensAt, edit.ClosesAt, edit.UpdatedAt = stored(start), stored(start.Add(time.Hour)), stored(start.Add(time.Minute))
	must(t, s.UpdateItem(ctx, edit))
	edit.Version++
	wantSame(t, read[paywall.Item](t)(s.ItemBySlug(ctx, "renamed")), edit)

	wantErr(t, s.UpdateItem(ctx, item), paywall.ErrChanged)
	wantErr(t, s.UpdateItem(ctx, NewItem("none")), paywall.ErrNotFound)
	edit.Slug = other.Slug
	wantErr(t, s.UpdateItem(ctx, edit), paywall.ErrExists)
	edit.Slug = "renamed"
	wantSame(t, read[paywall.Item](t)(s.ItemBySlug(ctx, "renamed")), edit)
}

func testItemLists(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	if all := read[[]paywall.Item](t)(s.AllItems(ctx)); len(all) != 0 {
		t.Fatalf("AllItems = %v in an empty store", all)
	}
	var want []paywall.Item
	for _, def := range []struct {
		slug, title string
		position    int
		draft       bool
	}{
		{"d", "Alpha", 2, false}, {"c", "zulu", 1, false}, {"b", "Yankee", 1, true}, {"a", "Bravo", 1, false},
	} {
		i := NewItem(def.slug)
		i.Title, i.Position, i.Published = def.title, def.position, !def.draft
		i.Sources = append(i.Sources, NewSource("second", 1))
		want = append(want, addItem(t, s, i))
	}
	want[2].Sources = nil
	must(t, s.UpdateItem(ctx, want[2]))
	want[2].Version++
	slices.Reverse(want) // a, b, c, d: by position, then by title whatever the case

	wantSame(t, read[[]paywall.Item](t)(s.AllItems(ctx)), want)

	published := slices.Delete(slices.Clone(want), 1, 2)
	for n := range published {
		published[n].Sources = nil
	}
	wantSame(t, read[[]paywall.Item](t)(s.PublishedItems(ctx)), published)
}

func testSourceTrouble(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	item := NewItem("item")
	item.Sources = append(item.Sources, NewSource("second", 1))
	item = addItem(t, s, item)

	must(t, s.SetSourceTrouble(ctx, item.Sources[1].ID, "supplier answered 401", start))
	item.Sources[1].Trouble, item.Sources[1].TroubleAt = "supplier answered 401", stored(start)
	wantSame(t, read[paywall.Item](t)(s.ItemByID(ctx, item.ID)), item)

	must(t, s.SetSourceTrouble(ctx, item.Sources[1].ID, "", start.Add(time.Hour)))
	item.Sources[1].Trouble, item.Sources[1].TroubleAt = "", time.Time{}
	wantSame(t, read[paywall.Item](t)(s.ItemByID(ctx, item.ID)), item)

	wantErr(t, s.SetSourceTrouble(ctx, "none", "x", start), paywall.ErrNotFound)
}

// testUpdateRace lets two owners save the same version at the same time.
func testUpdateRace(t *testing.T, s paywall.Store) {
	ctx := bounded(t)
	item := addItem(t, s, NewItem("item"))
	for range 20 {
		var wg sync.WaitGroup
		results := make([]error, 2)
		for n := range results {
			edit := item
			edit.Title = []string{"left", "right"}[n]
			wg.Go(func() { results[n] = s.UpdateItem(ctx, edit) })
		}
		wg.Wait()
		if errors.Is(results[0], paywall.ErrChanged) {
			slices.Reverse(results)
		}
		must(t, results[0])
		wantErr(t, results[1], paywall.ErrChanged)
		item.Version++
		if got := read[paywall.Item](t)(s.ItemByID(ctx, item.ID)); got.Version != item.Version {
			t.Fatalf("version = %d, want %d", got.Version, item.Version)
		}
	}
}

func testCollections(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	var want []paywall.Collection
	for _, title := range []string{"Winter", "summer", "Autumn"} {
		c := paywall.Collection{ID: paywall.NewID(), Title: title, CreatedAt: stored(start)}
		must(t, s.CreateCollection(ctx, c))
		want = append(want, c)
	}
	slices.Reverse(want)
	wantSame(t, read[[]paywall.Collection](t)(s.Collections(ctx)), want)
	wantErr(t, s.CreateCollection(ctx, want[0]), paywall.ErrExists)
}
