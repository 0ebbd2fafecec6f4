package paywall

import "time"

// ProbeCause is the likely cause of a state. Its words stand in the catalogues
// under "probe.cause." and what to do about it under "probe.do.".
type ProbeCause string

// The causes, by the state that they go with.
const (
	CauseClosed       ProbeCause = "closed"        // green: refused without a token, plays with one
	CauseClosedUnseen ProbeCause = "closed_unseen" // green: refused, and a token is given; the film itself was not seen
	CauseClosedTold   ProbeCause = "closed_told"   // green: the supplier says so, and a token is given
	CauseOpen         ProbeCause = "open"          // green: open to everybody, needs no protection

	CauseLeak          ProbeCause = "leak"           // red: plays without a token
	CauseLeakSpreading ProbeCause = "leak_spreading" // red: plays, the protection was switched on just now
	CauseLeakStuck     ProbeCause = "leak_stuck"     // red: plays although the supplier says that it is protected
	CauseOff           ProbeCause = "off"            // red: the supplier says that the protection is off

	CauseUnlisted  ProbeCause = "unlisted"  // amber: the address is not on the list; nobody was asked
	CauseSilent    ProbeCause = "silent"    // amber: no answer
	CauseDown      ProbeCause = "down"      // amber: nothing on the air
	CauseGone      ProbeCause = "gone"      // amber: the supplier knows no such stream or share
	CauseGeo       ProbeCause = "geo"       // amber: refused with a token, by country or address
	CauseSpreading ProbeCause = "spreading" // amber: refused with a token, the switch is new
	CauseOdd       ProbeCause = "odd"       // amber: answers, but neither sound nor refusal
	CauseUnknown   ProbeCause = "unknown"   // amber: nothing proves it closed
	CauseNoToken   ProbeCause = "no_token"  // amber: no API token is set
	CauseKey       ProbeCause = "key"       // amber: the API token is refused
	CauseRights    ProbeCause = "rights"    // amber: the API token lacks a right
	CauseAccount   ProbeCause = "account"   // amber: the number of the organisation is missing
	CauseSupplier  ProbeCause = "supplier"  // amber: the API does not work now

	CauseNever ProbeCause = "never" // grey: not checked yet
	CauseHalf  ProbeCause = "half"  // grey: closed, not tried with a token yet
)

// spreadTime is how long a change of the protection may take to reach all of
// Infomaniak's servers. FAQ 2792 says "some minutes".
const spreadTime = 15 * time.Minute

// firmTroubles are refusals that another try will not mend.
var firmTroubles = map[string]ProbeCause{
	TroubleNoToken: CauseNoToken, TroubleSealed: CauseNoToken, TroubleToken: CauseKey,
	TroubleRights: CauseRights, TroubleAccount: CauseAccount, TroubleGone: CauseGone,
}

// silences are the sightings of a source that gives nothing to anybody.
var silences = map[Sighting]ProbeCause{
	SightSilent: CauseSilent, SightDown: CauseDown, SightMissing: CauseDown, SightOdd: CauseOdd,
	SightUnlisted: CauseUnlisted,
}

// Diagnose tells how a source is from what was seen of it, and the likely cause.
// It is pure, and it says "green" only when something proves it.
func Diagnose(now time.Time, access Access, kind SourceKind, p Probe) (ProbeState, ProbeCause) {
	switch {
	case p.CheckedAt.IsZero():
		return ProbeGrey, CauseNever
	case p.Bare == SightUnlisted:
		return ProbeAmber, CauseUnlisted
	}
	if access != AccessOpen {
		if cause := leak(now, p); cause != "" {
			return ProbeRed, cause
		}
	}
	if cause := p.failure(now, kind); cause != "" {
		return ProbeAmber, cause
	}
	if access == AccessOpen {
		return p.openToAll()
	}
	return p.closed(kind)
}

// leak is the cause of a red state, if it is one.
func leak(now time.Time, p Probe) ProbeCause {
	fresh := now.Sub(p.SwitchedAt) < spreadTime || p.Told == FoundYes && now.Sub(p.ToldSince) < spreadTime
	switch {
	case p.Bare == SightPlays && fresh && p.Told != FoundNo:
		return CauseLeakSpreading
	case p.Bare == SightPlays && p.Told == FoundYes:
		return CauseLeakStuck
	case p.Bare == SightPlays:
		return CauseLeak
	case p.Told == FoundNo:
		return CauseOff
	}
	return ""
}

// failure is why nobody can play the source, also with a token.
func (p Probe) failure(now time.Time, kind SourceKind) ProbeCause {
	if cause, firm := firmTroubles[p.Trouble]; firm {
		return cause
	}
	if p.Token == SightRefused {
		if now.Sub(p.SwitchedAt) < spreadTime {
			return CauseSpreading
		}
		return CauseGeo
	}
	seen := p.Token
	if seen == "" || p.Bare == SightSilent || p.Bare == SightDown {
		seen = p.Bare // it is the newer one, or nobody got through
	}
	if seen == SightMissing && kind == SourceVOD {
		return CauseGone
	}
	if cause, fails := silences[seen]; fails {
		return cause
	}
	if p.Trouble != "" {
		return CauseSupplier
	}
	return ""
}

// openToAll judges a source that works and may be open.
func (p Probe) openToAll() (ProbeState, ProbeCause) {
	if p.Token == "" && p.Bare != SightPlays {
		return ProbeGrey, CauseHalf
	}
	return ProbeGreen, CauseOpen
}

// closed judges a source that works as far as that was tried, and does not leak.
func (p Probe) closed(kind SourceKind) (ProbeState, ProbeCause) {
	refused := p.Bare == SightRefused || p.Bare == SightMissing
	switch {
	case !refused && p.Told != FoundYes:
		return ProbeAmber, map[bool]ProbeCause{true: CauseUnknown, false: CauseOdd}[kind == SourceVOD]
	case p.Token == "":
		return ProbeGrey, CauseHalf
	case p.Token != SightPlays && p.Token != SightUnclear:
		return ProbeAmber, CauseOdd
	case !refused:
		return ProbeGreen, CauseClosedTold
	case p.Token == SightUnclear:
		return ProbeGreen, CauseClosedUnseen
	}
	return ProbeGreen, CauseClosed
}
