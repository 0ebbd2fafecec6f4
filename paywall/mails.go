package paywall

import (
	"context"
	"errors"
	"time"
)

// Mails is the owner's view of the outbox: the mail log.
type Mails struct {
	store  Store
	outbox *Outbox
	clock  Clock
}

// NewMails makes the service.
func NewMails(store Store, outbox *Outbox, clock Clock) *Mails {
	return &Mails{store: store, outbox: outbox, clock: clock}
}

// List gives mails in a state (empty: all) whose recipient holds a text, newest
// first, and tells how many there are in all.
func (s *Mails) List(ctx context.Context, state MailState, text string, limit, offset int) ([]Mail, int, error) {
	return s.store.Mails(ctx, state, text, limit, offset)
}

// ByID finds a mail.
func (s *Mails) ByID(ctx context.Context, id string) (Mail, error) { return s.store.MailByID(ctx, id) }

// Resend sends a mail once more. One that waits for its next try is tried at
// once; of one that ended a copy is sent, because its own Message-ID would make
// the recipient's server throw it away, and the log keeps what became of both.
func (s *Mails) Resend(ctx context.Context, actor Actor, id string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		m, err := tx.MailByID(ctx, id)
		if err != nil {
			return err
		}
		if m.State == MailQueued {
			err = s.hurry(ctx, tx, m)
		} else {
			err = s.copyOf(ctx, tx, m)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, s.clock, actor, "mail.resend", id, mailFacts(m)...)
	})
}

// errMailOver says that there is nothing left to send.
func errMailOver() *Error { return E(KindInvalid, "mail.error.over") }

// hurry makes a waiting mail due. One that is due already may be on its way at
// this moment, so it is left alone.
func (s *Mails) hurry(ctx context.Context, tx Store, m Mail) error {
	now := s.clock()
	if !GiveUpAt(m).After(now) {
		return errMailOver()
	}
	if !m.NextAt.After(now) {
		return nil
	}
	m.NextAt = now
	return tx.UpdateMail(ctx, m)
}

func (s *Mails) copyOf(ctx context.Context, tx Store, m Mail) error {
	if !m.NotAfter.After(s.clock()) {
		return errMailOver()
	}
	params, err := s.outbox.Params(m)
	if errors.Is(err, ErrNotFound) {
		return errMailOver().Because(err)
	}
	if err != nil {
		return err
	}
	_, err = s.outbox.put(ctx, tx, Letter{
		Kind: m.Kind, UserID: m.UserID, To: m.To, Language: m.Language, Params: params, NotAfter: m.NotAfter,
	})
	return err
}

// Test sends the owner a mail to see whether the settings work, and answers it
// so that its way can be watched.
func (s *Mails) Test(ctx context.Context, actor Actor, to string) (Mail, error) {
	to, err := CanonicalEmail(to)
	if err != nil {
		return Mail{}, err
	}
	var m Mail
	err = s.store.InTx(ctx, func(tx Store) error {
		owner, err := tx.UserByID(ctx, actor.UserID)
		if err != nil && !errors.Is(err, ErrNotFound) { // a command on the server has no account
			return err
		}
		m, err = s.outbox.put(ctx, tx, Letter{
			Kind: MailTest, UserID: actor.UserID, To: to, Language: owner.Language,
			Params: MailParams{At: s.clock(), Zone: owner.Zone},
		})
		if err != nil {
			return err
		}
		return audit(ctx, tx, s.clock, actor, "mail.test", m.ID, Fact{LabelTo, to})
	})
	return m, err
}

// NewestTest finds the newest test mail to an address; ErrNotFound when there is
// none among the last mails to it.
func (s *Mails) NewestTest(ctx context.Context, to string) (Mail, error) {
	mails, _, err := s.store.Mails(ctx, "", to, 50, 0)
	if err != nil {
		return Mail{}, err
	}
	for _, m := range mails {
		if m.Kind == MailTest && m.To == to {
			return m, nil
		}
	}
	return Mail{}, ErrNotFound
}

// troubleFor is how long a failed mail is worth a warning.
const troubleFor = 24 * time.Hour

// Trouble counts the mails that failed a short while ago, and those that wait
// because a server did not take them.
func (s *Mails) Trouble(ctx context.Context) (failed, stuck int, err error) {
	return s.store.MailTrouble(ctx, s.clock().Add(-troubleFor))
}

// mailFacts are a mail in the record.
func mailFacts(m Mail) []Fact { return []Fact{{LabelMail, string(m.Kind)}, {LabelTo, m.To}} }
