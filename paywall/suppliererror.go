package paywall

import (
	"errors"
	"fmt"
	"time"
)

// The likely causes of a SupplierError: catalogue keys of a sentence for the
// owner that says what to do.
const (
	TroubleNoToken = "trouble.no_token" // no API token is set; nobody was asked
	TroubleSealed  = "trouble.sealed"   // the stored token does not open with today's key
	TroubleToken   = "trouble.token"    // 401: the token is wrong, revoked or unused for a year
	TroubleAccount = "trouble.account"  // the number of the organisation must be set
	TroubleRights  = "trouble.rights"   // 403: the token's person has no right to the thing
	TroubleGone    = "trouble.gone"     // 404: no such stream, share or product
	TroubleWindow  = "trouble.window"   // 422 to a mint
	TroubleInvalid = "trouble.invalid"  // 422 to anything else: the API has changed
	TroubleLimit   = "trouble.limit"    // 429
	TroubleBusy    = "trouble.busy"     // our own pace left no call in time; nobody was asked
	TroubleTimeout = "trouble.timeout"  // no answer in time
	TroubleBreaker = "trouble.breaker"  // left alone after several failures; nobody was asked
	TroubleGarbage = "trouble.garbage"  // an answer that makes no sense
	TroubleDown    = "trouble.down"     // 5xx, or no connection comes about
	// TroubleInherits: a folder takes its rules from the one above it, and other
	// rules would be lost with a switch of its own.
	TroubleInherits = "trouble.inherits"
)

// SupplierError says how a call to the supplier failed.
type SupplierError struct {
	// Key is the likely cause, one of the Trouble constants.
	Key string
	// Scope is the right of the token that the call needs; empty when it is told
	// by what was asked.
	Scope SupplierScope
	// Status is the HTTP status, 0 when no answer came.
	Status int
	// Code and Description are the supplier's own words, secrets removed.
	Code        string
	Description string
	// Unasked tells that no call was made, because the supplier is known to be
	// in trouble; the call that was set aside for it is free again.
	Unasked bool
	// Transient tells that one more try at once makes sense (a 5xx).
	Transient bool
	// Pause is how long all calls must rest (a 429's Retry-After).
	Pause time.Duration
	// Err is the cause below, such as a timeout.
	Err error
}

// Error describes the failure for the log and for the owner.
func (e *SupplierError) Error() string {
	text := "supplier"
	if e.Status != 0 {
		text += fmt.Sprintf(" answered %d", e.Status)
	}
	if e.Code != "" {
		text += " " + e.Code
	}
	if e.Description != "" {
		text += fmt.Sprintf(" (%s)", e.Description)
	}
	if e.Err != nil {
		text += fmt.Sprintf(": %v", e.Err)
	}
	return text
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *SupplierError) Unwrap() error { return e.Err }

// TroubleOf is the likely cause of a failed call to the supplier, one of the
// Trouble constants; empty when the error is none of the supplier's.
func TroubleOf(err error) string {
	var failed *SupplierError
	if errors.As(err, &failed) {
		return failed.Key
	}
	return ""
}

// MayNotList tells whether a catalogue call failed because the token may not
// make it: then an owner types what cannot be picked.
func MayNotList(err error) bool {
	switch TroubleOf(err) {
	case TroubleToken, TroubleRights, TroubleAccount, TroubleGone:
		return true
	}
	return false
}
