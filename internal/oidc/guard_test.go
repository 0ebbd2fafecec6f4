package oidc_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"usher/internal/oidc"
	"usher/paywall"
)

// paths are all that a sign-in calls, in order.
var paths = []string{"/.well-known/openid-configuration", "/token", "/keys", "/userinfo"}

// TestTrouble lets each step of a sign-in fail in each way. All of it is the
// service's fault, none leaks, and none is waited for.
func TestTrouble(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a redirect was followed")
	}))
	defer elsewhere.Close()
	for name, answer := range map[string]http.HandlerFunc{
		"500":       func(w http.ResponseWriter, r *http.Request) { echo(w, r, 500) },
		"429":       func(w http.ResponseWriter, r *http.Request) { echo(w, r, 429) },
		"404":       func(w http.ResponseWriter, r *http.Request) { echo(w, r, 404) },
		"204":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
		"echo":      func(w http.ResponseWriter, r *http.Request) { echo(w, r, 200) },
		"JSON echo": echoJSON,
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		},
		"huge":        huge,
		"header echo": echoHeader,
		"reset":       func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"hangs":       hang,
		"stalls":      stall,
	} {
		for _, path := range paths {
			t.Run(name+path, func(t *testing.T) {
				s := newScene(t)
				s.NoEmail = true
				code := s.code(t)
				p := s.provider(t) // it has looked nothing up yet
				p.SetTimeout(300 * time.Millisecond)
				s.Intercept = at(path, answer)
				begun := time.Now()
				_, err := p.Claims(t.Context(), redirect, code, nonce, verifier)
				fails(t, err, paywall.KindUnavailable)
				if reason := reasons[name]; !strings.Contains(err.Error(), reason) {
					t.Errorf("error %v, want %s", err, reason)
				}
				if took := time.Since(begun); took > 3*time.Second {
					t.Errorf("took %s", took)
				}
			})
		}
	}
}

// reasons are what the log must say of some troubles.
var reasons = map[string]string{
	"500": "status 500", "404": "status 404", "redirect": "status 307", "huge": "longer than",
	"hangs": "in time", "stalls": "in time",
}

// sent is everything a request carries.
func sent(r *http.Request) string {
	body, _ := io.ReadAll(r.Body)
	_, password, _ := r.BasicAuth()
	return fmt.Sprintf("%s %v %s %s", r.URL, r.Header, password, body)
}

func echo(w http.ResponseWriter, r *http.Request, status int) {
	text := sent(r)
	w.WriteHeader(status)
	fmt.Fprint(w, text)
}

// echoJSON repeats what was sent as the reason of a refusal.
func echoJSON(w http.ResponseWriter, r *http.Request) {
	text := sent(r)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprintf(w, `{"error":%q,"error_description":%q,"keys":%q}`, text, text, text)
}

// echoHeader repeats what was sent in a line that is no header.
func echoHeader(w http.ResponseWriter, r *http.Request) {
	text := sent(r)
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\n%s\r\n\r\n", strings.NewReplacer("\r", "", "\n", "", ":", "").Replace(text))
	_ = conn.Close()
}

func huge(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"pad":"%s"}`, strings.Repeat("x", oidc.MaxBody))
}

// hang gives no answer until the caller leaves, which a server notices only when
// it has read the request.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// stall begins an answer and does not end it.
func stall(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	fmt.Fprint(w, "{")
	_ = http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

// TestGarbage: what a captive portal answers to everything.
func TestGarbage(t *testing.T) {
	s := newScene(t)
	s.Garbage = true
	fails(t, s.authURL(t), paywall.KindUnavailable)
}

// TestKeys_comeBack: a request for the keys that hangs is not waited for by the
// next visitors as well.
func TestKeys_comeBack(t *testing.T) {
	s := newScene(t)
	s.p.SetTimeout(300 * time.Millisecond)
	var back atomic.Bool
	s.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		return !back.Load() && at("/keys", hang)(w, r)
	}
	_, err := s.signIn(t)
	fails(t, err, paywall.KindUnavailable)
	back.Store(true)
	for range 20 { // the first request may end a little after its visitor's time
		if _, err = s.signIn(t); err == nil {
			return
		}
	}
	t.Error(err)
}

// TestKeys_change: a service that changes its keys is asked for the new ones,
// and a forged signature stays a forged one.
func TestKeys_change(t *testing.T) {
	s := newScene(t)
	asked := 0
	s.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/keys" {
			asked++
		}
		return false
	}
	for range 3 {
		if _, err := s.signIn(t); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 1 {
		t.Errorf("keys were fetched %d times", asked)
	}
	s.Sign = scrawled
	_, err := s.signIn(t)
	fails(t, err, paywall.KindInvalid)
	if asked != 2 {
		t.Errorf("keys were fetched %d times, want 2", asked)
	}
}
