package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

// controlCalls serves GET /_sandbox/calls.
func (s *Sandbox) controlCalls(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.Calls())
}

// controlMode serves POST /_sandbox/mode with {"mode": "…"}.
func (s *Sandbox) controlMode(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Mode Mode `json:"mode"`
	}
	if !readControl(w, r, &in) {
		return
	}
	if err := s.SetMode(in.Mode); err != nil {
		writeControlError(w, http.StatusUnprocessableEntity, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]Mode{"mode": in.Mode})
}

// controlProtection serves POST /_sandbox/protection with {"item": "…", "protected": true}.
func (s *Sandbox) controlProtection(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Item      string `json:"item"`
		Protected *bool  `json:"protected"`
	}
	if !readControl(w, r, &in) {
		return
	}
	if in.Protected == nil {
		writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": "protected is missing"})
		return
	}
	if err := s.SetProtected(in.Item, *in.Protected); err != nil {
		writeControlError(w, http.StatusNotFound, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"item": in.Item, "protected": *in.Protected})
}

// controlSpread serves POST /_sandbox/spread with {"seconds": 120}: how long a change of protection
// through the API takes to reach the servers.
func (s *Sandbox) controlSpread(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Seconds uint32 `json:"seconds"`
	}
	if !readControl(w, r, &in) {
		return
	}
	s.SetSpread(time.Duration(in.Seconds) * time.Second)
	writeJSON(w, http.StatusOK, in)
}

// controlToken serves POST /_sandbox/token, which adds an API token or changes the rights of one.
// Without "token" the first one is meant.
func (s *Sandbox) controlToken(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Token        string  `json:"token"`
		Scopes       []Scope `json:"scopes"`
		MintOnly     bool    `json:"mint_only"`
		Revoked      bool    `json:"revoked"`
		NeedsAccount bool    `json:"needs_account"`
	}
	if !readControl(w, r, &in) {
		return
	}
	if in.Scopes == nil {
		in.Scopes = scopes
	}
	err := s.SetToken(Token{
		Value: in.Token, Scopes: in.Scopes, MintOnly: in.MintOnly, Revoked: in.Revoked, NeedsAccount: in.NeedsAccount,
	})
	if err != nil {
		writeControlError(w, http.StatusUnprocessableEntity, err)
		return
	}
	in.Token = "" // never answered
	writeJSON(w, http.StatusOK, in)
}

// readControl reads the JSON body of a control call, and answers when it cannot.
func readControl(w http.ResponseWriter, r *http.Request, in any) bool {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(in)
	if err != nil {
		writeControlError(w, http.StatusUnprocessableEntity, err)
	}
	return err == nil
}

func writeControlError(w http.ResponseWriter, status int, err error) {
	writeJSON(w, status, map[string]string{"error": err.Error()})
}
