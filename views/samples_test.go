package views

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"usher/internal/i18n"
)

// sample is one state of one page.
type sample struct {
	name string
	page templ.Component
}

const (
	sampleStream = "https://lumiere.ice.infomaniak.ch/lumiere-128.mp3?token=st=1790000000~exp=1790003600~acl=/lumiere-128.mp3/*~hmac=ab12&x=1"
	sampleVOD    = "https://player.vod2.infomaniak.com/embed/1jhvl2uqa5v8a?token=st=1790000000~exp=1790021600~acl=/hls/a/b/*~hmac=cd34"
	longTitle    = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle, das Hörspiel in zwölf Teilen und einem Nachspiel"
)

func sampleSrc(t testing.TB, address string) MediaSrc {
	t.Helper()
	src, err := NewMediaSrc(address, func(u *url.URL) bool {
		return u.Scheme == "https" && strings.HasSuffix(u.Host, ".infomaniak.ch") || u.Host == "player.vod2.infomaniak.com"
	})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// evening is a date as the language writes it.
func evening(l *i18n.Locale) string {
	return l.DateTime(time.Date(2026, time.November, 29, 20, 0, 0, 0, time.FixedZone("CET", 3600)))
}

var (
	nobody     = Person{}
	member     = Person{SignedIn: true, Label: "anna@example.org"}
	owner      = Person{SignedIn: true, Label: "owner@example.org", Rights: everyRight}
	everyRight = Rights{Staff: true, SeeItems: true, EditItems: true, SeePeople: true, EditPeople: true, SeeRecord: true, Run: true}
)

func samplePage(l *i18n.Locale, title, path string, viewer Person) Page {
	p := Page{
		L: l, SiteName: "Radio Lumière", Title: title, Path: path, Viewer: viewer,
		Assets: Assets{CSS: "/static/css/usher.css", Player: "/static/js/player.js", HLS: "/static/js/hls.js", Icon: "/static/icons/icon.svg"},
	}
	return p
}

func public(p Page) Page {
	p.Description = "Jazz and conversation from the lake,\nday and night."
	p.CanonicalURL = "https://radio.example" + p.Path
	return p
}

// samples are all states of all pages in one language.
func samples(t testing.TB, l *i18n.Locale) []sample {
	t.Helper()
	var all []sample
	all = append(all, publicSamples(l)...)
	all = append(all, entrySamples(l)...)
	all = append(all, codeSamples(l)...)
	all = append(all, accountSamples(l)...)
	all = append(all, securitySamples(l)...)
	all = append(all, playerSamples(t, l)...)
	all = append(all, errorSamples(l)...)
	all = append(all, ownerSamples(l)...)
	all = append(all, peopleSamples(l)...)
	all = append(all, catalogueSamples(l)...)
	all = append(all, importSamples(l)...)
	all = append(all, figureSamples(l)...)
	all = append(all, healthSamples(l)...)
	all = append(all, textSamples(l)...)
	all = append(all, judgeSamples(t, l)...)
	all = append(all, voucherSamples(l)...)
	return all
}

func radioHead(l *i18n.Locale) ItemHead {
	return ItemHead{
		Title: "Lumière Jazz", Kind: l.T("kind.radio"), Radio: true, Access: l.T("access.entitled"),
		Summary: "Jazz and conversation from the lake, day and night.\nNo advertising, no playlist machine: everything is chosen by people.",
		Art:     Art{Variant: 3, Square: true, Initial: "L"},
	}
}

func videoHead(l *i18n.Locale) ItemHead {
	return ItemHead{
		Title: "The Seagull", Kind: l.T("kind.video"), Access: l.T("access.members"),
		Summary: "Chekhov's play, recorded in the small hall on two evenings in March. 2 h 10 min, subtitles in French.",
		Art:     Art{Variant: 0, Initial: "T"},
	}
}

func publicSamples(l *i18n.Locale) []sample {
	until := evening(l)
	opens := l.T("home.opens", "Date", until)
	home := HomePage{Page: public(samplePage(l, "", "/", nobody)), Redeem: true}
	for i, title := range []string{"Lumière Jazz", "Lumière Classique", "Studio 2"} {
		home.Radios = append(home.Radios, Card{URL: "/listen/r" + strconv.Itoa(i), Title: title, Summary: "Jazz and conversation from the lake, day and night, chosen by people.",
			Access: l.T("access.open"), Art: Art{Variant: i + 1, Square: true, Initial: title[:1]}})
	}
	for i, title := range []string{"The Seagull", longTitle, "Lamps", "A concert by the lake"} {
		card := Card{URL: "/watch/v" + strconv.Itoa(i), Title: title, Summary: "Recorded in the small hall on two evenings in March.", Access: l.T("access.entitled"), Art: Art{Variant: (i*4 + 5) % 6, Initial: title[:1]}}
		if i == 2 {
			card.Opens, card.Summary = opens, ""
		}
		home.Videos = append(home.Videos, card)
	}
	wall := func(name string, item ItemHead, reason, text string, viewer Person) sample {
		p := PaywallPage{Page: public(samplePage(l, item.Title, "/listen/lumiere-jazz", viewer)), Item: item, Reason: reason,
			Headline: l.T("paywall.reason." + reason + ".title"), Text: l.T("paywall.reason."+reason+"."+text, "Date", until)}
		if !viewer.SignedIn {
			p.SignInURL, p.Opens = "/login?next=%2Flisten%2Flumiere-jazz", opens
		}
		return sample{"paywall_" + name, Paywall(p)}
	}
	long := videoHead(l)
	long.Title = longTitle
	door := PaywallPage{Page: public(samplePage(l, "Lumière Jazz", "/listen/lumiere-jazz", nobody)), Item: radioHead(l), Reason: "signed_out",
		Headline: l.T("paywall.reason.signed_out.title"), Text: l.T("paywall.reason.signed_out.text_members"),
		SignInURL: "/login?next=%2Flisten%2Flumiere-jazz", SignUpURL: "/signup?next=%2Flisten%2Flumiere-jazz"}
	return []sample{
		{"home", Home(home)},
		{"home_empty", Home(HomePage{Page: public(samplePage(l, "", "/", nobody))})},
		{"home_empty_owner", Home(HomePage{Page: public(samplePage(l, "", "/", owner))})},
		wall("signed_out_members", videoHead(l), "signed_out", "text_members", nobody),
		wall("signed_out_entitled", radioHead(l), "signed_out", "text_entitled", nobody),
		{"paywall_sign_up", Paywall(door)},
		wall("no_grant", radioHead(l), "no_grant", "text", member),
		wall("grant_ended", long, "grant_ended", "text", member),
		wall("not_yet_open", videoHead(l), "not_yet_open", "text", member),
	}
}

// withForms is a page that has the scripts of forms and passkeys.
func withForms(p Page) Page {
	p.Assets.Forms, p.Assets.Passkeys = "/static/js/forms.js", "/static/js/passkeys.js"
	return p
}

func withFlash(p Page, text string) Page {
	p.Flash = text
	return p
}

func playerSamples(t testing.TB, l *i18n.Locale) []sample {
	radio := PlayerPage{
		Page: public(samplePage(l, "Lumière Jazz", "/listen/lumiere-jazz", member)), Item: radioHead(l), StartURL: "/listen/lumiere-jazz",
		Src: sampleSrc(t, sampleStream), Form: "stream", Type: "audio/mpeg", Renew: "/play/lumiere-jazz/token", Beat: "/play/lumiere-jazz/beat", Play: "q2w3e4r5t6z7", Source: "S1", FreshFor: 3600,
		Until:   l.T("player.until", "Date", evening(l)),
		Sources: []SourceChoice{{Label: "128 kbit/s", URL: "/listen/lumiere-jazz?source=S1", Current: true}, {Label: "64 kbit/s AAC", URL: "/listen/lumiere-jazz?source=S2"}, {Label: "HLS", URL: "/listen/lumiere-jazz?source=S3"}},
	}
	hls := radio
	hls.Form, hls.Type, hls.Fallback, hls.FallbackURL = "hls", "application/vnd.apple.mpegurl", "S1", "/listen/lumiere-jazz?source=S1"
	hls.SetupURL = "/admin/setup"
	hls.Page.Viewer, hls.OwnerNote = owner, l.T("player.owner.draft")
	vod := radio
	vod.Item, vod.Form, vod.Src, vod.Sources, vod.Type = videoHead(l), "vod", sampleSrc(t, sampleVOD), nil, ""
	vod.Until = l.T("player.until_forever")
	restRadio, restVideo := radio, vod
	restRadio.Src, restVideo.Src = MediaSrc{}, MediaSrc{}
	long := radio
	long.Item.Title = longTitle
	return []sample{
		{"player_radio", Player(radio)}, {"player_hls_owner", Player(hls)}, {"player_vod", Player(vod)},
		{"player_rest_radio", Player(restRadio)}, {"player_rest_video", Player(restVideo)}, {"player_long", Player(long)},
	}
}

func errorSamples(l *i18n.Locale) []sample {
	item := radioHead(l)
	page := func(viewer Person) Page { return samplePage(l, "404", "/listen/nothing", viewer) }
	waiting := page(member)
	return []sample{
		{"error_404", Error(ErrorPage{Page: page(nobody), Status: 404, Headline: l.T("error.page.404.title"), Text: l.T("error.page.404.text")})},
		{"error_401", Error(ErrorPage{Page: page(nobody), Status: 401, Headline: l.T("error.page.401.title"), Text: l.T("error.page.401.text"), SignInURL: "/login"})},
		{"error_500", Error(ErrorPage{Page: page(nobody), Status: 500, Headline: l.T("error.page.500.title"), Text: l.T("error.page.500.text"), RequestID: "9TK4WZQ2", RetryURL: "/"})},
		{"error_busy", Error(ErrorPage{Page: waiting, Waits: true, Status: 503, Headline: l.T("error.page.busy.title"), Text: l.T("error.page.busy.text", "Place", 14), Item: &item, RetryURL: "/listen/lumiere-jazz"})},
		{"error_supplier_owner", Error(ErrorPage{Page: waiting, Waits: true, Status: 503, Headline: l.T("error.page.supplier.title"), Text: l.T("error.page.supplier.text"), Item: &item, RetryURL: "/listen/lumiere-jazz",
			OwnerDetail: l.T("trouble.token") + " (supplier answered 401 not_authorized)", RequestID: "9TK4WZQ2"})},
	}
}

func ownerSamples(l *i18n.Locale) []sample {
	items := AdminItemsPage{Any: true, Total: l.N("admin.items.count", 214), Moves: true, PickAllURL: "/admin/items?pick=all", NextURL: "/admin/items?page=2",
		Collections: []Option{{Label: l.T("admin.items.any_collection")}}, States: []Option{{Label: l.T("admin.items.any_state")}},
		Sorts: []Option{{Value: "position", Label: l.T("admin.items.sort.position")}}, Acts: []Option{{Label: l.T("admin.items.act.choose")}}, Page: withFlash(samplePage(l, l.T("admin.items.title"), "/admin/items", owner), l.T("flash.item_saved"))}
	grants := AdminGrantsPage{
		Page: samplePage(l, l.T("admin.grants.title"), "/admin/grants?page=2", owner), Zone: "Europe/Zurich",
		Opens:   []Option{{Value: "everything", Label: l.T("account.everything")}, {Value: "item:1", Label: longTitle, Selected: true}},
		PrevURL: "/admin/grants", NextURL: "/admin/grants?page=3", Total: l.N("people.grants.total", 130),
		States: []Option{{Label: l.T("people.any")}, {Value: "live", Label: l.T("people.grant.live")}}, Origins: []Option{{Label: l.T("people.any")}, {Value: "import", Label: l.T("origin.import")}},
		Sorts: []Option{{Value: "newest", Label: l.T("people.grant_sort.newest"), Selected: true}},
	}
	empty := grants
	empty.Rows, empty.PrevURL, empty.NextURL = nil, "", ""
	empty.Email, empty.Error = "nobody@example.org", l.T("error.invalid")
	empty.Errors = map[string]string{"email": l.T("grant.error.unknown_email"), "until": l.T("grant.error.until"), "opens": l.T("grant.error.scope"), "note": l.T("grant.error.note")}
	for i := range 30 {
		row := AdminItemRow{Health: HealthBadge{[]string{"green", "red"}[i%2], l.T("probe.state." + []string{"green", "red"}[i%2])}, ID: strconv.Itoa(i), Changed: "2 Mar 2026, 09:15", Length: l.T("item.length.minutes", "Minutes", 42), Art: Art{Variant: i % 6, Initial: "E"}, Title: "Evening " + strconv.Itoa(i+1), Kind: l.T("kind.video"), Access: l.T("access.entitled"), State: l.T("admin.items.published"), Published: true, Sources: i % 3, EditURL: "/admin/items/" + strconv.Itoa(i), ShowURL: "/watch/evening"}
		grant := AdminGrantRow{ID: strconv.Itoa(i), PersonURL: "/admin/members/" + strconv.Itoa(i), ExtendURL: "/admin/grants/" + strconv.Itoa(i) + "/extend", Email: "listener" + strconv.Itoa(i) + "@example.org", Opens: "Lumière Jazz", From: "2 Mar 2026, 09:15", Until: l.T("account.until", "Date", evening(l)),
			Origin: l.T("origin.owner"), Live: true, RevokeURL: "/admin/grants/" + strconv.Itoa(i) + "/revoke"}
		switch i {
		case 1:
			row.Title, row.State, row.Published = longTitle, l.T("admin.items.draft"), false
			grant.Opens, grant.Email = longTitle, "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org"
		case 2:
			row.Trouble, row.Collection, row.Picked, row.Art.Picture = l.T("trouble.gone"), longTitle, true, "/picture/x/small"
			grant.Live, grant.RevokeURL, grant.Note, grant.Until = false, "", "Press", l.T("account.ended", "Date", evening(l))
		}
		items.Items = append(items.Items, row)
		grants.Rows = append(grants.Rows, grant)
	}
	collections := AdminCollectionsPage{Page: samplePage(l, l.T("admin.collections.title"), "/admin/collections", owner)}
	none := collections
	none.Errors = map[string]string{"title": l.T("collection.error.title")}
	collections.Collections = []CollectionRow{
		{Title: "Festival 2026", URL: "/admin/collections/1", MoveURL: "/admin/collections/1/move", Items: l.N("admin.items.count", 12), First: true, Art: Art{Initial: "F"}},
		{Title: longTitle, URL: "/admin/collections/2", MoveURL: "/admin/collections/2/move", Items: l.N("admin.items.count", 0), Last: true, Art: Art{Picture: "/picture/x/small"}},
	}
	return []sample{
		{"admin_items", AdminItems(items)},
		{"admin_items_empty", AdminItems(AdminItemsPage{Page: samplePage(l, l.T("admin.items.title"), "/admin/items", owner)})},
		{"admin_item_new", AdminItem(itemSample(l, true))}, {"admin_item", AdminItem(itemSample(l, false))},
		{"admin_item_errors", AdminItem(brokenItemSample(l))},
		{"admin_grants", AdminGrants(grants)}, {"admin_grants_errors", AdminGrants(empty)},
		{"admin_collections", AdminCollections(collections)}, {"admin_collections_empty", AdminCollections(none)},
	}
}

func itemSample(l *i18n.Locale, fresh bool) AdminItemPage {
	p := AdminItemPage{
		Page: samplePage(l, l.T("admin.item.new_title"), "/admin/items/1", owner), New: fresh, Action: "/admin/items/new", Zone: "Europe/Zurich",
		Kinds:       []Option{{Value: "radio", Label: l.T("kind.radio"), Selected: true}, {Value: "video", Label: l.T("kind.video")}},
		Accesses:    []Option{{Value: "open", Label: l.T("access.open")}, {Value: "members", Label: l.T("access.members"), Selected: true}, {Value: "entitled", Label: l.T("access.entitled")}},
		SourceKinds: []Option{{Value: "stream", Label: l.T("sourcekind.stream")}, {Value: "hls", Label: l.T("sourcekind.hls")}, {Value: "vod", Label: l.T("sourcekind.vod")}},
		Collections: []Option{{Label: l.T("admin.item.no_collection")}, {Value: "1", Label: "Festival 2026"}},
		Sources:     []SourceFields{{}},
	}
	if fresh {
		return p
	}
	p.Page.Title = "Lumière Jazz"
	p.Action, p.PublishURL, p.ShowURL, p.Published = "/admin/items/1", "/admin/items/1/publish", "/listen/lumiere-jazz", true
	p.DeleteURL, p.Poster = "/admin/items/1/delete", PosterField{UploadURL: "/admin/items/1/poster", RemoveURL: "/admin/items/1/poster/remove", Art: Art{Picture: "/picture/x", Square: true}}
	p.Fields = ItemFields{Title: "Lumière Jazz", Slug: "lumiere-jazz", Kind: "radio", Access: "members", Summary: "Jazz and conversation from the lake.", OpensAt: "2026-11-29T20:00", Position: "1", Version: "4"}
	p.Sources = []SourceFields{
		{ID: "S1", Kind: "stream", Address: "https://lumiere.ice.infomaniak.ch/lumiere-128.mp3", Label: "128 kbit/s"},
		{ID: "S2", Kind: "hls", Address: "https://lumiere.radiohls.infomaniak.com/lumiere/manifest.m3u8", Label: "HLS", Window: "360", Trouble: l.T("trouble.token")},
		{},
	}
	return p
}

func brokenItemSample(l *i18n.Locale) AdminItemPage {
	p := itemSample(l, false)
	p.Published, p.Error = false, l.T("error.invalid")
	p.Fields.Title, p.Fields.Slug = "", "Radio Lumière"
	p.Errors = map[string]string{
		"title": l.T("item.error.title"), "slug": l.T("item.error.slug"), "kind": l.T("item.error.kind"), "summary": l.T("item.error.summary"),
		"access": l.T("item.error.access"), "closes_at": l.T("item.error.window"), "position": l.T("item.error.position"), "sources": l.T("item.error.sources"),
	}
	p.Sources[0].Errors = map[string]string{"address": l.T("source.error.host"), "kind": l.T("source.error.kind"), "label": l.T("source.error.label"),
		"window": l.T("source.error.window"), "channel": l.T("source.error.channel")}
	return p
}
