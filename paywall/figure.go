package paywall

import (
	"context"
	"time"
)

// FigureStore counts for the overview. Plays and refusals are sums of days, see
// DayName; from and to are the first and the last one.
type FigureStore interface {
	// DayAmounts sums a kind up for each day that has any, oldest first.
	DayAmounts(ctx context.Context, kind CountKind, from, to string) ([]DayAmount, error)
	// ItemAmounts sums a kind up for each item that has any, the largest first.
	ItemAmounts(ctx context.Context, kind CountKind, from, to string, limit int) ([]ItemAmount, error)
	// ReasonAmounts sums refusals up for each reason that has any, the largest
	// first.
	ReasonAmounts(ctx context.Context, from, to string) ([]ReasonAmount, error)
	// Listening counts the plays that were reported since an instant and did not
	// stop, for each item that has any, the largest first. Staff are left out.
	Listening(ctx context.Context, since time.Time) ([]ItemAmount, error)
	// MemberTotals counts accounts that are neither staff nor deleted.
	MemberTotals(ctx context.Context) (MemberCount, error)
	// CountNewMembers counts those of MemberTotals by when they were made.
	CountNewMembers(ctx context.Context, from, to time.Time) (int, error)
	// CountLeaving counts members who leave; see LeavingCount for the instants.
	CountLeaving(ctx context.Context, from, now, until time.Time) (LeavingCount, error)
	// CountActions counts the lines of an action in the record of changes.
	CountActions(ctx context.Context, action string, from time.Time) (int, error)
	// ItemsInTrouble lists published items with a source whose last mint failed: id
	// and title, and that source's id, kind, label and trouble. The newest first.
	ItemsInTrouble(ctx context.Context, limit int) ([]Item, error)
}

// DayAmount is a sum for one day.
type DayAmount struct {
	Day    string
	Amount int
}

// ItemAmount is a sum for one item. Title is empty when the item is gone.
type ItemAmount struct {
	ItemID, Title string
	Amount        int
}

// ReasonAmount is how often visitors were refused for a reason.
type ReasonAmount struct {
	Reason Reason
	Amount int
}

// MemberCount counts accounts that are neither staff nor deleted.
type MemberCount struct {
	All       int
	Confirmed int // their address was confirmed
	Blocked   int // switched off
}

// LeavingCount counts members who left, or are about to, by their last access:
// of all their grants that ever counted, the end of the one that ends last.
type LeavingCount struct {
	Deleted int // accounts deleted since from
	Ended   int // the last access ended after from and not after now
	Ending  int // it ends after now and not after until
}
