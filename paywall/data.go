package paywall

import "context"

// Tombstone is the name that stands in the record of changes where a deleted
// account was named.
const Tombstone = "deleted account"

// ExportData gives everything that the site holds about the viewer.
func (a *Auth) ExportData(ctx context.Context, c Caller, viewer Viewer) ([]PersonalRows, error) {
	if !viewer.Fresh(a.Clock()) {
		return nil, ErrProve
	}
	user, err := a.Store.UserByID(ctx, viewer.User.ID)
	if err != nil {
		return nil, err
	}
	if err := audit(ctx, a.Store, a.Clock, c.actor(user), "user.export", user.ID); err != nil {
		return nil, err
	}
	return a.Store.ExportPersonal(ctx, user)
}

// DeleteAccount forgets the viewer. A tombstone without any personal word stays,
// so that what was given to the account still adds up. The last owner cannot go:
// the site would be nobody's.
func (a *Auth) DeleteAccount(ctx context.Context, c Caller, viewer Viewer) error {
	if !viewer.Fresh(a.Clock()) {
		return ErrProve
	}
	return a.Store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByID(ctx, viewer.User.ID)
		if err != nil {
			return err
		}
		if err := a.keepAnOwner(ctx, tx, user); err != nil {
			return err
		}
		if err := tx.ErasePersonal(ctx, user, Tombstone); err != nil {
			return err
		}
		erased, err := tx.UserByID(ctx, user.ID)
		if err != nil {
			return err
		}
		erased.DeletedAt = a.Clock()
		if erased.DisabledAt.IsZero() {
			erased.DisabledAt = erased.DeletedAt // which is all that a request looks at
		}
		if err := tx.UpdateUser(ctx, erased); err != nil {
			return err
		}
		if err := audit(ctx, tx, a.Clock, Actor{UserID: user.ID, Name: Tombstone}, "user.delete", user.ID); err != nil {
			return err
		}
		// The last mail belongs to no account any more.
		letter := letterTo(user, c.Language, MailDeleted, MailParams{At: a.Clock()})
		letter.UserID = ""
		return a.Outbox.Put(ctx, tx, letter)
	})
}
