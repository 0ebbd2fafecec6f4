package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"
	"strings"
)

// Scope is a right of an API token.
type Scope string

// The scopes, by Infomaniak's names.
const (
	ScopeRadio    Scope = "radio"
	ScopeVOD      Scope = "vod"
	ScopeAccounts Scope = "accounts"
)

var scopes = []Scope{ScopeRadio, ScopeVOD, ScopeAccounts}

// Token is an API token with what it may do.
type Token struct {
	Value  string
	Scopes []Scope
	// MintOnly makes tokens of its scopes, and lists and changes nothing.
	MintOnly bool
	// Revoked is a token that was taken back, or not used for a year.
	Revoked bool
	// NeedsAccount has its VOD calls refused when they do not name the account.
	NeedsAccount bool
}

// SetToken adds an API token, or changes the rights of the one with the same value. An empty value
// means Options.APIToken.
func (s *Sandbox) SetToken(t Token) error {
	if t.Value == "" {
		t.Value = s.options.APIToken
	}
	if t.Value == "" {
		return errors.New("sandbox: a token needs a value")
	}
	for _, scope := range t.Scopes {
		if !slices.Contains(scopes, scope) {
			return errors.New("sandbox: unknown scope " + string(scope))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.tokens, func(known Token) bool { return known.Value == t.Value })
	if i < 0 {
		s.tokens = append(s.tokens, t)
		return nil
	}
	s.tokens[i] = t
	return nil
}

// bearer finds the token that a call bears, in a time that tells nothing about it.
func (s *Sandbox) bearer(r *http.Request) (Token, bool) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	got := sha256.Sum256([]byte(text))
	found, ok := Token{}, false
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tokens {
		want := sha256.Sum256([]byte(t.Value))
		if subtle.ConstantTimeCompare(got[:], want[:]) == 1 && !t.Revoked {
			found, ok = t, true
		}
	}
	return found, ok && strings.EqualFold(scheme, "Bearer")
}

// admits checks the token of a call against what the family of calls asks for. listing tells a call
// of the catalogue from one for a playback token.
func (s *Sandbox) admits(f family, r *http.Request, listing bool) error {
	t, ok := s.bearer(r)
	if !ok {
		return f.unauthorized
	}
	if f.scope != "" && !slices.Contains(t.Scopes, f.scope) {
		return f.outOfScope
	}
	if listing && t.MintOnly && f.scope != "" {
		return notYours
	}
	if f.scope == ScopeVOD && t.NeedsAccount && r.URL.Query().Get("account") != s.accountID() {
		return vodDenied
	}
	return nil
}
