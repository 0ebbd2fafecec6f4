package paywall

import "time"

// Found is what a check found out.
type Found string

// The findings of a check.
const (
	FoundYes     Found = "yes"
	FoundNo      Found = "no"
	FoundUnknown Found = "unknown"
)

// Ability is one thing that a check of the connection looks at.
type Ability string

// What a check looks at, in the order in which it is told.
const (
	AbilityToken     Ability = "token"      // the token is taken at all
	AbilityAccounts  Ability = "accounts"   // the organisations can be listed
	AbilityRadio     Ability = "radio"      // it makes tokens for streams
	AbilityRadioList Ability = "radio_list" // radio stations can be picked
	AbilityVOD       Ability = "vod"        // it makes tokens for videos
	AbilityVODList   Ability = "vod_list"   // videos can be picked
	AbilityStyleV1   Ability = "style_v1"   // the VOD token call of the OpenAPI works
	AbilityStylePub  Ability = "style_pub"  // the VOD token call of the guide works
	AbilityAccount   Ability = "account"    // calls succeed with the account number as it is set
)

// ConnectionReport tells what the API token can do.
type ConnectionReport struct {
	At time.Time
	// Accounts that the token sees; empty when it may not list them.
	Accounts []SupplierAccount
	// Suggested is the number of an organisation that is needed, was tried and
	// works; empty when none is needed or known.
	Suggested string
	Points    []CheckPoint
	// MissedAt is when a later check of the same could find nothing out, and Missed
	// why, one of the Trouble constants; zero and empty when there was none. What was
	// found before still stands.
	MissedAt time.Time
	Missed   string
}

// CheckPoint is one finding of a check.
type CheckPoint struct {
	Ability Ability
	Found   Found
	// Key is the catalogue key of the finding in words, with its Args.
	Key  string
	Args []any
	// Trouble is the catalogue key of the likely cause of a refusal, one of the
	// Trouble constants; Detail is the supplier's own words.
	Trouble string
	Detail  string
}

// Can is what the check found about an ability.
func (r ConnectionReport) Can(ability Ability) Found {
	for _, p := range r.Points {
		if p.Ability == ability {
			return p.Found
		}
	}
	return FoundUnknown
}

// Works tells whether listeners can be served: the token makes tokens of at
// least one kind.
func (r ConnectionReport) Works() bool {
	return r.Can(AbilityRadio) == FoundYes || r.Can(AbilityVOD) == FoundYes
}

// Refused tells that nobody can play: the supplier said so, and it is no matter of
// what could not be found out.
func (r ConnectionReport) Refused() bool {
	return r.Can(AbilityToken) == FoundNo || r.Can(AbilityRadio) == FoundNo && r.Can(AbilityVOD) == FoundNo
}

// cutOff is why the supplier could not be asked about what listeners need, one of
// the Trouble constants; empty when it could.
func (r ConnectionReport) cutOff() string {
	for _, p := range r.Points {
		needed := p.Ability == AbilityToken || p.Ability == AbilityRadio || p.Ability == AbilityVOD
		if !needed || p.Found != FoundUnknown {
			continue
		}
		switch p.Trouble {
		case TroubleBusy, TroubleLimit, TroubleTimeout, TroubleBreaker, TroubleGarbage, TroubleDown:
			return p.Trouble
		}
	}
	return ""
}

// after is what is known after one more check: a check that was cut off takes
// nothing away from an earlier one of the same.
func (r ConnectionReport) after(earlier ConnectionReport) ConnectionReport {
	why := r.cutOff()
	if why == "" || r.Refused() || !earlier.Works() {
		return r
	}
	earlier.MissedAt, earlier.Missed = r.At, why
	return earlier
}

// open is why the check should be made again, one of the Trouble constants, and
// since when; empty when it need not.
func (r ConnectionReport) open() (why string, since time.Time) {
	if r.Missed != "" {
		return r.Missed, r.MissedAt
	}
	return r.cutOff(), r.At
}
