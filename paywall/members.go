package paywall

import (
	"context"
	"errors"
	"time"
)

// LoginLink makes a link that signs a person in once, for somebody with the right
// to hand it over. An older one ends. It is shown, not mailed; the second factor
// is still asked for.
func (a *Auth) LoginLink(ctx context.Context, actor Actor, email string) (path string, until time.Time, err error) {
	canonical, err := CanonicalEmail(email)
	if err != nil {
		return "", until, err
	}
	err = a.Store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByEmail(ctx, canonical)
		if err != nil {
			return err
		}
		if user.Disabled() {
			return E(KindInvalid, "member.error.disabled")
		}
		if err := tx.VoidProofs(ctx, ProofHanded, user.Email, user.ID, a.Clock()); err != nil {
			return err
		}
		path, err = a.handedLink(ctx, tx, actor, user, "/account")
		return err
	})
	return path, a.Clock().Add(LoginLinkLife), err
}

// Safety is how an account is kept safe, for its owner's eyes.
type Safety struct {
	HasPassword   bool
	Passkeys      []Passkey
	Factor        SecondFactor
	RecoveryCodes int
	Identities    []Identity
}

// SafetyOf tells what a person can sign in with.
func (a *Auth) SafetyOf(ctx context.Context, userID string) (s Safety, err error) {
	user, err := a.Store.UserByID(ctx, userID)
	if err != nil {
		return s, err
	}
	s.HasPassword = user.PasswordHash != ""
	if s.Passkeys, err = a.Store.PasskeysOf(ctx, userID); err != nil {
		return s, err
	}
	if s.Factor, err = a.Store.SecondFactorOf(ctx, userID); err != nil && !errors.Is(err, ErrNotFound) {
		return s, err
	}
	if s.RecoveryCodes, err = a.Store.RecoveryCodesLeft(ctx, userID); err != nil {
		return s, err
	}
	s.Identities, err = a.Store.IdentitiesOf(ctx, userID)
	return s, err
}
