package paywall

import (
	"context"
	"errors"
	"time"
)

// Invitation is somebody who is to get an account, and what it opens.
type Invitation struct {
	Email string
	Opens Opens
}

// Opens is what a new account opens at once; the zero Opens is nothing more than
// every account does.
type Opens struct {
	Scope    GrantScope
	TargetID string // of a collection or item
}

// promise is a grant that an account gets when it is made, kept in a proof.
type promise struct {
	Scope    GrantScope
	TargetID string `json:",omitempty"`
	Actor    Actor  // who promised it
}

func (i Invitation) promise(actor Actor) *promise {
	if i.Opens.Scope == "" {
		return nil
	}
	return &promise{Scope: i.Opens.Scope, TargetID: i.Opens.TargetID, Actor: actor}
}

// facts tell the record who was invited, and what comes with it.
func (i Invitation) facts(ctx context.Context, tx Store) ([]Fact, error) {
	facts := []Fact{{LabelTo, i.Email}}
	if i.Opens.Scope == "" {
		return facts, nil
	}
	opens, err := openedFact(ctx, tx, grantTarget(Grant{Scope: i.Opens.Scope, TargetID: i.Opens.TargetID}))
	return append(facts, opens), err
}

func (p *promise) grant(user User, now time.Time) Grant {
	return Grant{
		ID: NewID(), UserID: user.ID, Scope: p.Scope, TargetID: p.TargetID, From: now, Origin: OriginOwner, CreatedAt: now,
	}
}

// checkPromise refuses what cannot be opened, and answers where it is.
func (a *Auth) checkPromise(ctx context.Context, opens Opens) (path string, err error) {
	if opens.Scope == "" {
		return "/", nil
	}
	grant := (&promise{Scope: opens.Scope, TargetID: opens.TargetID}).grant(User{}, a.Clock())
	if err := grant.validate(a.Clock()); err != nil {
		return "", err
	}
	_, path, err = a.grants().target(ctx, a.Store, grant)
	return path, err
}

// keepPromise gives a new account what was promised with its invitation. What
// has gone since then is left out: the account is made all the same.
func (a *Auth) keepPromise(ctx context.Context, tx Store, user User, p *promise) error {
	if p == nil {
		return nil
	}
	grant := p.grant(user, a.Clock())
	_, _, err := a.grants().target(ctx, tx, grant)
	if KindOf(err) == KindInvalid {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.CreateGrant(ctx, grant); err != nil {
		return err
	}
	return auditGrant(ctx, tx, a.Clock, p.Actor, "grant.give", user, grant)
}

// grants is the service of grants on the same store.
func (a *Auth) grants() *Grants { return NewGrants(a.Store, a.Outbox, a.Clock) }

// vouchers is the service of vouchers on the same store, with the same limits.
func (a *Auth) vouchers() *Vouchers {
	return NewVouchers(VoucherDeps{
		Store: a.Store, Vault: a.Vault, Outbox: a.Outbox, Grants: a.grants(), Limits: a.Limits, Clock: a.Clock,
	})
}

// HandOver makes somebody's account and a link that signs them in once, to hand
// over where no mail arrives. Nothing is mailed. Whoever has the right to do so
// vouches for the address.
func (a *Auth) HandOver(ctx context.Context, actor Actor, in Invitation) (path string, until time.Time, err error) {
	next, err := a.checkPromise(ctx, in.Opens)
	if err != nil {
		return "", until, err
	}
	user, err := a.prepare(ctx, NewUser{Email: in.Email, Role: RoleMember})
	if err != nil {
		return "", until, err
	}
	until = a.Clock().Add(LoginLinkLife)
	err = a.Store.InTx(ctx, func(tx Store) error {
		if err := tx.CreateUser(ctx, user); err != nil {
			return err
		}
		if err := audit(ctx, tx, a.Clock, actor, "user.create", user.ID,
			Fact{LabelPerson, user.Email}, Fact{LabelRole, string(user.Role)}); err != nil {
			return err
		}
		if err := a.keepPromise(ctx, tx, user, in.promise(actor)); err != nil {
			return err
		}
		path, err = a.handedLink(ctx, tx, actor, user, next)
		return err
	})
	if errors.Is(err, ErrExists) {
		err = invalidField("email", "user.error.exists").Because(err)
	}
	return path, until, err
}

// handedLink makes the link that an owner hands over, in a transaction.
func (a *Auth) handedLink(ctx context.Context, tx Store, actor Actor, user User, next string) (path string, err error) {
	params, err := a.newProof(ctx, tx, Caller{Window: NewWindow()}, request{
		kind: ProofHanded, user: user, email: user.Email, next: next,
		payload: payload{Method: MethodLink}, linkLife: LoginLinkLife, noCode: true,
	})
	if err != nil {
		return "", err
	}
	return params.Path, audit(ctx, tx, a.Clock, actor, "user.login_link", user.ID, Fact{LabelPerson, user.Email})
}
