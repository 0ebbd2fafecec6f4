package paywall

import (
	"context"
	"strings"
	"time"
)

// Prober asks sources as a listener's player would.
type Prober interface {
	// Probe asks for a source at the address of a playable, and without a token
	// when the playable is the zero value. It asks listed media hosts alone,
	// reads a few kilobytes, and takes 5 seconds at most. What went wrong is part
	// of what it saw.
	Probe(ctx context.Context, s Source, p Playable) Sight
}

// Sight is what was seen of a source.
type Sight struct {
	Sighting Sighting
	// Detail is what happened in a few technical words, without any address or
	// token.
	Detail string
}

// Sighting sorts what was seen of a source.
type Sighting string

// The sightings. The empty one means that nobody was asked.
const (
	SightPlays    Sighting = "plays"    // sound or film came
	SightRefused  Sighting = "refused"  // 401 or 403
	SightMissing  Sighting = "missing"  // 404 or 410
	SightDown     Sighting = "down"     // 5xx
	SightSilent   Sighting = "silent"   // no answer in time, or no connection
	SightOdd      Sighting = "odd"      // an answer that is neither sound nor a refusal
	SightUnclear  Sighting = "unclear"  // a player page that shows no address of its film
	SightUnlisted Sighting = "unlisted" // off the list of media hosts: nobody was asked
)

// ProbeState is how a source is.
type ProbeState string

// The states of a source.
const (
	ProbeGreen ProbeState = "green" // closed without a token, plays with one
	ProbeRed   ProbeState = "red"   // plays without a token, or its protection is off
	ProbeAmber ProbeState = "amber" // fails with a token, or cannot be judged
	ProbeGrey  ProbeState = "grey"  // not checked, or not wholly
)

// ProbeStates are all of them, the worst first.
var ProbeStates = []ProbeState{ProbeRed, ProbeAmber, ProbeGrey, ProbeGreen}

// Probe is what is known of a source from asking it. The zero value means that
// it was never asked.
type Probe struct {
	SourceID string
	// Target is what was asked, see Source.target: when the owner changes the
	// source, what was seen before is no longer about it.
	Target    string
	State     ProbeState
	Cause     ProbeCause
	SinceAt   time.Time // of the state
	CheckedAt time.Time
	GreenAt   time.Time // last time; zero: never
	Detail    string

	Bare    Sighting  // without a token
	Token   Sighting  // with one
	TokenAt time.Time // when a token was last asked for
	Trouble string    // why there was none, one of the Trouble constants
	// Told is what the supplier says about the protection, ToldSince since when
	// it says so, and Folder where the switch of a video is.
	Told       Found
	ToldSince  time.Time
	Folder     string
	SwitchedAt time.Time // when the protection was switched on from here

	Ambers int // checks in a row that ended amber
	// Alarm is the state that owners are warned of on their pages, and Mailed the
	// one that they got a mail about; both empty when all is well.
	Alarm, Mailed ProbeState

	AskedAt time.Time // when somebody last wanted a check by hand
	DueAt   time.Time // the next check
}

// Waits tells whether a check that somebody wanted is still to come.
func (p Probe) Waits() bool { return p.AskedAt.After(p.CheckedAt) }

// ProbeTask is a source with what is known of it, and the item it belongs to
// (without the item's other sources).
type ProbeTask struct {
	Item   Item
	Source Source
	Probe  Probe
}

// about is what is known of the source as it is now.
func (t ProbeTask) about() Probe {
	p := t.Probe
	if target := t.Source.target(); p.Target != target {
		p = Probe{Target: target, AskedAt: p.AskedAt}
	}
	p.SourceID = t.Source.ID
	if p.State == "" {
		p.State, p.Cause = ProbeGrey, CauseNever
	}
	return p
}

// target is everything of a source that decides who is asked for it. The store
// compares it with the same text made by SQL.
func (s Source) target() string {
	return strings.Join([]string{string(s.Kind), s.URL, s.Ref, s.Channel}, " ")
}

// ProbeChange is a change of a source's state, for its history.
type ProbeChange struct {
	ID       string
	SourceID string
	At       time.Time
	Old, New ProbeState
	Cause    ProbeCause
	Detail   string
}
