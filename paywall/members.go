package paywall

import (
	"context"
	"errors"
	"time"
)

// Invite mails an invitation to an address. An older one for it ends.
func (a *Auth) Invite(ctx context.Context, actor Actor, typed, language string) error {
	settings, err := a.Settings.Get(ctx)
	if err != nil {
		return err
	}
	if settings.SignUp == SignUpClosed {
		return invalidField("email", "member.error.closed")
	}
	email, err := CanonicalEmail(typed)
	if err != nil {
		return err
	}
	user, err := a.accountAt(ctx, email)
	if err != nil {
		return err
	}
	if user.ID != "" {
		return invalidField("email", "user.error.exists")
	}
	return a.Store.InTx(ctx, func(tx Store) error {
		// Nobody's window asked for it: the secret is thrown away.
		c := Caller{Window: NewWindow(), Language: language}
		err := a.mailProof(ctx, tx, c, request{
			kind: ProofInvite, email: email, payload: payload{Language: language}, letter: MailInvite, linkLife: InviteLife, noCode: true,
		})
		if err != nil {
			return err
		}
		return audit(ctx, tx, a.Clock, actor, "user.invite", "", email)
	})
}

// Invitations lists the invitations that wait for an answer, newest first.
func (a *Auth) Invitations(ctx context.Context) ([]Proof, error) {
	return a.Store.OpenProofs(ctx, ProofInvite, a.Clock())
}

// Uninvite ends an invitation.
func (a *Auth) Uninvite(ctx context.Context, actor Actor, email string) error {
	return a.Store.InTx(ctx, func(tx Store) error {
		if err := tx.VoidProofs(ctx, ProofInvite, email, "", a.Clock()); err != nil {
			return err
		}
		return audit(ctx, tx, a.Clock, actor, "user.uninvite", "", email)
	})
}

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
		params, err := a.newProof(ctx, tx, Caller{Window: NewWindow()}, request{
			kind: ProofHanded, user: user, email: user.Email, next: "/account",
			payload: payload{Method: MethodLink}, linkLife: LoginLinkLife, noCode: true,
		})
		if err != nil {
			return err
		}
		path = params.Path
		return audit(ctx, tx, a.Clock, actor, "user.login_link", user.ID, user.Email)
	})
	return path, a.Clock().Add(LoginLinkLife), err
}

// Members lists accounts whose address or name holds a text, newest first.
func (a *Auth) Members(ctx context.Context, text string, limit, offset int) ([]User, int, error) {
	return a.Store.Users(ctx, text, limit, offset)
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
