package passkey

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"usher/paywall"
)

// maxAnswer bounds an answer, in bytes. Real ones have one or two thousand; one
// with a chain of certificates a few more.
const maxAnswer = 64 << 10

// maxDetail bounds what the log says about a refused answer, in bytes: it may
// quote the answer.
const maxDetail = 200

var errTooLong = fmt.Errorf("passkey: the answer has more than %d bytes", maxAnswer)

// encode writes both halves of a beginning: what the browser gets, and what the
// server keeps.
func encode(forBrowser any, session *webauthn.SessionData) (options, state []byte, err error) {
	options, err = json.Marshal(forBrowser)
	if err != nil {
		return nil, nil, fmt.Errorf("passkey: write the options: %w", err)
	}
	state, err = json.Marshal(session)
	if err != nil {
		return nil, nil, fmt.Errorf("passkey: write the state: %w", err)
	}
	return options, state, nil
}

// decode reads the state and the answer to it. The state never left the server,
// so a broken one is our fault and not the answer's.
func decode[T any](state, answer []byte, parse func([]byte) (*T, error)) (webauthn.SessionData, *T, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(state, &session); err != nil {
		return session, nil, fmt.Errorf("passkey: read the state: %w", err)
	}
	if len(answer) > maxAnswer {
		return session, nil, refuse(errTooLong)
	}
	parsed, err := parse(answer)
	if err != nil {
		return session, nil, refuse(err)
	}
	return session, parsed, nil
}

// refuse says that an answer is wrong. The library keeps the useful half of a
// reason, such as the origin it met, where its message does not show it.
func refuse(err error) error {
	var known *protocol.Error
	if errors.As(err, &known) && known.DevInfo != "" {
		err = fmt.Errorf("%w: %.*q", err, maxDetail, known.DevInfo)
	}
	return paywall.E(paywall.KindInvalid, "passkey.error.answer").Because(err)
}
