package sandbox

import (
	"encoding/json"
	"net/http"
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
