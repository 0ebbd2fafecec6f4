package storetest

import (
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
