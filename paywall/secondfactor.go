package paywall

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"net/url"
	"strings"
	"time"
)

// FactorCodes makes the codes of authenticator apps.
type FactorCodes interface {
	// Code gives the six digits of a step of totpStep.
	Code(secret []byte, step int64) (string, error)
}

// The parameters of the second factor are the ones that every authenticator app
// understands: RFC 6238 with SHA-1, six digits and steps of 30 seconds. Clocks
// may be one step apart (section 5.2).
const (
	totpStep       = 30 * time.Second
	totpSkew       = 1
	totpSecretSize = 20 // bytes, as long as the hash (RFC 4226, section 4)
	recoveryCodes  = 10
)

// Enrolment is a second factor that is being set up.
type Enrolment struct {
	Secret string // base32, for typing
	URL    string // otpauth://…, for the picture that the app reads
}

// BeginFactor makes a secret for the viewer's authenticator app. It counts only
// when ConfirmFactor has seen a code of it. One that is active stays as it is.
func (a *Auth) BeginFactor(ctx context.Context, viewer Viewer) error {
	if !viewer.Fresh(a.Clock()) {
		return ErrProve
	}
	secret := make([]byte, totpSecretSize)
	_, _ = rand.Read(secret) // never fails, see crypto/rand
	return a.Store.InTx(ctx, func(tx Store) error {
		// Also so that no ConfirmFactor comes between the look and the change.
		if _, err := a.holder(ctx, tx, viewer); err != nil {
			return err
		}
		old, err := tx.SecondFactorOf(ctx, viewer.User.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if old.Active() {
			return E(KindConflict, "factor.error.active")
		}
		return tx.PutSecondFactor(ctx, SecondFactor{
			UserID: viewer.User.ID, Secret: a.Vault.Seal(factorPlace(viewer.User.ID), secret), CreatedAt: a.Clock(),
		})
	})
}

// Enrolment gives the second factor that the viewer is setting up; ErrNotFound
// when there is none, or it is active already and no longer shown.
func (a *Auth) Enrolment(ctx context.Context, viewer Viewer) (Enrolment, error) {
	if !viewer.Fresh(a.Clock()) {
		return Enrolment{}, ErrProve
	}
	factor, err := a.Store.SecondFactorOf(ctx, viewer.User.ID)
	if err != nil {
		return Enrolment{}, err
	}
	if factor.Active() {
		return Enrolment{}, ErrNotFound
	}
	return a.enrolment(viewer.User, factor)
}

func (a *Auth) enrolment(u User, f SecondFactor) (Enrolment, error) {
	secret, err := a.Vault.Open(factorPlace(u.ID), f.Secret)
	if err != nil {
		return Enrolment{}, err
	}
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	issuer := strings.ReplaceAll(a.Front.Name(), ":", " ")
	address := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + u.Email}
	// Some apps show a "+" as it stands, so spaces are written as %20.
	address.RawQuery = strings.ReplaceAll(url.Values{"secret": {text}, "issuer": {issuer}}.Encode(), "+", "%20")
	return Enrolment{Secret: text, URL: address.String()}, nil
}

// ConfirmFactor switches the second factor on when the code is right, and gives
// the recovery codes, which are shown this once.
func (a *Auth) ConfirmFactor(ctx context.Context, c Caller, viewer Viewer, code string) ([]string, error) {
	if !viewer.Fresh(a.Clock()) {
		return nil, ErrProve
	}
	factor, err := a.Store.SecondFactorOf(ctx, viewer.User.ID)
	if err != nil {
		return nil, err
	}
	if factor.Active() {
		return nil, E(KindConflict, "factor.error.active")
	}
	step, err := a.matchStep(factor, code)
	if err != nil {
		return nil, err
	}
	factor.ConfirmedAt, factor.LastStep = a.Clock(), step
	var codes []string
	err = a.Store.InTx(ctx, func(tx Store) error {
		user, err := a.holder(ctx, tx, viewer)
		if err != nil {
			return err
		}
		// Of two presses of the button one counts: each would make recovery codes
		// of its own, and the page might show those that are void.
		fresh, err := tx.UseStep(ctx, user.ID, step)
		if err != nil {
			return err
		}
		if !fresh {
			return errFactor()
		}
		if err := tx.PutSecondFactor(ctx, factor); err != nil {
			return err
		}
		if codes, err = a.newRecoveryCodes(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := tx.ProveSession(ctx, viewer.SessionID, a.Clock(), true); err != nil {
			return err
		}
		return a.changeCredentials(ctx, tx, change{
			actor: c.actor(user), user: user, action: "user.factor_on",
			keepSession: viewer.SessionID, caller: c, tell: MailFactorOn,
		})
	})
	return codes, err
}

// RenewRecoveryCodes replaces the viewer's recovery codes.
func (a *Auth) RenewRecoveryCodes(ctx context.Context, c Caller, viewer Viewer) ([]string, error) {
	if !viewer.Fresh(a.Clock()) {
		return nil, ErrProve
	}
	var codes []string
	err := a.Store.InTx(ctx, func(tx Store) error {
		factor, err := tx.SecondFactorOf(ctx, viewer.User.ID)
		if err != nil {
			return err
		}
		if !factor.Active() {
			return ErrNotFound
		}
		if codes, err = a.newRecoveryCodes(ctx, tx, viewer.User.ID); err != nil {
			return err
		}
		return audit(ctx, tx, a.Clock, c.actor(viewer.User), "user.factor_codes", viewer.User.ID)
	})
	return codes, err
}

// newRecoveryCodes makes codes of 80 bits, written in four groups.
func (a *Auth) newRecoveryCodes(ctx context.Context, tx Store, userID string) ([]string, error) {
	var codes []string
	var marks [][]byte
	for range recoveryCodes {
		text := strings.ToLower(rand.Text()[:16])
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		marks = append(marks, a.Vault.Mark("recovery "+userID, text))
	}
	return codes, tx.PutRecoveryCodes(ctx, userID, marks)
}

// EndFactor switches the viewer's second factor off.
func (a *Auth) EndFactor(ctx context.Context, c Caller, viewer Viewer) error {
	if !viewer.Fresh(a.Clock()) {
		return ErrProve
	}
	return a.removeFactor(ctx, change{actor: c.actor(viewer.User), caller: c, keepSession: viewer.SessionID}, viewer.User.ID)
}

// RemoveFactor switches the second factor of somebody off who lost it.
func (a *Auth) RemoveFactor(ctx context.Context, actor Actor, userID string) error {
	return a.removeFactor(ctx, change{actor: actor}, userID)
}

func (a *Auth) removeFactor(ctx context.Context, c change, userID string) error {
	return a.Store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByID(ctx, userID)
		if err != nil {
			return err
		}
		if _, err := tx.SecondFactorOf(ctx, userID); err != nil {
			return err
		}
		if err := tx.DeleteSecondFactor(ctx, userID); err != nil {
			return err
		}
		if err := weaken(ctx, tx, userID); err != nil {
			return err
		}
		c.user, c.action, c.tell = user, "user.factor_off", MailFactorOff
		return a.changeCredentials(ctx, tx, c)
	})
}

// weaken makes the sessions weak of somebody who has neither a second factor nor
// a passkey left.
func weaken(ctx context.Context, tx Store, userID string) error {
	factor, err := tx.SecondFactorOf(ctx, userID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	passkeys, err := tx.PasskeysOf(ctx, userID)
	if err != nil || factor.Active() || len(passkeys) > 0 {
		return err
	}
	return tx.WeakenSessions(ctx, userID)
}
