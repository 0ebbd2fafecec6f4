package handlers_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/internal/testkit"
	"usher/paywall"
)

// whyRounds is how many questions are compared with the running site.
const whyRounds = 1000

// world is a site with random people, items and grants. All instants are whole
// minutes, so that questions fall on beginnings and ends as well.
type world struct {
	t      *testing.T
	kit    *testkit.Kit
	random *rand.Rand
	people []paywall.User
	items  []paywall.Item
	edges  []time.Time // instants at which something begins or ends
}

// span is how far from the kit's start the instants of a world lie.
const span = 60 * 24 * time.Hour

func (w *world) chance(percent int) bool { return w.random.IntN(100) < percent }

func (w *world) instant() time.Time {
	return testkit.Start.Add(time.Duration(w.random.Int64N(int64(2*span))) - span).Truncate(time.Minute)
}

// edge is an instant that questions are asked about too.
func (w *world) edge() time.Time {
	at := w.instant()
	w.edges = append(w.edges, at)
	return at
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func newWorld(t *testing.T, kit *testkit.Kit) *world {
	w := &world{t: t, kit: kit, random: rand.New(rand.NewPCG(5, 2026))}
	var collections []string
	for n := range 4 {
		c := paywall.Collection{ID: paywall.NewID(), Title: fmt.Sprint("Collection ", n), CreatedAt: testkit.Start}
		noFault(t, kit.Site.Store.CreateCollection(t.Context(), c))
		collections = append(collections, c.ID)
	}
	for n := range 40 {
		w.addItem(n, collections)
	}
	for n := range 60 {
		w.addPerson(n, collections)
	}
	return w
}

func (w *world) addItem(n int, collections []string) {
	model, err := w.kit.Site.Store.ItemBySlug(w.t.Context(), pick(w.random, "promo", "making-of"))
	noFault(w.t, err)
	item := model
	item.ID, item.Slug, item.Title = paywall.NewID(), fmt.Sprint("item-", n), fmt.Sprint("Item ", n)
	item.Access = pick(w.random, paywall.AccessOpen, paywall.AccessMembers, paywall.AccessEntitled, paywall.AccessEntitled, paywall.AccessEntitled)
	item.Published = !w.chance(15)
	if w.chance(60) {
		item.CollectionID = pick(w.random, collections...)
	}
	if w.chance(30) {
		item.OpensAt = w.edge()
	}
	if w.chance(30) {
		item.ClosesAt = w.edge()
	}
	item.Sources = slices.Clone(item.Sources)
	for i := range item.Sources {
		item.Sources[i].ID, item.Sources[i].ItemID = paywall.NewID(), item.ID
	}
	noFault(w.t, w.kit.Site.Store.CreateItem(w.t.Context(), item))
	w.items = append(w.items, item)
}

func (w *world) addPerson(n int, collections []string) {
	user := paywall.User{
		ID: paywall.NewID(), Email: fmt.Sprintf("person-%d@demo.test", n), Role: paywall.RoleMember,
		ConfirmedAt: testkit.Start, CreatedAt: testkit.Start,
	}
	if w.chance(20) {
		user.Role = pick(w.random, paywall.StaffRoles...)
	}
	switch w.random.IntN(10) {
	case 0:
		user.DisabledAt = testkit.Start
	case 1:
		user.ConfirmedAt = time.Time{}
	case 2: // a tombstone is switched off as well, see Auth.DeleteAccount
		user.DeletedAt, user.DisabledAt = testkit.Start, testkit.Start
	}
	noFault(w.t, w.kit.Site.Store.CreateUser(w.t.Context(), user))
	w.people = append(w.people, user)
	for range w.random.IntN(6) {
		g := paywall.Grant{
			ID: paywall.NewID(), UserID: user.ID, From: w.edge(), CreatedAt: testkit.Start,
			Scope:  pick(w.random, paywall.ScopeItem, paywall.ScopeItem, paywall.ScopeCollection, paywall.ScopeEverything),
			Origin: pick(w.random, paywall.OriginOwner, paywall.OriginVoucher, paywall.OriginPurchase, paywall.OriginSubscription, paywall.OriginAPI),
		}
		switch g.Scope {
		case paywall.ScopeItem:
			g.TargetID = pick(w.random, w.items...).ID
		case paywall.ScopeCollection:
			g.TargetID = pick(w.random, collections...)
		}
		if w.chance(70) {
			g.Until = w.edge()
		}
		if w.chance(20) {
			g.RevokedAt = w.edge()
		}
		noFault(w.t, w.kit.Site.Store.CreateGrant(w.t.Context(), g))
	}
}

// question is one person, item and instant.
type question struct {
	user paywall.User
	item paywall.Item
	at   time.Time
}

// questions come in the order of their instants, as the clock passes them.
func (w *world) questions() []question {
	var all []question
	for len(all) < whyRounds {
		q := question{user: pick(w.random, w.people...), item: pick(w.random, w.items...), at: w.instant()}
		if w.chance(10) {
			q.user = paywall.User{}
		}
		if w.chance(30) {
			q.at = pick(w.random, w.edges...)
		}
		// In the hour that comes twice a local time names two instants.
		if zone := w.kit.Config.Zone; !parsedIn(q.at.In(zone), zone).Equal(q.at) {
			continue
		}
		all = append(all, q)
	}
	slices.SortFunc(all, func(a, b question) int { return a.at.Compare(b.at) })
	return all
}

const localMinute = "2006-01-02T15:04"

func parsedIn(t time.Time, zone *time.Location) time.Time {
	parsed, _ := time.ParseInLocation(localMinute, t.Format(localMinute), zone)
	return parsed
}

// visit asks the running site for the item's page as the person, and answers the
// reason of the paywall, "unknown" for a page that is not there, or "" when it
// plays.
func (w *world) visit(visitor *testkit.Client, q question) (reason string, minted int) {
	visitor.Header.Del("Cookie")
	if q.user.ID != "" {
		id, secret := paywall.NewID(), paywall.NewID()
		hash := sha256.Sum256([]byte(secret))
		noFault(w.t, w.kit.Site.Store.CreateSession(w.t.Context(), paywall.Session{
			ID: id, SecretHash: hash[:], UserID: q.user.ID, CreatedAt: q.at, SeenAt: q.at, ExpiresAt: q.at.Add(time.Hour),
		}))
		visitor.Header.Set("Cookie", "usher="+id+"."+secret)
	}
	before := w.kit.Mints()
	answer := visitor.Get(q.item.Path())
	minted = w.kit.Mints() - before
	switch {
	case answer.Status == http.StatusNotFound:
		return string(paywall.ReasonUnknown), minted
	case answer.Status != http.StatusOK:
		w.t.Fatalf("%s: status %d", q.item.Slug, answer.Status)
	case answer.Doc().Find("[data-player]").Length() == 1 && strings.Contains(answer.Body, "token="):
		return "", minted
	}
	return answer.Attr(".door", "data-reason"), minted
}

// TestWhy_AgreesWithTheSite compares Why with what the site really does, by a
// page of that person at that instant and a token that was minted or not.
func TestWhy_AgreesWithTheSite(t *testing.T) {
	kit := testkit.New(t)
	w := newWorld(t, kit)
	judge := paywall.NewJudge(kit.Site.Store)
	kit.Clock.Advance(-span - 24*time.Hour)
	owner, visitor := kit.WithSession(t, "owner"), kit.Client(t)
	answers := map[string]int{}
	for n, q := range w.questions() {
		kit.Clock.Advance(q.at.Sub(kit.Clock.Now()))
		email := q.user.Email
		if q.user.ID == "" {
			email = paywall.Nobody
		}
		e, err := judge.Why(t.Context(), email, q.item.Slug, q.at)
		noFault(t, err)
		reason, minted := w.visit(visitor, q)
		answers[string(e.Decision.Reason)]++
		name := fmt.Sprintf("%d: %s, %s at %s (%s)", n, email, q.item.Slug, q.at.Format(time.RFC3339), e.Decision.Reason)
		switch plays := reason == ""; {
		case e.Allowed != plays || e.Plays != plays:
			t.Errorf("%s: allowed %v, plays %v, and the site says %q", name, e.Allowed, e.Plays, reason)
		case plays && minted != 1 || !plays && minted != 0:
			t.Errorf("%s: %d tokens", name, minted)
		case !plays && reason != string(e.Seen.Reason):
			t.Errorf("%s: the paywall says %q, Why %q", name, reason, e.Seen.Reason)
		case !plays && len(e.Steps) == 0:
			t.Errorf("%s: nothing would change it", name)
		}
		if w.chance(25) {
			w.askPage(owner, email, q, e.Allowed)
		}
	}
	t.Log(answers)
	for _, reason := range []paywall.Reason{
		paywall.ReasonOpen, paywall.ReasonMember, paywall.ReasonGrant, paywall.ReasonOwner, paywall.ReasonUnknown,
		paywall.ReasonClosed, paywall.ReasonSignedOut, paywall.ReasonDisabled, paywall.ReasonUnconfirmed,
		paywall.ReasonNoGrant, paywall.ReasonGrantLater, paywall.ReasonGrantEnded, paywall.ReasonNotYetOpen,
	} {
		if answers[string(reason)] == 0 {
			t.Errorf("no question was answered with %s", reason)
		}
	}
}

// askPage asks the page Why the same.
func (w *world) askPage(owner *testkit.Client, email string, q question, allowed bool) {
	query := url.Values{"email": {email}, "item": {q.item.Slug}, "at": {q.at.In(w.kit.Config.Zone).Format(localMinute)}}
	answer := owner.Get("/admin/why?" + query.Encode()).WantStatus(http.StatusOK)
	if _, says := answer.Doc().Find(".verdict").Attr("data-allowed"); says != allowed {
		w.t.Errorf("%s: the page says %s", query.Encode(), answer.Text(".verdict"))
	}
}

func TestWhy_Page(t *testing.T) {
	kit := testkit.New(t)
	reader := kit.Staff(t, paywall.RoleReader)
	answer := reader.Get("/admin/why?email=carla@demo.test&item=radio-lumiere").WantStatus(http.StatusOK)
	for selector, want := range map[string]string{
		".verdict h2": "Refused", ".verdict p": "The grant that covered the item ended on Saturday 21 November 2026, 19:30 CET.",
		".why-steps": "Give access to “Radio Lumière”. Give access", "table": "DecidedHas ended by that time.",
		".sees": "until Saturday 21 November",
	} {
		if got := answer.Text(selector); !strings.Contains(got, want) {
			t.Errorf("%s says %q", selector, got)
		}
	}
	give := answer.Attr(".why-steps a", "href")
	if form := kit.As(t, "owner").Get(give); form.Attr("#email", "value") != "carla@demo.test" || form.Text("#opens option[selected]") != "Radio Lumière" {
		t.Errorf("%s leads to a form for %q and %q", give, form.Attr("#email", "value"), form.Text("#opens option[selected]"))
	}
	preview := reader.Get(answer.Attr("section:last-of-type a.button", "href")).WantStatus(http.StatusOK)
	if found(preview) != "grant_ended" {
		t.Errorf("the preview shows %s", found(preview))
	}
	for query, status := range map[string]int{
		"": http.StatusOK, "?email=nobody@demo.test&item=promo": 422, "?email=carla@demo.test&item=nothing": 422,
		"?email=carla@demo.test&item=promo&at=soon": 422, "?email=-&item=promo": http.StatusOK,
	} {
		reader.Get("/admin/why" + query).WantStatus(status)
	}
	byID := reader.Get("/admin/why?email=-&item=" + itemOf(t, kit, "promo").ID).WantStatus(http.StatusOK)
	if chosen := byID.Attr("#item option[selected]", "value"); chosen != "promo" {
		t.Errorf("asked by the item's id, the form has %q", chosen)
	}
}

// TestWhy_names: staff ask by a name or a part of an address, and choose when
// several people fit.
func TestWhy_names(t *testing.T) {
	kit := testkit.New(t)
	for n := range 12 {
		noFault(t, kit.Site.Store.CreateUser(t.Context(), paywall.User{
			ID: paywall.NewID(), Email: fmt.Sprintf("twin%02d@example.org", n), Name: "Twin <b>", Role: paywall.RoleMember, CreatedAt: testkit.Start,
		}))
	}
	reader := kit.Staff(t, paywall.RoleReader)
	one := reader.Get("/admin/why?email=Anna&item=promo&at=2026-11-24T20:00").WantStatus(http.StatusOK)
	if who := one.Text(".verdict a"); !strings.Contains(who, "anna@demo.test") {
		t.Errorf("the answer is about %q", who)
	}
	several := reader.Get("/admin/why?email=twin0&item=promo&at=2026-11-24T20:00").WantStatus(http.StatusOK)
	links := several.Doc().Find("#meant + ul a")
	if links.Length() != 10 || several.Doc().Find(".verdict").Length() != 0 {
		t.Fatalf("%d people to choose from", links.Length())
	}
	if got := links.First().AttrOr("href", ""); got != "/admin/why?at=2026-11-24T20%3A00&email=twin00%40example.org&item=promo" {
		t.Errorf("the first leads to %s", got)
	}
	if more := reader.Get("/admin/why?email=twin&item=promo"); !strings.Contains(more.Text("#meant"), "More than 10") {
		t.Errorf("of more it says %q", more.Text("#meant"))
	}
	for query, status := range map[string]int{
		"email=&item=promo": 422, "email=qqq&item=promo": 422, "email=" + strings.Repeat("x", 300) + "&item=promo": 422, "item=promo": 200,
		"email=&nobody=1&item=promo": 200,
	} {
		reader.Get("/admin/why?" + query).WantStatus(status)
	}
	nobody := reader.Get("/admin/why?nobody=1&item=promo&email=")
	if _, on := nobody.Doc().Find("#nobody").Attr("checked"); !on || nobody.Attr("#email", "value") != "" || nobody.Doc().Find(".verdict").Length() != 1 {
		t.Error("nobody is not asked for")
	}
	preview := reader.Get("/admin/preview?email=twin0&item=promo").WantStatus(http.StatusOK)
	if got := preview.Attr("#meant + ul a", "href"); got != "/admin/preview?email=twin00%40example.org&item=promo" {
		t.Errorf("the preview leads to %s", got)
	}
	if bar := reader.Get("/admin/preview?email=Anna").Text(".preview-head"); !strings.Contains(bar, "anna@demo.test") {
		t.Errorf("the preview is of %q", bar)
	}
	kit.Staff(t, paywall.RoleEditor).Get("/admin/preview?email=twin0&item=promo").WantStatus(http.StatusNotFound)
}
