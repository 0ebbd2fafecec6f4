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

// importSamples are the pages of the import.
func importSamples(l *i18n.Locale) []sample {
	picks := func(count int) (all []ImportPick) {
		for i := range count {
			pick := ImportPick{Key: "media/1/" + strconv.Itoa(i), Title: "Evening " + strconv.Itoa(i), Length: l.T("item.length.minutes", "Minutes", 42), State: l.T("import.plan.here"), New: i != 1}
			switch i {
			case 1:
				pick.ItemURL = "/admin/items/1"
			case 2:
				pick.Title, pick.Protection = longTitle, l.T("import.open.video")
			}
			all = append(all, pick)
		}
		return all
	}
	accesses := []Option{{Value: "open", Label: l.T("access.open")}, {Value: "entitled", Label: l.T("access.entitled"), Selected: true}}
	kinds := []Option{{Value: "radio", Label: l.T("kind.radio")}, {Value: "video", Label: l.T("kind.video")}}
	gone := []PageLink{{URL: "/admin/items/9", Label: longTitle}}
	fresh := AdminImportPage{Page: samplePage(l, l.T("import.title"), "/admin/items/import", owner), Accesses: accesses, TypedKinds: kinds}
	full := fresh
	full.ReadAt, full.RunningURL, full.Gone, full.Stations = "2 Mar 2026, 09:15", "/admin/items/import/runs/1", gone, picks(3)
	full.AllNew = l.N("import.all_new", 1234)
	full.Runs = []ImportRunRow{{URL: "/admin/items/import/runs/1", Kind: l.T("import.kind.import"), State: l.T("import.state.done"), When: "2 Mar 2026, 09:15", Good: true},
		{URL: "/admin/items/import/runs/2", Kind: l.T("import.kind.read"), State: l.T("import.state.failed"), When: "1 Mar 2026, 09:15"}}
	full.ChannelRows = []ImportChannel{{Name: longTitle, Number: "7301", Total: l.N("import.media", 300), Folders: []ImportFolder{
		{Key: "folder/1/a", Name: "Saison 2026/Automne", Total: l.N("import.media", 4), New: 3, NewText: l.N("import.new", 3), Media: picks(4)},
		{Key: "folder/1/b", Name: l.T("import.root"), Total: l.N("import.media", 1), NewText: l.N("import.new", 0), Protection: l.T("import.open.video"), OpenURL: "/admin/items/import?folder=b"},
	}}}
	typing := fresh
	typing.ReadAt, typing.Radio, typing.VOD, typing.Error = full.ReadAt, l.T("trouble.rights"), l.T("trouble.rights"), l.T("import.error.running")
	typing.Address, typing.Channel, typing.Channels = "<x>", "abc", "7301, x"
	typing.Errors = map[string]string{"address": l.T("source.error.share"), "channel": l.T("source.error.channel"), "channels": l.T("source.error.channel"), "kind": l.T("item.error.kind")}
	plan := AdminImportPlanPage{Page: samplePage(l, l.T("import.plan.title"), "/admin/items/import/plan", owner), Picks: []string{"folder/1/a"}, Access: "entitled",
		Collections: true, New: 3, Here: 1, Open: l.N("import.plan.open", 2), NewLines: picks(3), Waiting: picks(1), Gone: gone,
		Differing: []ImportPick{{Title: "Evening", ItemURL: "/admin/items/1", Fields: []string{l.T("import.field.title"), l.T("import.field.poster")}}},
		Facts:     []Fact{{l.T("import.plan.new"), l.N("import.things", 3)}, {l.T("import.plan.shares"), l.N("import.shares", 1)}}}
	nothing := AdminImportPlanPage{Page: plan.Page, Facts: plan.Facts, Publish: true}
	running := AdminImportRunPage{Page: samplePage(l, l.T("import.kind.import"), "/admin/items/import/runs/1", owner), Running: true, State: l.T("import.state.running"),
		Done: 12, Total: 600, Progress: l.T("import.progress", "Done", 12, "Total", 600), StopURL: "/admin/items/import/runs/1/stop"}
	failed := running
	failed.Running, failed.State, failed.Trouble, failed.More = false, l.T("import.state.failed"), l.T("trouble.token"), l.N("import.report.more", 3)
	failed.Facts = []Fact{{l.T("import.report.created"), "12"}}
	failed.Problems = []Fact{{longTitle, l.T("import.error.poster")}}
	changes := AdminImportChangesPage{Page: samplePage(l, l.T("import.changes.title"), "/admin/items/import/changes", owner), ReadAt: full.ReadAt, Error: l.T("import.error.none_chosen"),
		Rows: []ImportDifference{
			{ID: "media/1/a#title", Title: "Evening", URL: "/admin/items/1", Field: l.T("import.field.title"), Ours: "Evening", Theirs: longTitle},
			{ID: "media/1/a#poster", Title: "Evening", URL: "/admin/items/1", Field: l.T("import.field.poster"), OursPicture: "/picture/x/small", Theirs: "1jhvl2uqjpzzz.jpg"},
		},
		ByHand: []ImportDifference{{ID: "media/1/b#duration", Title: longTitle, URL: "/admin/items/2", Field: l.T("import.field.duration"), Theirs: "1:23:45"}}}
	same := AdminImportChangesPage{Page: changes.Page, ReadAt: full.ReadAt}
	unread := AdminImportChangesPage{Page: changes.Page}
	return []sample{
		{"admin_import_fresh", AdminImport(fresh)}, {"admin_import", AdminImport(full)}, {"admin_import_typing", AdminImport(typing)},
		{"admin_import_plan", AdminImportPlan(plan)}, {"admin_import_plan_nothing", AdminImportPlan(nothing)},
		{"admin_import_run", AdminImportRun(running)}, {"admin_import_failed", AdminImportRun(failed)},
		{"admin_import_changes", AdminImportChanges(changes)}, {"admin_import_changes_none", AdminImportChanges(same)}, {"admin_import_changes_unread", AdminImportChanges(unread)},
	}
}
