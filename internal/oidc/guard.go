package oidc

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	maxBody  = 1 << 20 // bytes of one answer; a large key set has a few thousand
	maxConns = 16      // to one host; more visitors at once wait for a free one
)

// guard stands between the libraries and the network. It lets only good answers
// through and names the rest by errors of its own, because the libraries put
// whole answers into theirs.
type guard struct{ next http.RoundTripper }

func newGuard() guard {
	return guard{next: &http.Transport{
		// As a server behind a company's wall needs it. A proxy sees a tunnel
		// with TLS inside, never plain http: that is for this machine only, for
		// which this function names no proxy.
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 3 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    3 * time.Second,
		MaxConnsPerHost:        maxConns,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}}
}

// RoundTrip makes a request and reads its whole answer. A redirect counts as a
// bad answer, so that a code or a secret never follows one to another host.
func (g guard) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := g.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if !readable(r, resp.StatusCode) {
		return nil, statusError(resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("half an answer: %w", err)
	}
	if len(body) > maxBody {
		return nil, errTooLong
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// readable tells whether an answer is worth reading. The token endpoint, the
// only one that is posted to, says in a 4xx what it dislikes.
func readable(r *http.Request, status int) bool {
	if status/100 == 4 && r.Method == http.MethodPost {
		return status != http.StatusTooManyRequests
	}
	return status/100 == 2
}
