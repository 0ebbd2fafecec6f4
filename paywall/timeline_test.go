package paywall_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

func (s *site) people() *paywall.People { return paywall.NewPeople(s, s.clock.Now) }

// told is a timeline in words, oldest first.
func (s *site) told(t testing.TB, u paywall.User) (words []string) {
	t.Helper()
	moments, more, err := s.people().Timeline(t.Context(), u, 99, 0)
	must(t, err)
	if more {
		t.Error("there is more than everything")
	}
	for _, m := range moments {
		words = append(words, strings.TrimSpace(string(m.Kind)+" "+m.Entry.Action+string(m.Mail.Kind)))
	}
	slices.Reverse(words)
	return words
}

func TestTimeline(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", func(u *paywall.User) { u.CreatedAt, u.ConfirmedAt = opening.Add(-time.Hour), opening.Add(-time.Minute) })
	seeded := s.addGrant(t, ada.ID, func(g *paywall.Grant) {
		g.CreatedAt, g.Until, g.Origin = opening, opening.Add(30*time.Minute), paywall.OriginVoucher
	})
	s.clock.Pass(time.Hour)
	g := get(s.grants().Give(t.Context(), by, paywall.GrantInput{Email: ada.Email, Scope: paywall.ScopeEverything, Until: s.clock.Now().AddDate(0, 0, 1)}))(t)
	s.clock.Pass(time.Minute)
	get(s.grants().Extend(t.Context(), by, g.ID, paywall.Extension{Days: 1, Zone: zurich}))(t)
	s.clock.Pass(time.Minute)
	must(t, s.auth().Block(t.Context(), by, ada.ID, "shares the password"))
	s.clock.Pass(time.Minute)
	must(t, s.grants().Revoke(t.Context(), by, g.ID))
	s.addUser(t, "bob")
	ada = get(s.UserByID(t.Context(), ada.ID))(t)
	got := s.told(t, ada)
	want := []string{
		"made", "confirmed", "given", "ended", "mail access", "record grant.give", "mail access", "record grant.extend",
		"record user.disable", "record grant.revoke",
	}
	slices.Sort(got[4:6]) // of one instant
	slices.Sort(got[6:8])
	wantSame(t, got, want)
	_ = seeded

	var paged []paywall.Moment
	for offset := 0; ; offset += 3 {
		moments, more, err := s.people().Timeline(t.Context(), ada, 3, offset)
		must(t, err)
		paged = append(paged, moments...)
		if !more {
			break
		}
	}
	all, _, err := s.people().Timeline(t.Context(), ada, 99, 0)
	must(t, err)
	wantSame(t, paged, all)
	none, more, err := s.people().Timeline(t.Context(), ada, 3, 99)
	must(t, err)
	wantSame(t, []any{len(none), more}, []any{0, false})
}

// An account with a record of its making tells of it once.
func TestTimeline_recorded(t *testing.T) {
	s := newSite(t)
	u := get(s.auth().CreateConfirmed(t.Context(), by, paywall.NewUser{Email: "new@example.org", Role: paywall.RoleMember}))(t)
	wantSame(t, s.told(t, u), []string{"record user.create"})
}

func TestPeople_SetNote(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	must(t, s.people().SetNote(t.Context(), by, ada.ID, " Called\r\non Monday \n"))
	must(t, s.people().SetNote(t.Context(), by, ada.ID, "Called\non Monday"))
	wantSame(t, get(s.UserByID(t.Context(), ada.ID))(t).Note, "Called\non Monday")
	s.wantAudit(t, paywall.AuditEntry{At: opening, Actor: by, Action: "user.note", Subject: ada.ID, Detail: "person: ada@example.org\nnote: made\nwords: 3"})
	for _, bad := range []string{strings.Repeat("x", paywall.MaxStaffNote+1), "a\x00b"} {
		wantInvalid(t, s.people().SetNote(t.Context(), by, ada.ID, bad), map[string]string{"staff_note": "member.error.note"})
	}
	gone := s.addUser(t, "gone", func(u *paywall.User) { u.DeletedAt = opening })
	wantErr(t, s.people().SetNote(t.Context(), by, gone.ID, "x"), paywall.ErrNotFound)
	wantErr(t, s.people().SetNote(t.Context(), by, "unknown", "x"), paywall.ErrNotFound)
}

func TestAuth_Block(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	wantInvalid(t, s.auth().Block(t.Context(), by, ada.ID, "a\nb"), map[string]string{"reason": "member.error.reason"})
	must(t, s.auth().Block(t.Context(), by, ada.ID, " spam "))
	wantSame(t, get(s.UserByID(t.Context(), ada.ID))(t).DisabledReason, "spam")
	s.wantAuditOf(t, paywall.AuditEntry{At: opening, Actor: by, Action: "user.disable", Subject: ada.ID, Detail: "person: ada@example.org\nreason: spam"})
	must(t, s.auth().Enable(t.Context(), by, ada.ID))
	wantSame(t, get(s.UserByID(t.Context(), ada.ID))(t).DisabledReason, "")
}

func TestPeople_Lists(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	grant := s.addGrant(t, ada.ID)
	bob := s.addUser(t, "bob", func(u *paywall.User) { u.CreatedAt = opening })
	lines, total, err := s.people().List(t.Context(), paywall.MemberFilter{}, paywall.MembersByEmail, 9, 0)
	must(t, err)
	wantSame(t, []any{lines, total}, []any{[]paywall.MemberLine{{User: ada, Grants: []paywall.Grant{grant}}, {User: bob}}, 2})
	found, total, err := s.people().Grants(t.Context(), paywall.GrantFilter{Text: "ADA", State: paywall.GrantLive}, "", 9, 0)
	must(t, err)
	wantSame(t, []any{found, total}, []any{[]paywall.GrantLine{{Grant: grant, Email: ada.Email}}, 1})
}
