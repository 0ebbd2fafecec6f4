package handlers_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/internal/config"
	"usher/internal/infomaniak/sandbox"
	"usher/internal/testkit"
)

// pageLimit is how long a page may take, whatever the supplier does.
const pageLimit = 5 * time.Second

// TestSupplier_troubles: each way in which Infomaniak can fail gives a page
// that says so and comes back by itself, never a hanging or blank one.
func TestSupplier_troubles(t *testing.T) {
	for _, mode := range []sandbox.Mode{
		sandbox.ModeSlow, sandbox.ModeDown, sandbox.ModeGarbage, sandbox.ModeHTML, sandbox.ModeHang,
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			kit := testkit.New(t)
			anna := kit.As(t, "anna")
			if err := kit.Sandbox.SetMode(mode); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{"/listen/radio-lumiere", "/watch/le-concert"} {
				page := anna.Within(pageLimit).Get(path).WantStatus(http.StatusServiceUnavailable)
				if page.Header.Get("Retry-After") == "" || page.Header.Get("Refresh") == "" {
					t.Errorf("%s does not come back by itself", path)
				}
				if strings.Contains(page.Body, "token=") || page.Doc().Find("audio, iframe").Length() != 0 {
					t.Errorf("%s shows a player that cannot play", path)
				}
			}
			if err := kit.Sandbox.SetMode(sandbox.ModeOK); err != nil {
				t.Fatal(err)
			}
			kit.Clock.Advance(10 * time.Second) // what a page waits, at the most, before it asks again
			anna.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
		})
	}
}

// TestSupplier_hangLeavesOthersAlone: while many wait for a supplier that hangs,
// pages that need no token are as fast as ever.
func TestSupplier_hangLeavesOthersAlone(t *testing.T) {
	kit := testkit.New(t)
	if err := kit.Sandbox.SetMode(sandbox.ModeHang); err != nil {
		t.Fatal(err)
	}
	anna := kit.As(t, "anna")
	var viewers sync.WaitGroup
	for range 30 {
		viewers.Go(func() {
			if status := anna.Within(pageLimit).Get("/listen/radio-lumiere").Status; status != http.StatusServiceUnavailable {
				t.Errorf("status %d", status)
			}
		})
	}
	for range 20 {
		anna.Within(time.Second).Get("/").WantStatus(http.StatusOK)
		anna.Within(time.Second).Get("/account").WantStatus(http.StatusOK)
	}
	viewers.Wait()
}

// TestSupplier_ownerIsTold: the owner's item page names the cause.
func TestSupplier_ownerIsTold(t *testing.T) {
	kit := testkit.New(t)
	if err := kit.Sandbox.SetMode(sandbox.ModeDown); err != nil {
		t.Fatal(err)
	}
	kit.As(t, "anna").Get("/listen/radio-lumiere").WantStatus(http.StatusServiceUnavailable)
	owner := kit.As(t, "owner")
	list := owner.Get("/admin/items").WantStatus(http.StatusOK)
	if !regexp.MustCompile(`answered 50[23]`).MatchString(list.Body) {
		t.Error("the owner's list does not say what Infomaniak answered")
	}
	if err := kit.Sandbox.SetMode(sandbox.ModeOK); err != nil {
		t.Fatal(err)
	}
	kit.Clock.Advance(10 * time.Second)
	kit.As(t, "anna").Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	if page := owner.Get("/admin/items"); strings.Contains(page.Body, "answered 50") {
		t.Error("the trouble is over but still shown")
	}
}

// TestCrowd_everybodyIsServedOrToldTheirPlace: a hundred viewers want to start
// at once while Infomaniak enforces its 60 calls a minute.
func TestCrowd_everybodyIsServedOrToldTheirPlace(t *testing.T) {
	kit := testkit.New(t)
	if err := kit.Sandbox.SetMode(sandbox.ModeRateLimit); err != nil {
		t.Fatal(err)
	}
	crowd := newCrowd(t, kit, 100)
	crowd.askAll(pageLimit)
	if crowd.served != 55 || len(crowd.places) != 45 {
		t.Errorf("%d served and %d told a place, want 55 and 45", crowd.served, len(crowd.places))
	}
	for place := 1; place <= len(crowd.places); place++ {
		if crowd.places[place] != 1 {
			t.Errorf("place %d was told to %d viewers", place, crowd.places[place])
		}
	}
	calls := kit.Sandbox.Calls()
	if calls.Refused != 0 || calls.Mints != 55 {
		t.Errorf("the sandbox minted %d and refused %d, want 55 and 0", calls.Mints, calls.Refused)
	}
	if len(crowd.tokens) != crowd.served {
		t.Errorf("%d viewers share %d tokens", crowd.served, len(crowd.tokens))
	}
	kit.Clock.Advance(66 * time.Second) // the minute is over, and the lease's life
	crowd.askAll(pageLimit)
	if calls := kit.Sandbox.Calls(); crowd.served != 100 || calls.Refused != 0 {
		t.Errorf("after a minute %d of 100 were served, the sandbox refused %d", crowd.served, calls.Refused)
	}
}

