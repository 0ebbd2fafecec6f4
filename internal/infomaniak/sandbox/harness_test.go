package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const apiToken = "the-api-token"

// The things of DemoCatalogue that tests use.
const (
	mount = "radiolumiere-128.mp3"
	aacMt = "radiolumiere-64.aac"
	hls   = "radiolumiere"
	share = "1jhvl2uqconc1"
	other = "1jhvl2uqmake2"

	mountTokenPath = "/1/radios/acl/streams/" + mount + "/token"
	hlsTokenPath   = "/1/radios/acl/hls_streams/" + hls + "/token"
	shareTokenPath = "/1/vod/channel/1227/share/" + share + "/token"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock {
	return &clock{at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// newTest is a Sandbox with the demo catalogue and a clock that stands still.
func newTest(t testing.TB) (*Sandbox, *clock) {
	t.Helper()
	c := newClock()
	s := New(Options{APIToken: apiToken, Now: c.now})
	t.Cleanup(s.Close)
	return s, c
}

// do sends one request; bearer and body may be empty.
func do(s *Sandbox, method, target, bearer, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func get(s *Sandbox, target string) *httptest.ResponseRecorder {
	return do(s, http.MethodGet, target, "", "")
}

func getAPI(s *Sandbox, target string) *httptest.ResponseRecorder {
	return do(s, http.MethodGet, target, apiToken, "")
}

func post(s *Sandbox, target, body string) *httptest.ResponseRecorder {
	return do(s, http.MethodPost, target, apiToken, body)
}

// mintToken asks for a token and returns the query string.
func mintToken(t testing.TB, s *Sandbox, path, body string) string {
	t.Helper()
	w := post(s, path, body)
	wantStatus(t, w, http.StatusOK)
	var in struct{ Result, Data string }
	decode(t, w.Body, &in)
	if in.Result != "success" || !strings.HasPrefix(in.Data, "token=") {
		t.Fatalf("token call answered %+v", in)
	}
	return in.Data
}

func wantStatus(t testing.TB, w *httptest.ResponseRecorder, want int) {
	t.Helper()
	if w.Code != want {
		t.Fatalf("status %d, want %d; body %.200s", w.Code, want, w.Body)
	}
}

// wantRefusal checks the error envelope.
func wantRefusal(t testing.TB, w *httptest.ResponseRecorder, status int, code string) failure {
	t.Helper()
	wantStatus(t, w, status)
	var in failure
	decode(t, w.Body, &in)
	if in.Result != "error" || in.Error.Code != code || in.Error.Description == "" {
		t.Fatalf("refusal %+v, want code %q", in, code)
	}
	return in
}

func decode(t testing.TB, r io.Reader, v any) {
	t.Helper()
	if err := json.NewDecoder(r).Decode(v); err != nil {
		t.Fatalf("decode: %v", err)
	}
}
