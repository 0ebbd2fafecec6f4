package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"usher/paywall"
)

func testUsers(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada := addUser(t, s, "ada")
	bob := addUser(t, s, "bob")

	wantSame(t, read[paywall.User](t)(s.UserByEmail(ctx, ada.Email)), ada)
	wantSame(t, read[paywall.User](t)(s.UserByID(ctx, bob.ID)), bob)

	twin := NewUser("ada")
	wantErr(t, s.CreateUser(ctx, twin), paywall.ErrExists)
	twin = NewUser("carl")
	twin.ID = ada.ID
	wantErr(t, s.CreateUser(ctx, twin), paywall.ErrExists)

	ada.Email, ada.Name, ada.Role = "ada@example.net", "Ada Lovelace", paywall.RoleOwner
	ada.PasswordHash, ada.ConfirmedAt = "", time.Time{}
	ada.DisabledReason, ada.Note = "shares the password", "knows the host"
	ada.Language, ada.Zone, ada.QuietDevices, ada.QuietAccess = "fr", "Europe/Zurich", true, true
	ada.DeletedAt = stored(start.Add(2 * time.Hour))
	ada.DisabledAt, ada.CreatedAt = stored(start.Add(time.Hour)), stored(start.Add(time.Minute))
	must(t, s.UpdateUser(ctx, ada))
	wantSame(t, read[paywall.User](t)(s.UserByID(ctx, ada.ID)), ada)
	wantSame(t, read[paywall.User](t)(s.UserByID(ctx, bob.ID)), bob)

	bob.Email = ada.Email
	wantErr(t, s.UpdateUser(ctx, bob), paywall.ErrExists)
	wantErr(t, s.UpdateUser(ctx, NewUser("nobody")), paywall.ErrNotFound)
	_, err := s.UserByEmail(ctx, "ada@example.org")
	wantErr(t, err, paywall.ErrNotFound)
	_, err = s.UserByID(ctx, "")
	wantErr(t, err, paywall.ErrNotFound)
}

// testStaff finds who runs the site, owners first.
func testStaff(t *testing.T, s paywall.Store) {
	var want []paywall.User
	for i, role := range []paywall.Role{paywall.RoleOwner, paywall.RoleSupport, paywall.RoleEditor, paywall.RoleReader, paywall.RoleReader} {
		u := NewUser(fmt.Sprintf("staff%d", i))
		u.Role = role
		want = append(want, u)
	}
	gone := NewUser("staff-gone")
	gone.Role, gone.DeletedAt = paywall.RoleSupport, stored(start)
	addUser(t, s, "no-staff")
	for _, u := range slices.Backward(append(want, gone)) {
		must(t, s.CreateUser(t.Context(), u))
	}
	wantSame(t, read[[]paywall.User](t)(s.Staff(t.Context())), want)
	odd := NewUser("odd")
	odd.Role = "boss"
	if err := s.CreateUser(t.Context(), odd); err == nil {
		t.Error("an unknown role was stored")
	}
}

// testUserTimes checks what happens to an instant on its way, for all types.
func testUserTimes(t *testing.T, s paywall.Store) {
	for name, at := range map[string]time.Time{
		"zero":        {},
		"fine":        start,
		"before 1970": time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		"far":         time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC),
	} {
		u := NewUser(name)
		u.ConfirmedAt = at
		must(t, s.CreateUser(t.Context(), u))
		got := read[paywall.User](t)(s.UserByID(t.Context(), u.ID)).ConfirmedAt
		if !got.Equal(stored(at)) || got.Location() != time.UTC || got.IsZero() != at.IsZero() {
			t.Errorf("%s: %v came back as %v", name, at, got)
		}
	}
}

func lineID(l paywall.MemberLine) string { return l.User.ID }

