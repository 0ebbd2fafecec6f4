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

// maxBody bounds an answer. A token answer has about 300 bytes.
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

// call makes the HTTP call and reads its answer: a query that checkQuery let
// through, or an error.
//
// It uses the transport and not http.Client on purpose. A client would follow
// redirects; here a redirect is just an odd answer, so the API token cannot
// reach another host.
func (c *Client) call(ctx context.Context, p plan) (string, error) {
	req, err := c.request(ctx, p)
	if err != nil {
		return "", fmt.Errorf("%w: no call can be made for it", ErrSource)
	}
	asked := c.now()
	resp, err := c.sender.RoundTrip(req)
	if err != nil {
		return "", c.noAnswer(ctx, 0, err)
	}
	defer resp.Body.Close()
	c.watch.note(resp.Header, asked, c.now())
	body, err := readBody(resp)
	switch {
	case resp.StatusCode/100 != 2:
		return "", c.refusal(resp, body) // the status tells enough, body or not
	case errors.Is(err, ErrGarbage):
		return "", garbage(resp.StatusCode, err)
	case err != nil:
		return "", c.noAnswer(ctx, resp.StatusCode, err)
	}
	return c.accept(p.kind, resp.StatusCode, body)
}

func (c *Client) request(ctx context.Context, p plan) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.endpoint, strings.NewReader(p.body()))
	if err != nil {
		return nil, err
	}
	req.Header = c.key.header // shared: a RoundTripper must not change it
	return req, nil
}

// readBody reads an answer to its end, so that the connection is used again.
// An answer that is too long is left, and its connection with it.
func readBody(resp *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxBody {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrGarbage, maxBody)
	}
	return body, nil
}
