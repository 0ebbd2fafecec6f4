package infomaniak

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"usher/paywall"
)

// TestMint_Redirect: no redirect is followed, and the API token stays away from
// the other host.
func TestMint_Redirect(t *testing.T) {
	var strangers atomic.Int32
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		strangers.Add(1)
		success(`"token=abc"`)(w, r)
	})
	for _, status := range []int{300, 301, 302, 303, 304, 307, 308} {
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", other.URL+r.URL.Path)
			w.WriteHeader(status)
		})
		f := mintFails(t, newClient(t, srv.URL, nil), video)
		if f.Status != status || TroubleKey(f) != "trouble.garbage" || f.Transient {
			t.Errorf("%d: failure = %+v", status, f)
		}
	}
	if n := strangers.Load(); n != 0 {
		t.Errorf("the other host was called %d times", n)
	}
}

// TestMint_KeepAlive: many mints, also refused ones, use one connection.
func TestMint_KeepAlive(t *testing.T) {
	var calls, connections atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch calls.Add(1) % 3 {
		case 0:
			answers(404, strings.Repeat("x", 60000))(w, r)
		case 1:
			answers(403, `{"result":"error"}`)(w, r)
		default:
			success(`"token=abc"`)(w, r)
		}
	}))
	srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	c := newClient(t, srv.URL, nil)
	for range 50 {
		_, _ = mint(t, c, video)
	}
	if calls.Load() != 50 || connections.Load() != 1 {
		t.Errorf("%d calls on %d connections, want 50 on 1", calls.Load(), connections.Load())
	}
}

// hang answers with what it is given and then holds on until the caller leaves.
func hang(before string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if before != "" {
			_, _ = io.WriteString(w, before)
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	}
}

func TestMint_Timeout(t *testing.T) {
	for name, before := range map[string]string{
		"no answer":   "",
		"slow body":   `{"result":"success",`,
		"whole token": `{"result":"success","data":"token=abc"}`, // but no end
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, serve(t, hang(before)).URL, func(c *Config) { c.Timeout = 50 * time.Millisecond })
			f := mintFails(t, c, video)
			if !errors.Is(f, context.DeadlineExceeded) || f.Transient || TroubleKey(f) != "trouble.timeout" {
				t.Errorf("failure = %+v, want a timeout", f)
			}
		})
	}
}

// TestMint_CallersDeadline: the caller's deadline counts when it is shorter.
func TestMint_CallersDeadline(t *testing.T) {
	c := newClient(t, serve(t, hang("")).URL, func(c *Config) { c.Timeout = time.Hour })
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	for range openAfter + 1 {
		if _, err := c.Mint(ctx, ticket(t, "item"), video, time.Hour); TroubleKey(err) != "trouble.timeout" {
			t.Errorf("error = %v, want a timeout", err)
		}
	}
	if h := c.Health(); h.State != StateClosed || h.LastTrouble != "" {
		t.Errorf("health = %+v: the supplier is blamed for a caller in a hurry", h)
	}
}

// TestMint_CallerGone: a viewer who left is no failure of the supplier.
func TestMint_CallerGone(t *testing.T) {
	arrived := make(chan struct{}, openAfter+1)
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		hang("")(w, r)
	})
	c := newClient(t, srv.URL, nil)
	for range openAfter + 1 {
		ctx, cancel := context.WithCancelCause(context.Background())
		go func() { <-arrived; cancel(errors.New("page left")) }()
		_, err := c.Mint(ctx, ticket(t, "item"), video, time.Hour)
		var failure *paywall.SupplierError
		if !errors.Is(err, context.Canceled) || errors.As(err, &failure) {
			t.Errorf("error = %v, want only that the caller gave up", err)
		}
	}
	if h := c.Health(); h.State != StateClosed || h.LastTrouble != "" {
		t.Errorf("health = %+v", h)
	}
}

// TestMint_Broken: a connection that breaks is worth one more try, one that
// does not come about is not.
func TestMint_Broken(t *testing.T) {
	cut := func(before string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = io.WriteString(conn, before)
			_ = conn.(*net.TCPConn).SetLinger(0) // a reset, not an orderly end
			_ = conn.Close()
		}
	}
	for name, before := range map[string]string{
		"at once":     "",
		"in the head": "HTTP/1.1 200 OK\r\nContent-",
		"in the body": "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"result\":",
		"not HTTP":    "SSH-2.0-OpenSSH Bearer " + canary + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			f := mintFails(t, newClient(t, serve(t, cut(before)).URL, nil), video)
			if !f.Transient || TroubleKey(f) != "trouble.down" {
				t.Errorf("failure = %+v, want a transient one", f)
			}
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		srv := serve(t, nil)
		srv.Close()
		f := mintFails(t, newClient(t, srv.URL, nil), video)
		if f.Transient || f.Status != 0 || TroubleKey(f) != "trouble.down" {
			t.Errorf("failure = %+v", f)
		}
	})
}

// TestMint_Certificate: TLS is checked before the API token is sent.
func TestMint_Certificate(t *testing.T) {
	calls := 0
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls++ }))
	srv.Config.ErrorLog = discardLog()
	srv.StartTLS()
	t.Cleanup(srv.Close)
	f := mintFails(t, newClient(t, srv.URL, nil), video)
	if calls != 0 || f.Transient || !strings.Contains(f.Error(), "certificate") {
		t.Errorf("%d calls, failure = %v", calls, f)
	}
}

func TestMint_TLSTrusted(t *testing.T) {
	srv := httptest.NewTLSServer(success(`"token=abc"`))
	t.Cleanup(srv.Close)
	c := newClient(t, srv.URL, nil)
	c.sender.(*http.Transport).TLSClientConfig.RootCAs = srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	if _, err := mint(t, c, video); err != nil {
		t.Error(err)
	}
}

func TestNewTransport(t *testing.T) {
	tr := newTransport()
	if tr.TLSClientConfig.MinVersion < tls.VersionTLS12 || tr.TLSClientConfig.InsecureSkipVerify {
		t.Error("TLS is too weak")
	}
	if tr.MaxIdleConnsPerHost != maxInFlight || tr.MaxConnsPerHost != maxInFlight || !tr.DisableCompression {
		t.Error("the pool is not tuned")
	}
}

// TestProxy: plain http never goes through a proxy, which would read the token.
func TestProxy(t *testing.T) {
	req := httptest.NewRequest(http.MethodPost, "http://localhost:1/", nil)
	if u, err := proxy(req); u != nil || err != nil {
		t.Errorf("proxy = %v, %v", u, err)
	}
}
