package oidc_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"usher/internal/oidc"
	"usher/paywall"
)

func TestRoundTrip(t *testing.T) {
	s := newScene(t)
	got, err := s.signIn(t)
	want := paywall.Claims{
		Issuer: s.URL, Subject: "subject of paula@example.test", Email: "paula@example.test", EmailVerified: true, Name: "Paula Provider",
	}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if s.p.ID() != "example" || s.p.Name() != "Example" {
		t.Errorf("id %q, name %q", s.p.ID(), s.p.Name())
	}
	if n := s.Lookups(); n != 1 {
		t.Errorf("%d lookups", n)
	}
}

func TestAuthURL(t *testing.T) {
	s := newScene(t)
	address, err := s.p.AuthURL(t.Context(), redirect, state, nonce, verifier)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme+"://"+u.Host != s.URL {
		t.Fatalf("%s, %v", address, err)
	}
	q := u.Query()
	for name, want := range map[string]string{
		"response_type": "code", "client_id": s.ClientID, "redirect_uri": redirect, "scope": "openid email profile",
		"state": state, "nonce": nonce, "code_challenge_method": "S256",
	} {
		if q.Get(name) != want {
			t.Errorf("%s = %q, want %q", name, q.Get(name), want)
		}
	}
	if q.Get("code_challenge") == "" || q.Has("code_verifier") || q.Has("client_secret") || q.Has("response_mode") {
		t.Errorf("query %v", q)
	}
}

// TestUnprotected: without its three secrets a round is never begun or ended.
func TestUnprotected(t *testing.T) {
	s := newScene(t)
	for _, empty := range []int{0, 1, 2} {
		three := []string{state, nonce, verifier}
		three[empty] = ""
		if _, err := s.p.AuthURL(t.Context(), redirect, three[0], three[1], three[2]); paywall.KindOf(err) != paywall.KindInternal || err == nil {
			t.Errorf("AuthURL%q: error %v", three, err)
		}
		if empty == 0 {
			continue
		}
		if _, err := s.p.Claims(t.Context(), redirect, "code", three[1], three[2]); paywall.KindOf(err) != paywall.KindInternal || err == nil {
			t.Errorf("Claims%q: error %v", three[1:], err)
		}
	}
}

func TestNew_refuses(t *testing.T) {
	good := oidc.Config{ID: "x", Name: "X", Issuer: "https://x.example", ClientID: "c", ClientSecret: paywall.NewSecret("s")}
	clock := newScene(t).clock
	if _, err := oidc.New(good, clock); err != nil {
		t.Fatal(err)
	}
	if _, err := oidc.New(good, nil); err == nil {
		t.Error("no clock was accepted")
	}
	for name, spoil := range map[string]func(*oidc.Config){
		"id": func(c *oidc.Config) { c.ID = "" }, "name": func(c *oidc.Config) { c.Name = "" },
		"client":    func(c *oidc.Config) { c.ClientID = "" },
		"secret":    func(c *oidc.Config) { c.ClientSecret = paywall.NewSecret("") },
		"scopes":    func(c *oidc.Config) { c.Scopes = []string{"email"} },
		"http":      func(c *oidc.Config) { c.Issuer = "http://x.example" },
		"no host":   func(c *oidc.Config) { c.Issuer = "https:" },
		"no URL":    func(c *oidc.Config) { c.Issuer = "https://[" },
		"query":     func(c *oidc.Config) { c.Issuer += "?" },
		"fragment":  func(c *oidc.Config) { c.Issuer += "#a" },
		"user part": func(c *oidc.Config) { c.Issuer = "https://u:p@x.example" },
	} {
		c := good
		spoil(&c)
		if _, err := oidc.New(c, clock); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// farAway is a service on another machine.
func farAway() oidc.Config {
	return oidc.Config{
		ID: "infomaniak", Name: "Infomaniak", Issuer: "https://login.infomaniak.com",
		ClientID: "c", ClientSecret: paywall.NewSecret(secret),
	}
}

// TestPrint: neither an adapter nor its configuration shows the secret.
func TestPrint(t *testing.T) {
	s := newScene(t)
	c := farAway()
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", c, c, c), fmt.Sprintf("%+v %#v", s.p, *s.p)} {
		if strings.Contains(text, "CANARY") {
			t.Errorf("printed: %s", text)
		}
	}
}

func TestRefusedByThePerson(t *testing.T) {
	s := newScene(t)
	address, err := s.p.AuthURL(t.Context(), redirect, state, nonce, verifier)
	if err != nil {
		t.Fatal(err)
	}
	if back := s.Refuse(t, address).Query(); back.Get("error") != "access_denied" || back.Has("code") || back.Get("state") != state {
		t.Errorf("came back with %v", back)
	}
	// A caller who tries all the same learns nothing.
	_, err = s.p.Claims(t.Context(), redirect, "", nonce, verifier)
	fails(t, err, paywall.KindInvalid)
}
