package paywall

import "context"

// historyLines is how many audit lines are shown of one person.
const historyLines = 50

// Member is one account as the owner sees it.
type Member struct {
	User    User
	Safety  Safety
	History []AuditEntry // newest first
}

// Member gives an account; ErrNotFound when only its tombstone is left.
func (a *Auth) Member(ctx context.Context, userID string) (m Member, err error) {
	if m.User, err = a.standing(ctx, userID); err != nil {
		return m, err
	}
	if m.Safety, err = a.SafetyOf(ctx, userID); err != nil {
		return m, err
	}
	m.History, err = a.Store.AuditOf(ctx, userID, historyLines)
	return m, err
}

// Another gives the account of somebody else than the viewer. What staff do to
// other accounts would lock them out of the own one. The accounts of staff are
// the owner's to change: a login link for one would be a way to more rights.
func (a *Auth) Another(ctx context.Context, viewer Viewer, userID string) (User, error) {
	user, err := a.standing(ctx, userID)
	switch {
	case err != nil:
	case user.ID == viewer.User.ID:
		err = E(KindInvalid, "member.error.self")
	case user.Role.Staff() && !viewer.May(RightRun):
		err = E(KindInvalid, "member.error.staff")
	}
	return user, err
}

// standing finds an account that was not deleted.
func (a *Auth) standing(ctx context.Context, userID string) (User, error) {
	user, err := a.Store.UserByID(ctx, userID)
	if err == nil && user.Deleted() {
		err = ErrNotFound
	}
	return user, err
}
