package paywall

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"
)

// MaxName is the longest name of an account, in characters.
const MaxName = 80

// Auth knows who people are: it checks passwords and makes accounts.
type Auth struct {
	store  Store
	hasher *Hasher
	clock  Clock
}

// NewAuth makes the service.
func NewAuth(store Store, hasher *Hasher, clock Clock) *Auth {
	return &Auth{store: store, hasher: hasher, clock: clock}
}

// errCredentials is the same for every cause, so that a guesser learns nothing.
func errCredentials() error {
	return &Error{Kind: KindInvalid, Key: "login.error.bad_credentials"}
}

// Login checks address and password. An unknown address, a wrong password and a
// disabled account give the same error after the same work.
func (a *Auth) Login(ctx context.Context, email, password string) (User, error) {
	user, err := a.findForLogin(ctx, email)
	if err != nil {
		return User{}, err
	}
	ok, err := a.hasher.Verify(ctx, user.PasswordHash, password)
	if err != nil {
		return User{}, err
	}
	if !ok || user.Disabled() {
		return User{}, errCredentials()
	}
	return user, nil
}

// findForLogin answers the zero User for an unknown address: its empty hash is
// then verified like a real one.
func (a *Auth) findForLogin(ctx context.Context, email string) (User, error) {
	canonical, err := CanonicalEmail(email)
	if err != nil {
		canonical = "" // looked up all the same, for equal work
	}
	user, err := a.store.UserByEmail(ctx, canonical)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return User{}, err
	}
	return user, nil
}

// NewUser is what it takes to make an account.
type NewUser struct {
	Email    string
	Name     string
	Password string // empty: no password login
	Role     Role
}

// CreateConfirmed makes an account whose address needs no confirmation, because
// somebody with the right to do so vouches for it.
func (a *Auth) CreateConfirmed(ctx context.Context, actor Actor, in NewUser) (User, error) {
	user, err := a.prepare(ctx, in)
	if err != nil {
		return User{}, err
	}
	err = a.store.InTx(ctx, func(tx Store) error {
		if err := tx.CreateUser(ctx, user); err != nil {
			return err
		}
		return audit(ctx, tx, a.clock, actor, "user.create", user.ID, user.Email+" as "+string(user.Role))
	})
	if errors.Is(err, ErrExists) {
		return User{}, invalidField("email", "user.error.exists").Because(err)
	}
	return user, err
}

func (a *Auth) prepare(ctx context.Context, in NewUser) (User, error) {
	email, err := CanonicalEmail(in.Email)
	if err != nil {
		return User{}, err
	}
	name := strings.TrimSpace(in.Name)
	if utf8.RuneCountInString(name) > MaxName || hasControl(name) {
		return User{}, invalidField("name", "user.error.name")
	}
	user := User{ID: NewID(), Email: email, Name: name, Role: in.Role}
	if in.Password != "" {
		if user.PasswordHash, err = a.hasher.Hash(ctx, in.Password); err != nil {
			return User{}, err
		}
	}
	user.CreatedAt = a.clock()
	user.ConfirmedAt = user.CreatedAt
	return user, nil
}

// SetPassword replaces a person's password and ends all their sessions but the
// one to keep, in one transaction.
func (a *Auth) SetPassword(ctx context.Context, actor Actor, email, password, keepSession string) error {
	canonical, err := CanonicalEmail(email)
	if err != nil {
		return err
	}
	hash, err := a.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return a.store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByEmail(ctx, canonical)
		if err != nil {
			return err
		}
		user.PasswordHash = hash
		return changeCredentials(ctx, tx, a.clock, actor, user, "user.password", keepSession)
	})
}

// Disable switches an account off and ends its sessions.
func (a *Auth) Disable(ctx context.Context, actor Actor, userID string) error {
	return a.store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByID(ctx, userID)
		if err != nil {
			return err
		}
		user.DisabledAt = a.clock()
		return changeCredentials(ctx, tx, a.clock, actor, user, "user.disable", "")
	})
}

// changeCredentials stores the account, ends its other sessions and writes the
// audit line: whoever knew the old credential is out at the same instant.
func changeCredentials(ctx context.Context, tx Store, clock Clock, actor Actor, u User, action, keep string) error {
	if err := tx.UpdateUser(ctx, u); err != nil {
		return err
	}
	if err := tx.DeleteSessionsOf(ctx, u.ID, keep); err != nil {
		return err
	}
	return audit(ctx, tx, clock, actor, action, u.ID, u.Email)
}

func audit(ctx context.Context, tx Store, clock Clock, actor Actor, action, subject, detail string) error {
	return tx.AddAudit(ctx, AuditEntry{
		ID: NewID(), At: clock(), Actor: actor, Action: action, Subject: subject, Detail: detail,
	})
}
