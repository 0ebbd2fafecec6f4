package paywall_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

func TestProposeSlug(t *testing.T) {
	for title, want := range map[string]string{
		"Radio Lumière":             "radio-lumiere",
		"  L’été à Zürich – 2026! ": "lete-a-zurich-2026",
		"Straße & Œuvre":            "strasse-and-oeuvre",
		"Ⅻ ﬁles":                    "xii-files",
		"日本":                        "",
		"":                          "",
		"--":                        "",
		strings.Repeat("wort ", 50): strings.TrimSuffix(strings.Repeat("wort-", 15), "-"),
		"\u202eevil <script>":       "evil-script",
		strings.Repeat("x", 200):    strings.Repeat("x", paywall.MaxSlug-4),
	} {
		if got := paywall.ProposeSlug(title); got != want || len(got) > paywall.MaxSlug {
			t.Errorf("%q gives %q, want %q", title, got, want)
		}
	}
}

func TestCatalogue_slugs(t *testing.T) {
	s := newSite(t)
	c := s.catalogue(t)
	input := func(title, slug string) paywall.ItemInput {
		return paywall.ItemInput{Title: title, Slug: slug, Kind: paywall.KindVideo, Access: paywall.AccessOpen,
			Sources: []paywall.SourceInput{{Kind: paywall.SourceVOD, Address: "1jhvl2uqjpwmr", Channel: "1234"}}}
	}
	create := func(title, slug string) paywall.Item { return get(c.Create(t.Context(), by, input(title, slug)))(t) }
	first, second, nameless := create("Le Concert", ""), create("Le concert", ""), create("日本", "")
	wantSame(t, first.Slug, "le-concert")
	wantSame(t, second.Slug, "le-concert-2")
	wantSame(t, nameless.Slug, strings.ToLower(nameless.ID))

	rename := func(item paywall.Item, slug string) paywall.Item {
		in := input(item.Title, slug)
		in.Version = item.Version
		return get(c.Update(t.Context(), by, item.ID, in))(t)
	}
	playback := paywall.NewPlayback(s, nil, nil, s.clock.Now)
	at := func(slug string) string {
		perf, err := playback.Look(t.Context(), paywall.Viewer{}, slug)
		if err != nil {
			wantErr(t, err, paywall.ErrNotFound)
			return ""
		}
		return perf.Item.Slug
	}
	first = rename(first, "opening-night")
	wantSame(t, at("le-concert"), "") // it is a draft
	first.Published = true
	must(t, s.UpdateItem(t.Context(), first))
	first.Version++
	wantSame(t, at("le-concert"), "opening-night")
	wantSame(t, at("opening-night"), "opening-night")
	first = rename(first, "opening")
	wantSame(t, at("le-concert"), "opening")

	third := create("Le Concert", "") // what led somewhere is not given again by itself
	wantSame(t, third.Slug, "le-concert-3")
	first = rename(first, "le-concert")
	wantSame(t, at("le-concert"), "le-concert")
	wantSame(t, at("opening"), "le-concert")
	create("Other", "opening") // but whoever asks for it has it
	wantSame(t, at("opening"), "")
	must(t, c.Delete(t.Context(), by, first.ID))
	wantSame(t, at("opening-night"), "")
}

func TestCatalogue_Move(t *testing.T) {
	s := newSite(t)
	c := s.catalogue(t)
	tapes := get(c.CreateCollection(t.Context(), by, "Tapes"))(t)
	ids := map[string]string{}
	for _, name := range []string{"a", "b", "radio", "c", "d"} {
		item := s.addItem(t, name, func(i *paywall.Item) {
			i.Kind = paywall.KindVideo
			switch name {
			case "radio":
				i.Kind = paywall.KindRadio
			case "c":
				i.CollectionID = tapes.ID
			}
		})
		ids[name] = item.ID
	}
	order := func() string {
		var names []string
		for _, item := range get(s.AllItems(t.Context()))(t) {
			names = append(names, item.Slug)
			if item.Version != 1 {
				t.Errorf("moving counts as a change of %s", item.Slug)
			}
		}
		return strings.Join(names, " ")
	}
	wantSame(t, order(), "a b c d radio") // all at 0: by title
	for _, step := range []struct {
		name string
		up   bool
		want string
	}{
		{"d", true, "a d b c radio"}, {"d", true, "d a b c radio"}, {"d", true, "d a b c radio"},
		{"a", false, "d b a c radio"}, {"radio", true, "d b a c radio"}, {"c", false, "d b a c radio"},
	} {
		must(t, c.Move(t.Context(), by, ids[step.name], step.up))
		if got := order(); got != step.want {
			t.Errorf("%s, up %v: %s, want %s", step.name, step.up, got, step.want)
		}
	}
	wantErr(t, c.Move(t.Context(), by, "nosuch", true), paywall.ErrNotFound)
}

