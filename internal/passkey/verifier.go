// Package passkey speaks WebAuthn for the site: it writes the options that a
// browser needs to make or use a passkey, and checks what the browser answers.
//
// Every passkey is discoverable and is unlocked by its owner (fingerprint, face
// or PIN), so it signs in by itself: no password and no e-mail address is asked
// for. Where a device comes from is neither asked nor checked.
package passkey

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"usher/paywall"
)

// Timeout is how long a person has between the options and the answer.
const Timeout = 5 * time.Minute

// ErrNoName is New's answer for a site that is reached by an IP address. No
// browser makes a passkey for one, so such a site has to do without.
var ErrNoName = errors.New("passkey: a passkey belongs to a name, and the site's address has none")

// Verifier checks passkeys of one site. It never changes after New and is safe
// for concurrent use.
type Verifier struct {
	site *webauthn.WebAuthn
	name func() string
}

var _ paywall.PasskeyVerifier = (*Verifier)(nil)

// New makes the Verifier of the site at baseURL; siteName is asked for what a
// device shows to its owner, each time anew. hosts are further names of the site, as host or host:port. Those
// below the name in baseURL are accepted too. A browser offers no passkey of
// this site on any other name, so the rest is left out.
func New(baseURL *url.URL, siteName func() string, hosts ...string) (*Verifier, error) {
	id := strings.ToLower(baseURL.Hostname())
	if id == "" || net.ParseIP(id) != nil {
		return nil, ErrNoName
	}
	times := webauthn.TimeoutConfig{Enforce: true, Timeout: Timeout, TimeoutUVD: Timeout}
	site, err := webauthn.New(&webauthn.Config{
		RPID:                  id,
		RPDisplayName:         id,
		RPOrigins:             origins(baseURL, id, hosts),
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: protocol.ResidentKeyRequired(),
			ResidentKey:        protocol.ResidentKeyRequirementRequired,
			UserVerification:   protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: times, Registration: times},
		// Password managers answer extensions that nobody asked for, such as
		// credProps. Usher reads none, so they do no harm.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	return &Verifier{site: site, name: siteName}, nil
}

// origins are the addresses at which an answer may have been made. The names of
// this machine get no further one: whatever runs below them is another program.
func origins(baseURL *url.URL, id string, hosts []string) []string {
	list := []string{baseURL.Scheme + "://" + baseURL.Host}
	if paywall.IsLoopback(id) {
		return list
	}
	for _, host := range hosts {
		u, err := url.Parse(baseURL.Scheme + "://" + host)
		if err == nil && u.Host == host && strings.HasSuffix("."+strings.ToLower(u.Hostname()), "."+id) {
			list = append(list, u.String())
		}
	}
	return list
}
