package paywall

import (
	"context"
	"errors"
	"slices"
)

// abroad is what a provider challenge keeps while somebody signs in elsewhere.
type abroad struct {
	Provider string
	Nonce    string
	Verifier string
	Next     string
}

// provider finds a provider by its id.
func (a *Auth) provider(id string) (IdentityProvider, error) {
	for _, p := range a.Providers {
		if p.ID() == id {
			return p, nil
		}
	}
	return nil, ErrNotFound
}

// GoToProvider answers where the browser goes to sign in at another service. A
// signed-in viewer connects the login there to the own account.
func (a *Auth) GoToProvider(ctx context.Context, c Caller, viewer Viewer, providerID, next string) (string, error) {
	p, err := a.provider(providerID)
	if err != nil {
		return "", err
	}
	if viewer.SignedIn() && !viewer.Fresh(a.Clock()) {
		return "", ErrProve
	}
	if err := a.limits.ask(ctx, c); err != nil {
		return "", err
	}
	kept := abroad{Provider: providerID, Nonce: newSecret(), Verifier: newSecret(), Next: next}
	id, err := a.challenge(ctx, a.Store, c, ChallengeProvider, viewer.User.ID, kept)
	if err != nil {
		return "", err
	}
	return p.AuthURL(ctx, a.ReturnURL(providerID), id, kept.Nonce, kept.Verifier)
}

// Return is what came of a visit at another service: somebody gets in (Outcome),
// the account was connected (Connected), or a mailed code has to say first that
// the address is theirs (Mailed).
type Return struct {
	Outcome
	Connected bool
	Mailed    bool
}

// ReturnFromProvider goes on when the browser comes back. state is the id of the
// question; it must have been asked in this window.
func (a *Auth) ReturnFromProvider(ctx context.Context, c Caller, viewer Viewer, providerID, state, code string) (Return, error) {
	p, err := a.provider(providerID)
	if err != nil {
		return Return{}, err
	}
	var kept abroad
	asked, err := a.answered(ctx, c, ChallengeProvider, state, &kept)
	if err != nil {
		return Return{}, err
	}
	if kept.Provider != providerID || asked.UserID != viewer.User.ID {
		return Return{}, errOver()
	}
	if err := a.spendChallenge(ctx, asked.ID); err != nil {
		return Return{}, err
	}
	claims, err := p.Claims(ctx, a.ReturnURL(providerID), code, kept.Nonce, kept.Verifier)
	if err != nil {
		return Return{}, err
	}
	identity := Identity{
		Issuer: claims.Issuer, Subject: claims.Subject, Provider: providerID,
		Email: cleanClaim(claims.Email), CreatedAt: a.Clock(), UsedAt: a.Clock(),
	}
	if viewer.SignedIn() {
		return a.connectViewer(ctx, c, viewer, p, identity, kept.Next)
	}
	return a.enterByIdentity(ctx, c, identity, claims, kept.Next)
}

// cleanClaim keeps what another service told as an address only if it is one.
func cleanClaim(email string) string {
	canonical, err := CanonicalEmail(email)
	if err != nil {
		return ""
	}
	return canonical
}

// connectViewer ties the login to the viewer's own account.
func (a *Auth) connectViewer(ctx context.Context, c Caller, viewer Viewer, p IdentityProvider, identity Identity, next string) (Return, error) {
	err := a.Store.InTx(ctx, func(tx Store) error {
		identity.UserID = viewer.User.ID
		if err := tx.CreateIdentity(ctx, identity); err != nil {
			return err
		}
		return a.noteFactor(ctx, tx, c, viewer, "user.identity_add", MailIdentityAdded, p.Name())
	})
	if errors.Is(err, ErrExists) {
		return Return{}, E(KindInvalid, "oidc.error.taken", "Name", p.Name()).Because(err)
	}
	return Return{Outcome: Outcome{Next: next}, Connected: true}, err
}

// enterByIdentity lets in who is known by this login. For anybody else the
// address decides nothing by itself: an account with the same address is
// connected only after its owner typed a code from that mailbox, and a new
// account is made at once only if the service vouches for the address.
func (a *Auth) enterByIdentity(ctx context.Context, c Caller, identity Identity, claims Claims, next string) (Return, error) {
	known, err := a.Store.IdentityBySubject(ctx, identity.Issuer, identity.Subject)
	if err == nil {
		return a.enterKnown(ctx, c, known, identity, next)
	}
	if !errors.Is(err, ErrNotFound) {
		return Return{}, err
	}
	if identity.Email == "" {
		return Return{}, E(KindInvalid, "oidc.error.no_email")
	}
	user, err := a.accountAt(ctx, identity.Email)
	if err != nil {
		return Return{}, err
	}
	terms, err := a.Settings.termsVersion(ctx)
	if err != nil {
		return Return{}, err
	}
	kept := payload{Identity: &identity, Method: MethodProvider, Language: c.Language, Terms: terms}
	if user.ID == "" && claims.EmailVerified {
		return a.joinByIdentity(ctx, c, kept, claims.Name, next)
	}
	err = a.askIdentity(ctx, c, identity.Email, next, kept)
	return Return{Outcome: Outcome{Next: next}, Mailed: true}, err
}

