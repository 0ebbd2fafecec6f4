package paywall

import (
	"context"
	"time"
)

// Minter asks the supplier for a token and builds the address to embed.
type Minter interface {
	// Mint refuses a ticket that does not open the source without any call.
	// It makes at most one call; failures of the supplier are *SupplierError.
	Mint(ctx context.Context, t Ticket, s Source, window time.Duration) (Playable, error)
}

// Playable is an address with a fresh token in it, for one viewer.
type Playable struct {
	URL       string
	ExpiresAt time.Time
}
