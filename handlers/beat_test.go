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

// plays is how many plays the site counted, and how many play now.
func plays(t *testing.T, kit *testkit.Kit) (counted, listening int) {
	t.Helper()
	kit.Site.Plays.Flush(t.Context())
	days, err := kit.Site.Store.DayAmounts(t.Context(), paywall.CountPlays, "2000", "3000")
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range days {
		counted += day.Amount
	}
	items, err := kit.Site.Store.Listening(t.Context(), kit.Clock.Now().Add(-paywall.ListeningFor))
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		listening += item.Amount
	}
	return counted, listening
}

func wantPlays(t *testing.T, kit *testkit.Kit, counted, listening int) {
	t.Helper()
	if c, l := plays(t, kit); c != counted || l != listening {
		t.Errorf("%d plays and %d listening, want %d and %d", c, l, counted, listening)
	}
}

// TestPlays_counted: what hands out a token to a visitor is a play, once for each
// browser and item.
func TestPlays_counted(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.As(t, "anna")
	page := anna.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	anna.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	anna.Get(sources(page)[1]).WantStatus(http.StatusOK)
	anna.Post("/play/radio-lumiere/token", url.Values{}).WantStatus(http.StatusOK)
	wantPlays(t, kit, 1, 0)
	anna.Get("/watch/le-concert").WantStatus(http.StatusOK)
	kit.As(t, "anna").Get("/listen/radio-lumiere").WantStatus(http.StatusOK) // another device
	wantPlays(t, kit, 3, 0)
	kit.Clock.Advance(13 * time.Hour)
	anna.Post("/play/radio-lumiere/token", url.Values{}).WantStatus(http.StatusOK)
	wantPlays(t, kit, 4, 0)
}

