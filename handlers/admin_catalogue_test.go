package handlers_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"usher/internal/testkit"
	"usher/paywall"
)

// formIn is a form of a page as a browser would post it.
func formIn(t testing.TB, page *testkit.Answer, selector string) url.Values {
	t.Helper()
	values := url.Values{}
	form := page.Doc().Find(selector)
	if form.Length() != 1 {
		t.Fatalf("%d forms %q", form.Length(), selector)
	}
	for _, field := range form.Find("input, textarea, select").EachIter() {
		name, value := field.AttrOr("name", ""), field.AttrOr("value", "")
		switch {
		case field.Is("textarea"):
			value = field.Text()
		case field.Is("select"):
			value = field.Find("option[selected]").AttrOr("value", field.Find("option").First().AttrOr("value", ""))
		}
		values.Add(name, value)
	}
	return values
}

func itemOf(t testing.TB, kit *testkit.Kit, slug string) paywall.Item {
	t.Helper()
	item, err := kit.Site.Store.ItemBySlug(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return item
}

// TestItem_twoOwners: the second is told, keeps what was typed, sees who saved
// what, and can save over it.
func TestItem_twoOwners(t *testing.T) {
	kit := testkit.New(t)
	first, second := kit.Staff(t, paywall.RoleEditor), kit.As(t, "owner")
	item := itemOf(t, kit, "le-concert")
	path := "/admin/items/" + item.ID
	form := "form[action='" + path + "']"
	mine, theirs := formIn(t, second.Get(path), form), formIn(t, first.Get(path), form)

	theirs.Set("title", "The Concert of the Others")
	theirs.Set("description", "Their *text*")
	first.Post(path, theirs).WantStatus(http.StatusSeeOther)

	mine.Set("title", "My Concert")
	mine.Set("summary", "My summary")
	answer := second.Post(path, mine).WantStatus(http.StatusConflict)
	if got := answer.Attr("#title", "value"); got != "My Concert" {
		t.Errorf("the title is %q: what was typed is lost", got)
	}
	text := answer.Text(".conflict")
	for _, want := range []string{"staff-editor@demo.test", "My Concert", "The Concert of the Others", "My summary", "Their *text*"} {
		if !strings.Contains(text, want) {
			t.Errorf("the conflict does not show %q: %s", want, text)
		}
	}
	if strings.Contains(text, "Address on this site") {
		t.Error("a field that does not differ is shown")
	}
	if got := itemOf(t, kit, "le-concert"); got.Title != "The Concert of the Others" {
		t.Errorf("it was saved: %q", got.Title)
	}
	// A third save in between is told of too.
	again := formIn(t, first.Get(path), form)
	again.Set("duration", "1:02:03")
	first.Post(path, again).WantStatus(http.StatusSeeOther)
	answer = second.Post(path, formIn(t, answer, form)).WantStatus(http.StatusConflict)
	second.Post(path, formIn(t, answer, form)).WantStatus(http.StatusSeeOther)
	got := itemOf(t, kit, "le-concert")
	if got.Title != "My Concert" || got.Summary != "My summary" || got.Description != "" {
		t.Errorf("saved over knowingly, it is %+v", got)
	}
	if len(got.Sources) != 1 || got.Sources[0].ID != item.Sources[0].ID {
		t.Error("the source is another one")
	}
}

func TestItem_texts(t *testing.T) {
	kit := testkit.New(t)
	owner, visitor := kit.As(t, "owner"), kit.Client(t)
	item := itemOf(t, kit, "le-concert")
	path := "/admin/items/" + item.ID
	form := formIn(t, owner.Get(path), "form[action='"+path+"']")
	form.Set("description", "## Cast\n\n<script>alert(1)</script> **Nina** [x](javascript:alert(1))")
	form.Set("duration", "1:23:45")
	form.Set("slug", "the-concert")
	owner.Post(path, form).WantStatus(http.StatusSeeOther)
	if got := owner.Get(path).Attr("#duration", "value"); got != "1:23:45" {
		t.Errorf("the length is %q", got)
	}
	old := visitor.Get("/watch/le-concert?source=x").WantStatus(http.StatusMovedPermanently)
	if to := old.Header.Get("Location"); to != "/watch/the-concert?source=x" {
		t.Errorf("the old address leads to %q", to)
	}
	page := visitor.Get("/watch/the-concert").WantStatus(http.StatusOK)
	if page.Text(".item-description h2, .item-description h3, .item-description h4") != "Cast" || page.Text(".item-description strong") != "Nina" {
		t.Errorf("the description is %q", page.Text(".item-description"))
	}
	if page.Doc().Find(".item-description script, .item-description a[href^=javascript]").Length() != 0 {
		t.Error("markup of the text is live")
	}
	if !strings.Contains(page.Text(".item-kind"), "1 h 24 min") || !strings.Contains(visitor.Get("/").Text("main"), "1 h 24 min") {
		t.Error("the length is not shown")
	}
	for _, wrong := range []string{"x", "1:60", "-1", "1:2:3:4", "1000000:00:00"} {
		form = formIn(t, owner.Get(path), "form[action='"+path+"']")
		form.Set("duration", wrong)
		if answer := owner.Post(path, form).WantStatus(http.StatusUnprocessableEntity); answer.Text("#duration-error") == "" || answer.Attr("#duration", "value") != wrong {
			t.Errorf("%q: no word at the field, or it is emptied", wrong)
		}
	}
}

func TestItem_poster(t *testing.T) {
	kit := testkit.New(t)
	owner, visitor := kit.As(t, "owner"), kit.Client(t)
	item := itemOf(t, kit, "le-concert")
	path := "/admin/items/" + item.ID + "/poster"
	upload(t, owner, path, "picture", aPicture(t, 1600)).WantStatus(http.StatusSeeOther)
	id := itemOf(t, kit, "le-concert").PosterID
	page := visitor.Get("/watch/le-concert").WantStatus(http.StatusOK)
	if got := page.Attr(".item-art img", "src"); got != "/picture/"+id {
		t.Errorf("the paywall shows %q", got)
	}
	if got := page.Attr("meta[property='og:image']", "content"); got != kit.Config.BaseURL.String()+"/picture/"+id {
		t.Errorf("a link preview shows %q", got)
	}
	if visitor.Get("/").Doc().Find("img[src='/picture/"+id+"/small']").Length() != 1 {
		t.Error("the home page does not show it")
	}
	if got := visitor.Get("/picture/" + id).WantStatus(http.StatusOK).Header.Get("Content-Type"); got != "image/png" {
		t.Errorf("it is %s", got)
	}

	for name, file := range map[string][]byte{
		"svg": []byte("<svg onload=alert(1)>"), "none": nil, "too large": make([]byte, paywall.MaxUpload+1),
	} {
		answer := upload(t, owner, path, "picture", file).WantStatus(http.StatusUnprocessableEntity)
		if answer.Text("#picture-error") == "" {
			t.Errorf("%s: no word at the field", name)
		}
	}
	upload(t, owner, path, "picture", aPicture(t, 9), "padding", strings.Repeat("x", 70<<10)).WantStatus(http.StatusUnprocessableEntity)
	if answer := owner.Post(path, url.Values{"picture": {"x"}}).WantStatus(http.StatusUnprocessableEntity); answer.Text("#picture-error") == "" {
		t.Error("a form without a file: no word at the field")
	}
	if itemOf(t, kit, "le-concert").PosterID != id {
		t.Error("a refused file changed the poster")
	}
	owner.Post(path+"/remove", nil).WantStatus(http.StatusSeeOther)
	if visitor.Get("/watch/le-concert").Doc().Find(".item-art img").Length() != 0 {
		t.Error("it is still shown")
	}
}

func TestItems_listAndBulk(t *testing.T) {
	kit := testkit.New(t)
	owner, db := kit.As(t, "owner"), kit.Site.Store
	for n := range 60 {
		item := paywall.Item{ID: "bulk" + strconv.Itoa(n), Slug: "evening-" + strconv.Itoa(n), Title: "Evening " + strconv.Itoa(n), Kind: paywall.KindVideo,
			Access: paywall.AccessOpen, Version: 1, Position: 100 + n, Sources: []paywall.Source{{ID: paywall.NewID(), Kind: paywall.SourceVOD, Ref: "1jhvl2uqjpwmr", Channel: "1"}}}
		if err := db.CreateItem(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	page := owner.Get("/admin/items?q=evening&state=draft&sort=title").WantStatus(http.StatusOK)
	if rows := page.Doc().Find("tbody tr").Length(); rows != 50 || page.Text("#count") != "60 items" {
		t.Errorf("%d rows, %q", rows, page.Text("#count"))
	}
	next := page.Attr("a[rel=next]", "href")
	if rows := owner.Get(next).Doc().Find("tbody tr").Length(); rows != 10 || !strings.Contains(next, "sort=title") {
		t.Errorf("%d rows on the second page, %s", rows, next)
	}
	if all := owner.Get(page.Attr(".bulk a", "href")).Doc().Find("input[name=id][checked]").Length(); all != 50 {
		t.Errorf("%d rows are chosen", all)
	}
	answer := owner.Post("/admin/items/bulk", url.Values{"id": {"bulk1", "bulk2", "gone"}, "act": {"publish"}})
	if flash := owner.Get(answer.WantStatus(http.StatusSeeOther).Header.Get("Location")).Text(".flash"); flash != "Items changed: 2. Already so: 0." {
		t.Errorf("it says %q", flash)
	}
	owner.Post("/admin/items/bulk", url.Values{"id": {"bulk1"}, "act": {"access:members"}}).WantStatus(http.StatusSeeOther)
	if got := itemOf(t, kit, "evening-1"); !got.Published || got.Access != paywall.AccessMembers {
		t.Errorf("it is %+v", got)
	}
	for _, wrong := range []url.Values{{"act": {"publish"}}, {"id": {"bulk1"}}, {"id": {"bulk1"}, "act": {"collection:nosuch"}}} {
		if owner.Post("/admin/items/bulk", wrong).WantStatus(http.StatusUnprocessableEntity).Text(".notice-bad") == "" {
			t.Errorf("%v: no word about it", wrong)
		}
	}
	owner.Header.Set("Referer", kit.URL+"/admin/items?page=2")
	moved := owner.Post("/admin/items/bulk1/move", url.Values{"to": {"up"}, "id": {"bulk2"}, "act": {"publish"}}).WantStatus(http.StatusSeeOther)
	if to := moved.Header.Get("Location"); to != "/admin/items?page=2" {
		t.Errorf("back to %q", to)
	}
	if itemOf(t, kit, "evening-1").Position >= itemOf(t, kit, "evening-0").Position {
		t.Error("it did not move")
	}
	owner.Header.Set("Referer", "https://elsewhere.example/admin/items?page=2")
	if to := owner.Post("/admin/items/bulk1/move", url.Values{"to": {"down"}}).Header.Get("Location"); strings.Contains(to, "elsewhere") {
		t.Errorf("back to %q", to)
	}
}

func TestItem_delete(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	item := itemOf(t, kit, "le-concert")
	owner.Post("/admin/grants", url.Values{"email": {"ben@demo.test"}, "opens": {"item:" + item.ID}}).WantStatus(http.StatusSeeOther)
	asked := owner.Get("/admin/items/" + item.ID + "/delete").WantStatus(http.StatusOK)
	if text := asked.Text(".panel"); !strings.Contains(text, "Le Concert") || !strings.Contains(text, "1 person has a grant") {
		t.Errorf("it asks %q", text)
	}
	owner.Post("/admin/items/"+item.ID+"/delete", nil).WantStatus(http.StatusSeeOther)
	kit.Client(t).Get("/watch/le-concert").WantStatus(http.StatusNotFound)
	owner.Get("/admin/items/" + item.ID).WantStatus(http.StatusNotFound)
	owner.Get("/admin/grants").WantStatus(http.StatusOK)
}

func TestCollection_pages(t *testing.T) {
	kit := testkit.New(t)
	owner, visitor := kit.As(t, "owner"), kit.Client(t)
	owner.Post("/admin/collections", url.Values{"title": {"Festival d’été"}}).WantStatus(http.StatusSeeOther)
	path := owner.Get("/admin/collections").Attr(".collection-rows a", "href")
	visitor.Get("/collection/festival-dete").WantStatus(http.StatusNotFound)
	id := strings.TrimPrefix(path, "/admin/collections/")
	item := itemOf(t, kit, "le-concert")
	owner.Post("/admin/items/bulk", url.Values{"id": {item.ID}, "act": {"collection:" + id}}).WantStatus(http.StatusSeeOther)
	form := formIn(t, owner.Get(path), "form[action='"+path+"']:has(#title)")
	stale := url.Values{}
	for name, values := range form {
		stale[name] = values
	}
	form.Set("description", "All **evenings**")
	owner.Post(path, form).WantStatus(http.StatusSeeOther)
	upload(t, owner, path+"/poster", "picture", aPicture(t, 200)).WantStatus(http.StatusSeeOther)
	page := visitor.Get("/collection/festival-dete").WantStatus(http.StatusOK)
	if page.Text("h1") != "Festival d’été" || page.Text(".prose strong") != "evenings" || page.Doc().Find(".card").Length() != 1 || page.Doc().Find(".collection-art img").Length() != 1 {
		t.Errorf("the page shows %q", page.Text("main"))
	}
	stale.Set("title", "Mine")
	answer := owner.Post(path, stale).WantStatus(http.StatusConflict)
	if answer.Attr("#title", "value") != "Mine" || !strings.Contains(answer.Text(".conflict"), "All **evenings**") {
		t.Errorf("the conflict shows %q", answer.Text(".conflict"))
	}
	upload(t, owner, path+"/poster", "picture", []byte("<svg>")).WantStatus(http.StatusUnprocessableEntity)
	owner.Post(path+"/delete", nil).WantStatus(http.StatusConflict)
	asked := owner.Get(path + "/delete").WantStatus(http.StatusOK)
	owner.Post(path+"/delete", formIn(t, asked, ".panel form")).WantStatus(http.StatusSeeOther)
	if itemOf(t, kit, "le-concert").CollectionID != "" {
		t.Error("the item is in a collection that is gone")
	}
	owner.Get(path).WantStatus(http.StatusNotFound)
}

// TestHome_many: a site with 600 items stays light.
func TestHome_many(t *testing.T) {
	kit := testkit.New(t)
	visitor, db := kit.Client(t), kit.Site.Store
	for c := range 40 {
		collection := paywall.Collection{ID: "c" + strconv.Itoa(c), Slug: "folder-" + strconv.Itoa(c), Title: "Folder " + strconv.Itoa(c)}
		if err := db.CreateCollection(t.Context(), collection); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 600 {
		item := paywall.Item{ID: "i" + strconv.Itoa(n), Slug: "evening-" + strconv.Itoa(n), Title: "Evening " + strconv.Itoa(n), Kind: paywall.KindVideo, Published: true,
			Summary: strings.Repeat("words ", 30), Description: strings.Repeat("long ", 2000), Access: paywall.AccessOpen, Version: 1, CollectionID: "c" + strconv.Itoa(n%41)}
		if n%41 == 40 {
			item.CollectionID = ""
		}
		if err := db.CreateItem(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	home := visitor.Get("/").WantStatus(http.StatusOK)
	if cards := home.Doc().Find("section[aria-labelledby=collections] .card").Length(); cards != 40 {
		t.Errorf("%d collections on the home page", cards)
	}
	first := visitor.Get("/collection/folder-0").WantStatus(http.StatusOK)
	if cards := first.Doc().Find(".card").Length(); cards != 15 {
		t.Errorf("%d items in a collection", cards)
	}
	list := kit.As(t, "owner").Get("/admin/items").WantStatus(http.StatusOK)
	for name, page := range map[string]*testkit.Answer{"home": home, "collection": first, "the owner's list": list} {
		if len(page.Body) > 200<<10 {
			t.Errorf("%s has %d bytes", name, len(page.Body))
		}
		t.Logf("%s: %d bytes", name, len(page.Body))
	}
}
