package paywall

import "time"

// Reason explains a decision. Each refusal has its own text on the paywall.
type Reason string

// The reasons to allow.
const (
	ReasonOpen   Reason = "open"   // anybody may play
	ReasonMember Reason = "member" // a confirmed account is enough
	ReasonGrant  Reason = "grant"  // a live grant opens it
	ReasonOwner  Reason = "owner"  // who keeps the catalogue may try everything
)

// The reasons to refuse.
const (
	ReasonUnknown     Reason = "unknown"      // a draft, or a rule we do not know
	ReasonClosed      Reason = "closed"       // the item's window is over
	ReasonSignedOut   Reason = "signed_out"   // nobody is signed in
	ReasonDisabled    Reason = "disabled"     // the account is switched off
	ReasonUnconfirmed Reason = "unconfirmed"  // the address is not confirmed
	ReasonNoGrant     Reason = "no_grant"     // no grant covers the item
	ReasonGrantLater  Reason = "grant_later"  // a grant begins later
	ReasonGrantEnded  Reason = "grant_ended"  // a grant covered it until Instant
	ReasonNotYetOpen  Reason = "not_yet_open" // entitled, the item opens later
)

// Decision is the answer of Decide.
type Decision struct {
	Reason Reason
	// Grant decided: the live one, or the one that ended or begins later.
	Grant Grant
	// Instant belongs to the reason: when a right ended, begins, or the item
	// opens or closed. Zero when the reason has none.
	Instant time.Time
	// Until is when an allowed viewer's right ends; zero: not foreseeable.
	Until time.Time

	ticket Ticket
}

// Ticket proves a positive decision. Only Decide makes a valid one, and a
// Minter works for nothing else, so no code path can mint without a decision.
type Ticket struct{ itemID string }

// Valid tells whether the ticket comes from a positive decision.
func (t Ticket) Valid() bool { return t.itemID != "" }

// Opens tells whether the ticket is for the item of this source.
func (t Ticket) Opens(s Source) bool { return t.Valid() && t.itemID == s.ItemID }

// Allowed tells whether the viewer may play now.
func (d Decision) Allowed() bool { return d.ticket.Valid() }

// Ticket is the proof for the minter; it is invalid when refused.
func (d Decision) Ticket() Ticket { return d.ticket }

// Decide answers whether a viewer may play an item at an instant. It is the
// only place that decides. It fails closed: what it does not know, it refuses.
func Decide(now time.Time, viewer Viewer, item Item, grants []Grant) Decision {
	if viewer.May(RightEditItems) && item.ID != "" {
		return allow(item, ReasonOwner, Grant{})
	}
	if item.ID == "" || !item.Published {
		return Decision{Reason: ReasonUnknown}
	}
	if item.Closed(now) {
		return Decision{Reason: ReasonClosed, Instant: item.ClosesAt}
	}
	reason, grant, refusal := right(now, viewer, item, grants)
	if refusal != nil {
		return *refusal
	}
	if !item.Opened(now) {
		return Decision{Reason: ReasonNotYetOpen, Instant: item.OpensAt, Grant: grant}
	}
	return allow(item, reason, grant)
}

// right judges the person alone, leaving the item's opening window aside.
func right(now time.Time, viewer Viewer, item Item, grants []Grant) (Reason, Grant, *Decision) {
	if item.Access == AccessOpen {
		return ReasonOpen, Grant{}, nil
	}
	if refusal := account(viewer); refusal != nil {
		return "", Grant{}, refusal
	}
	switch item.Access {
	case AccessMembers:
		return ReasonMember, Grant{}, nil
	case AccessEntitled:
		return entitlement(now, viewer, item, grants)
	}
	return "", Grant{}, &Decision{Reason: ReasonUnknown}
}

func account(viewer Viewer) *Decision {
	switch {
	case !viewer.SignedIn():
		return &Decision{Reason: ReasonSignedOut}
	case viewer.User.Disabled():
		return &Decision{Reason: ReasonDisabled}
	case !viewer.User.Confirmed():
		return &Decision{Reason: ReasonUnconfirmed}
	}
	return nil
}

// entitlement finds the grant that lasts longest, or the best explanation: one
// that begins later tells more than one that ended, and that more than none.
func entitlement(now time.Time, viewer Viewer, item Item, grants []Grant) (Reason, Grant, *Decision) {
	var live, later, ended *Grant
	for i := range grants {
		g := &grants[i]
		switch {
		case g.UserID != viewer.User.ID || !g.Opens(item):
		case g.Live(now):
			if live == nil || g.outlasts(*live) {
				live = g
			}
		case now.Before(g.From) && (g.End().IsZero() || g.From.Before(g.End())):
			if later == nil || g.From.Before(later.From) {
				later = g
			}
		case !g.End().IsZero():
			if ended == nil || g.outlasts(*ended) {
				ended = g
			}
		}
	}
	switch {
	case live != nil:
		return ReasonGrant, *live, nil
	case later != nil:
		return "", *later, &Decision{Reason: ReasonGrantLater, Grant: *later, Instant: later.From}
	case ended != nil:
		return "", *ended, &Decision{Reason: ReasonGrantEnded, Grant: *ended, Instant: ended.End()}
	}
	return "", Grant{}, &Decision{Reason: ReasonNoGrant}
}

func allow(item Item, reason Reason, grant Grant) Decision {
	until := grant.End()
	if c := item.ClosesAt; !c.IsZero() && (until.IsZero() || c.Before(until)) && reason != ReasonOwner {
		until = c
	}
	return Decision{Reason: reason, Grant: grant, Until: until, ticket: Ticket{itemID: item.ID}}
}
