package views

import (
	"strconv"

	"usher/internal/i18n"
	"usher/internal/markdown"
)

// catalogueSamples are the pages of items and collections beside those of
// ownerSamples.
func catalogueSamples(l *i18n.Locale) []sample {
	reader := Person{SignedIn: true, Label: "reader@example.org", Rights: Rights{Staff: true, SeeItems: true}}
	clash := itemSample(l, false)
	clash.Conflict = &EditConflict{
		Text: l.T("admin.conflict.who", "Name", "olivia@example.org", "Date", evening(l)), TheirsURL: "/admin/items/1",
		Rows: []DifferenceRow{
			{l.T("admin.item.title.label"), "Lumière Jazz", longTitle}, {l.T("admin.item.description.label"), "One\n\nTwo", ""},
		},
	}
	same := itemSample(l, false)
	same.Conflict = &EditConflict{Text: l.T("admin.conflict.unknown"), TheirsURL: "/admin/items/1"}
	badPoster := itemSample(l, false)
	badPoster.Poster.Error, badPoster.Error = l.T("picture.error.form"), l.T("error.invalid")
	read := itemSample(l, false)
	read.Page.Viewer = reader
	none := AdminItemsPage{Page: samplePage(l, l.T("admin.items.title"), "/admin/items?q=x", owner), Any: true, Query: "x", Total: l.N("admin.items.count", 0),
		Error: l.T("item.error.none_chosen")}
	list := AdminItemsPage{Page: samplePage(l, l.T("admin.items.title"), "/admin/items", reader), Any: true, Total: l.N("admin.items.count", 1),
		Items: []AdminItemRow{{ID: "1", Title: longTitle, Kind: l.T("kind.radio"), Access: l.T("access.open"), State: l.T("admin.items.draft"), EditURL: "/admin/items/1"}}}

	edit := AdminCollectionPage{
		Page: samplePage(l, "Festival 2026", "/admin/collections/1", owner), Action: "/admin/collections/1", ShowURL: "/collection/festival",
		DeleteURL: "/admin/collections/1/delete", Title: "Festival 2026", Slug: "festival", Description: "All **evenings**.", Version: "3",
		Poster: PosterField{UploadURL: "/admin/collections/1/poster", RemoveURL: "/admin/collections/1/poster/remove", Art: Art{Initial: "F"}},
	}
	empty := edit
	empty.ShowURL, empty.Error = "", l.T("error.invalid")
	empty.Errors = map[string]string{"title": l.T("collection.error.title"), "slug": l.T("item.error.slug"), "description": l.T("item.error.description")}
	for i := range 3 {
		edit.Items = append(edit.Items, AdminItemRow{ID: strconv.Itoa(i), Title: "Evening " + strconv.Itoa(i+1), Kind: l.T("kind.video"), Access: l.T("access.open"),
			State: l.T("admin.items.published"), Published: true, EditURL: "/admin/items/" + strconv.Itoa(i), ShowURL: "/watch/evening"})
	}
	clashing := edit
	clashing.Conflict = clash.Conflict
	goes := AdminDeletePage{
		Page: samplePage(l, l.T("admin.item.delete"), "/admin/items/1/delete", owner), Heading: l.T("admin.item.delete"), Action: "/admin/items/1/delete",
		Question: l.T("admin.item.delete.question", "Title", longTitle), BackURL: "/admin/items/1", Button: l.T("admin.item.delete"),
		Facts: []string{l.T("admin.item.delete.kept"), l.N("admin.item.delete.grants", 3), l.T("admin.item.delete.published")},
	}
	allGo := AdminDeletePage{
		Page: samplePage(l, l.T("admin.collection.delete"), "/admin/collections/1/delete", owner), OfCollection: true, Free: true, Heading: l.T("admin.collection.delete"),
		Question: l.T("admin.collection.delete.question", "Title", "Festival"), BackURL: "/admin/collections/1", Button: l.T("admin.collection.delete"),
		Action: "/admin/collections/1/delete", Facts: []string{l.N("admin.collection.delete.grants", 1), l.N("admin.collection.delete.items", 12)},
	}
	return append([]sample{
		{"admin_item_conflict", AdminItem(clash)}, {"admin_item_conflict_same", AdminItem(same)}, {"admin_item_bad_poster", AdminItem(badPoster)},
		{"admin_item_reader", AdminItem(read)}, {"admin_items_none_found", AdminItems(none)}, {"admin_items_reader", AdminItems(list)},
		{"admin_collection", AdminCollection(edit)}, {"admin_collection_errors", AdminCollection(empty)}, {"admin_collection_conflict", AdminCollection(clashing)},
		{"admin_delete_item", AdminDelete(goes)}, {"admin_delete_collection", AdminDelete(allGo)},
	}, programmeSamples(l)...)
}

// programmeSamples are the public pages with pictures and collections.
func programmeSamples(l *i18n.Locale) []sample {
	card := func(n int) Card {
		return Card{URL: "/watch/v" + strconv.Itoa(n), Title: "Evening " + strconv.Itoa(n), Access: l.T("access.open"),
			Length: l.T("item.length.hours", "Hours", 1, "Minutes", 23), Art: Art{Picture: "/picture/x/small"}}
	}
	home := HomePage{Page: public(samplePage(l, "", "/", nobody)), Collections: []Card{
		{URL: "/collection/festival", Title: longTitle, Access: l.N("home.collection.count", 12), Art: Art{Initial: "F"}},
	}, Videos: []Card{card(1), card(2)}, NextURL: "/?page=2"}
	collection := CollectionPage{
		Page: public(samplePage(l, "Festival 2026", "/collection/festival", nobody)), Title: longTitle, Art: Art{Picture: "/picture/x"},
		Description: markdown.Render("All **evenings** of the festival."), Videos: []Card{card(1), card(2)},
		Radios:  []Card{{URL: "/listen/r", Title: "Festival Radio", Access: l.T("access.open"), Art: Art{Square: true, Initial: "F"}}},
		PrevURL: "/collection/festival?page=1",
	}
	plain := CollectionPage{Page: public(samplePage(l, "Tapes", "/collection/tapes", nobody)), Title: "Tapes", Videos: []Card{card(1)}}
	item := videoHead(l)
	item.Art.Picture, item.Length, item.Description = "/picture/x", l.T("item.length.minutes", "Minutes", 42), markdown.Render("## Cast\n\n- Nina\n- [Trigorin](https://example.org)")
	wall := PaywallPage{Page: public(samplePage(l, item.Title, "/watch/seagull", nobody)), Item: item, Reason: "signed_out", SignInURL: "/login",
		Headline: l.T("paywall.reason.signed_out.title"), Text: l.T("paywall.reason.signed_out.text_members")}
	wall.ImageURL = "https://radio.example/picture/x"
	return []sample{
		{"home_collections", Home(home)}, {"collection", Collection(collection)}, {"collection_plain", Collection(plain)}, {"paywall_poster", Paywall(wall)},
	}
}
