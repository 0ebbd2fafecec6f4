package paywall

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// MailLife is how long a mail is tried when nothing ends it earlier. Who waits
// longer for it has asked again, or given up.
const MailLife = 24 * time.Hour

// Between two tries of one mail lies a minute at first and an hour at most.
const (
	firstRetry = time.Minute
	lastRetry  = time.Hour
)

// Letter is a mail that is to be sent.
type Letter struct {
	Kind     MailKind
	UserID   string // whose account it is about; may be empty
	To       string // a stored address
	Language string // tag of a catalogue; empty: the site's own
	Zone     string // IANA name for the dates in it; empty: the site's
	Params   MailParams
	NotAfter time.Time // when it is worth nothing any more; zero: after MailLife
	// NotBefore holds a mail of many back; zero: it goes at once.
	NotBefore time.Time
}

// letterTo is a mail to the holder of an account, in the language that they chose;
// else in that of the page on which it was caused; none for an act of somebody else.
func letterTo(u User, pageLanguage string, kind MailKind, params MailParams) Letter {
	return Letter{
		Kind: kind, UserID: u.ID, To: u.Email, Language: cmp.Or(u.Language, pageLanguage), Zone: u.Zone, Params: params,
	}
}

// Outbox takes mails in the transaction of the change they tell of, so that
// neither exists without the other. What they say is sealed.
type Outbox struct {
	vault *Vault
	clock Clock
}

// NewOutbox makes an outbox.
func NewOutbox(vault *Vault, clock Clock) *Outbox { return &Outbox{vault: vault, clock: clock} }

// Put stores a mail, to be sent soon after the transaction.
func (o *Outbox) Put(ctx context.Context, tx Store, letter Letter) error {
	letter.Params.Zone = letter.Zone
	_, err := o.put(ctx, tx, letter)
	return err
}

func (o *Outbox) put(ctx context.Context, tx Store, letter Letter) (Mail, error) {
	// An address that is not in its stored form is one as somebody typed it, and
	// that must not reach a mail's head.
	if to, err := CanonicalEmail(letter.To); err != nil || to != letter.To {
		return Mail{}, fmt.Errorf("a mail of kind %s is for no stored address", letter.Kind)
	}
	now := o.clock()
	m := Mail{
		ID: NewID(), Kind: letter.Kind, UserID: letter.UserID, To: letter.To,
		Language: letter.Language, CreatedAt: now, NotAfter: letter.NotAfter,
		State: MailQueued, NextAt: now,
	}
	if letter.NotBefore.After(now) {
		m.NextAt = letter.NotBefore
	}
	if m.NotAfter.IsZero() {
		m.NotAfter = now.Add(MailLife)
	}
	if letter.NotBefore.After(now) {
		m.NextAt = letter.NotBefore
	}
	var err error
	if m.Sealed, err = o.vault.sealJSON(mailPlace(m.ID), letter.Params); err != nil {
		return Mail{}, err
	}
	return m, tx.AddMail(ctx, m)
}

// Params opens what a mail says; ErrNotFound when it was emptied.
func (o *Outbox) Params(m Mail) (MailParams, error) {
	if len(m.Sealed) == 0 {
		return MailParams{}, ErrNotFound
	}
	var p MailParams
	err := o.vault.openJSON(mailPlace(m.ID), m.Sealed, &p)
	return p, err
}

// mailPlace is what a mail's contents are sealed for.
func mailPlace(id string) string { return "mail " + id }

// NextAttempt is how long to wait after so many tries of a mail.
func NextAttempt(attempts int) time.Duration {
	wait := firstRetry
	for range attempts - 1 {
		if wait *= 2; wait >= lastRetry {
			return lastRetry
		}
	}
	return wait
}

// GiveUpAt is when a mail is no longer tried: when it is worth nothing any more,
// or after MailLife.
func GiveUpAt(m Mail) time.Time {
	if end := m.CreatedAt.Add(MailLife); end.Before(m.NotAfter) {
		return end
	}
	return m.NotAfter
}
