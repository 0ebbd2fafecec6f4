package paywall

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Nobody stands for a visitor who is not signed in where an address is typed.
const Nobody = "-"

// Finding says why a grant counts or does not, at the instant of a question.
type Finding string

// The findings, from what decides to what has nothing to do with the item.
const (
	FindingOpens     Finding = "opens"     // it counts, and lasts longest
	FindingOutlasted Finding = "outlasted" // it counts, and another one lasts longer
	FindingUnneeded  Finding = "unneeded"  // it would count, but something else decided
	FindingLater     Finding = "later"     // it has not begun
	FindingEnded     Finding = "ended"     // its end has passed
	FindingRevoked   Finding = "revoked"   // it was taken back
	FindingElsewhere Finding = "elsewhere" // it opens something else
)

// Looked is a grant that was looked at.
type Looked struct {
	Grant   Grant
	Finding Finding
	// Decided tells that the decision is about this one, also when it refuses.
	Decided bool
}

// ChangeKind is something that would change an answer.
type ChangeKind string

// The changes that lead to a yes, and after them those that lead to a no.
const (
	ChangePublish ChangeKind = "publish"
	ChangeClosing ChangeKind = "closing" // move the end of the item's window
	ChangeOpening ChangeKind = "opening" // move its beginning
	ChangeSignIn  ChangeKind = "sign_in"
	ChangeEnable  ChangeKind = "enable" // switch the account on
	ChangeConfirm ChangeKind = "confirm"
	ChangeGrant   ChangeKind = "grant"
	ChangeWait    ChangeKind = "wait" // until At

	ChangeEnds      ChangeKind = "ends"      // by itself, at At
	ChangeRevoke    ChangeKind = "revoke"    // take the grant back
	ChangeDisable   ChangeKind = "disable"   // switch the account off
	ChangeUnpublish ChangeKind = "unpublish" // take the item back to a draft
)

// Change is one thing that would change an answer.
type Change struct {
	Kind ChangeKind
	At   time.Time // of ChangeWait and ChangeEnds
}

// Explanation tells why somebody may play an item at an instant, or why not.
type Explanation struct {
	Verdict
	At   time.Time
	User User // the zero User: nobody is signed in
	// Looked are the person's grants: those that were about the decision first,
	// then the newest.
	Looked []Looked
	// Giver is who gave the grant that decided, as the record has it; empty when
	// the record does not say.
	Giver string
	// Steps lead to a yes; all of them are needed, and of each one of its changes.
	// Of an allowed person they are one step of what would end it.
	Steps [][]Change
	// Silent tells that the item has no source, so that nothing plays for anybody.
	Silent bool
}

// Why explains the answer for the account with an address (Nobody: for somebody
// who is not signed in), the item with a slug or an id, and an instant. What is
// stored now counts; a grant that was taken back later still counted at an
// earlier instant.
func (j *Judge) Why(ctx context.Context, email, item string, at time.Time) (Explanation, error) {
	user, err := j.Asked(ctx, email)
	if err != nil {
		return Explanation{}, err
	}
	verdict, err := j.named(ctx, at, user, item)
	if errors.Is(err, ErrNotFound) {
		return Explanation{}, invalidField("item", "why.error.item").Because(err)
	}
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{Verdict: verdict, At: at, User: user, Silent: len(verdict.Item.Sources) == 0}
	var grants []Grant
	if user.ID != "" {
		if grants, err = j.store.GrantsOf(ctx, user.ID); err != nil {
			return Explanation{}, err
		}
	}
	e.look(grants)
	if e.Allowed {
		e.Steps = e.endings()
	} else {
		e.Steps = stepsToYes(at, user, e.Item, grants)
	}
	e.Giver, err = j.giver(ctx, e.Decision.Grant.ID)
	return e, err
}

// named is Person for an item that is named by its slug, else by its id, which is
// what the addresses of the owner's pages show.
func (j *Judge) named(ctx context.Context, at time.Time, user User, name string) (Verdict, error) {
	verdict, err := j.Person(ctx, at, user, name)
	if !errors.Is(err, ErrNotFound) {
		return verdict, err
	}
	item, err := j.store.ItemByID(ctx, name)
	if err != nil {
		return Verdict{}, err
	}
	return j.Person(ctx, at, user, item.Slug)
}

// Asked finds whom a question is about by an address: an account, or the zero User
// for Nobody.
func (j *Judge) Asked(ctx context.Context, email string) (User, error) {
	if email == Nobody {
		return User{}, nil
	}
	canonical, err := CanonicalEmail(email)
	if err != nil {
		return User{}, invalidField("email", "why.error.person").Because(err)
	}
	user, err := j.store.UserByEmail(ctx, canonical)
	if errors.Is(err, ErrNotFound) {
		return User{}, invalidField("email", "why.error.person").Because(err)
	}
	return user, err
}

// MaxMeant is how many people are listed to choose from, and maxTyped how much of a
// name or an address is looked for.
const (
	MaxMeant = 10
	maxTyped = 200
)

