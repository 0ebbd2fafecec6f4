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

// Another gives the account of somebody else than the actor. What an owner does
// to other accounts would lock the owner out of the own one.
func (a *Auth) Another(ctx context.Context, actor Actor, userID string) (User, error) {
	user, err := a.standing(ctx, userID)
	if err == nil && user.ID == actor.UserID {
		err = E(KindInvalid, "member.error.self")
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
