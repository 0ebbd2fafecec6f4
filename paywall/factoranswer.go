package paywall

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"time"
)

// AnswerFactor is the second step of a login: a code of the app, or a recovery
// code. Each works once.
func (a *Auth) AnswerFactor(ctx context.Context, c Caller, ask, code string) (Outcome, error) {
	var kept waiting
	asked, err := a.answered(ctx, c, ChallengeSecondFactor, ask, &kept)
	if err != nil {
		return Outcome{}, err
	}
	device, err := knownDevice(ctx, a.Store, c.Known, asked.UserID)
	if err != nil {
		return Outcome{}, err
	}
	within, err := a.limits.factor(ctx, device, asked.UserID)
	if err != nil {
		return Outcome{}, err
	}
	if !within {
		return Outcome{}, errFactor()
	}
	user, err := a.checkFactor(ctx, c, asked.UserID, code)
	if err != nil {
		return Outcome{}, err
	}
	if user.PasswordHash != kept.Hash || user.Email != kept.Email || user.Disabled() {
		return Outcome{}, errOver()
	}
	if err := a.spendChallenge(ctx, asked.ID); err != nil {
		return Outcome{}, err
	}
	if kept.Identity != nil {
		err := a.Store.InTx(ctx, func(tx Store) error { return a.connectAndTell(ctx, tx, c, user, kept.Identity) })
		if err != nil {
			return Outcome{}, err
		}
	}
	return Outcome{User: user, Method: kept.Method, Strong: true, Next: kept.Next}, a.limits.forget(ctx, user)
}

func errFactor() error { return invalidField("code", "factor.error.code") }

// checkFactor uses up a code of the app, or a recovery code.
func (a *Auth) checkFactor(ctx context.Context, c Caller, userID, code string) (User, error) {
	user, err := a.Store.UserByID(ctx, userID)
	if err != nil {
		return User{}, err
	}
	factor, err := a.Store.SecondFactorOf(ctx, userID)
	if errors.Is(err, ErrNotFound) || err == nil && !factor.Active() {
		return User{}, errOver().Because(err) // switched off since the first step
	}
	if err != nil {
		return User{}, err
	}
	if len(digits(code)) == 6 && len(strings.TrimSpace(code)) <= 8 {
		step, err := a.matchStep(factor, code)
		if err != nil {
			return User{}, err
		}
		fresh, err := a.Store.UseStep(ctx, userID, step)
		if err == nil && !fresh {
			err = errFactor()
		}
		return user, err
	}
	return user, a.useRecoveryCode(ctx, c, user, code)
}

func (a *Auth) useRecoveryCode(ctx context.Context, c Caller, user User, code string) error {
	text := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	return a.Store.InTx(ctx, func(tx Store) error {
		ok, err := tx.UseRecoveryCode(ctx, user.ID, a.Vault.Mark("recovery "+user.ID, text), a.Clock())
		if err != nil {
			return err
		}
		if !ok {
			return errFactor()
		}
		if err := a.tell(ctx, tx, change{caller: c, user: user, tell: MailRecoveryUsed, params: MailParams{Device: c.Device}}); err != nil {
			return err
		}
		return audit(ctx, tx, a.Clock, c.actor(user), "user.factor_recovery", user.ID)
	})
}

// matchStep finds the step whose code it is; steps that were used do not count.
func (a *Auth) matchStep(f SecondFactor, code string) (int64, error) {
	secret, err := a.Vault.Open(factorPlace(f.UserID), f.Secret)
	if err != nil {
		return 0, err
	}
	now := a.Clock().Unix() / int64(totpStep/time.Second)
	for step := now - totpSkew; step <= now+totpSkew; step++ {
		want, err := a.Codes.Code(secret, step)
		if err != nil {
			return 0, err
		}
		match := subtle.ConstantTimeCompare([]byte(want), []byte(digits(code))) == 1
		if match && step > f.LastStep {
			return step, nil
		}
	}
	return 0, errFactor()
}
