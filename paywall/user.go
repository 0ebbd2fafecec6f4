package paywall

import "time"

// Role is what an account may do beside playing.
type Role string

// The roles.
const (
	RoleMember Role = "member"
	RoleOwner  Role = "owner"
)

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
}

// Confirmed tells whether the account's address was confirmed.
func (u User) Confirmed() bool { return !u.ConfirmedAt.IsZero() }

// Disabled tells whether the account was switched off.
func (u User) Disabled() bool { return !u.DisabledAt.IsZero() }

// Viewer is who asks: somebody signed in, or nobody (the zero value).
type Viewer struct {
	User User
	// SessionID tells the viewer's devices apart; empty when signed out.
	SessionID string
	// Network is the neighbourhood of the visitor's address, used only to keep
	// anonymous crowds apart. It is never stored.
	Network string
}

// SignedIn tells whether the viewer has an account session.
func (v Viewer) SignedIn() bool { return v.User.ID != "" }

// Owner tells whether the viewer runs this site.
func (v Viewer) Owner() bool {
	return v.SignedIn() && v.User.Role == RoleOwner && !v.User.Disabled()
}

// Actor is who changes something; it stands in the audit line.
type Actor struct {
	UserID string // empty for a command on the server
	Name   string // copied, so that the line outlives the account
}

// ActorOf is the signed-in viewer as an actor.
func ActorOf(v Viewer) Actor { return Actor{UserID: v.User.ID, Name: v.User.Email} }
