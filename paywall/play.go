package paywall

import (
	"cmp"
	"context"
	"time"
)

// Play is one browser that was given a token for an item, from then on until it
// can no longer go on. A reload or a renewal in between is the same play.
type Play struct {
	ID string
	// Slot names the browser and the item while the play can go on; then it is
	// emptied, and nothing ties the play to a session any more.
	Slot   string
	ItemID string
	Kind   SourceKind
	UserID string // empty for a visitor without an account
	Staff  bool   // played by who runs the site: left out of all figures
	Window time.Duration
	// StartedAt is when the token was handed out.
	StartedAt time.Time
	// SeenAt is when the player last reported that it plays; zero: it never did.
	SeenAt time.Time
	// Stopped tells that the last report said so.
	Stopped bool
	// Until is when a new start makes a new play: a window after the last start,
	// renewal or report.
	Until time.Time
}

// CountKind is what is summed up by day.
type CountKind string

// The kinds of count. Plays by staff, previews, probes, robots, prefetching and
// HEAD requests are in none of them.
const (
	CountPlays    CountKind = "play"
	CountRefusals CountKind = "refusal" // with the Reason
)

// DayCount names one sum: of a kind, on a day of the site's zone, of an item.
type DayCount struct {
	Kind   CountKind
	Day    string // see DayName
	ItemID string
	Reason Reason // of refusals; else empty
}

func (c DayCount) compare(other DayCount) int {
	return cmp.Or(cmp.Compare(c.Kind, other.Kind), cmp.Compare(c.Day, other.Day),
		cmp.Compare(c.ItemID, other.ItemID), cmp.Compare(c.Reason, other.Reason))
}

// PlayStore keeps plays, and the sums that outlive them.
type PlayStore interface {
	// StartPlay lets the play with p.Slot go on until p.Until, if one can go on at
	// p.StartedAt; else it stores p. It tells whether p was stored.
	StartPlay(ctx context.Context, p Play) (began bool, err error)
	// BeatPlay keeps that the play in a slot plays, or stopped, and lets it go on
	// for another window. A slot without a play that can go on is no error.
	BeatPlay(ctx context.Context, slot string, at time.Time, stopped bool) error
	// ReplacePlay is for a browser without an account that loaded a page again:
	// the play in the slot instead is undone if the one in slot can go on at that
	// instant; else it moves to slot. The undone one is answered, or ErrNotFound.
	ReplacePlay(ctx context.Context, slot, instead string, at time.Time) (Play, error)
	// PlayBySlot finds a play that can still go on or was not emptied yet.
	PlayBySlot(ctx context.Context, slot string) (Play, error)
	// AddCount adds to a sum, which begins at 0 and may be lowered again.
	AddCount(ctx context.Context, c DayCount, amount int) error
	// EndPlays empties the slots of plays that can no longer go on.
	EndPlays(ctx context.Context, now time.Time) error
	// DeleteOldPlays removes plays that began before an instant, at most limit, and
	// tells how many there were. The sums stay.
	DeleteOldPlays(ctx context.Context, before time.Time, limit int) (int, error)
	// DeleteOldCounts removes the sums of a kind for days before one.
	DeleteOldCounts(ctx context.Context, kind CountKind, day string) error
}
