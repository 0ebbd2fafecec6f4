package paywall

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// MomentKind says what a moment of a timeline is.
type MomentKind string

// The kinds of moment. All but the first three are read off what is stored where
// the record of changes has no line: an account that was seeded, a grant's end.
const (
	MomentRecord    MomentKind = "record"    // a line of the record, see Entry
	MomentMail      MomentKind = "mail"      // a mail was written, see Mail
	MomentEnded     MomentKind = "ended"     // a grant came to its end, see Grant
	MomentGiven     MomentKind = "given"     // a grant was made
	MomentRevoked   MomentKind = "revoked"   // a grant was taken back
	MomentMade      MomentKind = "made"      // the account was made
	MomentConfirmed MomentKind = "confirmed" // its address was confirmed
)

// Moment is one line of a person's timeline.
type Moment struct {
	At    time.Time
	Kind  MomentKind
	Entry AuditEntry
	Mail  Mail
	Grant Grant
}

// Timeline gives everything that happened with an account, newest first, and
// tells whether there is more.
func (p *People) Timeline(ctx context.Context, user User, limit, offset int) ([]Moment, bool, error) {
	// Each source is cut where the page surely ends; what a cut leaves out is older
	// than all that is shown.
	most := offset + limit + 1
	entries, err := p.store.AuditOf(ctx, user.ID, most)
	if err != nil {
		return nil, false, err
	}
	ofGrants, err := p.store.AuditOfGrants(ctx, user.ID, most)
	if err != nil {
		return nil, false, err
	}
	mails, err := p.store.MailsOf(ctx, user.ID, user.Email, most)
	if err != nil {
		return nil, false, err
	}
	grants, err := p.store.GrantsOf(ctx, user.ID)
	if err != nil {
		return nil, false, err
	}
	moments := records(entries, ofGrants)
	for _, m := range mails {
		moments = append(moments, Moment{At: m.CreatedAt, Kind: MomentMail, Mail: m})
	}
	moments = append(moments, grantMoments(grants, ofGrants, p.clock())...)
	moments = append(moments, accountMoments(user, entries)...)
	slices.SortStableFunc(moments, func(a, b Moment) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Entry.ID+b.Mail.ID+b.Grant.ID, a.Entry.ID+a.Mail.ID+a.Grant.ID))
	})
	if offset >= len(moments) {
		return nil, false, nil
	}
	end := min(offset+limit, len(moments))
	return moments[offset:end], end < len(moments), nil
}

// records are the lines of the record, each once: what staff do to their own
// grants stands in both lists.
func records(lists ...[]AuditEntry) (moments []Moment) {
	known := map[string]bool{}
	for _, list := range lists {
		for _, e := range list {
			if !known[e.ID] {
				known[e.ID] = true
				moments = append(moments, Moment{At: e.At, Kind: MomentRecord, Entry: e})
			}
		}
	}
	return moments
}

// grantMoments tell of grants what their record does not.
func grantMoments(grants []Grant, entries []AuditEntry, now time.Time) (moments []Moment) {
	recorded := map[string]bool{}
	for _, e := range entries {
		recorded[e.Action+" "+e.Subject] = true
	}
	for _, g := range grants {
		if !recorded["grant.give "+g.ID] {
			moments = append(moments, Moment{At: g.CreatedAt, Kind: MomentGiven, Grant: g})
		}
		if !g.RevokedAt.IsZero() && !recorded["grant.revoke "+g.ID] {
			moments = append(moments, Moment{At: g.RevokedAt, Kind: MomentRevoked, Grant: g})
		}
		if end := g.End(); !g.Until.IsZero() && end.Equal(g.Until) && !now.Before(end) {
			moments = append(moments, Moment{At: end, Kind: MomentEnded, Grant: g})
		}
	}
	return moments
}

// accountMoments tell of the account what its record does not.
func accountMoments(user User, entries []AuditEntry) (moments []Moment) {
	made, confirmed := false, false
	for _, e := range entries {
		if e.Subject != user.ID {
			continue
		}
		switch e.Action {
		case "user.create", "user.import", "user.sign_up":
			made, confirmed = true, true
		case "user.confirm":
			confirmed = true
		}
	}
	if !made {
		moments = append(moments, Moment{At: user.CreatedAt, Kind: MomentMade})
	}
	if !confirmed && user.Confirmed() {
		moments = append(moments, Moment{At: user.ConfirmedAt, Kind: MomentConfirmed})
	}
	return moments
}
