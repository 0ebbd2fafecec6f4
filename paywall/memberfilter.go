package paywall

import (
	"context"
	"strings"
	"time"
)

// MemberState is whether an account can be used.
type MemberState string

// The states of an account. A blocked one is blocked, confirmed or not.
const (
	MemberActive      MemberState = "active"
	MemberBlocked     MemberState = "blocked"
	MemberUnconfirmed MemberState = "unconfirmed"
)

// StateOf tells the state of an account.
func StateOf(u User) MemberState {
	switch {
	case u.Disabled():
		return MemberBlocked
	case !u.Confirmed():
		return MemberUnconfirmed
	}
	return MemberActive
}

// AccessFilter is what somebody can play by grants.
type AccessFilter string

// The kinds of access to look for.
const (
	AccessLive  AccessFilter = "live"  // a grant counts now
	AccessEnded AccessFilter = "ended" // none does, and the last one ended lately
	AccessNone  AccessFilter = "none"  // none does
)

// EndedLately is how long ago access may have ended to count as ended lately.
const EndedLately = 30 * 24 * time.Hour

// MemberSort is an order of the list of members.
type MemberSort string

// The orders of the list of members.
const (
	MembersNewest  MemberSort = "newest"
	MembersOldest  MemberSort = "oldest"
	MembersByEmail MemberSort = "email"
	MembersByName  MemberSort = "name"
	MembersSeen    MemberSort = "seen"
)

// MemberSorts are all orders, the usual one first.
var MemberSorts = []MemberSort{MembersNewest, MembersOldest, MembersByEmail, MembersByName, MembersSeen}

// MemberFilter says which accounts are meant; what is empty does not count.
type MemberFilter struct {
	Text  string `json:",omitempty"` // stands in the address or the name
	State MemberState
	Role  Role
	// Access is about any grant, or about those for Target: "everything",
	// "collection:ID" or "item:ID". A Target alone asks for a grant that counts.
	Access AccessFilter
	Target string
	// JoinedFrom and JoinedUntil bound when the account was made; until is not in
	// it any more.
	JoinedFrom, JoinedUntil time.Time
	IDs                     []string `json:",omitempty"` // only these
	// What an act on many adds: OnlyMembers leaves staff out, OnlyEnabled blocked
	// accounts, OnlyBlocked all others, OnlyConfirmed those whose address is not
	// confirmed, Except one account.
	OnlyMembers, OnlyEnabled, OnlyBlocked, OnlyConfirmed bool

	Except string
	// MadeBefore leaves out who joined after an act began.
	MadeBefore time.Time
	Now        time.Time // what "now" is for Access
}

// facts tell the record which accounts were chosen.
func (f MemberFilter) facts(ctx context.Context, store Store) ([]Fact, error) {
	facts := []Fact{
		{LabelSearch, f.Text}, {LabelState, string(f.State)}, {LabelRole, string(f.Role)}, {LabelHas, string(f.Access)},
		moment(LabelJoinedFrom, f.JoinedFrom), moment(LabelJoinedUntil, f.JoinedUntil),
	}
	if len(f.IDs) > 0 {
		facts = append(facts, Fact{LabelAll, factChosen})
	}
	if f.Target != "" {
		opens, err := openedFact(ctx, store, f.Target)
		if err != nil {
			return nil, err
		}
		facts = append(facts, opens)
	}
	if facts = present(facts); len(facts) == 0 {
		return []Fact{{LabelAll, factAll}}, nil
	}
	return facts, nil
}

// MemberLine is an account in the list.
type MemberLine struct {
	User   User
	SeenAt time.Time // last use; zero: never
	Grants []Grant   // newest first
}

// GrantState is whether a grant counts.
type GrantState string

// The states of a grant.
const (
	GrantLive  GrantState = "live"
	GrantEnded GrantState = "ended" // over, or taken back
	GrantLater GrantState = "later" // begins later
)

// GrantSort is an order of the list of grants.
type GrantSort string

// The orders of the list of grants.
const (
	GrantsNewest     GrantSort = "newest"
	GrantsOldest     GrantSort = "oldest"
	GrantsEnding     GrantSort = "ending" // first end first
	GrantsEndingLast GrantSort = "ending_last"
)

// GrantSorts are all orders, the usual one first.
var GrantSorts = []GrantSort{GrantsNewest, GrantsOldest, GrantsEnding, GrantsEndingLast}

// GrantFilter says which grants are meant; what is empty does not count.
type GrantFilter struct {
	Text   string // stands in the holder's address or name
	State  GrantState
	Origin Origin
	Now    time.Time
}

// GrantRange says which grants of a person an act on many is about: those that
// were not taken back and end after an instant.
type GrantRange struct {
	EndsAfter time.Time
	WithEnd   bool   // only those that end by themselves
	Target    string // only those for this, as in MemberFilter
}

// TargetID is the id of what the grants are for; empty for everything.
func (r GrantRange) TargetID() string {
	_, id, _ := strings.Cut(r.Target, ":")
	return id
}

// covers tells whether a grant is meant.
func (r GrantRange) covers(g Grant) bool {
	return g.RevokedAt.IsZero() && (g.Until.IsZero() || g.Until.After(r.EndsAfter)) &&
		(!r.WithEnd || !g.Until.IsZero()) && (r.Target == "" || g.TargetID == r.TargetID())
}
