package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"usher/paywall"
)

// OIDCProvider is another service where people can sign in.
type OIDCProvider struct {
	ID           string // short name in addresses
	Name         string // what the button says
	Issuer       string // exactly as the service writes it: a slash at the end counts
	ClientID     string
	ClientSecret paywall.Secret
}

// maxOIDC is how many buttons still fit on a sign-in page.
const maxOIDC = 8

var oidcID = regexp.MustCompile(`^[a-z0-9-]{1,20}$`)

// errOIDCForm does not repeat what the decoder found, which may be a secret.
var errOIDCForm = errors.New(`not a list such as [{"id":"google","name":"Google","issuer":"https://accounts.google.com",` +
	`"client_id":"…","client_secret":"…"}], with these five fields and no other`)

func setOIDC(c *Config, v string) error {
	if v == "" {
		return nil
	}
	var rows []oidcRow
	decoder := json.NewDecoder(strings.NewReader(v))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&rows); err != nil {
		return errOIDCForm
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errOIDCForm
	}
	if len(rows) > maxOIDC {
		return fmt.Errorf("more than %d providers", maxOIDC)
	}
	seen := map[string]bool{}
	for i, row := range rows {
		row = row.withPreset()
		// By its place and not by its id: a secret may stand in the wrong field.
		if err := row.check(seen); err != nil {
			return fmt.Errorf("provider %d: %w", i+1, err)
		}
		seen[row.ID] = true
		c.OIDC = append(c.OIDC, OIDCProvider{
			ID: row.ID, Name: row.Name, Issuer: row.Issuer,
			ClientID: row.ClientID, ClientSecret: paywall.NewSecret(row.ClientSecret),
		})
	}
	return nil
}

// oidcRow is a provider as the operator writes it.
type oidcRow struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Issuer       string `json:"issuer"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

// withPreset fills in what is known of Infomaniak's own login.
func (r oidcRow) withPreset() oidcRow {
	if r.ID == "infomaniak" {
		r.Name = orElse(r.Name, "Infomaniak")
		r.Issuer = orElse(r.Issuer, "https://login.infomaniak.com")
	}
	return r
}

func (r oidcRow) check(seen map[string]bool) error {
	_, err := parseRemote(r.Issuer)
	switch {
	case !oidcID.MatchString(r.ID):
		return errors.New("the id must have 1 to 20 of a-z, 0-9 and -")
	case seen[r.ID]:
		return errors.New("its id is taken by another one")
	case strings.TrimSpace(r.Name) == "":
		return errors.New("the name is missing")
	case err != nil || strings.ContainsAny(r.Issuer, "?#"):
		return errors.New("the issuer must be an address that begins with https:// and has no query")
	case r.ClientID == "" || r.ClientSecret == "":
		return errors.New("client_id or client_secret is missing")
	}
	return nil
}
