package paywall

import (
	"context"
	"fmt"
	"time"
)

// Minter asks the supplier for a token and builds the address to embed.
type Minter interface {
	// Mint refuses a ticket that does not open the source without any call.
	// It makes at most one call; failures of the supplier are *MintError.
	Mint(ctx context.Context, t Ticket, s Source, window time.Duration) (Playable, error)
}

// Playable is an address with a fresh token in it, for one viewer.
type Playable struct {
	URL       string
	ExpiresAt time.Time
}

// MintError says how the supplier failed.
type MintError struct {
	// Key is the catalogue key of the likely cause, in words for the owner.
	Key string
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
	// Pause is how long all minting must rest (a 429's Retry-After).
	Pause time.Duration
	// Err is the cause below, such as a timeout.
	Err error
}

// Error describes the failure for the log and for the owner.
func (e *MintError) Error() string {
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
func (e *MintError) Unwrap() error { return e.Err }
