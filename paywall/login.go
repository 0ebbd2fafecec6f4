package paywall

import (
	"context"
	"errors"
)

// Outcome is what came of a way in: either somebody may come in (User), or the
// window has to answer for a second factor first (Ask).
type Outcome struct {
	User   User
	Method Method
	Strong bool
	Next   string
	Ask    string // id of the challenge; empty: nothing more is asked
	// Redeemed tells that the new account has redeemed the code it was made for.
	Redeemed bool

	identity *Identity // a login elsewhere to connect after the second factor
}

// errCredentials is the same for every cause, so that a guesser learns nothing.
func errCredentials() error {
	return &Error{Kind: KindInvalid, Key: "login.error.bad_credentials"}
}

// Login checks address and password. An unknown address, a wrong password, a
// disabled account and one tried too often give the same error in the same time.
func (a *Auth) Login(ctx context.Context, c Caller, email, password, next string) (Outcome, error) {
	user, canonical, err := a.findForLogin(ctx, email)
	if err != nil {
		return Outcome{}, err
	}
	device, err := knownDevice(ctx, a.Store, c.Known, user.ID)
	if err != nil {
		return Outcome{}, err
	}
	within, err := a.limits.password(ctx, c, device, canonical)
	if err != nil {
		return Outcome{}, err
	}
	if !within {
		return Outcome{}, errors.Join(a.Hasher.Pretend(ctx), errCredentials())
	}
	ok, err := a.Hasher.Verify(ctx, user.PasswordHash, password)
	if err != nil {
		return Outcome{}, err
	}
	if !ok || user.Disabled() {
		return Outcome{}, errCredentials()
	}
	if user, err = a.rehash(ctx, user, password); err != nil {
		return Outcome{}, err
	}
	return a.proved(ctx, c, Outcome{User: user, Method: MethodPassword, Next: next})
}

// findForLogin answers the zero User for an unknown address: its empty hash is
// then verified like a real one. The canonical address of one that is none is a
// constant, so that nonsense has one counter.
func (a *Auth) findForLogin(ctx context.Context, email string) (User, string, error) {
	canonical, err := CanonicalEmail(email)
	if err != nil {
		canonical = "" // looked up all the same, for equal work
	}
	user, err := a.accountAt(ctx, canonical)
	return user, canonical, err
}

// rehash brings a password that has just proved right to today's costs.
func (a *Auth) rehash(ctx context.Context, user User, password string) (User, error) {
	if !outdated(user.PasswordHash) {
		return user, nil
	}
	hash, err := a.Hasher.Hash(ctx, password)
	if err != nil {
		return user, nil //nolint:nilerr // a shorter password of old times, or a busy machine: the next login tries again
	}
	old := user.PasswordHash
	err = a.Store.InTx(ctx, func(tx Store) error {
		if user, err = tx.UserByID(ctx, user.ID); err != nil || user.PasswordHash != old {
			return err
		}
		user.PasswordHash = hash
		return tx.UpdateUser(ctx, user)
	})
	return user, err
}

// waiting is what a second-factor challenge keeps.
type waiting struct {
	Method Method
	Next   string
	Hash   string // the password's hash at the first step
	Email  string // the address at the first step
	// Identity is another service's login that is connected afterwards.
	Identity *Identity `json:",omitempty"`
}

// proved goes on after the first proof of who somebody is: in, or to the second
// factor. A passkey counts as two factors: the device, and what unlocks it.
func (a *Auth) proved(ctx context.Context, c Caller, o Outcome) (Outcome, error) {
	if o.Method == MethodPasskey {
		o.Strong = true
		return o, a.limits.forget(ctx, o.User)
	}
	factor, err := a.Store.SecondFactorOf(ctx, o.User.ID)
	if errors.Is(err, ErrNotFound) || err == nil && !factor.Active() {
		return o, a.limits.forget(ctx, o.User)
	}
	if err != nil {
		return Outcome{}, err
	}
	o.Ask, err = a.challenge(ctx, a.Store, c, ChallengeSecondFactor, o.User.ID,
		waiting{Method: o.Method, Next: o.Next, Hash: o.User.PasswordHash, Email: o.User.Email, Identity: o.identity})
	return Outcome{Ask: o.Ask, Next: o.Next}, err
}
