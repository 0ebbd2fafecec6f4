package paywall

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"
)

// MaxPasskeyName is the longest name of a passkey, in characters.
const MaxPasskeyName = 60

// ceremony is what a passkey challenge keeps.
type ceremony struct{ State []byte }

// errNoPasskeys answers where passkeys cannot work.
func errNoPasskeys() error { return E(KindNotFound, "error.not_found") }

// BeginPasskeyLogin asks the caller's window for a passkey. It answers the id of
// the question and the options for the browser.
func (a *Auth) BeginPasskeyLogin(ctx context.Context, c Caller) (id string, options []byte, err error) {
	if a.Passkeys == nil {
		return "", nil, errNoPasskeys()
	}
	if err := a.limits.ask(ctx, c); err != nil {
		return "", nil, err
	}
	options, state, err := a.Passkeys.BeginLogin()
	if err != nil {
		return "", nil, err
	}
	id, err = a.challenge(ctx, a.Store, c, ChallengePasskeyLogin, "", ceremony{state})
	return id, options, err
}

// FinishPasskeyLogin checks the browser's answer. The answer names the account.
func (a *Auth) FinishPasskeyLogin(ctx context.Context, c Caller, id string, answer []byte, next string) (Outcome, error) {
	if a.Passkeys == nil {
		return Outcome{}, errNoPasskeys()
	}
	var kept ceremony
	asked, err := a.answered(ctx, c, ChallengePasskeyLogin, id, &kept)
	if err != nil {
		return Outcome{}, err
	}
	if err := a.spendChallenge(ctx, asked.ID); err != nil {
		return Outcome{}, err
	}
	used, err := a.Passkeys.FinishLogin(kept.State, answer, func(passkeyID, userID string) (Passkey, error) {
		return a.passkeyOf(ctx, passkeyID, userID)
	})
	if err != nil {
		return Outcome{}, err
	}
	used.UsedAt = a.Clock()
	if err := a.Store.UpdatePasskey(ctx, used); err != nil {
		return Outcome{}, err
	}
	user, err := a.Store.UserByID(ctx, used.UserID)
	if err != nil {
		return Outcome{}, err
	}
	if user.Disabled() {
		return Outcome{}, E(KindInvalid, "passkey.error.answer")
	}
	return a.proved(ctx, c, Outcome{User: user, Method: MethodPasskey, Next: next})
}

// passkeyOf finds a passkey of an account.
func (a *Auth) passkeyOf(ctx context.Context, passkeyID, userID string) (Passkey, error) {
	p, err := a.Store.PasskeyByID(ctx, passkeyID)
	if err == nil && p.UserID != userID {
		err = ErrNotFound
	}
	return p, err
}

// ProveByPasskey renews the proof of the viewer's session by a passkey. The
// question is the one of a login.
func (a *Auth) ProveByPasskey(ctx context.Context, c Caller, viewer Viewer, id string, answer []byte) error {
	o, err := a.FinishPasskeyLogin(ctx, c, id, answer, "")
	if err != nil {
		return err
	}
	if o.User.ID != viewer.User.ID {
		return E(KindInvalid, "passkey.error.answer")
	}
	return a.Store.ProveSession(ctx, viewer.SessionID, a.Clock(), true)
}

// BeginPasskey asks the viewer's window for a new passkey.
func (a *Auth) BeginPasskey(ctx context.Context, c Caller, viewer Viewer) (id string, options []byte, err error) {
	held, err := a.mayAddPasskey(ctx, viewer)
	if err != nil {
		return "", nil, err
	}
	if err := a.limits.ask(ctx, c); err != nil {
		return "", nil, err
	}
	options, state, err := a.Passkeys.BeginAdd(viewer.User, held)
	if err != nil {
		return "", nil, err
	}
	id, err = a.challenge(ctx, a.Store, c, ChallengePasskeyAdd, viewer.User.ID, ceremony{state})
	return id, options, err
}

func (a *Auth) mayAddPasskey(ctx context.Context, viewer Viewer) ([]Passkey, error) {
	if a.Passkeys == nil {
		return nil, errNoPasskeys()
	}
	if !viewer.Fresh(a.Clock()) {
		return nil, ErrProve
	}
	held, err := a.Store.PasskeysOf(ctx, viewer.User.ID)
	if err == nil && len(held) >= MaxPasskeys {
		err = E(KindInvalid, "passkey.error.many", "Most", MaxPasskeys)
	}
	return held, err
}

// FinishPasskey stores the new passkey under a name. The person is told by mail.
func (a *Auth) FinishPasskey(ctx context.Context, c Caller, viewer Viewer, id string, answer []byte, name string) error {
	held, err := a.mayAddPasskey(ctx, viewer)
	if err != nil {
		return err
	}
	if name, err = passkeyName(name); err != nil {
		return err
	}
	var kept ceremony
	asked, err := a.answered(ctx, c, ChallengePasskeyAdd, id, &kept)
	if err != nil {
		return err
	}
	if asked.UserID != viewer.User.ID {
		return errOver()
	}
	if err := a.spendChallenge(ctx, asked.ID); err != nil {
		return err
	}
	passkey, err := a.Passkeys.FinishAdd(viewer.User, held, kept.State, answer)
	if err != nil {
		return err
	}
	passkey.UserID, passkey.Name, passkey.CreatedAt = viewer.User.ID, name, a.Clock()
	err = a.Store.InTx(ctx, func(tx Store) error {
		if err := tx.CreatePasskey(ctx, passkey); err != nil {
			return err
		}
		// Who has just made a passkey holds it.
		if err := tx.ProveSession(ctx, viewer.SessionID, a.Clock(), true); err != nil {
			return err
		}
		return a.noteFactor(ctx, tx, c, viewer, "user.passkey_add", MailPasskeyAdded, passkey.Name)
	})
	if errors.Is(err, ErrExists) {
		return E(KindInvalid, "passkey.error.answer").Because(err)
	}
	return err
}

func passkeyName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n == 0 || n > MaxPasskeyName || hasControl(name) {
		return "", invalidField("name", "passkey.error.name")
	}
	return name, nil
}

// RenamePasskey gives one of the viewer's passkeys another name.
func (a *Auth) RenamePasskey(ctx context.Context, viewer Viewer, id, name string) error {
	p, err := a.passkeyOf(ctx, id, viewer.User.ID)
	if err != nil {
		return err
	}
	if p.Name, err = passkeyName(name); err != nil {
		return err
	}
	return a.Store.UpdatePasskey(ctx, p)
}

// RemovePasskey takes one of the viewer's passkeys away.
func (a *Auth) RemovePasskey(ctx context.Context, c Caller, viewer Viewer, id string) error {
	if !viewer.Fresh(a.Clock()) {
		return ErrProve
	}
	return a.Store.InTx(ctx, func(tx Store) error {
		p, err := tx.PasskeyByID(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.DeletePasskey(ctx, viewer.User.ID, id); err != nil {
			return err
		}
		if err := weaken(ctx, tx, viewer.User.ID); err != nil {
			return err
		}
		return a.noteFactor(ctx, tx, c, viewer, "user.passkey_remove", MailPasskeyRemoved, p.Name)
	})
}
