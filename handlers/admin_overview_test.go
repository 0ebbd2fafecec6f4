package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/internal/infomaniak/sandbox"
	"usher/internal/testkit"
	"usher/paywall"
)

// figureOf is the number under a label of the overview.
func figureOf(t *testing.T, page *testkit.Answer, label string) string {
	t.Helper()
	for _, node := range page.Doc().Find(".figures > div").EachIter() {
		if strings.TrimSpace(node.Find("dt").Text()) == label {
			return node.Find("dd.figure").Text()
		}
	}
	t.Errorf("no figure %q", label)
	return ""
}

func TestOverview(t *testing.T) {
	kit := testkit.New(t)
	anna, owner := kit.As(t, "anna"), kit.As(t, "owner")
	name := anna.Get("/listen/radio-lumiere").Attr("[data-player]", "data-play-name")
	anna.Post("/play/radio-lumiere/beat", url.Values{"play": {name}})
	kit.Client(t).Get("/listen/promo")
	kit.Client(t).Get("/listen/radio-lumiere")
	kit.Site.Plays.Flush(t.Context())
	page := owner.Get("/admin").WantStatus(http.StatusOK)
	for label, want := range map[string]string{
		"Listening now": "1", "Plays today": "2", "Plays in 7 days": "2", "Plays in 30 days": "2",
		"Members": "4", "New in 7 days": "4", "New in 30 days": "4", "Left in 30 days": "1", "Access ends soon": "0", "Sign-ins in 7 days": "2",
	} {
		if got := figureOf(t, page, label); got != want {
			t.Errorf("%s: %s, want %s", label, got, want)
		}
	}
	if text := page.Text("[aria-labelledby=most-played] tbody"); !strings.Contains(text, "Radio Lumière1") || !strings.Contains(text, "Lumière Promo1") {
		t.Errorf("most played: %q", text)
	}
	if text := page.Text("[aria-labelledby=refusals] tbody"); text != "Not signed in1" {
		t.Errorf("refusals: %q", text)
	}
	if text := page.Text("[aria-labelledby=problems]"); !strings.Contains(text, "No problem is known") {
		t.Errorf("problems: %q", text)
	}
	bars := page.Doc().Find("#chart-plays-title").Parent().Find("rect.bar")
	if bars.Length() != 30 || bars.Last().AttrOr("height", "") != "100" || bars.First().AttrOr("height", "") != "0" {
		t.Errorf("%d bars", bars.Length())
	}
	if rows := page.Doc().Find("figure table").First().Find("tbody tr"); rows.Length() != 30 || !strings.Contains(rows.Last().Text(), "Sunday 22 November 2026") {
		t.Errorf("the table has %d rows, the last %q", rows.Length(), rows.Last().Text())
	}
	if text := page.Text(".admin-body > p.quiet"); !strings.Contains(text, "Europe/Zurich") || !strings.Contains(text, "19:30") {
		t.Errorf("it is counted %q", text)
	}
}

// TestOverview_rights: an editor sees no figure of people, nor mails' troubles.
func TestOverview_rights(t *testing.T) {
	kit := testkit.New(t)
	for _, role := range paywall.StaffRoles {
		page := kit.Staff(t, role).Get("/admin").WantStatus(http.StatusOK)
		if got := page.Doc().Find("#chart-members-title, #members").Length() > 0; got && !role.May(paywall.RightSeePeople) {
			t.Errorf("%s sees figures of people", role)
		} else if !got && role.May(paywall.RightSeePeople) {
			t.Errorf("%s sees no figures of people", role)
		}
		for _, link := range page.Doc().Find(".admin-body a").EachIter() {
			href := link.AttrOr("href", "")
			if status := kit.WithSession(t, "staff-"+string(role)).Get(href).Status; strings.HasPrefix(href, "/admin") && status != http.StatusOK {
				t.Errorf("%s is led to %s, which answers %d", role, href, status)
			}
		}
	}
}

