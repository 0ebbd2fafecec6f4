package passkey

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"usher/paywall"
)

// BeginLogin implements paywall.PasskeyVerifier.
func (v *Verifier) BeginLogin() (options, state []byte, err error) {
	assertion, session, err := v.site.BeginDiscoverableLogin()
	if err != nil {
		return nil, nil, fmt.Errorf("passkey: begin to sign in: %w", err)
	}
	return encode(assertion, session)
}

// FinishLogin implements paywall.PasskeyVerifier. Trouble of find that is no
// "not found" comes back as it is: it says nothing about the answer.
func (v *Verifier) FinishLogin(state, answer []byte, find func(passkeyID, userID string) (paywall.Passkey, error)) (paywall.Passkey, error) {
	session, parsed, err := decode(state, answer, protocol.ParseCredentialRequestResponseBytes)
	if err != nil {
		return paywall.Passkey{}, err
	}
	search := search{find: find}
	used, err := v.site.ValidateDiscoverableLogin(search.account, session, parsed)
	switch {
	case search.trouble != nil:
		return paywall.Passkey{}, search.trouble
	case err != nil:
		return paywall.Passkey{}, refuse(err)
	case used.Authenticator.CloneWarning:
		return paywall.Passkey{}, refuse(errCloned)
	}
	if search.passkey.Credential, err = json.Marshal(used); err != nil {
		return paywall.Passkey{}, fmt.Errorf("passkey: write the credential: %w", err)
	}
	return search.passkey, nil
}

var (
	errCloned  = errors.New("passkey: the counter went back, so the device may have been copied")
	errForeign = errors.New("passkey: no such passkey of this account")
)

// search finds the account and the passkey that an answer names, and keeps what
// it found, or what went wrong that is not the answer's fault.
type search struct {
	find    func(passkeyID, userID string) (paywall.Passkey, error)
	passkey paywall.Passkey
	trouble error
}

// account is a webauthn.DiscoverableUserHandler.
func (s *search) account(rawID, userHandle []byte) (webauthn.User, error) {
	if len(rawID) > maxID || !isUserID(userHandle) {
		return nil, errForeign // nothing to bother the store with
	}
	id, userID := encodeID(rawID), string(userHandle)
	passkey, err := s.find(id, userID)
	switch {
	case err != nil && paywall.KindOf(err) == paywall.KindNotFound:
		return nil, err
	case err != nil:
		s.trouble = err
		return nil, err
	case passkey.ID != id || passkey.UserID != userID:
		return nil, errForeign
	}
	known, err := credentials([]paywall.Passkey{passkey})
	if err != nil {
		s.trouble = err
		return nil, err
	}
	s.passkey = passkey
	return account{User: paywall.User{ID: userID}, held: known}, nil
}