func testUserSearch(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	var all []string // newest first
	for n, name := range []string{"ada", "bob", "100% Radio", "a_b", "Özil!", "BOBBY"} {
		u := NewUser(name)
		u.Email, u.CreatedAt = []string{"x", "Y", "z", "v", "u", "w"}[n]+"@example.org", stored(start.Add(time.Duration(n)*time.Second))
		must(t, s.CreateUser(ctx, u))
		all = append([]string{u.ID}, all...)
	}
	tombstone := NewUser("bob")
	tombstone.DeletedAt = stored(start)
	must(t, s.CreateUser(ctx, tombstone))
	wantUsers := func(text string, limit, offset, total int, want ...string) {
		t.Helper()
		lines, n, err := s.ListMembers(ctx, paywall.MemberFilter{Text: text}, paywall.MembersNewest, limit, offset)
		must(t, err)
		if n != total {
			t.Errorf("%q finds %d in all, want %d", text, n, total)
		}
		wantSame(t, ids(lines, lineID), want)
	}
	wantUsers("", 2, 1, 6, all[1:3]...)
	wantUsers("", 9, 6, 6)
	wantUsers("bob", 9, 0, 2, all[0], all[4])
	wantUsers("bOb", 1, 1, 2, all[4])
	wantUsers("y@EXAMPLE", 9, 0, 1, all[4])
	for text, want := range map[string]string{
		"0% r": all[3], "%": all[3], "_": all[2], "!": all[1], "a_b": all[2], "Özil": all[1], "öZIL!": all[1],
	} {
		wantUsers(text, 9, 0, 1, want)
	}
	wantUsers("nobody", 9, 0, 0)

	bare := read[paywall.User](t)(s.UserByEmail(ctx, "x@example.org"))
	lines, _, err := s.ListMembers(ctx, paywall.MemberFilter{Text: "x@"}, "", 9, 0)
	must(t, err)
	wantSame(t, lines, []paywall.MemberLine{{User: bare}})
}

// testUserRace: of changes at the same time none is lost. A person who picks a
// language must not undo that the account was switched off meanwhile.
func testUserRace(t *testing.T, s paywall.Store) {
	const writers, rounds = 8, 20
	ctx := bounded(t)
	ada := addUser(t, s, "ada")
	ada.Name = ""
	must(t, s.UpdateUser(ctx, ada))
	var wg sync.WaitGroup
	for n := range writers {
		find := func(tx paywall.Store) (paywall.User, error) { return tx.UserByID(ctx, ada.ID) }
		if n%2 == 1 {
			find = func(tx paywall.Store) (paywall.User, error) { return tx.UserByEmail(ctx, ada.Email) }
		}
		wg.Go(func() {
			for range rounds {
				err := s.InTx(ctx, func(tx paywall.Store) error {
					u, err := find(tx)
					if err != nil {
						return err
					}
					u.Name += "x"
					return tx.UpdateUser(ctx, u)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := read[paywall.User](t)(s.UserByID(ctx, ada.ID)); len(got.Name) != writers*rounds {
		t.Errorf("%d changes are left, want %d", len(got.Name), writers*rounds)
	}
}

// testOwnerRace: of owners who leave at the same time one stays.
func testOwnerRace(t *testing.T, s paywall.Store) {
	ctx := bounded(t)
	for round := range 10 {
		var owners []paywall.User
		for _, name := range []string{"ada", "bob"} {
			u := NewUser(fmt.Sprint(name, round))
			u.Role = paywall.RoleOwner
			must(t, s.CreateUser(ctx, u))
			owners = append(owners, u)
		}
		var wg sync.WaitGroup
		for _, u := range owners {
			wg.Go(func() { _ = leave(ctx, s, u.ID) }) // the one who comes too late may get any error
		}
		wg.Wait()
		if n := read[int](t)(s.CountOwners(ctx)); n < 1 {
			t.Fatalf("round %d: %d owners are left", round, n)
		}
		for _, u := range owners {
			u.Role = paywall.RoleMember
			must(t, s.UpdateUser(ctx, u))
		}
	}
}

func leave(ctx context.Context, s paywall.Store, id string) error {
	return s.InTx(ctx, func(tx paywall.Store) error {
		u, err := tx.UserByID(ctx, id)
		if err != nil {
			return err
		}
		if n, err := tx.CountOwners(ctx); err != nil || n < 2 {
			return errors.Join(err, paywall.ErrNotFound)
		}
		u.DisabledAt = start
		return tx.UpdateUser(ctx, u)
	})
}
