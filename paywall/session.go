package paywall

import "time"

// How long a session lives. A listener stays signed in for weeks on an own
// device; the absolute limit ends a forgotten one.
const (
	SessionIdle     = 30 * 24 * time.Hour
	SessionAbsolute = 180 * 24 * time.Hour
	// SessionTouch is how stale "last seen" may become: a page view must not
	// cost a database write.
	SessionTouch = 5 * time.Minute
)

// Session is one signed-in device. The cookie carries ID and a secret; the
// store keeps only the secret's hash, so a copied database opens no account.
type Session struct {
	ID         string
	SecretHash []byte // SHA-256
	UserID     string
	Device     string // browser and system in words, from the User-Agent
	Flash      string // a message for the next page, encoded by internal/session
	CreatedAt  time.Time
	SeenAt     time.Time
	ExpiresAt  time.Time // absolute end
}

// Live tells whether the session still counts at an instant.
func (s Session) Live(now time.Time) bool {
	return now.Before(s.ExpiresAt) && now.Before(s.SeenAt.Add(SessionIdle))
}
