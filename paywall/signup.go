package paywall

import (
	"context"
	"errors"
	"slices"
)

// SignUpInput is what somebody types to get an account.
type SignUpInput struct {
	Email    string
	Password string // empty: signs in by mailed code
	Next     string // local path to go on to
	// Voucher is the code that somebody came with: one that can be redeemed counts
	// as an invitation.
	Voucher RedeemInput
}

// SignUp mails a code and a link that make the account. Whoever has an account
// already is told so by mail; the page shows no difference.
func (a *Auth) SignUp(ctx context.Context, c Caller, in SignUpInput) error {
	email, err := CanonicalEmail(in.Email)
	if err != nil {
		return err
	}
	voucher, err := a.admit(ctx, c, in.Voucher)
	if err != nil {
		return err
	}
	hash, err := a.hashForStranger(ctx, c, in.Password, email)
	if err != nil {
		return err
	}
	terms, err := a.Settings.termsVersion(ctx)
	if err != nil {
		return err
	}
	return a.askSignUp(ctx, c, email, in.Next, payload{PasswordHash: hash, Language: c.Language, Terms: terms, Voucher: voucher})
}

// admit refuses who may not ask for an account. Where accounts are made by
// invitation, a voucher's code does instead of one, and is answered: the account
// will redeem it. Elsewhere none is needed.
func (a *Auth) admit(ctx context.Context, c Caller, came RedeemInput) (RedeemInput, error) {
	settings, err := a.Settings.Get(ctx)
	switch {
	case err != nil:
		return RedeemInput{}, err
	case settings.SignUp == SignUpInvitation && came.Code != "":
		return came, a.vouchers().Try(ctx, c, came.Code)
	}
	return RedeemInput{}, a.mayJoin(ctx, SignUpOpen)
}

// mayJoin refuses new accounts where none of these modes of sign-up is set.
func (a *Auth) mayJoin(ctx context.Context, modes ...SignUpMode) error {
	settings, err := a.Settings.Get(ctx)
	if err == nil && !slices.Contains(modes, settings.SignUp) {
		err = E(KindForbidden, "signup.error.closed")
	}
	return err
}

// hashForStranger makes a hash for somebody whom nobody knows yet, within the
// limits of hashes.
func (a *Auth) hashForStranger(ctx context.Context, c Caller, password, email string) (string, error) {
	if password == "" {
		return "", nil
	}
	if err := a.limits.strangerHash(ctx, c); err != nil {
		return "", err
	}
	return a.newHash(ctx, password, User{Email: email})
}

// askSignUp asks for the address of a new account to be confirmed. p brings what
// is known besides: a password, and the terms that were agreed to.
func (a *Auth) askSignUp(ctx context.Context, c Caller, email, next string, p payload) error {
	user, err := a.accountAt(ctx, email)
	if err != nil {
		return err
	}
	r := request{
		kind: ProofSignUp, email: email, next: next, payload: p,
		letter: MailConfirm, linkLife: LinkLife,
	}
	switch {
	case user.Disabled():
		r.letter, r.inert = MailDisabled, true
	case user.ID != "":
		r.letter, r.inert, r.params.Path = MailExists, true, "/login"
	}
	r.user = user
	return a.ask(ctx, c, r)
}

// accountAt is the account with an address; the zero User when there is none.
func (a *Auth) accountAt(ctx context.Context, email string) (User, error) {
	user, err := a.Store.UserByEmail(ctx, email)
	if errors.Is(err, ErrNotFound) {
		return User{}, nil
	}
	return user, err
}

// AskSignIn mails a code and a link to sign in. An address without an account
// gets a mail that says so; the page shows no difference.
func (a *Auth) AskSignIn(ctx context.Context, c Caller, email, next string) error {
	return a.askAccount(ctx, c, email, request{
		kind: ProofSignIn, next: next, letter: MailSignIn, linkLife: SignInLinkLife,
	})
}

// AskReset mails a code and a link to choose a new password.
func (a *Auth) AskReset(ctx context.Context, c Caller, email, next string) error {
	return a.askAccount(ctx, c, email, request{
		kind: ProofReset, next: next, letter: MailReset, linkLife: LinkLife,
	})
}

// askAccount mails a proof to the account at an address that somebody typed.
func (a *Auth) askAccount(ctx context.Context, c Caller, typed string, r request) error {
	email, err := CanonicalEmail(typed)
	if err != nil {
		return err
	}
	settings, err := a.Settings.Get(ctx)
	if err != nil {
		return err
	}
	if r.user, err = a.accountAt(ctx, email); err != nil {
		return err
	}
	r.email = email
	switch {
	case r.user.ID == "":
		r.letter, r.inert = MailNoAccount, true
		if settings.SignUp == SignUpOpen {
			r.params.Path = "/signup"
		}
	case r.user.Disabled():
		r.letter, r.inert = MailDisabled, true
	}
	return a.ask(ctx, c, r)
}

// Again mails a new code for what the caller's window waits for. The older one
// does not work any more.
func (a *Auth) Again(ctx context.Context, c Caller, viewer Viewer) error {
	p, err := a.Pending(ctx, c)
	if err != nil {
		return err
	}
	kept, err := a.payloadOf(p)
	if err != nil {
		return err
	}
	if (p.Kind == ProofAddress || p.Kind == ProofAct) && p.UserID != viewer.User.ID {
		return ErrNotFound // somebody else was signed in when it was asked for
	}
	switch p.Kind {
	case ProofSignUp:
		if kept.Voucher, err = a.admit(ctx, c, kept.Voucher); err != nil {
			return spentInvitation(err)
		}
		return a.askSignUp(ctx, c, p.Email, p.Next, kept)
	case ProofSignIn:
		if kept.Identity != nil {
			return a.askIdentity(ctx, c, p.Email, p.Next, kept)
		}
		return a.AskSignIn(ctx, c, p.Email, p.Next)
	case ProofReset:
		return a.AskReset(ctx, c, p.Email, p.Next)
	case ProofAddress:
		return a.AskAddress(ctx, c, viewer, p.Email)
	case ProofAct:
		return a.AskAct(ctx, c, viewer, p.Next)
	}
	return ErrNotFound
}
