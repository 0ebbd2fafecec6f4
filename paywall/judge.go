package paywall

import (
	"context"
	"time"
)

// VisitorKind is a sort of visitor, as which staff look at an item.
type VisitorKind string

// The kinds of visitor.
const (
	VisitorAnonymous   VisitorKind = "anonymous"   // not signed in
	VisitorMember      VisitorKind = "member"      // a confirmed account without a grant
	VisitorEntitled    VisitorKind = "entitled"    // an account with a live grant for the item
	VisitorEnded       VisitorKind = "ended"       // an account whose grant ended a day ago
	VisitorUnconfirmed VisitorKind = "unconfirmed" // an account whose address is not confirmed
	VisitorBlocked     VisitorKind = "blocked"     // an account that is switched off
)

// VisitorKinds are all kinds of visitor, in the order in which they are offered.
var VisitorKinds = []VisitorKind{
	VisitorAnonymous, VisitorMember, VisitorEntitled, VisitorEnded, VisitorUnconfirmed, VisitorBlocked,
}

// Judge tells what somebody may play at an instant, with what is stored now. It
// lets nobody in: what it answers carries no ticket, so nothing can be minted
// from it.
type Judge struct{ store Store }

// NewJudge makes the service.
func NewJudge(store Store) *Judge { return &Judge{store} }

// Verdict is what Decide says of one visitor and one item.
type Verdict struct {
	Item Item
	// Decision has no ticket; Allowed tells what it was.
	Decision Decision
	Allowed  bool
	// Viewer is whom the site takes the visitor for. An account that is switched
	// off has no session, so its holder finds what everybody finds.
	Viewer Viewer
	// Seen decides which page the visitor gets, and Plays whether it is the
	// player.
	Seen  Decision
	Plays bool
}

// Performance is the item as the visitor finds it, for showing alone.
func (v Verdict) Performance() Performance { return Performance{Item: v.Item, Decision: v.Seen} }

// Person judges somebody; the zero User is nobody in particular. A draft is
// judged too: its decision says ReasonUnknown.
func (j *Judge) Person(ctx context.Context, at time.Time, user User, slug string) (Verdict, error) {
	item, grants, err := j.store.Stage(ctx, slug, user.ID)
	if err != nil {
		return Verdict{}, err
	}
	return judge(at, user, item, grants), nil
}

// Kind judges a made-up visitor of a kind; ErrNotFound for one that is none. A
// draft is judged as if it were published when that is asked.
func (j *Judge) Kind(ctx context.Context, at time.Time, kind VisitorKind, slug string, published bool) (Verdict, error) {
	item, _, err := j.store.Stage(ctx, slug, "")
	if err != nil {
		return Verdict{}, err
	}
	item.Published = item.Published || published
	user, grants, err := kind.visitor(at, item)
	return judge(at, user, item, grants), err
}

// Programme judges all items that are on for somebody, in the order of the home
// page. They come without sources.
func (j *Judge) Programme(ctx context.Context, at time.Time, user User) ([]Verdict, error) {
	items, err := j.store.PublishedItems(ctx)
	if err != nil {
		return nil, err
	}
	var grants []Grant
	if user.ID != "" {
		if grants, err = j.store.GrantsOf(ctx, user.ID); err != nil {
			return nil, err
		}
	}
	all := make([]Verdict, 0, len(items))
	for _, item := range items {
		if !item.Closed(at) {
			all = append(all, judge(at, user, item, grants))
		}
	}
	return all, nil
}

// judge asks the one rule and takes the ticket away.
func judge(at time.Time, user User, item Item, grants []Grant) Verdict {
	v := Verdict{Item: item, Viewer: Viewer{User: user}}
	v.Decision = Decide(at, v.Viewer, item, grants)
	v.Seen = v.Decision
	if user.Disabled() {
		v.Viewer = Viewer{}
		v.Seen = Decide(at, v.Viewer, item, nil)
	}
	v.Allowed, v.Plays = v.Decision.Allowed(), v.Seen.Allowed()
	v.Decision.ticket, v.Seen.ticket = Ticket{}, Ticket{}
	return v
}

// visitor makes somebody of the kind up.
func (k VisitorKind) visitor(at time.Time, item Item) (User, []Grant, error) {
	day := days(1)
	user := User{ID: NewID(), Role: RoleMember, ConfirmedAt: at.Add(-day), CreatedAt: at.Add(-day)}
	grant := Grant{
		ID: NewID(), UserID: user.ID, Scope: ScopeItem, TargetID: item.ID, Origin: OriginOwner,
		From: at.Add(-2 * day), CreatedAt: at.Add(-2 * day),
	}
	switch k {
	case VisitorAnonymous:
		return User{}, nil, nil
	case VisitorMember:
		return user, nil, nil
	case VisitorEntitled:
		return user, []Grant{grant}, nil
	case VisitorEnded:
		grant.Until = at.Add(-day)
		return user, []Grant{grant}, nil
	case VisitorUnconfirmed:
		user.ConfirmedAt = time.Time{}
		return user, []Grant{grant}, nil
	case VisitorBlocked:
		user.DisabledAt = at.Add(-day)
		return user, []Grant{grant}, nil
	}
	return User{}, nil, ErrNotFound
}
