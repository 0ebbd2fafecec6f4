package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Mode is a mood of the API. Media and control calls work in every mode.
type Mode string

// The moods.
const (
	ModeOK        Mode = "ok"        // answers at once
	ModeSlow      Mode = "slow"      // answers correctly after SlowDelay
	ModeDown      Mode = "down"      // 503 and 502 in turn, with little or no body
	ModeRateLimit Mode = "ratelimit" // enforces Options.PerMinute
	ModeGarbage   Mode = "garbage"   // 200 with bodies that no client should believe, in turn
	ModeHTML      Mode = "html"      // 200 with the HTML page of a gateway
	ModeHang      Mode = "hang"      // never answers, until the client leaves
)

// SlowDelay is how long ModeSlow waits: longer than any sensible deadline of a page render.
const SlowDelay = 8 * time.Second

// maxBody bounds the body of an API or control call in bytes.
const maxBody = 64 << 10

var modes = []Mode{ModeOK, ModeSlow, ModeDown, ModeRateLimit, ModeGarbage, ModeHTML, ModeHang}

// garbage is what a broken gateway or a changed API could answer with status 200: cut, of the
// wrong type, without data, overlong, or with characters that no token may have.
var garbage = []string{
	`{"result":"success","data":"token=st=16371`,
	`{"result":"success","data":{"unexpected":[1,2,3]}}`,
	`{"result":"success","data":"token=` + strings.Repeat("A", 5000) + `"}`,
	`{"result":"success","data":"token=x\"><script>alert(1)</script>"}`,
	`{"result":"success","data":42}`,
	`{"result":"success"}`,
	`{"result":"success","data":"token=a b\r\nSet-Cookie: x=y"}`,
	`[]`,
	`null`,
	`{"result":"success","data":""}`,
}

// gatewayPage is a page that has nothing to do with the API.
const gatewayPage = `<!doctype html><html><head><title>Maintenance</title></head>
<body><h1>We will be back soon</h1><p>Gateway front-07</p></body></html>
`

// SetMode changes the mood; it fails for an unknown one.
func (s *Sandbox) SetMode(m Mode) error {
	if !slices.Contains(modes, m) {
		return fmt.Errorf("sandbox: unknown mode %q", m)
	}
	s.count(func(c *Calls) { c.Mode = m })
	return nil
}

func (s *Sandbox) mode() Mode {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls.Mode
}

// moody puts an API call under the current mode.
func (s *Sandbox) moody(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// Read first: net/http notices that a client has left only after its body was read.
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "Request Entity Too Large", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		switch s.mode() {
		case ModeSlow:
			s.answerSlowly(w, r, next)
		case ModeDown:
			s.answerDown(w)
		case ModeGarbage:
			s.answerGarbage(w)
		case ModeHTML:
			s.fault()
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, gatewayPage)
		case ModeHang:
			s.fault()
			s.waitGone(r, nil)
		default:
			next(w, r)
		}
	}
}

// answerSlowly answers after SlowDelay, unless the client left before.
func (s *Sandbox) answerSlowly(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	timer := time.NewTimer(SlowDelay)
	defer timer.Stop()
	if s.waitGone(r, timer.C) {
		s.fault()
		return
	}
	next(w, r)
}

// waitGone waits until the client has left or the Sandbox closes (true), or until then (false).
func (s *Sandbox) waitGone(r *http.Request, then <-chan time.Time) bool {
	select {
	case <-r.Context().Done():
		return true
	case <-s.closing.Done():
		return true
	case <-then:
		return false
	}
}

// answerDown alternates between the two answers of a gateway without a back end.
func (s *Sandbox) answerDown(w http.ResponseWriter) {
	if s.fault()%2 == 0 {
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusBadGateway)
}

func (s *Sandbox) answerGarbage(w http.ResponseWriter) {
	body := garbage[s.fault()%len(garbage)]
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, body)
}

// fault counts a call that the mode spoilt and returns the turn for rotating answers, from zero.
func (s *Sandbox) fault() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls.Faults++
	s.round++
	return s.round - 1
}
