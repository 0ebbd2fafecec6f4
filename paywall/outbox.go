package paywall

import (
	"context"
	"encoding/json"
	"time"
)

type Outbox struct {
	vault *Vault
	clock Clock
}

func NewOutbox(vault *Vault, clock Clock) *Outbox { return &Outbox{vault, clock} }

type Letter struct {
	Kind                       MailKind
	UserID, To, Language, Zone string
	Params                     MailParams
	NotAfter                   time.Time
}

func (o *Outbox) Put(ctx context.Context, tx Store, l Letter) error {
	l.Params.Zone = l.Zone
	text, err := json.Marshal(l.Params)
	if err != nil {
		return err
	}
	now := o.clock()
	if l.NotAfter.IsZero() {
		l.NotAfter = now.Add(24 * time.Hour)
	}
	m := Mail{ID: NewID(), Kind: l.Kind, UserID: l.UserID, To: l.To, Language: l.Language, CreatedAt: now, NotAfter: l.NotAfter, State: MailQueued, NextAt: now}
	m.Sealed = o.vault.Seal("mail "+m.ID, text)
	return tx.AddMail(ctx, m)
}