// TestPlays_notCounted: what plays nothing, or is no visitor's, is no play and no
// refusal.
func TestPlays_notCounted(t *testing.T) {
	kit := testkit.New(t)
	paths := []string{"/listen/promo", "/listen/radio-lumiere"}
	for name, header := range map[string][2]string{
		"prefetch": {"Sec-Purpose", "prefetch"}, "image": {"Sec-Fetch-Dest", "image"}, "old prefetch": {"Purpose", "prefetch"},
		"robot": {"User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
	} {
		visitor := kit.Client(t)
		visitor.Header.Set(header[0], header[1])
		for _, path := range paths {
			if status := visitor.Get(path).Status; status != http.StatusOK && status != http.StatusServiceUnavailable {
				t.Errorf("%s: status %d", name, status)
			}
		}
	}
	robot := kit.Client(t)
	robot.Header.Set("User-Agent", "Googlebot/2.1")
	robot.Post("/play/promo/token", url.Values{})
	for _, path := range paths {
		kit.Client(t).Do(http.MethodHead, path, "", nil)
	}
	for _, role := range paywall.StaffRoles {
		staff := kit.Staff(t, role)
		for _, path := range paths {
			page := staff.Get(path)
			if name := page.Attr("[data-player]", "data-play-name"); name != "" {
				staff.Post("/play/promo/beat", url.Values{"play": {name}}).WantStatus(http.StatusNoContent)
			}
		}
	}
	if err := kit.Sandbox.SetMode(sandbox.ModeDown); err != nil {
		t.Fatal(err)
	}
	kit.As(t, "anna").Get("/listen/radio-lumiere").WantStatus(http.StatusServiceUnavailable)
	wantPlays(t, kit, 0, 0)
	if refused := refusals(t, kit); len(refused) != 0 {
		t.Errorf("refusals %v", refused)
	}
}

func refusals(t *testing.T, kit *testkit.Kit) map[paywall.Reason]int {
	t.Helper()
	kit.Site.Plays.Flush(t.Context())
	amounts, err := kit.Site.Store.ReasonAmounts(t.Context(), "2000", "3000")
	if err != nil {
		t.Fatal(err)
	}
	all := map[paywall.Reason]int{}
	for _, a := range amounts {
		all[a.Reason] = a.Amount
	}
	return all
}

func TestRefusals_counted(t *testing.T) {
	kit := testkit.New(t)
	ben, nobody := kit.As(t, "ben"), kit.Client(t)
	ben.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	ben.Get("/watch/le-concert").WantStatus(http.StatusOK)
	ben.Post("/play/radio-lumiere/token", url.Values{}).WantStatus(http.StatusForbidden) // the page tells, and counts
	kit.As(t, "carla").Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	nobody.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	kit.As(t, "anna").Get("/watch/premiere").WantStatus(http.StatusOK)
	nobody.Get("/watch/brouillon").WantStatus(http.StatusNotFound)
	got := refusals(t, kit)
	want := map[paywall.Reason]int{
		paywall.ReasonNoGrant: 2, paywall.ReasonGrantEnded: 1, paywall.ReasonSignedOut: 1, paywall.ReasonNotYetOpen: 1,
	}
	for reason, amount := range want {
		if got[reason] != amount {
			t.Errorf("%s: %d refusals, want %d", reason, got[reason], amount)
		}
	}
	if len(got) != len(want) {
		t.Errorf("refusals %v", got)
	}
}

// TestBeat: who plays is listening, whoever says so.
func TestBeat(t *testing.T) {
	kit := testkit.New(t)
	anna, nobody := kit.As(t, "anna"), kit.Client(t)
	name := anna.Get("/listen/radio-lumiere").Attr("[data-player]", "data-play-name")
	visitors := nobody.Get("/listen/promo").Attr("[data-player]", "data-play-name")
	if name == "" || visitors == "" || strings.Contains(visitors, name) {
		t.Fatalf("names %q and %q", name, visitors)
	}
	beat := func(c *testkit.Client, slug, name, stop string) {
		t.Helper()
		form := url.Values{"play": {name}}
		if stop != "" {
			form.Set("stop", stop)
		}
		answer := c.Post("/play/"+slug+"/beat", form).WantStatus(http.StatusNoContent)
		if answer.Body != "" {
			t.Errorf("a beat is answered %q", answer.Body)
		}
	}
	beat(anna, "radio-lumiere", name, "")
	beat(nobody, "promo", visitors, "")
	wantPlays(t, kit, 2, 2)
	kit.Clock.Advance(time.Minute)
	beat(anna, "radio-lumiere", name, "1")
	wantPlays(t, kit, 2, 1)
	for _, wrong := range []string{"", visitors, "nonsense", strings.Repeat("a", 52)} {
		beat(anna, "radio-lumiere", wrong, "")
	}
	beat(nobody, "radio-lumiere", name, "")
	beat(nobody, "nosuchitem", visitors, "")
	wantPlays(t, kit, 2, 1)

	nobody.Header.Set("Sec-Fetch-Site", "cross-site")
	nobody.Post("/play/promo/beat", url.Values{"play": {visitors}}).WantStatus(http.StatusForbidden)
	anna.Do(http.MethodPost, "/play/promo/beat", "application/json", strings.NewReader("{}")).WantStatus(http.StatusUnsupportedMediaType)
	anna.Get("/play/promo/beat").WantStatus(http.StatusMethodNotAllowed)
}

// TestBeat_renewal: a visitor's player goes on under its name, and learns a new one
// where there is none to go on with.
func TestBeat_renewal(t *testing.T) {
	kit := testkit.New(t)
	nobody := kit.Client(t)
	name := nobody.Get("/listen/promo").Attr("[data-player]", "data-play-name")
	renew := func(named string) (play string) {
		t.Helper()
		var answer struct{ Play string }
		nobody.Post("/play/promo/token", url.Values{"play": {named}}).WantStatus(http.StatusOK).JSON(&answer)
		return answer.Play
	}
	if got := renew(name); got != name {
		t.Errorf("the name changed to %q", got)
	}
	wantPlays(t, kit, 1, 0)
	fresh := renew("")
	if fresh == name || fresh == "" {
		t.Errorf("the new name is %q", fresh)
	}
	wantPlays(t, kit, 2, 0)
	nobody.Post("/play/promo/beat", url.Values{"play": {name}, "instead": {fresh}}).WantStatus(http.StatusNoContent)
	wantPlays(t, kit, 1, 0)
}

// TestPlays_lockedDatabase: a player page does not wait for its count.
func TestPlays_lockedDatabase(t *testing.T) {
	kit := testkit.New(t)
	anna := kit.WithSession(t, "anna")
	anna.Get("/listen/studio-ouvert").WantStatus(http.StatusOK) // a lease of mints is there
	release, locked := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- kit.Site.Store.InTx(t.Context(), func(paywall.Store) error { close(locked); <-release; return nil })
	}()
	<-locked
	page := anna.Within(time.Second).Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	if page.Attr("audio", "src") == "" {
		t.Error("no player")
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wantPlays(t, kit, 2, 0)
}

// TestPlays_namesTellNothing: the name in the page tells nothing.
func TestPlays_namesTellNothing(t *testing.T) {
	kit := testkit.New(t)
	anna := personOf(t, kit, "anna")
	page := kit.As(t, "anna").Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	name := page.Attr("[data-player]", "data-play-name")
	sessions, err := kit.Site.Store.SessionsOf(t.Context(), anna.ID)
	if err != nil || len(sessions) != 1 {
		t.Fatal(len(sessions), err)
	}
	if strings.Contains(page.Body, sessions[0].ID) || strings.Contains(page.Body, anna.ID) || name == "" {
		t.Error("the page names the session or the account")
	}
}
