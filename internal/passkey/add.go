package passkey

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"usher/paywall"
)

// BeginAdd implements paywall.PasskeyVerifier.
func (v *Verifier) BeginAdd(user paywall.User, held []paywall.Passkey) (options, state []byte, err error) {
	known, err := credentials(held)
	if err != nil {
		return nil, nil, err
	}
	creation, session, err := v.site.BeginRegistration(account{User: user, held: known},
		webauthn.WithExclusions(known.CredentialDescriptors()),
		webauthn.WithRegistrationRelyingPartyName(cmp.Or(v.name(), v.site.Config.RPID)))
	if err != nil {
		return nil, nil, fmt.Errorf("passkey: begin to add: %w", err)
	}
	return encode(creation, session)
}

// FinishAdd implements paywall.PasskeyVerifier. Whether another account has the
// same passkey only the store can tell.
func (v *Verifier) FinishAdd(user paywall.User, held []paywall.Passkey, state, answer []byte) (paywall.Passkey, error) {
	session, parsed, err := decode(state, answer, protocol.ParseCredentialCreationResponseBytes)
	if err != nil {
		return paywall.Passkey{}, err
	}
	made, err := v.site.CreateCredential(account{User: user}, session, parsed)
	if err != nil {
		return paywall.Passkey{}, refuse(err)
	}
	passkey := paywall.Passkey{ID: encodeID(made.ID), UserID: user.ID}
	for _, other := range held {
		if other.ID == passkey.ID {
			return paywall.Passkey{}, refuse(errHeld)
		}
	}
	if passkey.Credential, err = json.Marshal(made); err != nil {
		return paywall.Passkey{}, fmt.Errorf("passkey: write the credential: %w", err)
	}
	return passkey, nil
}

var errHeld = errors.New("passkey: the account has this passkey already")
