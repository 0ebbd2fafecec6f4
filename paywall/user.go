package paywall

import "time"

// User is an account.
type User struct {
	ID           string
	Email        string // canonical, see CanonicalEmail; unique
	Name         string
	Role         Role
	PasswordHash string    // argon2id in PHC notation; empty: no password login
	ConfirmedAt  time.Time // zero: the address is not confirmed
	DisabledAt   time.Time // zero: active
	CreatedAt    time.Time
	// DisabledReason and Note are words of staff about the person, shown to staff
	// alone.
	DisabledReason string
	Note           string

	Language string // tag of a catalogue; empty: as the browser asks
	Zone     string // IANA name; empty: the site's
	// QuietDevices and QuietAccess are mails that the person does not want.
	QuietDevices bool
	QuietAccess  bool
	DeletedAt    time.Time // zero: a real account; else a tombstone
}

// Confirmed tells whether the account's address was confirmed.
func (u User) Confirmed() bool { return !u.ConfirmedAt.IsZero() }

// Disabled tells whether the account was switched off or deleted.
func (u User) Disabled() bool { return !u.DisabledAt.IsZero() || u.Deleted() }

// Deleted tells whether only the tombstone of the account is left.
func (u User) Deleted() bool { return !u.DeletedAt.IsZero() }

// Viewer is who asks: somebody signed in, or nobody (the zero value).
type Viewer struct {
	User User
	// SessionID tells the viewer's devices apart; empty when signed out.
	SessionID string
	// Strong tells that the session began with two factors or a passkey.
	Strong bool
	// ProvedAt is when the viewer last proved who they are in this session.
	ProvedAt time.Time
	// Network is the neighbourhood of the visitor's address: /24 or /64.
	Network string
}

// SignedIn tells whether the viewer has an account session.
func (v Viewer) SignedIn() bool { return v.User.ID != "" }

// May tells whether the viewer has a right of staff.
func (v Viewer) May(right Right) bool {
	return v.SignedIn() && !v.User.Disabled() && v.User.Role.May(right)
}

// Actor is who changes something; it stands in the audit line.
type Actor struct {
	UserID  string // empty for a command on the server
	Name    string // copied, so that the line outlives the account
	Network string // where from, as far as it is kept
}

// ActorOf is the signed-in viewer as an actor.
func ActorOf(v Viewer) Actor {
	return Actor{UserID: v.User.ID, Name: v.User.Email, Network: v.Network}
}
