package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

func addPasskey(t *testing.T, s paywall.Store, userID string, made time.Duration) paywall.Passkey {
	t.Helper()
	p := paywall.Passkey{
		ID: paywall.NewID(), UserID: userID, Name: "Ada's phone", Credential: []byte{0, 0xff},
		CreatedAt: stored(start.Add(made)), UsedAt: stored(start.Add(time.Hour)),
	}
	must(t, s.CreatePasskey(t.Context(), p))
	return p
}

func testPasskeys(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	young, old := addPasskey(t, s, ada.ID, time.Second), addPasskey(t, s, ada.ID, 0)
	other := addPasskey(t, s, bob.ID, 0)
	wantSame(t, read[paywall.Passkey](t)(s.PasskeyByID(ctx, old.ID)), old)
	wantSame(t, read[[]paywall.Passkey](t)(s.PasskeysOf(ctx, ada.ID)), []paywall.Passkey{old, young})
	wantSame(t, len(read[[]paywall.Passkey](t)(s.PasskeysOf(ctx, "nobody"))), 0)
	_, err := s.PasskeyByID(ctx, "none")
	wantErr(t, err, paywall.ErrNotFound)
	wantErr(t, s.CreatePasskey(ctx, old), paywall.ErrExists)

	old.Name, old.Credential, old.UsedAt = "new", []byte{1}, stored(start.Add(2*time.Hour))
	must(t, s.UpdatePasskey(ctx, old))
	wantSame(t, read[paywall.Passkey](t)(s.PasskeyByID(ctx, old.ID)), old)
	stolen := other
	stolen.UserID, stolen.Name = ada.ID, "mine"
	wantErr(t, s.UpdatePasskey(ctx, stolen), paywall.ErrNotFound)
	wantErr(t, s.DeletePasskey(ctx, ada.ID, other.ID), paywall.ErrNotFound)
	wantSame(t, read[paywall.Passkey](t)(s.PasskeyByID(ctx, other.ID)), other)

	must(t, s.DeletePasskey(ctx, ada.ID, old.ID))
	wantErr(t, s.DeletePasskey(ctx, ada.ID, old.ID), paywall.ErrNotFound)
	wantSame(t, read[[]paywall.Passkey](t)(s.PasskeysOf(ctx, ada.ID)), []paywall.Passkey{young})
}

func testIdentities(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	add := func(u paywall.User, issuer, subject string, made time.Duration) paywall.Identity {
		i := paywall.Identity{
			Issuer: issuer, Subject: subject, UserID: u.ID, Provider: "infomaniak", Email: subject + "@example.com",
			CreatedAt: stored(start.Add(made)), UsedAt: stored(start.Add(time.Hour)),
		}
		must(t, s.CreateIdentity(ctx, i))
		return i
	}
	young, old := add(ada, "https://a", "1", time.Second), add(ada, "https://b", "1", 0)
	other := add(bob, "https://a", "2", 0)
	find := func(i paywall.Identity) paywall.Identity {
		t.Helper()
		return read[paywall.Identity](t)(s.IdentityBySubject(ctx, i.Issuer, i.Subject))
	}
	wantSame(t, find(young), young)
	wantSame(t, find(old), old)
	wantSame(t, read[[]paywall.Identity](t)(s.IdentitiesOf(ctx, ada.ID)), []paywall.Identity{old, young})
	_, err := s.IdentityBySubject(ctx, "https://b", "2")
	wantErr(t, err, paywall.ErrNotFound)
	taken := old
	taken.UserID = bob.ID
	wantErr(t, s.CreateIdentity(ctx, taken), paywall.ErrExists)

	young.Email, young.UsedAt = "new@example.com", stored(start.Add(2*time.Hour))
	must(t, s.TouchIdentity(ctx, young))
	wantSame(t, find(young), young)
	wantSame(t, find(old), old)
	wantErr(t, s.TouchIdentity(ctx, paywall.Identity{Issuer: "none"}), paywall.ErrNotFound)

	wantErr(t, s.DeleteIdentity(ctx, ada.ID, other.Issuer, other.Subject), paywall.ErrNotFound)
	must(t, s.DeleteIdentity(ctx, ada.ID, young.Issuer, young.Subject))
	wantErr(t, s.DeleteIdentity(ctx, ada.ID, young.Issuer, young.Subject), paywall.ErrNotFound)
	wantSame(t, read[[]paywall.Identity](t)(s.IdentitiesOf(ctx, ada.ID)), []paywall.Identity{old})
	wantSame(t, find(other), other)
}
