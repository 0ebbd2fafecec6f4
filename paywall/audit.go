package paywall

import "time"

// AuditEntry is one line of the append-only record of who changed what. It
// copies names and refers to nothing, so that it outlives what it describes.
type AuditEntry struct {
	ID      string
	At      time.Time
	Actor   Actor
	Action  string // constant, such as "item.update"
	Subject string // id of what was changed
	Detail  string // old and new values in words; never a secret
}
