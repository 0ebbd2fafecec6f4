package paywall

import "context"

// Team lists the people who run the site, owners first.
func (a *Auth) Team(ctx context.Context) ([]User, error) { return a.Store.Staff(ctx) }

// SetRole gives an account another role and ends its sessions, because what they
// may do has changed. The last owner stays one, and nobody changes their own role.
func (a *Auth) SetRole(ctx context.Context, actor Actor, userID string, role Role) error {
	if role != RoleMember && !role.Staff() {
		return invalidField("role", "team.error.role")
	}
	if userID == actor.UserID {
		return E(KindInvalid, "member.error.self")
	}
	return a.Store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByID(ctx, userID)
		if err != nil {
			return err
		}
		if user.Deleted() {
			return ErrNotFound
		}
		if user.Role == role {
			return nil
		}
		if role != RoleOwner {
			if err := a.keepAnOwner(ctx, tx, user); err != nil {
				return err
			}
		}
		facts := []Fact{{LabelPerson, user.Email}, oldToNew(LabelRole, string(user.Role), string(role))}
		user.Role = role
		return a.changeCredentials(ctx, tx, change{actor: actor, user: user, action: "user.role", facts: facts})
	})
}

// Appoint gives a role to the account with an address.
func (a *Auth) Appoint(ctx context.Context, actor Actor, email string, role Role) error {
	canonical, err := CanonicalEmail(email)
	if err != nil {
		return err
	}
	user, err := a.Store.UserByEmail(ctx, canonical)
	if KindOf(err) == KindNotFound {
		return invalidField("email", "grant.error.unknown_email").Because(err)
	}
	if err != nil {
		return err
	}
	return a.SetRole(ctx, actor, user.ID, role)
}
