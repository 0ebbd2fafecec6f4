package passkey

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"usher/paywall"
)

// maxID is the longest credential id that WebAuthn allows, in bytes.
const maxID = 1023

// account shows an account of ours to the library. The account's id is the user
// handle, which a device keeps beside the key and names when it signs in.
type account struct {
	paywall.User
	held webauthn.Credentials
}

var _ webauthn.User = account{}

func (a account) WebAuthnID() []byte                         { return []byte(a.ID) }
func (a account) WebAuthnName() string                       { return a.Email }
func (a account) WebAuthnDisplayName() string                { return cmp.Or(a.Name, a.Email) }
func (a account) WebAuthnCredentials() []webauthn.Credential { return a.held }

// credentials reads what was stored with passkeys.
func credentials(held []paywall.Passkey) (webauthn.Credentials, error) {
	list := make(webauthn.Credentials, len(held))
	for i, p := range held {
		if err := json.Unmarshal(p.Credential, &list[i]); err != nil {
			return nil, fmt.Errorf("passkey: read the credential of %s: %w", p.ID, err)
		}
	}
	return list, nil
}

// encodeID writes a credential id as Passkey.ID.
func encodeID(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

// isUserID tells whether bytes from outside can be an account's id: not too long
// for a user handle, and nothing that a database chokes on.
func isUserID(handle []byte) bool {
	for _, b := range handle {
		if b <= ' ' || b >= 0x7f {
			return false
		}
	}
	return len(handle) > 0 && len(handle) <= protocol.MaximumUserHandleLength
}
