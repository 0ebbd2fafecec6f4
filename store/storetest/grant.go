package storetest

import (
	"slices"
	"testing"
	"time"

	"usher/paywall"
)

func grantID(g paywall.Grant) string { return g.ID }

func testGrants(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada := addUser(t, s, "ada")
	g := NewGrant(ada.ID, paywall.ScopeItem, "some item")
	g.Until, g.Origin, g.Note = stored(start.Add(time.Hour)), paywall.OriginVoucher, "from the fair"
	must(t, s.CreateGrant(ctx, g))
	wantSame(t, read[paywall.Grant](t)(s.GrantByID(ctx, g.ID)), g)
	wantErr(t, s.CreateGrant(ctx, g), paywall.ErrExists)

	must(t, s.RevokeGrant(ctx, g.ID, start.Add(time.Minute)))
	g.RevokedAt = stored(start.Add(time.Minute))
	wantErr(t, s.RevokeGrant(ctx, g.ID, start.Add(time.Second)), paywall.ErrNotFound)
	wantSame(t, read[paywall.Grant](t)(s.GrantByID(ctx, g.ID)), g)

	wantErr(t, s.RevokeGrant(ctx, "none", start), paywall.ErrNotFound)
	_, err := s.GrantByID(ctx, "none")
	wantErr(t, err, paywall.ErrNotFound)

	for name, bad := range map[string]paywall.Grant{
		"nobody's grant":            NewGrant("nobody", paywall.ScopeEverything, ""),
		"an unknown scope":          NewGrant(ada.ID, "moon", "x"),
		"an item grant without one": NewGrant(ada.ID, paywall.ScopeItem, ""),
		"everything with a target":  NewGrant(ada.ID, paywall.ScopeEverything, "x"),
	} {
		if err := s.CreateGrant(ctx, bad); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}

// testGrantScopes holds the store's idea of "covers" against the domain's.
func testGrantScopes(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	c := paywall.Collection{ID: paywall.NewID(), Title: "Festival"}
	must(t, s.CreateCollection(ctx, c))
	inside, alone := NewItem("inside"), NewItem("alone")
	inside.CollectionID = c.ID
	inside, alone = addItem(t, s, inside), addItem(t, s, alone)

	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	var all []paywall.Grant
	for _, u := range []paywall.User{ada, bob} {
		for _, g := range []paywall.Grant{
			NewGrant(u.ID, paywall.ScopeEverything, ""),
			NewGrant(u.ID, paywall.ScopeCollection, c.ID),
			NewGrant(u.ID, paywall.ScopeCollection, "other"),
			NewGrant(u.ID, paywall.ScopeCollection, inside.ID), // an item's id in the wrong scope
			NewGrant(u.ID, paywall.ScopeItem, inside.ID),
			NewGrant(u.ID, paywall.ScopeItem, alone.ID),
			NewGrant(u.ID, paywall.ScopeItem, c.ID), // a collection's id in the wrong scope
		} {
			must(t, s.CreateGrant(ctx, g))
			all = append(all, g)
		}
	}
	ended := NewGrant(ada.ID, paywall.ScopeItem, alone.ID)
	ended.Until, ended.RevokedAt = stored(start.Add(time.Second)), stored(start)
	must(t, s.CreateGrant(ctx, ended))
	all = append(all, ended)

	for _, u := range []paywall.User{ada, bob, NewUser("nobody")} {
		for _, item := range []paywall.Item{inside, alone} {
			want := slices.DeleteFunc(slices.Clone(all), func(g paywall.Grant) bool {
				return g.UserID != u.ID || !g.Opens(item)
			})
			staged, grants, err := s.Stage(ctx, item.Slug, u.ID)
			must(t, err)
			wantSame(t, staged, asStaged(item))
			got := ids(grants, grantID)
			slices.Sort(got)
			wantIDs := ids(want, grantID)
			slices.Sort(wantIDs)
			if !slices.Equal(got, wantIDs) {
				t.Errorf("Stage(%s, %s) finds grants %v, want %v", item.Slug, u.Name, got, wantIDs)
			}
		}
	}
	_, _, err := s.Stage(ctx, "unknown", ada.ID)
	wantErr(t, err, paywall.ErrNotFound)
	_, got, err := s.Stage(ctx, alone.Slug, ada.ID)
	must(t, err)
	if n := slices.IndexFunc(got, func(g paywall.Grant) bool { return g.ID == ended.ID }); n < 0 {
		t.Error("the ended grant is missing")
	} else {
		ended.Origin, ended.Note, ended.CreatedAt = "", "", time.Time{}
		wantSame(t, got[n], ended)
	}
}

func testGrantLists(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	people := []paywall.User{addUser(t, s, "ada"), addUser(t, s, "bob")}
	var lines []paywall.GrantLine
	for n := range 6 {
		u := people[n%2]
		g := NewGrant(u.ID, paywall.ScopeEverything, "")
		g.CreatedAt = stored(start.Add(time.Duration(n) * time.Second))
		must(t, s.CreateGrant(ctx, g))
		lines = append([]paywall.GrantLine{{Grant: g, Email: u.Email}}, lines...)
	}
	wantSame(t, read[[]paywall.GrantLine](t)(s.RecentGrants(ctx, 10, 0)), lines)
	wantSame(t, read[[]paywall.GrantLine](t)(s.RecentGrants(ctx, 2, 3)), lines[3:5])
	wantSame(t, len(read[[]paywall.GrantLine](t)(s.RecentGrants(ctx, 2, 6))), 0)

	bobs := []paywall.Grant{lines[0].Grant, lines[2].Grant, lines[4].Grant}
	wantSame(t, read[[]paywall.Grant](t)(s.GrantsOf(ctx, people[1].ID)), bobs)
	wantSame(t, len(read[[]paywall.Grant](t)(s.GrantsOf(ctx, "nobody"))), 0)
}

// asStaged is an item as Stage gives it.
func asStaged(i paywall.Item) paywall.Item {
	i.Position, i.Version, i.CreatedAt, i.UpdatedAt = 0, 0, time.Time{}, time.Time{}
	i.Sources = slices.Clone(i.Sources)
	for n := range i.Sources {
		i.Sources[n].Trouble = ""
	}
	return i
}
