package oidc_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"usher/internal/oidc"
	"usher/internal/testkit"
	"usher/paywall"
)

const (
	redirect = "http://localhost:8080/login/with/example/back"
	state    = "CANARY-state"
	nonce    = "CANARY-nonce"
	verifier = "CANARY-verifier-0123456789012345678901234567"
	secret   = "CANARY-secret/+:%"
)

// scene is a service, an adapter for it, and a clock that both go by.
type scene struct {
	*testkit.OIDC
	p   *oidc.Provider
	now time.Time
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{OIDC: testkit.NewOIDC(t), now: testkit.Start}
	s.ClientSecret = secret
	s.Now = s.clock
	s.p = s.provider(t)
	return s
}

func (s *scene) clock() time.Time { return s.now }

// provider makes a second adapter for the same service, which knows nothing yet.
func (s *scene) provider(t *testing.T) *oidc.Provider {
	t.Helper()
	c := s.Config("example", "Example")
	return s.adapter(t, oidc.Config{ID: c.ID, Name: c.Name, Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: c.ClientSecret})
}

func (s *scene) adapter(t *testing.T, c oidc.Config) *oidc.Provider {
	t.Helper()
	p, err := oidc.New(c, s.clock)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// code goes to the service, signs in there and comes back.
func (s *scene) code(t *testing.T) string {
	t.Helper()
	address, err := s.p.AuthURL(t.Context(), redirect, state, nonce, verifier)
	if err != nil {
		t.Fatal(err)
	}
	back := s.SignIn(t, address, "").Query()
	if back.Get("state") != state {
		t.Fatalf("came back with %v", back)
	}
	return back.Get("code")
}

// signIn is the whole way.
func (s *scene) signIn(t *testing.T) (paywall.Claims, error) {
	t.Helper()
	return s.p.Claims(t.Context(), redirect, s.code(t), nonce, verifier)
}

// fails checks an error's kind, its words for the person, and that nothing
// secret is in the words for the log.
func fails(t *testing.T, err error, kind paywall.Kind) {
	t.Helper()
	keys := map[paywall.Kind]string{
		paywall.KindInvalid: "oidc.error.answer", paywall.KindUnavailable: "oidc.error.unavailable",
	}
	var e *paywall.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Key != keys[kind] {
		t.Fatalf("error %v, want %s", err, kind)
	}
	for _, canary := range []string{"CANARY", "code-", "access-", "eyJ", secret} {
		if strings.Contains(err.Error(), canary) {
			t.Errorf("%s is in the error: %v", canary, err)
		}
	}
}

// at answers requests to one path in place of the service.
func at(path string, answer http.HandlerFunc) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != path {
			return false
		}
		answer(w, r)
		return true
	}
}
