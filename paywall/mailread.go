package paywall

import (
	"context"
	"errors"
	"strings"
)

// Reading says what staff get to see of a mail's contents.
type Reading int

// The ways a mail can be read.
const (
	ReadingOpen      Reading = iota // all of it
	ReadingForgotten                // they are no longer kept
	ReadingLocked                   // they let somebody in: after a fresh proof only
	ReadingOwners                   // the same, and the viewer is no owner
	ReadingSealed                   // they were sealed with another key
)

// Read gives a mail to staff. Whoever reads a code or a link could use it, so
// that is for owners, needs a fresh proof of who one is and leaves a line in the record.
func (s *Mails) Read(ctx context.Context, viewer Viewer, id string) (Mail, Reading, error) {
	m, err := s.store.MailByID(ctx, id)
	if err != nil {
		return m, ReadingLocked, err
	}
	p, err := s.outbox.Params(m)
	if errors.Is(err, ErrNotFound) {
		return m, ReadingForgotten, nil
	}
	if errors.Is(err, ErrSealed) {
		return m, ReadingSealed, nil
	}
	if err != nil {
		return m, ReadingLocked, err
	}
	if !letsIn(p) {
		return m, ReadingOpen, nil
	}
	if !viewer.May(RightRun) {
		return m, ReadingOwners, nil
	}
	if !viewer.Fresh(s.clock()) {
		return m, ReadingLocked, nil
	}
	err = audit(ctx, s.store, s.clock, ActorOf(viewer), "mail.read", m.ID, mailFacts(m)...)
	return m, ReadingOpen, err
}

// letsIn tells whether a mail holds a code or a link that opens an account, or a
// voucher: whoever may not read codes in the list of them reads none here.
func letsIn(p MailParams) bool {
	return p.Code != "" || p.Voucher != "" || p.Valid > 0 || strings.HasPrefix(p.Path, LinkPath(""))
}
