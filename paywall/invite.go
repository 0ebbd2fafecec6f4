package paywall

import "context"

// Invite mails an invitation to an address. An older one for it ends.
func (a *Auth) Invite(ctx context.Context, actor Actor, typed string) error {
	return a.InviteTo(ctx, actor, Invitation{Email: typed})
}

// InviteTo is Invite with something that the new account opens.
func (a *Auth) InviteTo(ctx context.Context, actor Actor, in Invitation) error {
	settings, err := a.Settings.Get(ctx)
	if err != nil {
		return err
	}
	if settings.SignUp == SignUpClosed {
		return invalidField("email", "member.error.closed")
	}
	email, err := CanonicalEmail(in.Email)
	if err != nil {
		return err
	}
	next, err := a.checkPromise(ctx, in.Opens)
	if err != nil {
		return err
	}
	user, err := a.accountAt(ctx, email)
	if err != nil {
		return err
	}
	if user.ID != "" {
		return invalidField("email", "user.error.exists")
	}
	return a.Store.InTx(ctx, func(tx Store) error {
		// Nobody's window asked for it: the secret is thrown away. The mail speaks
		// the site's language, since nobody knows the person's yet.
		c := Caller{Window: NewWindow()}
		err := a.mailProof(ctx, tx, c, request{
			kind: ProofInvite, email: email, next: next, payload: payload{Promise: in.promise(actor)},
			letter: MailInvite, linkLife: InviteLife, noCode: true,
		})
		if err != nil {
			return err
		}
		in.Email = email
		facts, err := in.facts(ctx, tx)
		if err != nil {
			return err
		}
		return audit(ctx, tx, a.Clock, actor, "user.invite", "", facts...)
	})
}

// Invitations lists the invitations that wait for an answer, newest first.
func (a *Auth) Invitations(ctx context.Context) ([]Proof, error) {
	return a.Store.OpenProofs(ctx, ProofInvite, a.Clock())
}

// Uninvite ends an invitation.
func (a *Auth) Uninvite(ctx context.Context, actor Actor, email string) error {
	return a.Store.InTx(ctx, func(tx Store) error {
		if err := tx.VoidProofs(ctx, ProofInvite, email, "", a.Clock()); err != nil {
			return err
		}
		return audit(ctx, tx, a.Clock, actor, "user.uninvite", "", Fact{LabelTo, email})
	})
}