// Meant finds whom somebody may mean who typed an address, a name or a part of
// either: one person, the zero User for Nobody, or several to choose from, up to one
// more than MaxMeant. Nobody at all is a mistake in the field.
func (j *Judge) Meant(ctx context.Context, typed string) ([]User, error) {
	typed = strings.TrimSpace(typed)
	user, err := j.Asked(ctx, typed)
	if KindOf(err) != KindInvalid {
		return []User{user}, err
	}
	if typed == "" || len(typed) > maxTyped {
		return nil, invalidField("email", "why.error.nobody")
	}
	lines, _, err := j.store.ListMembers(ctx, MemberFilter{Text: typed}, MembersByEmail, MaxMeant+1, 0)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, invalidField("email", "why.error.nobody")
	}
	people := make([]User, len(lines))
	for n, line := range lines {
		people[n] = line.User
	}
	return people, nil
}

// giverLines is how far back the record is read about one grant.
const giverLines = 50

// giver is who made a grant: the actor of the oldest line about it.
func (j *Judge) giver(ctx context.Context, grantID string) (string, error) {
	if grantID == "" {
		return "", nil
	}
	lines, err := j.store.AuditOf(ctx, grantID, giverLines)
	if err != nil || len(lines) == 0 {
		return "", err
	}
	return lines[len(lines)-1].Actor.Name, nil
}

// look sorts the person's grants by what they have to do with the decision. The
// one that decided is the full one from now on: Decide is given its bare bones.
func (e *Explanation) look(grants []Grant) {
	for _, g := range grants {
		looked := Looked{Grant: g, Finding: e.find(g), Decided: g.ID == e.Decision.Grant.ID}
		if looked.Decided {
			e.Decision.Grant = g
		}
		e.Looked = append(e.Looked, looked)
	}
	rank := func(l Looked) int {
		switch {
		case l.Decided:
			return 0
		case l.Finding != FindingElsewhere:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(e.Looked, func(a, b Looked) int { return rank(a) - rank(b) })
}

// find says what a grant has to do with the decision.
func (e *Explanation) find(g Grant) Finding {
	end := g.End()
	switch {
	case !g.Opens(e.Item):
		return FindingElsewhere
	case g.Live(e.At):
		return e.findLive(g)
	case e.At.Before(g.From) && (end.IsZero() || g.From.Before(end)):
		return FindingLater
	case end.Equal(g.RevokedAt):
		return FindingRevoked
	}
	return FindingEnded
}

func (e *Explanation) findLive(g Grant) Finding {
	switch {
	case g.ID == e.Decision.Grant.ID:
		return FindingOpens
	case e.Decision.Grant.ID != "":
		return FindingOutlasted
	}
	return FindingUnneeded
}

// endings are what would make a no of a yes.
func (e *Explanation) endings() [][]Change {
	var all []Change
	if !e.Decision.Until.IsZero() {
		all = append(all, Change{Kind: ChangeEnds, At: e.Decision.Until})
	}
	if e.Decision.Reason == ReasonGrant {
		all = append(all, Change{Kind: ChangeRevoke})
	}
	if e.User.ID != "" && e.Decision.Reason != ReasonOpen {
		all = append(all, Change{Kind: ChangeDisable})
	}
	if e.Decision.Reason != ReasonOwner {
		all = append(all, Change{Kind: ChangeUnpublish})
	}
	return [][]Change{all}
}

// mostSteps is more than there are reasons to refuse.
const mostSteps = 10

// stepsToYes asks the rule what is wrong, mends that in a copy, and asks again
// until it says yes.
func stepsToYes(at time.Time, user User, item Item, grants []Grant) [][]Change {
	var steps [][]Change
	grants = slices.Clone(grants)
	for range mostSteps {
		d := Decide(at, Viewer{User: user}, item, grants)
		if d.Allowed() {
			return steps
		}
		steps = append(steps, remedies(d))
		switch d.Reason {
		case ReasonUnknown:
			item.Published = true
		case ReasonClosed:
			item.ClosesAt = time.Time{}
		case ReasonSignedOut:
			user = User{ID: NewID(), ConfirmedAt: at}
		case ReasonDisabled:
			user.DisabledAt, user.DeletedAt = time.Time{}, time.Time{}
		case ReasonUnconfirmed:
			user.ConfirmedAt = at
		case ReasonNoGrant, ReasonGrantLater, ReasonGrantEnded:
			grants = append(grants, Grant{UserID: user.ID, Scope: ScopeItem, TargetID: item.ID, From: at})
		case ReasonNotYetOpen:
			item.OpensAt = time.Time{}
		}
	}
	return steps
}

// remedies are the ways to mend what a decision refuses for; one is enough.
func remedies(d Decision) []Change {
	switch d.Reason {
	case ReasonUnknown:
		return []Change{{Kind: ChangePublish}}
	case ReasonClosed:
		return []Change{{Kind: ChangeClosing}}
	case ReasonSignedOut:
		return []Change{{Kind: ChangeSignIn}}
	case ReasonDisabled:
		return []Change{{Kind: ChangeEnable}}
	case ReasonUnconfirmed:
		return []Change{{Kind: ChangeConfirm}}
	case ReasonGrantLater:
		return []Change{{Kind: ChangeWait, At: d.Instant}, {Kind: ChangeGrant}}
	case ReasonNotYetOpen:
		return []Change{{Kind: ChangeWait, At: d.Instant}, {Kind: ChangeOpening}}
	}
	return []Change{{Kind: ChangeGrant}}
}
