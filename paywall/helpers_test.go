package paywall_test

import (
	"errors"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"usher/internal/totp"
	"usher/paywall"
	"usher/store"
	"usher/store/storetest"
)

// opening is when most tests begin. It has no part of a millisecond, because a
// store keeps none.
var opening = time.Date(2026, 4, 1, 20, 0, 0, 0, time.UTC)

// clock is moved by the test alone.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: opening} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// site is an empty database with a clock.
type site struct {
	*store.DB
	clock *clock
	path  string          // of the database
	read  map[string]bool // the mails that the test has read
}

func newSite(t testing.TB) *site {
	t.Helper()
	path := filepath.Join(t.TempDir(), "usher.db")
	storetest.Put(t, path)
	return &site{DB: storetest.Open(t, path), clock: newClock(), path: path, read: map[string]bool{}}
}

// theVault is the vault of all tests.
var theVault = sync.OnceValue(func() *paywall.Vault {
	vault, err := paywall.NewVault(paywall.NewSecret("a key for tests alone"))
	if err != nil {
		panic(err)
	}
	return vault
})

func sessionsOf(store paywall.Store, now paywall.Clock) *paywall.Sessions {
	return paywall.NewSessions(store, paywall.NewOutbox(theVault(), now), now)
}

// frontOf is the service over any store; it has read nothing yet.
func frontOf(store paywall.Store, now paywall.Clock) *paywall.Front {
	return paywall.NewFront(store, now, paywall.Look{
		Name: "Radio Lumière", Language: "en", Languages: []string{"en", "fr", "de", "it", "es"}, Zone: "Europe/Zurich",
	})
}

// authOf is the service over any store, changed at will.
func authOf(store paywall.Store, h *paywall.Hasher, now paywall.Clock, changes ...func(*paywall.AuthDeps)) *paywall.Auth {
	deps := paywall.AuthDeps{
		Store: store, Hasher: h, Vault: theVault(), Outbox: paywall.NewOutbox(theVault(), now),
		Settings: paywall.NewSiteSettings(store, now), Limits: paywall.DefaultLimits(), Clock: now,
		Codes: totp.Codes{}, Front: frontOf(store, now), Host: "radio.example",
		ReturnURL: func(id string) string { return "https://radio.example/login/with/" + id + "/return" },
	}
	for _, change := range changes {
		change(&deps)
	}
	return paywall.NewAuth(deps)
}

// addUser stores a confirmed member, changed at will.
func (s *site) addUser(t testing.TB, name string, changes ...func(u *paywall.User)) paywall.User {
	t.Helper()
	u := storetest.NewUser(name)
	for _, change := range changes {
		change(&u)
	}
	must(t, s.CreateUser(t.Context(), u))
	return u
}

// addItem stores a published station that needs a grant, changed at will, and
// gives it as it reads back.
func (s *site) addItem(t testing.TB, slug string, changes ...func(i *paywall.Item)) paywall.Item {
	t.Helper()
	i := storetest.NewItem(slug)
	for _, change := range changes {
		change(&i)
	}
	must(t, s.CreateItem(t.Context(), i))
	return get(s.ItemByID(t.Context(), i.ID))(t)
}

// addGrant stores a grant for everything, for ever, changed at will.
func (s *site) addGrant(t testing.TB, userID string, changes ...func(g *paywall.Grant)) paywall.Grant {
	t.Helper()
	g := storetest.NewGrant(userID, paywall.ScopeEverything, "")
	g.From = opening
	for _, change := range changes {
		change(&g)
	}
	must(t, s.CreateGrant(t.Context(), g))
	return g
}

// stranger is a browser that has never signed in.
func stranger(network string) paywall.Caller {
	return paywall.Caller{Window: paywall.NewWindow(), Network: network, Device: "Firefox, Linux", Language: "fr"}
}

func disabled(u *paywall.User) { u.DisabledAt = opening }
func owner(u *paywall.User)    { u.Role = paywall.RoleOwner }
func open(i *paywall.Item)     { i.Access = paywall.AccessOpen }
func draft(i *paywall.Item)    { i.Published = false }

// audit gives the actions in the record of changes, oldest first.
func (s *site) audit(t testing.TB) []paywall.AuditEntry {
	t.Helper()
	lines := get(s.RecentAudit(t.Context(), 1000, 0))(t)
	slices.Reverse(lines)
	return lines
}

// wantAudit checks the only line there is, whose id is new each time.
func (s *site) wantAudit(t testing.TB, want paywall.AuditEntry) {
	t.Helper()
	lines := s.audit(t)
	if len(lines) != 1 {
		t.Fatalf("%d audit lines, want 1: %+v", len(lines), lines)
	}
	if lines[0].ID == "" {
		t.Error("an audit line without an id")
	}
	want.ID = lines[0].ID
	wantSame(t, lines[0], want)
}

// by is the actor of the tests.
var by = paywall.Actor{UserID: "owner-id", Name: "owner@example.org"}

// must stops the test when an error came.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// get takes the two results of a call and gives the value, or stops the test.
func get[T any](value T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		must(t, err)
		return value
	}
}

func wantSame(t testing.TB, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error = %v, want %v", got, want)
	}
}

// asError stops the test unless the error is one that a visitor may read about.
func asError(t testing.TB, err error) *paywall.Error {
	t.Helper()
	var e *paywall.Error
	if !errors.As(err, &e) {
		t.Fatalf("error = %v, want a *paywall.Error", err)
	}
	return e
}

// wantInvalid checks that exactly these fields were refused, with these keys.
func wantInvalid(t testing.TB, err error, fields map[string]string) {
	t.Helper()
	e := asError(t, err)
	if e.Kind != paywall.KindInvalid || e.Key != "error.invalid" || !maps.Equal(e.Fields, fields) {
		t.Errorf("error = %v with fields %v, want fields %v", e, e.Fields, fields)
	}
}

// wantBusy checks that the visitor was told to come back.
func wantBusy(t testing.TB, err error, key string, retry time.Duration) {
	t.Helper()
	e := asError(t, err)
	if e.Kind != paywall.KindUnavailable || e.Key != key || e.RetryAfter != retry {
		t.Errorf("error = %v, retry after %v, want unavailable: %s after %v", e, e.RetryAfter, key, retry)
	}
}
