package paywall

import "time"

// ProofKind says what a mailed code or link opens.
type ProofKind string

// The kinds of proof.
const (
	ProofSignUp  ProofKind = "sign_up" // makes the account
	ProofSignIn  ProofKind = "sign_in"
	ProofReset   ProofKind = "reset"   // lets choose a new password
	ProofAddress ProofKind = "address" // makes the address that of the account
	ProofAct     ProofKind = "act"     // goes on with something dangerous
	ProofInvite  ProofKind = "invite"  // makes the account of somebody invited
	// ProofHanded is a sign-in that an owner hands over. It is no ProofSignIn,
	// because a stranger who asks for a mail ends the older ones of those.
	ProofHanded ProofKind = "handed"
)

// How long the parts of a proof work. A code is short, so it lives shortly
// (ASVS 6.5.5: ten minutes at the most) and takes few tries; a link holds 256 bits.
const (
	CodeLife       = 10 * time.Minute
	SignInLinkLife = 15 * time.Minute
	LinkLife       = time.Hour
	LoginLinkLife  = 24 * time.Hour // handed over by an owner
	InviteLife     = 7 * 24 * time.Hour
	// MaxCodeTries is how often a code may be typed.
	MaxCodeTries = 5
)

// Proof is what was mailed to somebody who is to prove an address: a code that
// works in the window that asked, and a link that works anywhere. One use of
// either spends both. Only marks and hashes of them are kept.
type Proof struct {
	ID         string
	Kind       ProofKind
	UserID     string // empty where there is no account
	Email      string // canonical address the mail went to
	WindowHash []byte // SHA-256 of the secret in the asking window's cookie
	CodeMark   []byte // Vault.Mark of the code
	LinkHash   []byte // SHA-256 of the link's secret
	Next       string // local path to go on to
	Payload    []byte // sealed details of the kind
	Tries      int
	CreatedAt  time.Time
	CodeUntil  time.Time
	ExpiresAt  time.Time // end of the link
	SpentAt    time.Time // zero: not used
}

// live tells whether the proof's link can still be used.
func (p Proof) live(now time.Time) bool { return p.SpentAt.IsZero() && now.Before(p.ExpiresAt) }

// codeLive tells whether the proof's code can still be used.
func (p Proof) codeLive(now time.Time) bool {
	return p.SpentAt.IsZero() && now.Before(p.CodeUntil) && p.Tries < MaxCodeTries
}
