package oidc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"usher/paywall"
)

// Causes in words of ours. Nothing of an answer's text goes into an error: an
// answer can repeat what was sent to it, and that is secret.
var (
	errAddress = errors.New("an address is not https, or has a user part")
	errTooLong = fmt.Errorf("an answer is longer than %d bytes", maxBody)
	errLate    = errors.New("no answer in time")
	errGarbage = errors.New("no usable answer")
)

// statusError is the status of an answer without use.
type statusError int

func (s statusError) Error() string { return fmt.Sprintf("no usable answer, with status %d", int(s)) }

// refusalError is a reason that a token endpoint gives, one of refusals.
type refusalError string

func (r refusalError) Error() string { return "the service answers " + string(r) }

// codeRefused is the refusal of a code that is wrong, used or too old.
const codeRefused = "invalid_grant"

// refusals are the reasons of RFC 6749, section 5.2. No other text is repeated.
var refusals = []string{
	codeRefused, "invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
}

// invalid is the failure of an answer that must not be believed.
func (p *Provider) invalid(err error) error {
	return paywall.E(paywall.KindInvalid, "oidc.error.answer").Because(fmt.Errorf("oidc %s: %w", p.cfg.ID, err))
}

// unavailable is the failure of a service that gives no answer of use. A wrong
// client secret counts as one: it is for the operator's log, not for visitors.
func (p *Provider) unavailable(step string, err error) error {
	return paywall.E(paywall.KindUnavailable, "oidc.error.unavailable", "Name", p.cfg.Name).
		Because(fmt.Errorf("oidc %s: %s: %w", p.cfg.ID, step, cause(err)))
}

// cause finds in an error of the libraries what may be written down.
func cause(err error) error {
	var (
		status      statusError
		refusal     refusalError
		network     *net.OpError
		certificate *tls.CertificateVerificationError
		issuer      *oidc.IssuerMismatchError
		timeout     net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return errLate
	case errors.Is(err, errAddress):
		return errAddress
	case errors.Is(err, errTooLong):
		return errTooLong
	case errors.As(err, &status):
		return status
	case errors.As(err, &refusal):
		return refusal
	case errors.As(err, &network):
		return network
	case errors.As(err, &certificate):
		return certificate
	case errors.As(err, &issuer):
		return issuer // the lookup sends no secret that its answer could repeat
	}
	return errGarbage
}

// mistrust tells why go-oidc refuses an ID token. Its own words quote the token.
func mistrust(err error, signed bool) error {
	var expired *oidc.TokenExpiredError
	switch {
	case errors.As(err, &expired):
		return expired
	case !signed:
		return errors.New("the ID token is missing or not signed as it must be")
	}
	return errors.New("the ID token's issuer, audience or dates are wrong")
}

// refusal reads why a token endpoint gave no token.
func refusal(err error) error {
	var answer *oauth2.RetrieveError
	switch {
	case !errors.As(err, &answer):
		return err
	case slices.Contains(refusals, answer.ErrorCode):
		return refusalError(answer.ErrorCode)
	}
	return statusError(answer.Response.StatusCode)
}
