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
