// Package paywall is the domain of Usher: who may play which item, when a
// token is asked for, who is signed in, and what an owner may change.
//
// It knows neither HTTP nor SQL nor Infomaniak. What it needs from the world
// stands here as small interfaces (Store, Minter) that other packages fill.
// Every rule takes the instant it judges as an argument or asks an injected
// Clock, so that tests own the time.
package paywall

import "time"

// Clock tells the present instant. Services never call time.Now themselves.
type Clock func() time.Time
