package paywall

import (
	"context"
	"time"
)

// ProbeStore keeps what was seen of the sources. What a row says about a source
// that was changed since counts as nothing: its state is ProbeGrey then.
type ProbeStore interface {
	// DueProbes lists sources whose check is due and that nobody is checking, the
	// worst first. A source without a row and a changed one are due.
	DueProbes(ctx context.Context, now time.Time, limit int) ([]ProbeTask, error)
	// ProbeOf finds one source with what is known of it. In a transaction nobody
	// else changes it before the end.
	ProbeOf(ctx context.Context, sourceID string) (ProbeTask, error)
	// Probes lists sources for the owner, and tells how many there are in all.
	Probes(ctx context.Context, filter ProbeFilter, limit, offset int) ([]ProbeTask, int, error)
	// ProbesOf is what is known of the sources of one item, or of all items when
	// the id is empty.
	ProbesOf(ctx context.Context, itemID string) ([]ProbeTask, error)
	// ProbeCounts counts the sources by state, and those with a check that
	// somebody wanted and that is still to come.
	ProbeCounts(ctx context.Context) (ProbeCounts, error)
	// TokenTries tells of each family of sources how the tries with a token went.
	TokenTries(ctx context.Context) ([]TokenTry, error)
	// CountProbeAlarms counts the sources of published items with an alarm.
	CountProbeAlarms(ctx context.Context) (red, amber int, err error)
	// UnmailedProbes lists those with an alarm that no mail told of yet, the worst
	// first.
	UnmailedProbes(ctx context.Context) ([]ProbeTask, error)
	// MarkProbeMailed keeps that a mail told of a source's alarm.
	MarkProbeMailed(ctx context.Context, sourceID string) error
	// ClaimProbe keeps other nodes from checking a source. It answers false when
	// one is doing so, or has done so since the check that the caller knows of.
	ClaimProbe(ctx context.Context, sourceID string, known, now, until time.Time) (bool, error)
	// SaveProbe stores or replaces a row and ends the claim. It leaves AskedAt as
	// it is, and Mailed too unless there is no trouble any more; a check that was
	// wanted meanwhile stays due.
	SaveProbe(ctx context.Context, p Probe) error
	// HurryProbes makes a check due that somebody wants: of one source, or of all
	// when the id is empty.
	HurryProbes(ctx context.Context, sourceID string, at time.Time) error
	// AddProbeChange adds to a source's history and forgets all but the newest
	// lines of it.
	AddProbeChange(ctx context.Context, c ProbeChange, keep int) error
	// ProbeChanges is a source's history, newest first.
	ProbeChanges(ctx context.Context, sourceID string) ([]ProbeChange, error)
}

// ProbeOrder is an order of the owner's list.
type ProbeOrder string

// The orders. The worst come first where nothing else is asked for.
const (
	ProbesByState   ProbeOrder = "state"
	ProbesByTitle   ProbeOrder = "title"
	ProbesByChecked ProbeOrder = "checked" // the newest check first
	ProbesBySince   ProbeOrder = "since"   // the newest change first
)

// ProbeFilter picks sources for the owner's list.
type ProbeFilter struct {
	Text  string     // in the item's title, or the source's label or name; empty: all
	State ProbeState // empty: all
	Order ProbeOrder
}

// TokenTry is how the tries with a token went in a family of sources.
type TokenTry struct {
	Family SourceFamily
	LastAt time.Time
	// Refused tells that some source got none for a reason that holds for all of
	// the family: the API token, its rights, the number of the organisation.
	Refused bool
	// Waiting counts the sources that no token was tried with yet.
	Waiting int
}

// ProbeCounts tells how many sources are in which state.
type ProbeCounts struct {
	States  map[ProbeState]int
	Total   int
	Waiting int // for a check that somebody wanted
}
