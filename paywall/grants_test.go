package paywall_test

import (
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

func (s *site) grants() *paywall.Grants {
	return paywall.NewGrants(s, paywall.NewOutbox(theVault(), s.clock.Now), s.clock.Now)
}

func TestGrants_Give(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	item := s.addItem(t, "concert")
	tapes := get(s.catalogue(t).CreateCollection(t.Context(), by, "Tapes"))(t)
	for name, test := range map[string]struct {
		in     paywall.GrantInput
		detail string
	}{
		"everything, for ever": {paywall.GrantInput{Scope: paywall.ScopeEverything}, "person: ada@example.org\nopens: everything\nuntil: none"},
		"a collection": {paywall.GrantInput{Scope: paywall.ScopeCollection, TargetID: tapes.ID, Note: " press\t"},
			"person: ada@example.org\ncollection: " + tapes.Title + "\nuntil: none"},
		"an item, until": {paywall.GrantInput{Scope: paywall.ScopeItem, TargetID: item.ID, Until: at(90)},
			"person: ada@example.org\nitem: " + item.Title + "\nuntil: 2026-04-01T21:30:00Z"},
		"just one moment": {paywall.GrantInput{Scope: paywall.ScopeEverything, Until: opening.Add(time.Millisecond)},
			"person: ada@example.org\nopens: everything\nuntil: 2026-04-01T20:00:00Z"},
		"longest note": {paywall.GrantInput{Scope: paywall.ScopeEverything, Note: strings.Repeat("é", paywall.MaxNote)},
			"person: ada@example.org\nopens: everything\nuntil: none"},
	} {
		t.Run(name, func(t *testing.T) {
			test.in.Email = " ADA@example.org"
			got := get(s.grants().Give(t.Context(), by, test.in))(t)
			want := paywall.Grant{
				ID: got.ID, UserID: ada.ID, Scope: test.in.Scope, TargetID: test.in.TargetID, From: opening,
				Until: test.in.Until, Origin: paywall.OriginOwner, Note: strings.TrimSpace(test.in.Note), CreatedAt: opening,
			}
			wantSame(t, got, want)
			wantSame(t, get(s.GrantByID(t.Context(), got.ID))(t), want)
			s.wantAuditOf(t, paywall.AuditEntry{
				At: opening, Actor: by, Action: "grant.give", Subject: got.ID, Detail: test.detail,
			})
		})
	}
}

// wantAuditOf checks the only line about a subject and action.
func (s *site) wantAuditOf(t testing.TB, want paywall.AuditEntry) {
	t.Helper()
	var found []paywall.AuditEntry
	for _, line := range s.audit(t) {
		if line.Subject == want.Subject && line.Action == want.Action {
			want.ID = line.ID
			found = append(found, line)
		}
	}
	wantSame(t, found, []paywall.AuditEntry{want})
}

func TestGrants_GiveRefused(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	item := s.addItem(t, "concert")
	tapes := get(s.catalogue(t).CreateCollection(t.Context(), by, "Tapes"))(t)
	in := func(scope paywall.GrantScope, target string) paywall.GrantInput {
		return paywall.GrantInput{Email: ada.Email, Scope: scope, TargetID: target}
	}
	everything := in(paywall.ScopeEverything, "")
	with := func(change func(in *paywall.GrantInput)) paywall.GrantInput {
		in := everything
		change(&in)
		return in
	}
	for name, test := range map[string]struct {
		in         paywall.GrantInput
		field, key string
	}{
		"no address":             {with(func(in *paywall.GrantInput) { in.Email = "" }), "email", "user.error.email"},
		"bad address":            {with(func(in *paywall.GrantInput) { in.Email = "ada" }), "email", "user.error.email"},
		"unknown address":        {with(func(in *paywall.GrantInput) { in.Email = "eve@example.org" }), "email", "grant.error.unknown_email"},
		"no scope":               {in("", ""), "opens", "grant.error.scope"},
		"unknown scope":          {in("season", item.ID), "opens", "grant.error.scope"},
		"everything of an item":  {in(paywall.ScopeEverything, item.ID), "opens", "grant.error.scope"},
		"no item":                {in(paywall.ScopeItem, ""), "opens", "grant.error.scope"},
		"no collection":          {in(paywall.ScopeCollection, ""), "opens", "grant.error.scope"},
		"unknown item":           {in(paywall.ScopeItem, "unknown"), "opens", "grant.error.scope"},
		"unknown collection":     {in(paywall.ScopeCollection, "unknown"), "opens", "grant.error.scope"},
		"collection as an item":  {in(paywall.ScopeItem, tapes.ID), "opens", "grant.error.scope"},
		"item as a collection":   {in(paywall.ScopeCollection, item.ID), "opens", "grant.error.scope"},
		"slug instead of the id": {in(paywall.ScopeItem, item.Slug), "opens", "grant.error.scope"},
		"over at once":           {with(func(in *paywall.GrantInput) { in.Until = opening }), "until", "grant.error.until"},
		"over already":           {with(func(in *paywall.GrantInput) { in.Until = at(-1) }), "until", "grant.error.until"},
		"note too long":          {with(func(in *paywall.GrantInput) { in.Note = strings.Repeat("é", paywall.MaxNote+1) }), "note", "grant.error.note"},
		"line break in the note": {with(func(in *paywall.GrantInput) { in.Note = "a\nb" }), "note", "grant.error.note"},
		"no UTF-8 in the note":   {with(func(in *paywall.GrantInput) { in.Note = "\xff" }), "note", "grant.error.note"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.grants().Give(t.Context(), by, test.in)
			wantInvalid(t, err, map[string]string{test.field: test.key})
		})
	}
	wantSame(t, get(s.grants().Of(t.Context(), ada.ID))(t), []paywall.Grant(nil))
	if lines := s.audit(t); len(lines) != 1 { // the collection's
		t.Errorf("refusals wrote %+v", lines[1:])
	}
}

