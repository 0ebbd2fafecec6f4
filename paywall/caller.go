package paywall

import "crypto/rand"

// Caller is where somebody stands who wants to get in: what their browser
// carries, and where it is.
type Caller struct {
	// Window is the secret of the browser window that asks. What it asks for by
	// mail is answered in the same window.
	Window string
	// Known is the value of the cookie of a browser that signed in before.
	Known    string
	Network  string // /24 or /64
	Wide     string // /24 or /48
	Device   string // browser and system in words
	Language string // tag of the page's language
	// SessionID is the session that a new one replaces; empty when signed out.
	SessionID string
}

// NewWindow makes the secret of a window.
func NewWindow() string { return newSecret() }

// newSecret has 256 bits and more.
func newSecret() string { return rand.Text() + rand.Text() }

// actor is the person as the one who acts from the caller's place.
func (c Caller) actor(u User) Actor { return Actor{UserID: u.ID, Name: u.Email, Network: c.Network} }
