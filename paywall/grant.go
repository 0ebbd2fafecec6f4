package paywall

import "time"

// GrantScope is how much a grant opens.
type GrantScope string

// The scopes of a grant.
const (
	ScopeEverything GrantScope = "everything"
	ScopeCollection GrantScope = "collection"
	ScopeItem       GrantScope = "item"
)

// Origin is where a grant came from.
type Origin string

// The origins of a grant.
const (
	OriginPurchase     Origin = "purchase"
	OriginSubscription Origin = "subscription"
	OriginVoucher      Origin = "voucher"
	OriginOwner        Origin = "owner"
	OriginAPI          Origin = "api"
	OriginImport       Origin = "import"
)

// Origins are all origins.
var Origins = []Origin{OriginPurchase, OriginSubscription, OriginVoucher, OriginOwner, OriginAPI, OriginImport}

// Grant is one person's right to play something from an instant to an instant.
type Grant struct {
	ID        string
	UserID    string
	Scope     GrantScope
	TargetID  string // the collection or item; empty for everything
	From      time.Time
	Until     time.Time // exclusive; zero: for ever
	Origin    Origin
	Note      string
	CreatedAt time.Time
	RevokedAt time.Time // zero: not taken back
}

// Opens tells whether the grant covers the item, whatever the time.
func (g Grant) Opens(item Item) bool {
	switch g.Scope {
	case ScopeEverything:
		return true
	case ScopeCollection:
		return g.TargetID != "" && g.TargetID == item.CollectionID
	case ScopeItem:
		return g.TargetID != "" && g.TargetID == item.ID
	}
	return false
}

// End is the instant from which the grant no longer counts; zero: never.
func (g Grant) End() time.Time {
	if g.RevokedAt.IsZero() || (!g.Until.IsZero() && g.Until.Before(g.RevokedAt)) {
		return g.Until
	}
	return g.RevokedAt
}

// Live tells whether the grant counts at an instant.
func (g Grant) Live(now time.Time) bool {
	end := g.End()
	return !now.Before(g.From) && (end.IsZero() || now.Before(end))
}

// outlasts tells whether g ends later than other.
func (g Grant) outlasts(other Grant) bool {
	end, otherEnd := g.End(), other.End()
	if otherEnd.IsZero() {
		return false
	}
	return end.IsZero() || end.After(otherEnd)
}
