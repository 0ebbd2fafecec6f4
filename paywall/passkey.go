package paywall

import "time"

// MaxPasskeys is how many passkeys an account may have.
const MaxPasskeys = 20

// Passkey is a WebAuthn credential that signs a person in without a password.
type Passkey struct {
	ID         string // credential id, base64url without padding
	UserID     string
	Name       string // given by its owner
	Credential []byte // public key and counters, as the PasskeyVerifier keeps them
	CreatedAt  time.Time
	UsedAt     time.Time // zero: never
}

// PasskeyVerifier speaks WebAuthn. The options go to the browser as JSON, the
// state is kept on the server until the answer comes, for one use.
type PasskeyVerifier interface {
	// BeginAdd asks the browser for a new discoverable credential with user
	// verification. held are the person's passkeys: their devices are left out.
	BeginAdd(user User, held []Passkey) (options, state []byte, err error)
	// FinishAdd checks the browser's answer and gives the passkey's ID and
	// Credential. What is wrong with the answer is KindInvalid.
	FinishAdd(user User, held []Passkey, state, answer []byte) (Passkey, error)
	// BeginLogin asks for any passkey of this site, with user verification.
	BeginLogin() (options, state []byte, err error)
	// FinishLogin checks the answer. find gives the passkey with an id, which
	// must belong to the account that the browser names. It answers the passkey
	// with its counters moved on. What is wrong with the answer is KindInvalid.
	FinishLogin(state, answer []byte, find func(passkeyID, userID string) (Passkey, error)) (Passkey, error)
}
