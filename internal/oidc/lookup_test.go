package oidc_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/internal/oidc"
	"usher/paywall"
)

// authURL is a visitor who presses the button.
func (s *scene) authURL(t *testing.T) error {
	t.Helper()
	_, err := s.p.AuthURL(t.Context(), redirect, state, nonce, verifier)
	return err
}

// TestLookup_comesBack: a failure stands for a moment, and then is over.
func TestLookup_comesBack(t *testing.T) {
	s := newScene(t)
	s.Down = true
	for range 3 {
		fails(t, s.authURL(t), paywall.KindUnavailable)
	}
	if n := s.Lookups(); n != 1 {
		t.Errorf("a service that is down was asked %d times", n)
	}
	s.Down = false
	fails(t, s.authURL(t), paywall.KindUnavailable)
	s.now = s.now.Add(oidc.RestAfterFailure)
	if err := s.authURL(t); err != nil {
		t.Errorf("after its return: %v", err)
	}
	s.Down = true
	if err := s.authURL(t); err != nil {
		t.Errorf("what was found is kept: %v", err)
	}
}

func TestLookup_clockSetBack(t *testing.T) {
	s := newScene(t)
	s.Down = true
	fails(t, s.authURL(t), paywall.KindUnavailable)
	s.Down = false
	s.now = s.now.Add(-time.Hour)
	if err := s.authURL(t); err != nil {
		t.Errorf("resting for an hour: %v", err)
	}
}

// TestLookup_once: many visitors at once cause one request.
func TestLookup_once(t *testing.T) {
	s := newScene(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := s.p.AuthURL(t.Context(), redirect, state, nonce, verifier); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := s.Lookups(); n != 1 {
		t.Errorf("%d lookups", n)
	}
}

// TestLookup_visitorLeft: who leaves spoils it for nobody, and is no failure of
// the service.
func TestLookup_visitorLeft(t *testing.T) {
	s := newScene(t)
	ctx, leave := context.WithCancel(t.Context())
	s.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
		leave()
		<-r.Context().Done()
		return true
	}
	if _, err := s.p.AuthURL(ctx, redirect, state, nonce, verifier); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	s.Intercept = nil
	if err := s.authURL(t); err != nil {
		t.Errorf("the next visitor: %v", err)
	}
}

func TestUsable(t *testing.T) {
	s := newScene(t)
	far := s.adapter(t, farAway())
	for address, want := range map[string]struct{ here, far bool }{
		"https://login.example/x":     {true, true},
		"http://127.0.0.1:1/x":        {true, false},
		"http://localhost/":           {true, false},
		"http://login.example/":       {false, false},
		"https://u:p@login.example/x": {false, false},
		"https:/x":                    {false, false},
		"//login.example/":            {false, false},
		"javascript:alert(1)":         {false, false},
		"%":                           {false, false},
		"":                            {false, false},
	} {
		if here, far := s.p.Usable(address), far.Usable(address); here != want.here || far != want.far {
			t.Errorf("%q: here %t, far %t", address, here, far)
		}
	}
}

// TestLookup_refuses documents that would send people or secrets elsewhere.
func TestLookup_refuses(t *testing.T) {
	for name, wrong := range map[string][2]string{
		"issuer":    {"issuer", "https://another.example"},
		"page":      {"authorization_endpoint", "http://another.example/auth"},
		"script":    {"authorization_endpoint", "javascript:alert(1)"},
		"token":     {"token_endpoint", "http://192.0.2.1/token"},
		"no token":  {"token_endpoint", ""},
		"user part": {"token_endpoint", "https://u:p@another.example/"},
		"keys":      {"jwks_uri", "file:///etc/passwd"},
		"no keys":   {"jwks_uri", ""},
		"userinfo":  {"userinfo_endpoint", "http://another.example/"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.Intercept = at("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
				document := s.document()
				document[wrong[0]] = wrong[1]
				_ = json.NewEncoder(w).Encode(document)
			})
			fails(t, s.authURL(t), paywall.KindUnavailable)
		})
	}
}

// document is a discovery document as it should be.
func (s *scene) document() map[string]any {
	return map[string]any{
		"issuer": s.URL, "authorization_endpoint": s.URL + "/auth", "token_endpoint": s.URL + "/token", "jwks_uri": s.URL + "/keys",
	}
}

// TestLookup_authStyle: the secret travels as the service wants it, at the first try.
func TestLookup_authStyle(t *testing.T) {
	for _, c := range []struct {
		methods  []string
		inHeader bool
	}{
		{nil, true},
		{[]string{"client_secret_post", "client_secret_basic"}, true},
		{[]string{"private_key_jwt", "client_secret_post"}, false},
	} {
		s := newScene(t)
		asked := 0
		s.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
			switch r.URL.Path {
			case "/.well-known/openid-configuration":
				document := s.document()
				document["token_endpoint_auth_methods_supported"] = c.methods
				_ = json.NewEncoder(w).Encode(document)
				return true
			case "/token":
				asked++
				if _, _, inHeader := r.BasicAuth(); inHeader != c.inHeader {
					t.Errorf("%v: in the header is %t", c.methods, inHeader)
				}
			}
			return false
		}
		if _, err := s.signIn(t); err != nil || asked != 1 {
			t.Errorf("%v: %d requests, %v", c.methods, asked, err)
		}
	}
}

// TestLookup_certificate: a service that cannot prove its name is not spoken to.
func TestLookup_certificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it would tell of the refused handshake
	server.StartTLS()
	defer server.Close()
	s := newScene(t)
	s.p = s.adapter(t, oidc.Config{ID: "x", Name: "X", Issuer: server.URL, ClientID: "c", ClientSecret: paywall.NewSecret(secret)})
	err := s.authURL(t)
	fails(t, err, paywall.KindUnavailable)
	if !strings.Contains(err.Error(), "certificate") {
		t.Errorf("the log does not say why: %v", err)
	}
}
