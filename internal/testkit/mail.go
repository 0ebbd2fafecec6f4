package testkit

import (
	"errors"
	"testing"

	"usher/paywall"
)

// Queued is a mail in the outbox, with what it says.
type Queued struct {
	paywall.Mail
	paywall.MailParams
}

// Letters are all mails to an address that the site wants to send, newest first.
func (k *Kit) Letters(t testing.TB, to string) []Queued {
	t.Helper()
	mails, _, err := k.Site.Store.Mails(t.Context(), "", to, 1000, 0)
	check(t, err)
	var all []Queued
	for _, m := range mails {
		if m.To != to {
			continue
		}
		params, err := k.Site.Outbox.Params(m)
		if !errors.Is(err, paywall.ErrNotFound) { // else a newer one took its place
			check(t, err)
		}
		all = append(all, Queued{m, params})
	}
	return all
}

// Letter is the newest mail to an address.
func (k *Kit) Letter(t testing.TB, to string) Queued {
	t.Helper()
	all := k.Letters(t, to)
	if len(all) == 0 {
		t.Fatalf("no mail to %s", to)
	}
	return all[0]
}
