package oidc_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc/oidctest"

	"usher/paywall"
)

func TestClaims_refuses(t *testing.T) {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(name string, value any) func(*scene) {
		return func(s *scene) { s.Claims = map[string]any{name: value} }
	}
	for name, bend := range map[string]func(*scene){
		"nonce":         func(s *scene) { s.Nonce = "another" },
		"no nonce":      claim("nonce", ""),
		"audience":      func(s *scene) { s.Audience = "another" },
		"issuer":        func(s *scene) { s.Issuer = "https://another.example" },
		"expired":       func(s *scene) { s.Expired = true },
		"no expiry":     claim("exp", nil),
		"not yet":       claim("nbf", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).Unix()),
		"azp":           claim("azp", "another"),
		"at_hash":       claim("at_hash", "another"),
		"no subject":    claim("sub", ""),
		"long subject":  claim("sub", strings.Repeat("x", 256)),
		"odd e-mail":    claim("email", 7),
		"odd expiry":    claim("exp", secret),
		"no ID token":   func(s *scene) { s.Sign = func(string) string { return "" } },
		"odd ID token":  func(s *scene) { s.Sign = func(string) string { return secret + "." + verifier + ".x" } },
		"alg none":      func(s *scene) { s.Sign = unsigned },
		"alg HS256":     func(s *scene) { s.Sign = symmetric },
		"other key":     func(s *scene) { s.Sign = signedBy(stranger, "key-1", "RS256") },
		"unknown key":   func(s *scene) { s.Sign = signedBy(stranger, "key-2", "RS256") },
		"bad signature": func(s *scene) { s.Sign = scrawled },
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			bend(s)
			_, err := s.signIn(t)
			fails(t, err, paywall.KindInvalid)
		})
	}
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func unsigned(claims string) string { return encode(`{"alg":"none"}`) + "." + encode(claims) + "." }

// sharedKey is long enough for HS256.
const sharedKey = secret + "0123456789abcdef0123456789abcdef"

// symmetric signs with a key that both sides know.
func symmetric(claims string) string {
	text := encode(`{"alg":"HS256"}`) + "." + encode(claims)
	mac := hmac.New(sha256.New, []byte(sharedKey))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func signedBy(key *rsa.PrivateKey, id, alg string) func(string) string {
	return func(claims string) string { return oidctest.SignIDToken(key, id, alg, claims) }
}

// TestClaims_sharedKey: a signature that is right does not help when whoever can
// check it can also make it.
func TestClaims_sharedKey(t *testing.T) {
	s := newScene(t)
	s.Sign, s.Claims = symmetric, map[string]any{"at_hash": nil} // of no known kind for HS256
	s.Intercept = at("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"keys":[{"kty":"oct","k":"` + encode(sharedKey) + `"}]}`))
	})
	_, err := s.signIn(t)
	fails(t, err, paywall.KindInvalid)
}

// scrawled names the right key, under something that it never signed.
func scrawled(claims string) string {
	return encode(`{"alg":"ES256","kid":"key-1"}`) + "." + encode(claims) + "." + encode(strings.Repeat("x", 64))
}

func TestClaims_accepts(t *testing.T) {
	for name, claims := range map[string]map[string]any{
		"several audiences": {"aud": []string{"another", "usher-client"}, "azp": "usher-client"},
		"no at_hash":        {"at_hash": nil},
		"nulls":             {"name": nil, "azp": nil},
		"spaces":            {"email": " paula@example.test "},
		"fraction":          {"exp": 1.9e9 + 0.5},
	} {
		s := newScene(t)
		s.Claims = claims
		if got, err := s.signIn(t); err != nil || got.Email != "paula@example.test" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestClaims_emailVerified(t *testing.T) {
	for _, c := range []struct {
		told any
		want bool
	}{{true, true}, {"true", true}, {false, false}, {"false", false}, {nil, false}, {"yes", false}, {1, false}, {[]string{"true"}, false}} {
		for _, fromUserInfo := range []bool{false, true} {
			s := newScene(t)
			s.EmailVerified, s.NoEmail = c.told, fromUserInfo
			got, err := s.signIn(t)
			if err != nil || got.EmailVerified != c.want || got.Email == "" {
				t.Errorf("%v, userinfo %t: %+v, %v", c.told, fromUserInfo, got, err)
			}
		}
	}
}

// TestClaims_once: a code is traded once, for the right verifier and address.
func TestClaims_once(t *testing.T) {
	s := newScene(t)
	code := s.code(t)
	if _, err := s.p.Claims(t.Context(), redirect, code, nonce, verifier); err != nil {
		t.Fatal(err)
	}
	_, err := s.p.Claims(t.Context(), redirect, code, nonce, verifier)
	fails(t, err, paywall.KindInvalid)
	_, err = s.p.Claims(t.Context(), redirect, s.code(t), nonce, "CANARY-other-verifier")
	fails(t, err, paywall.KindInvalid)
	_, err = s.p.Claims(t.Context(), redirect+"x", s.code(t), nonce, verifier)
	fails(t, err, paywall.KindInvalid)
	_, err = s.p.Claims(t.Context(), redirect, s.code(t), "CANARY-other-nonce", verifier)
	fails(t, err, paywall.KindInvalid)
}

// TestClaims_wrongSecret: a mistake of the operator is no answer of the visitor's.
func TestClaims_wrongSecret(t *testing.T) {
	s := newScene(t)
	s.ClientSecret = "another"
	_, err := s.signIn(t)
	fails(t, err, paywall.KindUnavailable)
	if !strings.Contains(err.Error(), "invalid_client") {
		t.Errorf("the log does not say why: %v", err)
	}
}

// TestClaims_expiryByOurClock: real time plays no part.
func TestClaims_expiryByOurClock(t *testing.T) {
	s := newScene(t)
	issued := s.now
	s.Now = func() time.Time { return issued }
	s.now = issued.Add(time.Hour - time.Second)
	if _, err := s.signIn(t); err != nil {
		t.Error(err)
	}
	s.now = issued.Add(time.Hour + time.Second)
	_, err := s.signIn(t)
	fails(t, err, paywall.KindInvalid)
}

func TestUserInfo(t *testing.T) {
	s := newScene(t)
	s.NoEmail = true
	got, err := s.signIn(t)
	if err != nil || got.Email != "paula@example.test" || !got.EmailVerified || got.Name != "Paula Provider" {
		t.Errorf("%+v, %v", got, err)
	}
	s.UserInfoSubject = "another"
	_, err = s.signIn(t)
	fails(t, err, paywall.KindInvalid)
}

// TestUserInfo_keepsTheName: what only the ID token says is not lost.
func TestUserInfo_keepsTheName(t *testing.T) {
	s := newScene(t)
	s.NoEmail = true
	s.Intercept = at("/userinfo", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"sub":"subject of paula@example.test","email":"paula@example.test","email_verified":null}`))
	})
	got, err := s.signIn(t)
	if err != nil || got.Name != "Paula Provider" || got.EmailVerified {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestUserInfo_unasked: who told everything already is not asked again.
func TestUserInfo_unasked(t *testing.T) {
	s := newScene(t)
	s.Intercept = at("/userinfo", func(http.ResponseWriter, *http.Request) { t.Error("userinfo was asked") })
	if _, err := s.signIn(t); err != nil {
		t.Error(err)
	}
}
