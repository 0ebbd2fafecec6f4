package paywall

import (
	"context"
	"errors"
	"time"
)

// ChallengeKind says what a window was asked.
type ChallengeKind string

// The kinds of challenge.
const (
	ChallengeSecondFactor ChallengeKind = "second_factor"
	ChallengePasskeyLogin ChallengeKind = "passkey_login"
	ChallengePasskeyAdd   ChallengeKind = "passkey_add"
	ChallengeProvider     ChallengeKind = "provider"
)

// ChallengeLife is how long an answer may take.
const ChallengeLife = 10 * time.Minute

// Challenge is a question to one window, for one answer.
type Challenge struct {
	ID         string
	Kind       ChallengeKind
	WindowHash []byte
	UserID     string // empty where it is not known yet
	Data       []byte // sealed
	ExpiresAt  time.Time
}

// challenge asks the caller's window something and answers the question's id.
func (a *Auth) challenge(ctx context.Context, tx Store, c Caller, kind ChallengeKind, userID string, details any) (string, error) {
	id := NewID()
	data, err := a.Vault.sealJSON("challenge "+id, details)
	if err != nil {
		return "", err
	}
	return id, tx.CreateChallenge(ctx, Challenge{
		ID: id, Kind: kind, WindowHash: hashSecret(c.Window), UserID: userID,
		Data: data, ExpiresAt: a.Clock().Add(ChallengeLife),
	})
}

// errOver is for a question that ended, or that another window was asked.
func errOver() *Error { return E(KindInvalid, "login.error.over") }

// answered finds a challenge that the caller's window was asked and reads its
// details. One that ended, or is another window's, is KindInvalid.
func (a *Auth) answered(ctx context.Context, c Caller, kind ChallengeKind, id string, details any) (Challenge, error) {
	if c.Window == "" {
		return Challenge{}, errOver()
	}
	found, err := a.Store.ChallengeByID(ctx, id, kind, hashSecret(c.Window))
	if errors.Is(err, ErrNotFound) {
		return Challenge{}, errOver().Because(err)
	}
	if err != nil {
		return Challenge{}, err
	}
	if !a.Clock().Before(found.ExpiresAt) {
		return Challenge{}, errOver()
	}
	return found, a.Vault.openJSON("challenge "+id, found.Data, details)
}

// spendChallenge uses a challenge up; of answers at the same time one wins.
func (a *Auth) spendChallenge(ctx context.Context, id string) error {
	err := a.Store.DeleteChallenge(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return errOver().Because(err)
	}
	return err
}
