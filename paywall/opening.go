package paywall

import (
	"cmp"
	"context"
	"errors"
)

// opening is the use of a proof.
type opening struct {
	caller     Caller
	viewer     Viewer // who is signed in in this browser
	proof      Proof
	hash       string // of a new password; empty: none
	sameWindow bool
	payload    payload
}

// open does what a proof is for. The proof is spent in the same transaction, so
// of uses at the same time one succeeds.
func (a *Auth) open(ctx context.Context, o opening) (Outcome, error) {
	var err error
	if o.payload, err = a.payloadOf(o.proof); err != nil {
		return Outcome{}, err
	}
	switch o.proof.Kind {
	case ProofSignUp, ProofInvite:
		return a.openSignUp(ctx, o)
	case ProofSignIn, ProofHanded:
		return a.openSignIn(ctx, o)
	case ProofReset:
		return a.openReset(ctx, o)
	case ProofAddress:
		return a.openAddress(ctx, o)
	case ProofAct:
		return a.openAct(ctx, o)
	}
	return Outcome{}, errLink()
}

// spend uses the proof up inside a transaction.
func (a *Auth) spend(ctx context.Context, tx Store, p Proof) error {
	err := tx.SpendProof(ctx, p.ID, a.Clock())
	if errors.Is(err, ErrNotFound) {
		return errLink().Because(err)
	}
	return err
}

// openSignUp makes the account. A password that was typed when the code was
// asked for counts in the window where it was typed only: else somebody could
// choose the password of an account that another person then confirms.
func (a *Auth) openSignUp(ctx context.Context, o opening) (Outcome, error) {
	modes := []SignUpMode{SignUpOpen}
	if o.proof.Kind == ProofInvite {
		modes = append(modes, SignUpInvitation)
		// The terms in force are those that an invited person finds.
		terms, err := a.Settings.termsVersion(ctx)
		if err != nil {
			return Outcome{}, err
		}
		o.payload.Terms = terms
		// The mail spoke the site's language; the account speaks that of the page
		// on which it was accepted.
		o.payload.Language = o.caller.Language
	}
	if o.payload.Voucher.Code != "" {
		modes = append(modes, SignUpInvitation)
	}
	if err := a.mayJoin(ctx, modes...); err != nil {
		return Outcome{}, err
	}
	if o.proof.Kind == ProofSignUp && o.sameWindow && o.hash == "" {
		o.hash = o.payload.PasswordHash
	}
	user := User{Email: o.proof.Email, PasswordHash: o.hash}
	return a.join(ctx, o.caller, user, o.payload, o.proof.Next, func(tx Store) error { return a.spend(ctx, tx, o.proof) })
}

// termsLanguage is the language in which the terms were shown on pages in one.
func (a *Auth) termsLanguage(language string) string {
	_, written := a.Front.Now().Text(PlaceTerms, language)
	return cmp.Or(written, language)
}

// join makes the account of somebody whose address is proved, and lets them in.
// first is done before in the same transaction, and a code that invited them is
// redeemed in it: a use of a code makes one account and no more.
func (a *Auth) join(ctx context.Context, c Caller, user User, p payload, next string, first func(tx Store) error) (Outcome, error) {
	user.ID, user.Role, user.Language = NewID(), RoleMember, p.Language
	user.CreatedAt = a.Clock()
	user.ConfirmedAt = user.CreatedAt
	out := Outcome{User: user, Method: p.method(), Next: next}
	err := a.Store.InTx(ctx, func(tx Store) error {
		if err := first(tx); err != nil {
			return err
		}
		if err := a.createOwn(ctx, tx, c, user, p); err != nil || p.Voucher.Code == "" {
			return err
		}
		done, err := a.vouchers().redeem(ctx, tx, c, Viewer{User: user}, readCode(p.Voucher.Code), p.Voucher.Item)
		out.Next, out.Redeemed = done.Path, true
		return spentInvitation(err)
	})
	if errors.Is(err, ErrExists) {
		return Outcome{}, E(KindInvalid, "signup.error.exists").Because(err)
	}
	if err != nil {
		return Outcome{}, err
	}
	return a.proved(ctx, c, out)
}

// spentInvitation says of a code that is refused that it invites nobody any more.
func spentInvitation(err error) error {
	if KindOf(err) == KindInvalid {
		return E(KindInvalid, "signup.error.code")
	}
	return err
}

// createOwn stores an account that a person makes, with what they agreed to.
func (a *Auth) createOwn(ctx context.Context, tx Store, c Caller, user User, p payload) error {
	if err := tx.CreateUser(ctx, user); err != nil {
		return err
	}
	if p.Terms > 0 {
		consent := Consent{ID: NewID(), UserID: user.ID, Version: p.Terms, Language: a.termsLanguage(p.Language), GivenAt: user.CreatedAt}
		if err := tx.CreateConsent(ctx, consent); err != nil {
			return err
		}
	}
	if err := a.connect(ctx, tx, user, p.Identity); err != nil {
		return err
	}
	if err := a.keepPromise(ctx, tx, user, p.Promise); err != nil {
		return err
	}
	return audit(ctx, tx, a.Clock, c.actor(user), "user.sign_up", user.ID, Fact{LabelPerson, user.Email})
}