// TestCatalogue_position: a form that was opened before somebody moved the item
// does not move it back.
func TestCatalogue_position(t *testing.T) {
	s := newSite(t)
	item := s.addItem(t, "night")
	must(t, s.SetItemPosition(t.Context(), item.ID, 7))
	in := paywall.ItemInput{Title: "New", Slug: "night", Kind: paywall.KindRadio, Access: paywall.AccessOpen, Version: 1,
		Sources: []paywall.SourceInput{{Kind: paywall.SourceStream, Address: "https://demo.ice.infomaniak.ch/night"}}}
	wantSame(t, get(s.catalogue(t).Update(t.Context(), by, item.ID, in))(t).Position, 7)
	in.Version, in.Position = 2, 3
	wantSame(t, get(s.catalogue(t).Update(t.Context(), by, item.ID, in))(t).Position, 3)
}

func TestCatalogue_Poster(t *testing.T) {
	s := newSite(t)
	item := s.addItem(t, "night")
	picture := paywall.Picture{ID: "picture", Type: "image/jpeg", Bytes: []byte("x"), Small: []byte("y"), CreatedAt: opening}
	must(t, s.catalogue(t).SetPoster(t.Context(), by, item.ID, picture))
	got := get(s.ItemByID(t.Context(), item.ID))(t)
	wantSame(t, got.PosterID, "picture")
	wantSame(t, got.Version, item.Version)
	s.wantAudit(t, paywall.AuditEntry{At: opening, Actor: by, Action: "item.poster", Subject: item.ID, Detail: "poster: set"})

	s.clock.Pass(48 * time.Hour)
	must(t, paywall.Housekeeping(t.Context(), s, s.settings(), s.clock.Now))
	_, _, err := s.PictureBytes(t.Context(), "picture", false)
	must(t, err)
	must(t, s.catalogue(t).RemovePoster(t.Context(), by, item.ID))
	wantSame(t, get(s.ItemByID(t.Context(), item.ID))(t).PosterID, "")
	must(t, paywall.Housekeeping(t.Context(), s, s.settings(), s.clock.Now))
	_, _, err = s.PictureBytes(t.Context(), "picture", false)
	wantErr(t, err, paywall.ErrNotFound)
	wantErr(t, s.catalogue(t).SetPoster(t.Context(), by, "nosuch", picture), paywall.ErrNotFound)
}

