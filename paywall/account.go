package paywall

import (
	"context"
	"errors"
	"time"
)

// holder reads the viewer's account inside a transaction, for a change by which
// somebody could stay in who should be out.
func (a *Auth) holder(ctx context.Context, tx Store, viewer Viewer) (User, error) {
	user, err := tx.UserByID(ctx, viewer.User.ID)
	if err != nil {
		return User{}, err
	}
	return user, stillIn(ctx, tx, viewer.SessionID)
}

// stillIn refuses a session that ended since the page was asked for: a thief's
// request must not overtake the owner who has just signed everybody out.
func stillIn(ctx context.Context, tx Store, sessionID string) error {
	_, _, err := tx.SessionByID(ctx, sessionID)
	if errors.Is(err, ErrNotFound) {
		return E(KindUnauthenticated, "error.sign_in").Because(err)
	}
	return err
}

// AskAddress mails a proof to the new address of the viewer's account. An
// address that has an account gets a mail that says so.
func (a *Auth) AskAddress(ctx context.Context, c Caller, viewer Viewer, typed string) error {
	if !viewer.Fresh(a.Clock()) {
		return ErrProve
	}
	email, err := CanonicalEmail(typed)
	if err != nil {
		return err
	}
	other, err := a.accountAt(ctx, email)
	if err != nil {
		return err
	}
	r := request{
		kind: ProofAddress, user: viewer.User, email: email, next: "/account",
		payload: payload{Session: viewer.SessionID},
		letter:  MailNewAddress, linkLife: LinkLife, params: MailParams{Address: email},
	}
	if other.ID != "" {
		r.letter, r.inert, r.params.Path = MailAddressTaken, true, "/login"
	}
	return a.ask(ctx, c, r)
}

// AskAct mails a code to the viewer, for going on with something dangerous.
func (a *Auth) AskAct(ctx context.Context, c Caller, viewer Viewer, next string) error {
	if !viewer.SignedIn() {
		return ErrProve
	}
	return a.ask(ctx, c, request{
		kind: ProofAct, user: viewer.User, viewer: viewer, email: viewer.User.Email, next: next,
		letter: MailProve, linkLife: CodeLife, noLink: true,
	})
}

// Prove renews the proof of the viewer's session by the password.
func (a *Auth) Prove(ctx context.Context, c Caller, viewer Viewer, password string) error {
	user, err := a.Store.UserByID(ctx, viewer.User.ID)
	if err != nil {
		return err
	}
	device, err := a.knownHere(ctx, c, viewer, user.ID)
	if err != nil {
		return err
	}
	within, err := a.limits.password(ctx, c, device, user.Email)
	if err != nil {
		return err
	}
	wrong := invalidField("password", "account.error.password")
	if !within {
		return errors.Join(a.Hasher.Pretend(ctx), wrong)
	}
	ok, err := a.Hasher.Verify(ctx, user.PasswordHash, password)
	if err != nil {
		return err
	}
	if !ok {
		return wrong
	}
	return a.Store.ProveSession(ctx, viewer.SessionID, a.Clock(), false)
}

// ChangePassword sets the viewer's own password. Who has one types it; who has
// none must have proved who they are a short while ago.
func (a *Auth) ChangePassword(ctx context.Context, c Caller, viewer Viewer, current, password string) error {
	user, err := a.Store.UserByID(ctx, viewer.User.ID)
	if err != nil {
		return err
	}
	if user.PasswordHash != "" {
		if err := a.Prove(ctx, c, viewer, current); err != nil {
			return renameField(err, "password", "current")
		}
	} else if !viewer.Fresh(a.Clock()) {
		return ErrProve
	}
	return a.setPassword(ctx, change{actor: c.actor(user), caller: c, keepSession: viewer.SessionID}, user.Email, password)
}

// ProfileInput is what people set about themselves.
type ProfileInput struct {
	Name         string
	Language     string
	Zone         string
	QuietDevices bool
	QuietAccess  bool
}

// SaveProfile stores what the viewer set about themselves. The language is one
// that the caller has checked.
func (a *Auth) SaveProfile(ctx context.Context, c Caller, viewer Viewer, in ProfileInput) error {
	name, err := cleanName(in.Name)
	if err != nil {
		return err
	}
	if in.Zone != "" {
		if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "Local" || len(in.Zone) > 64 {
			return invalidField("zone", "account.error.zone")
		}
	}
	return a.Store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByID(ctx, viewer.User.ID)
		if err != nil {
			return err
		}
		if in.QuietDevices && !user.QuietDevices && !viewer.Fresh(a.Clock()) {
			return ErrProve // a thief of the session must not silence them
		}
		user.Name, user.Language, user.Zone = name, in.Language, in.Zone
		user.QuietDevices, user.QuietAccess = in.QuietDevices, in.QuietAccess
		if err := tx.UpdateUser(ctx, user); err != nil {
			return err
		}
		return audit(ctx, tx, a.Clock, c.actor(user), "user.profile", user.ID)
	})
}

// SetLanguage keeps the language that the viewer chose, for mails.
func (a *Auth) SetLanguage(ctx context.Context, viewer Viewer, language string) error {
	return a.Store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByID(ctx, viewer.User.ID)
		if err != nil {
			return err
		}
		user.Language = language
		return tx.UpdateUser(ctx, user)
	})
}

// Consents lists what a person agreed to, newest first.
func (a *Auth) Consents(ctx context.Context, userID string) ([]Consent, error) {
	return a.Store.ConsentsOf(ctx, userID)
}

// Account is an account with everything about it.
func (a *Auth) Account(ctx context.Context, userID string) (User, error) {
	return a.Store.UserByID(ctx, userID)
}
