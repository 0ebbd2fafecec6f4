package paywall

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"
)

// SetupLife is how long the address of a set-up works.
const SetupLife = 24 * time.Hour

// setupPath is before the secret in the address of a set-up.
const setupPath = "/setup/"

// Setup is how far the first set-up of a site is.
type Setup struct {
	SecretHash []byte    // SHA-256 of the address's secret; empty: there is no address
	ExpiresAt  time.Time // when the address ends
	// ClosedAt is when the site got its first owner. It never becomes zero
	// again, whatever happens to the accounts.
	ClosedAt time.Time
	// Guided tells that the owner is being led through the steps.
	Guided bool
}

// SetupStore keeps the state of the set-up. A database that lost it is closed.
type SetupStore interface {
	// Setup is the state; ErrNotFound when it was lost.
	Setup(ctx context.Context) (Setup, error)
	// OfferSetup makes an address, and ends the one before; ErrNotFound when the
	// set-up is closed.
	OfferSetup(ctx context.Context, secretHash []byte, expires time.Time) error
	// UseSetup closes the set-up with the address's secret; ErrNotFound when it
	// is closed, or the address is another or has ended.
	UseSetup(ctx context.Context, secretHash []byte, now time.Time) error
	// CloseSetup closes it without; closing what is closed is no error.
	CloseSetup(ctx context.Context, at time.Time) error
	// GuideSetup says whether the owner is led through the steps.
	GuideSetup(ctx context.Context, on bool) error

	// LastHeard is when a player last told that it plays; zero when none ever did.
	LastHeard(ctx context.Context) (time.Time, error)

	// SkippedSteps gives the steps that the owner does not need, and since when.
	SkippedSteps(ctx context.Context) (map[Step]time.Time, error)
	// SkipStep notes that a step is not needed. Repeating it keeps the instant.
	SkipStep(ctx context.Context, step Step, at time.Time) error
	// ResumeStep forgets that; forgetting what was not noted is no error.
	ResumeStep(ctx context.Context, step Step) error
}

// OfferSetup makes the address at which somebody becomes the first owner. An
// older one ends. It answers ErrNotFound when the site has, or ever had, an owner.
func (a *Auth) OfferSetup(ctx context.Context, actor Actor) (path string, until time.Time, err error) {
	secret := newSecret()
	until = a.Clock().Add(SetupLife)
	var owned bool
	err = a.Store.InTx(ctx, func(tx Store) error {
		if owned, err = hasOwner(ctx, tx); err != nil {
			return err
		}
		if owned { // made before the marker was, or past it
			return tx.CloseSetup(ctx, a.Clock())
		}
		if err := tx.OfferSetup(ctx, hashSecret(secret), until); err != nil {
			return err
		}
		return audit(ctx, tx, a.Clock, actor, "site.setup_offer", "")
	})
	if err == nil && owned {
		err = ErrNotFound
	}
	return setupPath + secret, until, err
}

// hasOwner tells whether there is an owner's account, switched off or not.
func hasOwner(ctx context.Context, store Store) (bool, error) {
	staff, err := store.Staff(ctx)
	for _, u := range staff {
		if u.Role == RoleOwner {
			return true, err
		}
	}
	return false, err
}

// MaySetUp answers nil when a secret opens the set-up, and else ErrNotFound.
// Looking uses nothing up.
func (a *Auth) MaySetUp(ctx context.Context, c Caller, secret string) error {
	state, err := a.Store.Setup(ctx)
	if err != nil {
		return err
	}
	if !state.ClosedAt.IsZero() { // before anything is counted: a closed door costs one read
		return ErrNotFound
	}
	ok, err := a.limits.allow(ctx, from(a.Limits.AskNetwork, "setup network", c)...)
	if err != nil {
		return err
	}
	if !ok || !matches(state.SecretHash, secret) || !a.Clock().Before(state.ExpiresAt) {
		return ErrNotFound
	}
	return nil
}

// matches tells whether a secret has a hash, in a time that tells nothing.
func matches(hash []byte, secret string) bool {
	return subtle.ConstantTimeCompare(hash, hashSecret(secret)) == 1
}

// SetUp makes the first owner's account and closes the set-up for good, in one
// transaction: of two at the same time one succeeds. The address needs no proof,
// because mail may not work yet, and the secret came from the server's console.
// The language in which the owner does it becomes the site's own.
func (a *Auth) SetUp(ctx context.Context, c Caller, secret string, in NewUser) (Outcome, error) {
	if err := a.MaySetUp(ctx, c, secret); err != nil {
		return Outcome{}, err
	}
	if in.Password == "" { // else there would be no way in without mail
		return Outcome{}, invalidField("password", "user.error.password_short")
	}
	in.Role = RoleOwner
	user, err := a.prepare(ctx, in)
	if err != nil {
		return Outcome{}, err
	}
	user.Language = c.Language
	err = a.Store.InTx(ctx, func(tx Store) error {
		if err := tx.UseSetup(ctx, hashSecret(secret), a.Clock()); err != nil {
			return err
		}
		owned, err := hasOwner(ctx, tx)
		if err != nil {
			return err
		}
		if owned {
			return ErrNotFound
		}
		if err := tx.CreateUser(ctx, user); err != nil {
			return err
		}
		if err := tx.GuideSetup(ctx, true); err != nil {
			return err
		}
		if err := a.Front.speak(ctx, tx, c.actor(user), c.Language); err != nil {
			return err
		}
		return audit(ctx, tx, a.Clock, c.actor(user), "site.setup", user.ID, Fact{LabelPerson, user.Email})
	})
	if errors.Is(err, ErrExists) {
		return Outcome{}, invalidField("email", "user.error.exists").Because(err)
	}
	if err != nil {
		return Outcome{}, err
	}
	a.Front.showChange(ctx)
	return Outcome{User: user, Method: MethodPassword}, nil
}