func TestGrants_Revoke(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	g := get(s.grants().Give(t.Context(), by, paywall.GrantInput{Email: ada.Email, Scope: paywall.ScopeEverything, Until: at(90)}))(t)
	s.clock.Pass(time.Minute)
	must(t, s.grants().Revoke(t.Context(), by, g.ID))
	g.RevokedAt = at(1)
	wantSame(t, get(s.GrantByID(t.Context(), g.ID))(t), g)
	revocation := paywall.AuditEntry{
		At: at(1), Actor: by, Action: "grant.revoke", Subject: g.ID,
		Detail: "person: ada@example.org\nopens: everything\nuntil: 2026-04-01T21:30:00Z",
	}
	s.wantAuditOf(t, revocation)
	s.clock.Pass(time.Minute)
	wantErr(t, s.grants().Revoke(t.Context(), by, g.ID), paywall.ErrNotFound) // only once
	wantErr(t, s.grants().Revoke(t.Context(), by, "unknown"), paywall.ErrNotFound)
	wantSame(t, get(s.GrantByID(t.Context(), g.ID))(t), g)
	s.wantAuditOf(t, revocation)
}

// TestGrants_TakeEffect: what is given opens at once, what is revoked closes at
// once.
func TestGrants_TakeEffect(t *testing.T) {
	s := newStage(t, 10)
	ada := s.member(t, "ada")
	item := s.addItem(t, "concert")
	want := func(reason paywall.Reason) {
		t.Helper()
		if got := get(s.Look(t.Context(), ada, item.Slug))(t).Decision.Reason; got != reason {
			t.Errorf("reason %s, want %s", got, reason)
		}
	}
	want(paywall.ReasonNoGrant)
	g := get(s.grants().Give(t.Context(), by, paywall.GrantInput{Email: ada.User.Email, Scope: paywall.ScopeItem, TargetID: item.ID}))(t)
	want(paywall.ReasonGrant)
	must(t, s.grants().Revoke(t.Context(), by, g.ID))
	want(paywall.ReasonGrantEnded)
}

func TestGrants_Lists(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada"), s.addUser(t, "bob")
	give := func(email string) paywall.Grant {
		s.clock.Pass(time.Minute)
		return get(s.grants().Give(t.Context(), by, paywall.GrantInput{Email: email, Scope: paywall.ScopeEverything}))(t)
	}
	first, second, third := give(ada.Email), give(bob.Email), give(ada.Email)
	wantSame(t, get(s.grants().Of(t.Context(), ada.ID))(t), []paywall.Grant{third, first})
	wantSame(t, get(s.grants().Recent(t.Context(), 2, 0))(t), []paywall.GrantLine{
		{Grant: third, Email: ada.Email}, {Grant: second, Email: bob.Email},
	})
	wantSame(t, get(s.grants().Recent(t.Context(), 2, 2))(t), []paywall.GrantLine{{Grant: first, Email: ada.Email}})
}
