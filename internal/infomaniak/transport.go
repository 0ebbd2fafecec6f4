package infomaniak

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxBody bounds a token answer. Known ones have about 300 bytes.
const maxBody = 64 << 10

// newTransport is tuned for many short calls to one or two hosts.
//
// It speaks HTTP/1.1 only: with one call per connection, a stalled connection
// holds up nobody else.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:       proxy,
		DialContext: dialer.DialContext,
		Protocols:   protocols,
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			ClientSessionCache: tls.NewLRUClientSessionCache(0), // cheap new connections
		},
		TLSHandshakeTimeout: 3 * time.Second,
		MaxIdleConnsPerHost: maxInFlight,
		MaxConnsPerHost:     maxInFlight,
		// Shorter than the 75 s after which nginx closes an idle connection: a
		// call on a connection that closes under it fails.
		IdleConnTimeout:        60 * time.Second,
		MaxResponseHeaderBytes: 16 << 10,
		// Answers are tiny; unpacking would only cost, and open a way round maxBody.
		DisableCompression: true,
	}
}

// proxy follows HTTPS_PROXY, as a server behind a company's wall must. The
// call to a proxy is a tunnel in which TLS runs end to end, so the proxy does
// not see the API token. A plain http address gets none.
func proxy(r *http.Request) (*url.URL, error) {
	if r.URL.Scheme != "https" {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}

// call makes a token call and reads its answer: a query that checkQuery let
// through, or an error.
func (c *Client) call(ctx context.Context, key *credentials, p plan) (string, error) {
	status, body, err := c.send(ctx, key, request{method: http.MethodPost, address: p.endpoint, body: p.body(), most: maxBody})
	if err != nil {
		return "", err
	}
	return key.accept(p.kind, status, body)
}

// request is one call to the API.
type request struct {
	method, address, body string
	most                  int64 // bytes of an answer
}

// send makes an HTTP call and reads an answer with a good status; any other is
// an error.
//
// It uses the transport and not http.Client on purpose. A client would follow
// redirects; here a redirect is just an odd answer, so the API token cannot
// reach another host.
func (c *Client) send(ctx context.Context, key *credentials, r request) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.address, strings.NewReader(r.body))
	if err != nil {
		return 0, nil, fmt.Errorf("%w: no call can be made for it", ErrSource)
	}
	req.Header = key.header // shared: a RoundTripper must not change it
	asked := c.now()
	resp, err := c.sender.RoundTrip(req)
	if err != nil {
		return 0, nil, key.noAnswer(ctx, 0, err)
	}
	defer resp.Body.Close()
	c.watch.note(resp.Header, asked, c.now())
	body, err = readBody(resp, r.most)
	switch {
	case resp.StatusCode/100 != 2:
		return 0, nil, key.refusal(resp, body, c.now()) // the status tells enough, body or not
	case errors.Is(err, ErrGarbage):
		return 0, nil, garbage(resp.StatusCode, err)
	case err != nil:
		return 0, nil, key.noAnswer(ctx, resp.StatusCode, err)
	}
	return resp.StatusCode, body, nil
}

// readBody reads an answer to its end, so that the connection is used again.
// An answer that is too long is left, and its connection with it.
func readBody(resp *http.Response, most int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > most {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrGarbage, most)
	}
	return body, nil
}
