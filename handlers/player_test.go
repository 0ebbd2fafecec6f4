package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/internal/testkit"
)

// fetch asks for media and answers the status; the body is not read, because a
// stream has no end.
func fetch(t *testing.T, address string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode
}

// sources are the addresses of the qualities that a player page offers.
func sources(a *testkit.Answer) []string {
	var list []string
	for _, node := range a.Doc().Find(`a[href*="?source="]`).EachIter() {
		if href, ok := node.Attr("href"); ok {
			list = append(list, href)
		}
	}
	return list
}

func TestPlayer_freshTokenEachRender(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	pages := map[string]string{"/watch/le-concert": "iframe", "/watch/making-of": "iframe", "/listen/studio-ouvert": "audio"}
	for _, path := range sources(anna.Get("/listen/radio-lumiere")) {
		pages[path] = "audio"
	}
	if len(pages) < 6 {
		t.Fatalf("pages %v: the qualities of the station are missing", pages)
	}
	for path, element := range pages {
		first := anna.Get(path).WantStatus(http.StatusOK).Attr(element, "src")
		second := anna.Get(path).WantStatus(http.StatusOK).Attr(element, "src")
		if first == second {
			t.Errorf("%s: two renders carry the same token", path)
		}
		for _, address := range []string{first, second} {
			if status := fetch(t, address); status != http.StatusOK {
				t.Errorf("%s: the sandbox answers %d to the page's own token", path, status)
			}
		}
		plain, token, found := strings.Cut(first, "?")
		if !found {
			t.Fatalf("%s: no token in %q", path, first)
		}
		bent := plain + "?" + token[:len(token)-1] + string(token[len(token)-1]^1)
		for what, address := range map[string]string{"no token": plain, "a bent token": bent} {
			if status := fetch(t, address); status != http.StatusForbidden {
				t.Errorf("%s with %s: status %d, want 403", path, what, status)
			}
		}
	}
}

func TestPlayer_oldTokenIsRefused(t *testing.T) {
	kit := testkit.New(t)
	for path, element := range map[string]string{"/listen/radio-lumiere": "audio", "/watch/le-concert": "iframe"} {
		address := kit.As(t, "anna").Get(path).WantStatus(http.StatusOK).Attr(element, "src")
		kit.Clock.Advance(7 * time.Hour)
		if status := fetch(t, address); status != http.StatusForbidden {
			t.Errorf("%s after its window: status %d, want 403", path, status)
		}
	}
}

func TestPlayer_sixthRenderInAMinuteReusesTheOwnToken(t *testing.T) {
	kit := testkit.New(t)
	anna, other := kit.As(t, "anna"), kit.As(t, "anna")
	seen := map[string]bool{}
	last := ""
	for range 5 {
		last = anna.Get("/listen/radio-lumiere").Attr("audio", "src")
		seen[last] = true
	}
	if len(seen) != 5 || kit.Mints() != 5 {
		t.Fatalf("five renders gave %d tokens by %d mints, want 5 and 5", len(seen), kit.Mints())
	}
	if again := anna.Get("/listen/radio-lumiere").Attr("audio", "src"); again != last {
		t.Errorf("the sixth render carries %q, want the fifth's token again", again)
	}
	if foreign := other.Get("/listen/radio-lumiere").Attr("audio", "src"); seen[foreign] {
		t.Error("another session was given somebody's token")
	}
	kit.Clock.Advance(time.Minute)
	if later := anna.Get("/listen/radio-lumiere").Attr("audio", "src"); seen[later] {
		t.Error("a minute later the render still carries an old token")
	}
}

