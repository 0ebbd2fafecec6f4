package oidc

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"usher/paywall"
)

// algorithms may sign an ID token, whatever the discovery document says: all
// that need a private key. With "none" anybody signs, and with HS256 whoever
// knows the client secret.
var algorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512,
	oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
}

// maxSubject is the longest subject that OpenID Connect allows.
const maxSubject = 255

// profile is what is read of an ID token or of the userinfo endpoint.
type profile struct {
	Subject         string `json:"sub"`
	Email           string `json:"email"`
	EmailVerified   truth  `json:"email_verified"`
	Name            string `json:"name"`
	AuthorizedParty string `json:"azp"`
}

// truth is a boolean that some services write as a text. Anything odd is false.
type truth bool

// UnmarshalJSON takes true and "true".
func (t *truth) UnmarshalJSON(text []byte) error {
	*t = string(text) == "true" || string(text) == `"true"`
	return nil
}

// Claims implements paywall.IdentityProvider.
func (p *Provider) Claims(ctx context.Context, redirectURL, code, nonce, verifier string) (paywall.Claims, error) {
	if nonce == "" || verifier == "" {
		return paywall.Claims{}, errUnprotected
	}
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	s, err := p.lookup(ctx)
	if err != nil {
		return paywall.Claims{}, p.unavailable("lookup", err)
	}
	token, err := p.exchange(ctx, s, redirectURL, code, verifier)
	if err != nil {
		return paywall.Claims{}, err
	}
	person, err := p.verify(ctx, s, token, nonce)
	if err != nil {
		return paywall.Claims{}, err
	}
	if person.Email == "" && s.userInfo != "" {
		if person, err = p.complete(ctx, s, token, person); err != nil {
			return paywall.Claims{}, err
		}
	}
	return paywall.Claims{
		Issuer: p.cfg.Issuer, Subject: person.Subject, Email: strings.TrimSpace(person.Email),
		EmailVerified: bool(person.EmailVerified), Name: strings.TrimSpace(person.Name),
	}, nil
}

// exchange trades the code for tokens.
func (p *Provider) exchange(ctx context.Context, s *service, redirectURL, code, verifier string) (*oauth2.Token, error) {
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.oauth(s, redirectURL).Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err == nil {
		return token, nil
	}
	err = refusal(err)
	if errors.Is(err, refusalError(codeRefused)) {
		return nil, p.invalid(err)
	}
	return nil, p.unavailable("code", err)
}

// verify reads the ID token: signature, issuer, audience and expiry by go-oidc,
// and what go-oidc leaves to its caller.
func (p *Provider) verify(ctx context.Context, s *service, token *oauth2.Token, nonce string) (profile, error) {
	raw, _ := token.Extra("id_token").(string)
	keys := &keySet{KeySet: s.keys}
	verifier := oidc.NewVerifier(p.cfg.Issuer, keys, &oidc.Config{
		ClientID: p.cfg.ClientID, SupportedSigningAlgs: algorithms, Now: p.clock,
	})
	idToken, err := verifier.Verify(ctx, raw)
	switch {
	case keys.failure != nil:
		return profile{}, p.unavailable("keys", keys.failure)
	case err != nil:
		return profile{}, p.invalid(mistrust(err, keys.signed))
	}
	var person profile
	if err := idToken.Claims(&person); err != nil {
		return profile{}, p.invalid(errors.New("the claims have another form"))
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(idToken.Nonce), []byte(nonce)) != 1:
		err = errors.New("the ID token answers another question")
	case person.Subject == "" || len(person.Subject) > maxSubject:
		err = errors.New("the ID token names nobody")
	case person.AuthorizedParty != "" && person.AuthorizedParty != p.cfg.ClientID:
		err = errors.New("the ID token was made for another site")
	case idToken.AccessTokenHash != "" && idToken.VerifyAccessToken(token.AccessToken) != nil:
		err = errors.New("the access token belongs to another ID token")
	}
	if err != nil {
		return profile{}, p.invalid(err)
	}
	return person, nil
}

// keySet remembers how far the check of a signature came: go-oidc gives the same kind of
// error for keys that do not come and for a forged signature.
type keySet struct {
	oidc.KeySet
	failure error // of fetching the keys
	signed  bool  // by one of them
}

// VerifySignature implements oidc.KeySet.
func (k *keySet) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, token)
	if errors.Unwrap(err) != nil {
		k.failure = err // a bad signature has no deeper cause
	}
	k.signed = err == nil
	return payload, err
}

// complete asks the userinfo endpoint for what the ID token does not say.
func (p *Provider) complete(ctx context.Context, s *service, token *oauth2.Token, person profile) (profile, error) {
	told, err := p.userInfo(ctx, s.userInfo, token)
	if err != nil {
		return profile{}, p.unavailable("userinfo", err)
	}
	// Not signed: the access token may have been swapped for another person's.
	if told.Subject != person.Subject {
		return profile{}, p.invalid(errors.New("userinfo tells of somebody else"))
	}
	if told.Name == "" {
		told.Name = person.Name
	}
	return told, nil
}

func (p *Provider) userInfo(ctx context.Context, address string, token *oauth2.Token) (profile, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return profile{}, err
	}
	token.SetAuthHeader(request)
	resp, err := p.client.Do(request)
	if err != nil {
		return profile{}, err
	}
	defer resp.Body.Close()
	var told profile
	err = json.NewDecoder(resp.Body).Decode(&told)
	return told, err
}