// crowd is many viewers who each want to start once.
type crowd struct {
	t       *testing.T
	waiting []*testkit.Client
	served  int
	tokens  map[string]bool
	places  map[int]int
}

func newCrowd(t *testing.T, kit *testkit.Kit, size int) *crowd {
	t.Helper()
	c := &crowd{t: t, tokens: map[string]bool{}}
	for range size {
		c.waiting = append(c.waiting, kit.WithSession(t, "anna"))
	}
	return c
}

var placeForm = regexp.MustCompile(`\b\d+\b`)

// askAll lets everybody who still waits load the page at once.
func (c *crowd) askAll(limit time.Duration) {
	answers := make([]*testkit.Answer, len(c.waiting))
	var asking sync.WaitGroup
	for i, client := range c.waiting {
		asking.Go(func() { answers[i] = client.Within(limit).Get("/listen/radio-lumiere") })
	}
	asking.Wait()
	var still []*testkit.Client
	c.places = map[int]int{}
	for i, answer := range answers {
		switch answer.Status {
		case http.StatusOK:
			c.served++
			c.tokens[answer.Attr("audio", "src")] = true
		case http.StatusServiceUnavailable:
			still = append(still, c.waiting[i])
			place, err := strconv.Atoi(placeForm.FindString(answer.Text("main .lead")))
			if err != nil {
				c.t.Errorf("no place in %q", answer.Text("main .lead"))
			}
			c.places[place]++
		default:
			c.t.Errorf("status %d", answer.Status)
		}
	}
	c.waiting = still
}

// TestAnonymousCrowd_isHeldBack: one network without accounts cannot use up
// what paying listeners need.
func TestAnonymousCrowd_isHeldBack(t *testing.T) {
	kit := testkit.New(t, func(c *config.Config) { c.MintsPerMinute = 1000 })
	visitor := kit.Client(t)
	for range 20 {
		visitor.Get("/listen/promo").WantStatus(http.StatusOK)
	}
	answer := visitor.Get("/listen/promo").WantStatus(http.StatusTooManyRequests)
	if answer.Header.Get("Retry-After") == "" {
		t.Error("it is not said when to come back")
	}
	kit.As(t, "anna").Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
}

// TestOneSession_cannotDrainTheMinute: whoever loads a page many times at once
// gets five tokens, and everybody else still finds theirs.
func TestOneSession_cannotDrainTheMinute(t *testing.T) {
	kit := testkit.New(t)
	ben, anna := kit.As(t, "ben"), kit.As(t, "anna")
	var loads sync.WaitGroup
	for range 60 {
		loads.Go(func() { ben.Within(pageLimit).Get("/listen/studio-ouvert").WantStatus(http.StatusOK) })
	}
	loads.Wait()
	if n := kit.Mints(); n != 5 {
		t.Errorf("sixty loads at once drew %d tokens, want 5", n)
	}
	anna.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
}

// TestForeignPage_drawsNoToken: a page of another site that names ours as an
// image or a script costs nothing.
func TestForeignPage_drawsNoToken(t *testing.T) {
	kit := testkit.New(t)
	for _, destination := range []string{"image", "script", "iframe", "empty"} {
		visitor := kit.Client(t)
		visitor.Header.Set("Sec-Fetch-Dest", destination)
		visitor.Header.Set("Sec-Fetch-Site", "cross-site")
		visitor.Get("/listen/promo").WantStatus(http.StatusOK)
	}
	if n := kit.Mints(); n != 0 {
		t.Errorf("%d tokens were drawn", n)
	}
	visitor := kit.Client(t)
	visitor.Header.Set("Sec-Fetch-Dest", "document")
	visitor.Get("/listen/promo").WantStatus(http.StatusOK)
	if n := kit.Mints(); n != 1 {
		t.Errorf("a page that somebody opens drew %d tokens", n)
	}
}
