package mail

import "time"

// Numbers that the tests must agree on.
const (
	ClaimFor = claimFor
	NoServer = noServer
)

// SetGrace changes what sendings that have begun get when the program stops.
func (w *Worker) SetGrace(d time.Duration) { w.grace = d }

// Mask is mask.
var Mask = mask