// problemTexts are what the overview says that needs somebody.
func problemTexts(page *testkit.Answer) string { return page.Text("[aria-labelledby=problems]") }

func TestOverview_supplierTrouble(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	if err := kit.Sandbox.SetMode(sandbox.ModeDown); err != nil {
		t.Fatal(err)
	}
	anna := kit.As(t, "anna")
	anna.Get("/listen/radio-lumiere").WantStatus(http.StatusServiceUnavailable)
	page := owner.Get("/admin").WantStatus(http.StatusOK)
	if text := problemTexts(page); !strings.Contains(text, "The last call to Infomaniak failed on 22 Nov 2026, 19:30") || !strings.Contains(text, "“Radio Lumière”, MP3 128 kbit/s, did not start") {
		t.Errorf("problems: %s", text)
	}
	if page.Doc().Find("[aria-labelledby=problems] a[href^='/admin/items/']").Length() != 1 {
		t.Error("no way to the item")
	}
	for _, path := range []string{"/watch/le-concert", "/watch/making-of", "/listen/studio-ouvert"} {
		anna.Get(path)
	}
	if text := problemTexts(owner.Get("/admin")); !strings.Contains(text, "Infomaniak has not answered since") {
		t.Errorf("the breaker is open: %s", text)
	}
	if err := kit.Sandbox.SetMode(sandbox.ModeOK); err != nil {
		t.Fatal(err)
	}
	kit.Clock.Advance(2 * time.Minute)
	for _, path := range []string{"/listen/radio-lumiere", "/watch/le-concert", "/watch/making-of", "/listen/studio-ouvert"} {
		anna.Get(path).WantStatus(http.StatusOK)
	}
	if text := problemTexts(owner.Get("/admin")); !strings.Contains(text, "No problem is known") {
		t.Errorf("problems that are over: %s", text)
	}
}

func TestOverview_machine(t *testing.T) {
	kit := testkit.New(t)
	owner, deps := kit.As(t, "owner"), &kit.Site.Handler.Deps
	vitals := paywall.Vitals{DiskFree: 5 << 30, DiskSize: 100 << 30, ClockAt: kit.Clock.Now().Add(-time.Hour)}
	deps.Vitals = func() paywall.Vitals { return vitals }
	wants := func(text string) {
		t.Helper()
		if got := problemTexts(owner.Get("/admin").WantStatus(http.StatusOK)); !strings.Contains(got, text) {
			t.Errorf("problems: %s; want %s", got, text)
		}
	}
	wants("No problem is known")
	vitals.DiskFree = 5<<30 - 1
	wants("5.4 GB of 107.4 GB are free")
	vitals.DiskFree, vitals.DiskSize = 1<<30-1, 2<<30
	wants("1.1 GB of 2.1 GB are free")
	vitals.DiskFree, vitals.DiskSize = 0, 0 // no data folder
	wants("No problem is known")
	vitals.ClockAhead = 31 * time.Second
	wants("clock is 31 seconds ahead of")
	vitals.ClockAhead = -2 * time.Minute
	wants("clock is 120 seconds behind")
	vitals.ClockAhead = 30 * time.Second
	wants("No problem is known")
	vitals.ClockAhead = time.Hour
	wants("clock is 3,600 seconds ahead")
	kit.Clock.Advance(24 * time.Hour)
	wants("No problem is known") // compared too long ago
}

// TestOverview_clock compares the clock with the supplier's own.
func TestOverview_clock(t *testing.T) {
	kit := testkit.New(t)
	kit.As(t, "anna").Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	v := kit.Site.Handler.Vitals()
	if v.ClockAhead != 0 || !v.ClockAt.Equal(kit.Clock.Now()) {
		t.Errorf("the clocks differ: %+v", v)
	}
	if v.DiskFree == 0 || v.DiskSize < v.DiskFree {
		t.Errorf("the disk has %+v", v)
	}
}
