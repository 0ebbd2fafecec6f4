package paywall_test

import (
	"slices"
	"strings"
	"testing"

	"usher/paywall"
)

func TestSetRole(t *testing.T) {
	s := newSite(t)
	s.addUser(t, "ada", owner)
	bob := s.addUser(t, "bob", withPassword(t))
	_, viewer := s.signIn(t, bob)
	must(t, s.auth().SetRole(t.Context(), by, bob.ID, paywall.RoleEditor))
	wantSame(t, get(s.UserByID(t.Context(), bob.ID))(t).Role, paywall.RoleEditor)
	_, _, err := s.SessionByID(t.Context(), viewer.SessionID)
	wantErr(t, err, paywall.ErrNotFound) // what the old role allowed has ended with its sessions
	s.wantChanges(t, 1)

	must(t, s.auth().SetRole(t.Context(), by, bob.ID, paywall.RoleEditor)) // changes nothing
	s.wantChanges(t, 1)
	for _, role := range []paywall.Role{"", "Owner", "boss"} {
		wantInvalid(t, s.auth().SetRole(t.Context(), by, bob.ID, role), map[string]string{"role": "team.error.role"})
	}
	wantKey(t, s.auth().SetRole(t.Context(), paywall.Actor{UserID: bob.ID}, bob.ID, paywall.RoleOwner), paywall.KindInvalid, "member.error.self")
	wantErr(t, s.auth().SetRole(t.Context(), by, "unknown", paywall.RoleOwner), paywall.ErrNotFound)
	must(t, s.auth().SetRole(t.Context(), by, bob.ID, paywall.RoleMember))
}

// wantChanges counts the changes of roles in the record.
func (s *site) wantChanges(t *testing.T, want int) {
	t.Helper()
	got := len(slices.DeleteFunc(s.actions(t), func(action string) bool { return action != "user.role" }))
	wantSame(t, got, want)
}

func TestSetRole_lastOwner(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", owner)
	wantKey(t, s.auth().SetRole(t.Context(), by, ada.ID, paywall.RoleReader), paywall.KindInvalid, "data.error.last_owner")
	s.addUser(t, "bob", owner)
	must(t, s.auth().SetRole(t.Context(), by, ada.ID, paywall.RoleReader))
}

func TestAppoint(t *testing.T) {
	s := newSite(t)
	bob := s.addUser(t, "bob")
	must(t, s.auth().Appoint(t.Context(), by, " BOB@example.org", paywall.RoleSupport))
	wantSame(t, get(s.UserByID(t.Context(), bob.ID))(t).Role, paywall.RoleSupport)
	wantInvalid(t, s.auth().Appoint(t.Context(), by, "nobody@example.org", paywall.RoleSupport), map[string]string{"email": "grant.error.unknown_email"})
}

// TestAnother: support must not get at the accounts of those who may do more.
func TestAnother(t *testing.T) {
	s := newSite(t)
	ada, sam, bob := s.addUser(t, "ada", owner), s.addUser(t, "sam"), s.addUser(t, "bob")
	sam.Role = paywall.RoleSupport
	must(t, s.UpdateUser(t.Context(), sam))
	support, boss := paywall.Viewer{User: sam}, paywall.Viewer{User: ada}
	wantSame(t, get(s.auth().Another(t.Context(), support, bob.ID))(t), bob)
	wantSame(t, get(s.auth().Another(t.Context(), boss, sam.ID))(t), sam)
	_, err := s.auth().Another(t.Context(), support, ada.ID)
	wantKey(t, err, paywall.KindInvalid, "member.error.staff")
	_, err = s.auth().Another(t.Context(), support, sam.ID)
	wantKey(t, err, paywall.KindInvalid, "member.error.self")
}

// TestRoles writes the matrix down a second time.
func TestRoles(t *testing.T) {
	all := map[string]paywall.Right{
		"staff": paywall.RightStaff, "see items": paywall.RightSeeItems, "edit items": paywall.RightEditItems,
		"see people": paywall.RightSeePeople, "edit people": paywall.RightEditPeople,
		"see record": paywall.RightSeeRecord, "run": paywall.RightRun,
	}
	want := map[paywall.Role]string{
		paywall.RoleOwner:   "staff, see items, edit items, see people, edit people, see record, run",
		paywall.RoleSupport: "staff, see items, see people, edit people",
		paywall.RoleEditor:  "staff, see items, edit items",
		paywall.RoleReader:  "staff, see items, see people, see record",
		paywall.RoleMember:  "", "": "", "Owner": "",
	}
	for role, rights := range want {
		for name, right := range all {
			if got, want := role.May(right), strings.Contains(rights, name); got != want {
				t.Errorf("%q may %s: %v", role, name, got)
			}
		}
	}
}
