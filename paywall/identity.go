package paywall

import (
	"context"
	"time"
)

// Identity ties an account to a login at another service (OpenID Connect).
type Identity struct {
	Issuer    string // with Subject: who it is, for ever
	Subject   string
	UserID    string
	Provider  string // id of the provider in the configuration
	Email     string // as the service told it last; never a key to anything
	CreatedAt time.Time
	UsedAt    time.Time // zero: never
}

// Claims is what another service says about a person who signed in there.
type Claims struct {
	Issuer, Subject string
	Email           string // as told; may be empty
	EmailVerified   bool
	Name            string
}

// IdentityProvider is another service where people can sign in.
type IdentityProvider interface {
	// ID is the provider's short name in addresses, such as "infomaniak".
	ID() string
	// Name is what the button says.
	Name() string
	// AuthURL is where the browser goes. state comes back unchanged, nonce stands
	// in the signed answer, verifier is the secret of PKCE (RFC 7636).
	AuthURL(ctx context.Context, redirectURL, state, nonce, verifier string) (string, error)
	// Claims trades the code that came back for who the person is. It checks
	// signature, issuer, audience, expiry and nonce. A wrong answer is
	// KindInvalid, a service that does not answer KindUnavailable.
	Claims(ctx context.Context, redirectURL, code, nonce, verifier string) (Claims, error)
}
