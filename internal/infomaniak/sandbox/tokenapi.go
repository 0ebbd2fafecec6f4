package sandbox

import (
	"encoding/json"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// defaultWindow is the life of a token in seconds when the caller names none (FAQ 2792).
	defaultWindow = 300
	// maxWindow is ours: no limit is documented, but a year is enough to catch a wrong unit.
	maxWindow = 365 * 24 * 3600
)

// strategies are the playback families that a VOD token can be asked for (OpenAPI).
var strategies = []string{"DASH", "HLS", "BEST", "SINGLE"}

// family is how one half of the API refuses.
type family struct {
	scope                              Scope // that a token needs; empty: any token will do
	unauthorized, outOfScope, notFound refusal
}

// What a token without the scope is answered is documented nowhere. For the accounts, 401 was
// measured by others.
var (
	userFamily    = family{unauthorized: radioUnauthorized}
	accountFamily = family{ScopeAccounts, radioUnauthorized, radioUnauthorized, radioNotFound}
	radioFamily   = family{ScopeRadio, radioUnauthorized, notYours, radioNotFound}
	vodFamily     = family{ScopeVOD, vodUnauthorized, notYours, vodNotFound}
)

// mintRadio serves POST /1/radios/acl/{streams,hls_streams}/{ref}/token.
func (s *Sandbox) mintRadio(k kind) http.HandlerFunc {
	return s.mint(radioFamily, func(r *http.Request) (thing, bool) {
		return s.find(k, r.PathValue("ref"))
	})
}

// mintVOD serves POST …/channel/{channel}/share/{share}/token in both URL styles.
func (s *Sandbox) mintVOD() http.HandlerFunc {
	return s.mint(vodFamily, func(r *http.Request) (thing, bool) {
		t, ok := s.find(kindShare, r.PathValue("share"))
		return t, ok && strconv.Itoa(t.channel) == r.PathValue("channel")
	})
}

// mint is every token call: method, bearer, thing, body and rate are checked in this order.
func (s *Sandbox) mint(f family, find func(*http.Request) (thing, bool)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			s.refuseMint(w, wrongMethod)
			return
		}
		if err := s.admits(f, r, false); err != nil {
			s.refuseMint(w, asRefusal(err))
			return
		}
		t, ok := find(r)
		if !ok {
			s.refuseMint(w, f.notFound)
			return
		}
		window, bad := readWindow(r.Body)
		if len(bad) > 0 {
			s.refuseMint(w, invalid(bad...))
			return
		}
		wait := s.admit(func(c *Calls) { c.Mints++; c.ByItem[t.ref]++ })
		if wait > 0 {
			setRetryAfter(w, wait)
			s.refuseMint(w, tooMany)
			return
		}
		writeData(w, s.signer.sign(t, window))
	}
}

func (s *Sandbox) refuseMint(w http.ResponseWriter, f refusal) {
	s.count(func(c *Calls) { c.Refused++ })
	writeRefusal(w, f)
}

// admit logs and counts an API call, or says how long the rate limit shuts it out. Token calls and
// those of the catalogue share the minute.
func (s *Sandbox) admit(count func(*Calls)) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.Now()
	if wait := s.log.wait(now); wait > 0 && s.calls.Mode == ModeRateLimit {
		return wait
	}
	s.log.add(now)
	count(&s.calls)
	return 0
}

// setRetryAfter tells the wait in whole seconds, rounded up, so that a client that obeys succeeds.
func setRetryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}

// readWindow reads the body of a token call: nothing, or an object with optional fields.
func readWindow(body io.Reader) (window int64, bad []apiError) {
	text, err := io.ReadAll(body)
	if err != nil {
		return 0, []apiError{invalidField("body", "json", "The body cannot be read")}
	}
	var in struct {
		Window   json.RawMessage `json:"window"`
		Strategy *string         `json:"strategy"`
	}
	if len(strings.TrimSpace(string(text))) > 0 {
		if err := json.Unmarshal(text, &in); err != nil {
			return 0, []apiError{invalidField("body", "json", "The body is not a valid JSON object")}
		}
	}
	window, bad = parseWindow(in.Window)
	if in.Strategy != nil && !slices.Contains(strategies, *in.Strategy) {
		field := invalidField("strategy", "in", "The selected strategy is invalid")
		field.Context["values"] = strategies
		bad = append(bad, field)
	}
	return window, bad
}

// parseWindow reads the life of a token in seconds.
func parseWindow(raw json.RawMessage) (int64, []apiError) {
	if len(raw) == 0 || string(raw) == "null" {
		return defaultWindow, nil
	}
	var n int64
	if err := json.Unmarshal(raw, &n); err != nil {
		return 0, []apiError{invalidField("window", "integer", "The window must be an integer")}
	}
	if n < 1 {
		return 0, []apiError{invalidField("window", "min", "The window must be at least 1")}
	}
	if n > maxWindow {
		return 0, []apiError{invalidField("window", "max", "The window may not be greater than one year")}
	}
	return n, nil
}
