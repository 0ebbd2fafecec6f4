package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"usher/internal/infomaniak/sandbox"
	"usher/internal/testkit"
	"usher/paywall"
)

const importAt = "/admin/items/import"

// finish lets the background work until the run is over, and opens its page.
func finish(t testing.TB, kit *testkit.Kit, c *testkit.Client, started *testkit.Answer) *testkit.Answer {
	t.Helper()
	at := started.WantStatus(http.StatusSeeOther).Header.Get("Location")
	waiting := c.Get(at).WantStatus(http.StatusOK)
	if waiting.Header.Get("Refresh") == "" || waiting.Doc().Find("form[action$='/stop']").Length() != 1 {
		t.Error("the page of a run that is on does not load itself again, or cannot stop it")
	}
	if err := kit.Site.Imports.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := c.Get(at).WantStatus(http.StatusOK)
	if page.Header.Get("Refresh") != "" || page.Text(".badge-good") != "Done" {
		t.Fatalf("the run is %s", page.Text("main"))
	}
	return page
}

func TestImport_pages(t *testing.T) {
	kit := testkit.New(t)
	editor := kit.Staff(t, paywall.RoleEditor)
	for _, slug := range []string{"le-concert", "studio-ouvert"} { // so that there is something new
		if err := kit.Site.Store.DeleteItem(t.Context(), itemOf(t, kit, slug).ID); err != nil {
			t.Fatal(err)
		}
	}
	if text := editor.Get(importAt).WantStatus(http.StatusOK).Text("main"); !strings.Contains(text, "has not been read yet") {
		t.Errorf("before the first reading it says %q", text)
	}
	editor.Post(importAt+"/plan", url.Values{"pick": {"x"}, "access": {"open"}}).WantStatus(http.StatusUnprocessableEntity)
	read := editor.Post(importAt+"/read", url.Values{"channels": {""}})
	editor.Post(importAt+"/read", nil).WantStatus(http.StatusConflict)
	finish(t, kit, editor, read)

	page := editor.Get(importAt).WantStatus(http.StatusOK)
	picks := page.Doc().Find("input[name=pick]")
	if picks.Length() == 0 || page.Doc().Find(".picks a.pick-name").Length() == 0 {
		t.Fatalf("%d things to pick, %d here already", picks.Length(), page.Doc().Find(".picks a.pick-name").Length())
	}
	choice := url.Values{"access": {"members"}, "collections": {"true"}}
	for _, pick := range picks.EachIter() {
		choice.Add("pick", pick.AttrOr("value", ""))
	}
	before, err := kit.Site.Store.AllItems(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	plan := editor.Post(importAt+"/plan", choice).WantStatus(http.StatusOK)
	if now, _ := kit.Site.Store.AllItems(t.Context()); len(now) != len(before) {
		t.Error("the plan changed something")
	}
	report := finish(t, kit, editor, editor.Post(importAt, formIn(t, plan, "form[action='"+importAt+"']")))
	after, err := kit.Site.Store.AllItems(t.Context())
	if err != nil || len(after) <= len(before) {
		t.Fatalf("%d items after the import, %d before: %v", len(after), len(before), err)
	}
	for _, item := range after[len(before):] {
		if item.Published || item.Access != paywall.AccessMembers {
			t.Errorf("not as it was chosen: %+v", item)
		}
	}
	if !strings.Contains(report.Text(".facts"), "New items") {
		t.Errorf("the report says %q", report.Text("main"))
	}
	again := editor.Post(importAt+"/plan", choice).WantStatus(http.StatusOK)
	if again.Doc().Find("form[action='"+importAt+"']").Length() != 0 {
		t.Error("a second import is offered although nothing is new")
	}
	editor.Post(importAt, choice).WantStatus(http.StatusUnprocessableEntity)
	editor.Get(importAt + "/changes").WantStatus(http.StatusOK)
	editor.Post(importAt+"/changes", url.Values{"pick": {"nosuch"}}).WantStatus(http.StatusUnprocessableEntity)
	kit.Staff(t, paywall.RoleReader).Get(importAt).WantStatus(http.StatusNotFound)
}

// TestImport_typing: a token that may not list leads to typing, not to an error.
func TestImport_typing(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	if err := kit.Sandbox.SetToken(sandbox.Token{MintOnly: true, Scopes: []sandbox.Scope{sandbox.ScopeRadio, sandbox.ScopeVOD}}); err != nil {
		t.Fatal(err)
	}
	finish(t, kit, owner, owner.Post(importAt+"/read", nil))
	page := owner.Get(importAt).WantStatus(http.StatusOK)
	if page.Doc().Find(".trouble").Length() != 2 || page.Doc().Find("details[open] form[action='"+importAt+"/typed']").Length() != 1 {
		t.Errorf("the page does not lead to typing: %s", page.Text("main"))
	}
	if strings.Contains(page.Text("main"), "There are no stations") {
		t.Error("it is said that nothing is there, although nobody could look")
	}
	made := owner.Post(importAt+"/typed", url.Values{"kind": {"radio"}, "address": {kit.SandboxURL + "/ice/other-128.mp3"}, "access": {"open"}})
	item := owner.Get(made.WantStatus(http.StatusSeeOther).Header.Get("Location")).WantStatus(http.StatusOK)
	if item.Attr("#title", "value") != "other-128" {
		t.Errorf("the draft is %q", item.Attr("#title", "value"))
	}
	twice := owner.Post(importAt+"/typed", url.Values{"kind": {"radio"}, "address": {kit.SandboxURL + "/ice/other-128.mp3"}, "access": {"open"}}).WantStatus(http.StatusUnprocessableEntity)
	if link := "form[action='" + importAt + "/typed'] a"; twice.Text("#address-error") == "" || twice.Attr(link, "href") != made.Header.Get("Location") {
		t.Errorf("typed twice, the page says %q and leads to %q", twice.Text("#address-error"), twice.Attr(link, "href"))
	}
	film := itemOf(t, kit, "le-concert")
	noFault(t, kit.Site.Store.DeleteItem(t.Context(), film.ID))
	made = owner.Post(importAt+"/typed", url.Values{"kind": {"video"}, "address": {film.Sources[0].Ref}, "channel": {film.Sources[0].Channel}, "access": {"open"}})
	if text := owner.Get(made.WantStatus(http.StatusSeeOther).Header.Get("Location")).Text(".flash"); !strings.Contains(text, "must be the id of the share") {
		t.Errorf("a film that could not be looked up: %q", text)
	}
	wrong := owner.Post(importAt+"/typed", url.Values{"kind": {"video"}, "address": {"<script>"}, "channel": {"1"}, "access": {"open"}}).WantStatus(http.StatusUnprocessableEntity)
	if wrong.Attr("#address", "value") != "<script>" || wrong.Text("#address-error") == "" {
		t.Error("what was typed is lost, or no word stands at the field")
	}
	owner.Post(importAt+"/read", url.Values{"channels": {"abc"}}).WantStatus(http.StatusUnprocessableEntity)
}

// TestImport_large: the page to pick from stays usable with 600 media, and opens
// one folder at a time with many more.
func TestImport_large(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	show := func(media int) *testkit.Answer {
		t.Helper()
		channel := paywall.HeldChannel{Channel: paywall.SupplierChannel{ID: "7", Name: "Concerts"}, Shares: map[string][]string{}}
		for n := range 40 {
			channel.Folders = append(channel.Folders, paywall.SupplierFolder{ID: "f" + strconv.Itoa(n), Path: "Saison " + strconv.Itoa(n), Name: "Saison"})
		}
		for n := range media {
			channel.Media = append(channel.Media, paywall.SupplierMedia{ID: "m" + strconv.Itoa(n), Name: "Concert " + strconv.Itoa(n), FolderID: "f" + strconv.Itoa(n%40), Duration: time.Hour})
		}
		body, err := json.Marshal(paywall.Holdings{ReadAt: testkit.Start, Channels: []paywall.HeldChannel{channel}})
		if err != nil {
			t.Fatal(err)
		}
		if err := kit.Site.Store.PutHoldings(t.Context(), body, testkit.Start); err != nil {
			t.Fatal(err)
		}
		return owner.Get(importAt).WantStatus(http.StatusOK)
	}
	page := show(600)
	if picks := page.Doc().Find("input[name=pick]").Length(); picks != 1+640 || len(page.Body) > 400<<10 {
		t.Errorf("%d things to pick, %d bytes", picks, len(page.Body))
	}
	t.Logf("600 media: %d bytes", len(page.Body))
	all := url.Values{"access": {"open"}}
	for _, pick := range page.Doc().Find("input[name=pick]").EachIter() {
		all.Add("pick", pick.AttrOr("value", ""))
	}
	plan := owner.Post(importAt+"/plan", all).WantStatus(http.StatusOK)
	if fields := plan.Doc().Find("input[name=pick]").Length(); fields != 1+640 {
		t.Errorf("the plan carries %d picks on", fields)
	}
	one := owner.Post(importAt+"/plan", url.Values{"access": {"open"}, "pick": {"everything"}}).WantStatus(http.StatusOK)
	if got, want := one.Text(".facts"), plan.Text(".facts"); got != want {
		t.Errorf("the pick of everything plans %q, all picks %q", got, want)
	}
	t.Logf("the plan of all: %d bytes", len(plan.Body))

	page = show(5000)
	if picks := page.Doc().Find("input[name=pick]").Length(); picks != 1+40 || len(page.Body) > 100<<10 {
		t.Errorf("%d things to pick, %d bytes", picks, len(page.Body))
	}
	opened := owner.Get(page.Attr("a[href*='folder=']", "href")).WantStatus(http.StatusOK)
	if picks := opened.Doc().Find("input[name=pick]").Length(); picks != 1+40+125 {
		t.Errorf("%d things to pick with a folder open", picks)
	}
}