func TestCatalogue_Bulk(t *testing.T) {
	s := newSite(t)
	c := s.catalogue(t)
	tapes := get(c.CreateCollection(t.Context(), by, "Tapes"))(t)
	draft := func(i *paywall.Item) { i.Published = false }
	one, two, bare := s.addItem(t, "one", draft), s.addItem(t, "two"), s.addItem(t, "bare", draft, func(i *paywall.Item) { i.Sources = nil })
	ids := []string{one.ID, two.ID, bare.ID, "nosuch"}
	bulk := func(act paywall.BulkAct, value string) paywall.BulkDone {
		t.Helper()
		return get(c.Bulk(t.Context(), by, paywall.BulkChange{IDs: ids, Act: act, Value: value}))(t)
	}
	wantSame(t, bulk(paywall.BulkPublish, ""), paywall.BulkDone{Changed: 1, Same: 1, Bare: []string{bare.Title}})
	wantSame(t, bulk(paywall.BulkUnpublish, ""), paywall.BulkDone{Changed: 2, Same: 1})
	wantSame(t, bulk(paywall.BulkAccess, "open"), paywall.BulkDone{Changed: 3})
	wantSame(t, bulk(paywall.BulkCollection, tapes.ID), paywall.BulkDone{Changed: 3})
	wantSame(t, bulk(paywall.BulkCollection, tapes.ID), paywall.BulkDone{Same: 3})
	got := get(s.ItemByID(t.Context(), two.ID))(t)
	if got.Published || got.Access != paywall.AccessOpen || got.CollectionID != tapes.ID || got.Version != two.Version+3 {
		t.Errorf("it is %+v", got)
	}
	for name, change := range map[string]paywall.BulkChange{
		"none":       {Act: paywall.BulkPublish},
		"too many":   {IDs: make([]string, paywall.MaxBulk+1), Act: paywall.BulkPublish},
		"act":        {IDs: ids, Act: "burn"},
		"access":     {IDs: ids, Act: paywall.BulkAccess, Value: "everybody"},
		"collection": {IDs: ids, Act: paywall.BulkCollection, Value: "nosuch"},
	} {
		if _, err := c.Bulk(t.Context(), by, change); paywall.KindOf(err) != paywall.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCatalogue_Delete(t *testing.T) {
	s := newSite(t)
	item, ada := s.addItem(t, "night"), s.addUser(t, "ada")
	for _, g := range []paywall.Grant{
		storetest.NewGrant(ada.ID, paywall.ScopeItem, item.ID), storetest.NewGrant(ada.ID, paywall.ScopeEverything, ""),
		{ID: "over", UserID: ada.ID, Scope: paywall.ScopeItem, TargetID: item.ID, Origin: paywall.OriginOwner, From: opening, Until: opening},
	} {
		must(t, s.CreateGrant(t.Context(), g))
	}
	wantSame(t, get(s.catalogue(t).ItemParting(t.Context(), item.ID))(t), paywall.Parting{Grants: 1})
	must(t, s.catalogue(t).Delete(t.Context(), by, item.ID))
	_, err := s.ItemByID(t.Context(), item.ID)
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, len(get(s.GrantsOf(t.Context(), ada.ID))(t)), 3)
	wantErr(t, s.catalogue(t).Delete(t.Context(), by, item.ID), paywall.ErrNotFound)
}

func TestCatalogue_UpdateCollection(t *testing.T) {
	s := newSite(t)
	c := s.catalogue(t)
	tapes := get(c.CreateCollection(t.Context(), by, "Tapes"))(t)
	other := get(c.CreateCollection(t.Context(), by, "Tapes"))(t)
	wantSame(t, other.Slug, "tapes-2")
	in := paywall.CollectionInput{Title: "Old tapes", Slug: "old", Description: "*All*", Version: 1}
	must(t, c.UpdateCollection(t.Context(), by, tapes.ID, in))
	got := get(c.Collection(t.Context(), tapes.ID))(t)
	if got.Title != "Old tapes" || got.Slug != "old" || got.Description != "*All*" || got.Version != 2 {
		t.Errorf("it is %+v", got)
	}
	wantErr(t, c.UpdateCollection(t.Context(), by, tapes.ID, in), paywall.ErrChanged)
	in.Version, in.Slug = 2, "tapes-2"
	wantInvalid(t, c.UpdateCollection(t.Context(), by, tapes.ID, in), map[string]string{"slug": "item.error.slug_taken"})
	must(t, c.MoveCollection(t.Context(), by, other.ID, true))
	wantSame(t, get(c.Collections(t.Context()))(t)[0].ID, other.ID)

	item := s.addItem(t, "night", func(i *paywall.Item) { i.CollectionID = tapes.ID })
	_, on, err := c.CollectionOn(t.Context(), "old")
	must(t, err)
	wantSame(t, len(on), 1)
	_, _, err = c.CollectionOn(t.Context(), "tapes-2")
	wantErr(t, err, paywall.ErrNotFound) // nothing in it is on
	wantSame(t, get(c.CollectionParting(t.Context(), tapes.ID))(t), paywall.Parting{Items: 1})
	if err := c.DeleteCollection(t.Context(), by, tapes.ID, false); paywall.KindOf(err) != paywall.KindConflict {
		t.Errorf("a collection with items goes: %v", err)
	}
	wantSame(t, get(s.ItemByID(t.Context(), item.ID))(t).CollectionID, tapes.ID)
	must(t, c.DeleteCollection(t.Context(), by, tapes.ID, true))
	wantSame(t, get(s.ItemByID(t.Context(), item.ID))(t).CollectionID, "")
}

// TestCatalogue_faults: nothing half done remains when the store fails.
func TestCatalogue_faults(t *testing.T) {
	calls := map[string]struct {
		call    func(ctx context.Context, c *paywall.Catalogue, tr *troupe) error
		methods []string
	}{
		"Move": {func(ctx context.Context, c *paywall.Catalogue, tr *troupe) error {
			return c.Move(ctx, by, tr.item.ID, true)
		},
			[]string{"InTx", "ItemSpots", "SetItemPosition", "AddAudit"}},
		"SetPoster": {func(ctx context.Context, c *paywall.Catalogue, tr *troupe) error {
			return c.SetPoster(ctx, by, tr.item.ID, paywall.Picture{ID: "p", Type: "image/png"})
		}, []string{"InTx", "ItemByID", "PutPicture", "SetItemPoster", "AddAudit"}},
		"Bulk": {func(ctx context.Context, c *paywall.Catalogue, tr *troupe) error {
			_, err := c.Bulk(ctx, by, paywall.BulkChange{IDs: []string{tr.item.ID}, Act: paywall.BulkCollection, Value: tr.tapes.ID})
			return err
		}, []string{"InTx", "ItemByID", "CollectionByID", "UpdateItem", "AddAudit"}},
		"Delete": {func(ctx context.Context, c *paywall.Catalogue, tr *troupe) error {
			return c.Delete(ctx, by, tr.item.ID)
		},
			[]string{"InTx", "ItemByID", "DeleteItem", "AddAudit"}},
		"rename": {func(ctx context.Context, c *paywall.Catalogue, tr *troupe) error {
			in := paywall.ItemInput{Title: "X", Slug: "other", Kind: paywall.KindRadio, Access: paywall.AccessOpen, Version: 1,
				Sources: []paywall.SourceInput{{Kind: paywall.SourceStream, Address: "https://demo.ice.infomaniak.ch/x"}}}
			_, err := c.Update(ctx, by, tr.item.ID, in)
			return err
		}, []string{"UpdateItem", "DropOldSlug", "KeepOldSlug", "AddAudit"}},
		"UpdateCollection": {func(ctx context.Context, c *paywall.Catalogue, tr *troupe) error {
			return c.UpdateCollection(ctx, by, tr.tapes.ID, paywall.CollectionInput{Title: "New"})
		}, []string{"InTx", "CollectionByID", "UpdateCollection", "AddAudit"}},
		"SetCollectionPoster": {func(ctx context.Context, c *paywall.Catalogue, tr *troupe) error {
			return c.SetCollectionPoster(ctx, by, tr.tapes.ID, paywall.Picture{ID: "p", Type: "image/png"})
		}, []string{"InTx", "CollectionByID", "PutPicture", "SetCollectionPoster", "AddAudit"}},
		"MoveCollection": {func(ctx context.Context, c *paywall.Catalogue, tr *troupe) error {
			return c.MoveCollection(ctx, by, tr.tapes.ID, false)
		}, []string{"InTx", "Collections", "SetCollectionPosition", "AddAudit"}},
		"DeleteCollection": {func(ctx context.Context, c *paywall.Catalogue, tr *troupe) error {
			return c.DeleteCollection(ctx, by, tr.tapes.ID, true)
		}, []string{"InTx", "CollectionByID", "FreeItems", "DeleteCollection", "AddAudit"}},
	}
	for name, c := range calls {
		for _, method := range c.methods {
			t.Run(name+"/"+method, func(t *testing.T) {
				tr := newTroupe(t, map[string]error{method: errFault})
				must(t, tr.CreateItem(t.Context(), storetest.NewItem("before")))
				must(t, tr.CreateCollection(t.Context(), paywall.Collection{ID: "z", Title: "Z", CreatedAt: opening}))
				before := tr.rows(t)
				service := paywall.NewCatalogue(tr.broken, get(paywall.ParseMediaHosts([]string{"https://*.ice.infomaniak.ch"}))(t), tr.clock.Now)
				wantErr(t, c.call(t.Context(), service, tr), errFault)
				wantSame(t, tr.rows(t), before)
			})
		}
	}
}