// openSignIn lets somebody in. Who reads the mail of an address has confirmed it.
// Another service's login is connected in the window that came from there only.
func (a *Auth) openSignIn(ctx context.Context, o opening) (Outcome, error) {
	if o.payload.Identity != nil && !o.sameWindow {
		return Outcome{}, errLink()
	}
	if o.payload.Identity != nil && o.proof.UserID == "" {
		return a.openSignUp(ctx, o)
	}
	out := Outcome{Method: o.payload.method(), Next: o.proof.Next}
	err := a.Store.InTx(ctx, func(tx Store) (err error) {
		if err := a.spend(ctx, tx, o.proof); err != nil {
			return err
		}
		if out.User, err = a.confirmOwner(ctx, tx, o.proof); err != nil {
			return err
		}
		factor, err := tx.SecondFactorOf(ctx, out.User.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if factor.Active() { // a new way in is not for who holds the mailbox alone
			out.identity = o.payload.Identity
			return nil
		}
		return a.connectAndTell(ctx, tx, o.caller, out.User, o.payload.Identity)
	})
	if err != nil {
		return Outcome{}, err
	}
	return a.proved(ctx, o.caller, out)
}

// confirmOwner finds the account of a proof and confirms its address. A password
// that was set before anybody had confirmed the address may be a stranger's.
func (a *Auth) confirmOwner(ctx context.Context, tx Store, p Proof) (User, error) {
	user, err := tx.UserByID(ctx, p.UserID)
	if err != nil {
		return User{}, err
	}
	if user.Disabled() || user.Email != p.Email {
		return User{}, errLink()
	}
	if user.Confirmed() {
		return user, nil
	}
	user.ConfirmedAt, user.PasswordHash = a.Clock(), ""
	return user, a.changeCredentials(ctx, tx, change{
		actor: Actor{UserID: user.ID, Name: user.Email}, user: user, action: "user.confirm",
	})
}

// openReset sets the new password. Nobody is signed in by it: the second factor
// is asked for at the next login as ever.
func (a *Auth) openReset(ctx context.Context, o opening) (Outcome, error) {
	err := a.Store.InTx(ctx, func(tx Store) error {
		if err := a.spend(ctx, tx, o.proof); err != nil {
			return err
		}
		user, err := tx.UserByID(ctx, o.proof.UserID)
		if err != nil {
			return err
		}
		if user.Disabled() || user.Email != o.proof.Email {
			return errLink()
		}
		user.PasswordHash = o.hash
		if !user.Confirmed() {
			user.ConfirmedAt = a.Clock()
		}
		return a.changeCredentials(ctx, tx, change{
			actor: o.caller.actor(user), user: user, action: "user.password", caller: o.caller, tell: MailPassword,
		})
	})
	return Outcome{Next: o.proof.Next}, err
}

// openAddress gives the account its new address. The old one is told. It needs
// the own session where it is opened, because an address with a slip in it must
// not hand the account to whoever reads the mail there; and the session that
// asked, because who was signed out of the account must not take it away.
func (a *Auth) openAddress(ctx context.Context, o opening) (Outcome, error) {
	if !o.viewer.SignedIn() || o.viewer.User.ID != o.proof.UserID {
		return Outcome{}, E(KindInvalid, "link.error.own_session")
	}
	err := a.Store.InTx(ctx, func(tx Store) error {
		if err := a.spend(ctx, tx, o.proof); err != nil {
			return err
		}
		user, err := tx.UserByID(ctx, o.proof.UserID)
		if err != nil {
			return err
		}
		if user.Disabled() {
			return errLink()
		}
		if err := stillIn(ctx, tx, o.payload.Session); KindOf(err) == KindUnauthenticated {
			return errLink().Because(err)
		} else if err != nil {
			return err
		}
		old := user.Email
		user.Email, user.ConfirmedAt = o.proof.Email, a.Clock()
		return a.changeCredentials(ctx, tx, change{
			actor: o.caller.actor(user), user: user, action: "user.email", facts: []Fact{oldToNew(LabelPerson, old, user.Email)},
			keepSession: o.viewer.SessionID, caller: o.caller, tell: MailAddressChanged, to: old, params: MailParams{Address: user.Email},
		})
	})
	if errors.Is(err, ErrExists) {
		return Outcome{}, E(KindInvalid, "account.error.address_taken").Because(err)
	}
	return Outcome{Next: o.proof.Next}, err
}

// openAct renews the proof of the session in this window.
func (a *Auth) openAct(ctx context.Context, o opening) (Outcome, error) {
	if o.viewer.User.ID != o.proof.UserID || !o.viewer.SignedIn() {
		return Outcome{}, errLink()
	}
	err := a.Store.InTx(ctx, func(tx Store) error {
		if err := a.spend(ctx, tx, o.proof); err != nil {
			return err
		}
		return tx.ProveSession(ctx, o.viewer.SessionID, a.Clock(), false)
	})
	return Outcome{Next: o.proof.Next}, err
}

// payloadOf reads what a proof keeps.
func (a *Auth) payloadOf(p Proof) (payload, error) {
	var kept payload
	err := a.Vault.openJSON("proof "+p.ID, p.Payload, &kept)
	return kept, err
}