// askIdentity mails a code before a login at another service opens anything. It
// comes without a link: whoever follows one in a mail that they did not ask for
// would connect a stranger's login. The window sees no difference between an
// address with an account and one without.
func (a *Auth) askIdentity(ctx context.Context, c Caller, email, next string, p payload) error {
	settings, err := a.Settings.Get(ctx)
	if err != nil {
		return err
	}
	user, err := a.accountAt(ctx, email)
	if err != nil {
		return err
	}
	r := request{
		kind: ProofSignIn, user: user, email: email, next: next, payload: p,
		letter: MailSignIn, linkLife: CodeLife, noLink: true,
	}
	switch {
	case user.Disabled():
		r.letter, r.inert = MailDisabled, true
	case user.ID == "" && settings.SignUp == SignUpOpen:
		r.letter = MailConfirm
	case user.ID == "":
		r.letter, r.inert = MailNoAccount, true
	}
	return a.ask(ctx, c, r)
}

func (a *Auth) enterKnown(ctx context.Context, c Caller, known, told Identity, next string) (Return, error) {
	known.Email, known.UsedAt = told.Email, told.UsedAt
	if err := a.Store.TouchIdentity(ctx, known); err != nil {
		return Return{}, err
	}
	user, err := a.Store.UserByID(ctx, known.UserID)
	if err != nil {
		return Return{}, err
	}
	if user.Disabled() {
		return Return{}, E(KindInvalid, "oidc.error.disabled")
	}
	o, err := a.proved(ctx, c, Outcome{User: user, Method: MethodProvider, Next: next})
	return Return{Outcome: o}, err
}

// joinByIdentity makes an account for somebody new whose address the service
// vouches for, where the owner allows it.
func (a *Auth) joinByIdentity(ctx context.Context, c Caller, p payload, claimed, next string) (Return, error) {
	if err := a.mayJoin(ctx, SignUpOpen); err != nil {
		return Return{}, err
	}
	user := User{Email: p.Identity.Email}
	if name, err := cleanName(claimed); err == nil {
		user.Name = name
	}
	o, err := a.join(ctx, c, user, p, next, func(Store) error { return nil })
	return Return{Outcome: o}, err
}

// connect ties another service's login to an account; nil is none.
func (a *Auth) connect(ctx context.Context, tx Store, user User, identity *Identity) error {
	if identity == nil {
		return nil
	}
	tied := *identity
	tied.UserID, tied.CreatedAt, tied.UsedAt = user.ID, a.Clock(), a.Clock()
	return tx.CreateIdentity(ctx, tied)
}

// connectAndTell ties a login to an account that exists, and tells its owner.
func (a *Auth) connectAndTell(ctx context.Context, tx Store, c Caller, user User, identity *Identity) error {
	if identity == nil {
		return nil
	}
	name := a.ProviderName(identity.Provider)
	err := a.connect(ctx, tx, user, identity)
	if errors.Is(err, ErrExists) {
		return E(KindInvalid, "oidc.error.taken", "Name", name).Because(err)
	}
	if err != nil {
		return err
	}
	if err := a.tell(ctx, tx, change{caller: c, user: user, tell: MailIdentityAdded, params: MailParams{Name: name}}); err != nil {
		return err
	}
	return audit(ctx, tx, a.Clock, c.actor(user), "user.identity_add", user.ID, Fact{LabelName, name})
}

// Disconnect takes the viewer's logins at another service away.
func (a *Auth) Disconnect(ctx context.Context, c Caller, viewer Viewer, providerID string) error {
	if !viewer.Fresh(a.Clock()) {
		return ErrProve
	}
	return a.Store.InTx(ctx, func(tx Store) error {
		held, err := tx.IdentitiesOf(ctx, viewer.User.ID)
		if err != nil {
			return err
		}
		held = slices.DeleteFunc(held, func(i Identity) bool { return i.Provider != providerID })
		if len(held) == 0 {
			return ErrNotFound
		}
		for _, i := range held {
			if err := tx.DeleteIdentity(ctx, viewer.User.ID, i.Issuer, i.Subject); err != nil {
				return err
			}
		}
		return a.noteFactor(ctx, tx, c, viewer, "user.identity_remove", MailIdentityRemoved, a.ProviderName(providerID))
	})
}

// ProviderName is what a provider is called, also one that is configured no more.
func (a *Auth) ProviderName(id string) string {
	if p, err := a.provider(id); err == nil {
		return p.Name()
	}
	return id
}