func TestPlayer_costsNoTokenWithoutAListener(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	anna.Do(http.MethodHead, "/listen/radio-lumiere", "", nil).WantStatus(http.StatusOK)
	robot := kit.Client(t)
	robot.Header.Set("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
	page := robot.Get("/listen/promo").WantStatus(http.StatusOK)
	if page.Doc().Find("audio").Length() != 0 || page.Text("h1") != "Lumière Promo" {
		t.Errorf("a search engine sees %q with %d players", page.Text("h1"), page.Doc().Find("audio").Length())
	}
	ahead := kit.As(t, "anna")
	ahead.Header.Set("Sec-Purpose", "prefetch")
	ahead.Get("/listen/radio-lumiere").WantStatus(http.StatusServiceUnavailable)
	if n := kit.Mints(); n != 0 {
		t.Errorf("%d tokens were minted for nobody", n)
	}
}

func TestPlayer_openItemForAnybody(t *testing.T) {
	kit := testkit.New(t)
	visitor := kit.Client(t)
	page := visitor.Get("/listen/promo").WantStatus(http.StatusOK)
	if status := fetch(t, page.Attr("audio", "src")); status != http.StatusOK {
		t.Errorf("the stream answers %d", status)
	}
	if cookies := visitor.Cookies(); len(cookies) != 0 {
		t.Errorf("an anonymous listener is given cookies: %v", cookies)
	}
}

func TestPlayer_ownerSeesDraftsWithANote(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	for _, path := range []string{"/watch/brouillon", "/watch/premiere", "/listen/radio-lumiere"} {
		page := owner.Get(path).WantStatus(http.StatusOK)
		if page.Doc().Find("main .notice").Length() != 1 {
			t.Errorf("%s: no note that tells the owner what others find", path)
		}
	}
}

func TestRenew(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	page := anna.Get("/listen/radio-lumiere")
	section := page.Doc().Find("[data-player]")
	path, _ := section.Attr("data-renew")
	source, _ := section.Attr("data-source")
	answer := anna.Post(path, url.Values{"source": {source}}).WantStatus(http.StatusOK)
	var fresh struct {
		URL, Form, Source string
		FreshFor          int `json:"fresh_for"`
	}
	answer.JSON(&fresh)
	if fresh.URL == page.Attr("audio", "src") || fetch(t, fresh.URL) != http.StatusOK {
		t.Errorf("the renewed address %q is not a fresh, working one", fresh.URL)
	}
	if fresh.Form != "stream" || fresh.Source != source || fresh.FreshFor != 3600 {
		t.Errorf("renewal answers %+v", fresh)
	}
	if got := answer.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	anna.Post(path, url.Values{"source": {"nosuchsource"}}).WantStatus(http.StatusOK)
}

func TestRenew_refusedAsksToReload(t *testing.T) {
	kit := testkit.New(t)
	for who, want := range map[string]int{"": http.StatusUnauthorized, "ben": http.StatusForbidden, "carla": http.StatusForbidden} {
		client := kit.Client(t)
		if who != "" {
			client = kit.As(t, who)
		}
		var refusal struct {
			Error  string
			Reload bool
		}
		client.Post("/play/radio-lumiere/token", url.Values{}).WantStatus(want).JSON(&refusal)
		if refusal.Error == "" || !refusal.Reload {
			t.Errorf("%q is answered %+v", who, refusal)
		}
	}
}

// TestRevoked_nextMintIsRefused: what the owner takes back ends at once.
func TestRevoked_nextMintIsRefused(t *testing.T) {
	kit := testkit.New(t)
	anna, owner := kit.As(t, "anna"), kit.As(t, "owner")
	anna.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	grants := owner.Get("/admin/grants").WantStatus(http.StatusOK)
	action := grants.Attr(`form[action$="/revoke"]`, "action")
	owner.Post(action, url.Values{}).WantStatus(http.StatusSeeOther)
	anna.Post("/play/radio-lumiere/token", url.Values{}).WantStatus(http.StatusForbidden)
	if page := anna.Get("/listen/radio-lumiere"); page.Doc().Find("audio").Length() != 0 {
		t.Error("a grant that was taken back still plays")
	}
	if n := kit.Mints(); n != 1 {
		t.Errorf("%d mints, want the one before", n)
	}
}
