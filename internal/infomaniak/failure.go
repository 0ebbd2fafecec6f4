package infomaniak

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"usher/paywall"
)

// The rest that a 429 asks of all minting. Infomaniak documents the limit of 60
// calls a minute but shows no Retry-After header, so it may be missing.
const (
	defaultPause = 10 * time.Second
	minPause     = time.Second
	maxPause     = 5 * time.Minute
)

// retryAfter reads the header in both of its forms: seconds, or an HTTP date.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	pause := defaultPause
	seconds, err := strconv.ParseUint(header, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		pause = time.Duration(min(seconds, uint64(maxPause/time.Second))) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		pause = at.Sub(now)
	}
	return min(max(pause, minPause), maxPause)
}

// errBusy is the cause when all slots stayed taken.
var errBusy = errors.New("too many calls are open already")

// cause stands for an error of the network. The original is not kept: its text
// can quote what the other side sent, and so repeat a secret.
type cause struct {
	text    string
	timeout bool
}

func (e *cause) Error() string { return e.text }

// Is makes errors.Is find context.DeadlineExceeded.
func (e *cause) Is(target error) bool { return e.timeout && target == context.DeadlineExceeded }

// noAnswer explains a call that ended without a whole answer; status is 0 when
// not even the head of one arrived.
func (k *credentials) noAnswer(ctx context.Context, status int, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("infomaniak: the caller gave up: %w", context.Canceled)
	}
	failure := &paywall.SupplierError{Status: status}
	switch {
	case errors.Is(err, errBusy):
		failure.Unasked = true
		failure.Err = &cause{text: errBusy.Error(), timeout: true}
	case ctx.Err() != nil:
		failure.Err = &cause{text: "no answer in time", timeout: true}
	case isTimeout(err):
		failure.Err = &cause{text: k.clean(err.Error()), timeout: true}
	default:
		failure.Err = &cause{text: k.clean(err.Error())}
		failure.Transient = brokeOff(err)
	}
	return failure
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}

// brokeOff tells whether a connection broke under the call, as one does that
// the other side closes while idle. Then one more try makes sense. It makes
// none when no connection comes about: nobody listens, or the certificate is wrong.
func brokeOff(err error) bool {
	var (
		op     *net.OpError
		cert   *tls.CertificateVerificationError
		record tls.RecordHeaderError
		alert  tls.AlertError
	)
	switch {
	case errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"):
		return false
	case errors.As(err, &cert), errors.As(err, &record), errors.As(err, &alert):
		return false
	}
	return true
}

// judge says what the outcome of a call means for the breaker. Refusals such
// as 401, 404 and 429 are answers: the supplier works.
func judge(err error, fair bool) verdict {
	if err == nil {
		return answered
	}
	var failure *paywall.SupplierError
	switch {
	case !errors.As(err, &failure):
		return unclear
	case isTimeout(err):
		if fair {
			return failed
		}
		return unclear
	case failure.Err != nil, failure.Status >= 500:
		return failed
	}
	return answered
}
