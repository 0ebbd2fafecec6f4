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
	Network    string    // where the sign-in came from: /24 or /64; cut after a while
	Method     Method    // how the person signed in
	Strong     bool      // with two factors, or a passkey
	ProvedAt   time.Time // when they last proved who they are
}

// Method is a way to sign in.
type Method string

// The ways to sign in.
const (
	MethodPassword Method = "password"
	MethodMail     Method = "mail" // mailed code or link
	MethodPasskey  Method = "passkey"
	MethodProvider Method = "provider" // another service
	MethodLink     Method = "link"     // handed over by an owner
	MethodRenewal  Method = "renewal"  // went on after a change of credentials
)

// FreshFor is how long a proof of who one is lasts for dangerous acts.
const FreshFor = 15 * time.Minute

// Fresh tells whether the viewer proved who they are a short while ago.
func (v Viewer) Fresh(now time.Time) bool { return now.Sub(v.ProvedAt) < FreshFor }

// Live tells whether the session still counts at an instant.
func (s Session) Live(now time.Time) bool {
	return now.Before(s.ExpiresAt) && now.Before(s.SeenAt.Add(SessionIdle))
}
