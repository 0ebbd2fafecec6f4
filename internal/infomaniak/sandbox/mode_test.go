package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestMode_ByControlCall(t *testing.T) {
	s, _ := newTest(t)
	for _, m := range modes {
		w := do(s, http.MethodPost, "/_sandbox/mode", "", `{"mode":"`+string(m)+`"}`)
		wantStatus(t, w, http.StatusOK)
		if got := s.Calls().Mode; got != m {
			t.Errorf("mode %q after asking for %q", got, m)
		}
	}
	for _, body := range []string{`{"mode":"sulking"}`, `{}`, `x`, ``} {
		wantStatus(t, do(s, http.MethodPost, "/_sandbox/mode", "", body), http.StatusUnprocessableEntity)
	}
	wantStatus(t, get(s, "/_sandbox/mode"), http.StatusNotFound)
}

func TestMode_Down(t *testing.T) {
	s, _ := newTest(t)
	_ = s.SetMode(ModeDown)
	var got []int
	for range 4 {
		got = append(got, post(s, mountTokenPath, "").Code)
	}
	if got[0] == got[1] || got[0] != got[2] || got[1] != got[3] || got[0]+got[1] != 503+502 {
		t.Errorf("statuses %v, want 503 and 502 in turn", got)
	}
	wantStatus(t, getAPI(s, "/2/radios?account_id=48213"), http.StatusServiceUnavailable)
	if c := s.Calls(); c.Faults != 5 || c.Refused != 0 || c.Mints != 0 {
		t.Errorf("counters %+v", c)
	}
}

func TestMode_LeavesMediaAndControlAlone(t *testing.T) {
	s, _ := newTest(t)
	token := mintToken(t, s, hlsTokenPath, "")
	for _, m := range []Mode{ModeDown, ModeGarbage, ModeHTML, ModeHang} {
		_ = s.SetMode(m)
		wantStatus(t, get(s, "/hls/"+hls+"/manifest.m3u8?"+token), http.StatusOK)
		wantStatus(t, get(s, "/_sandbox/calls"), http.StatusOK)
		wantStatus(t, get(s, "/"), http.StatusOK)
	}
}

func TestMode_Garbage(t *testing.T) {
	s, _ := newTest(t)
	_ = s.SetMode(ModeGarbage)
	bodies := map[string]bool{}
	for range garbage {
		w := post(s, shareTokenPath, "")
		wantStatus(t, w, http.StatusOK)
		bodies[w.Body.String()] = true
		var in struct {
			Result string
			Data   string
		}
		err := json.Unmarshal(w.Body.Bytes(), &in)
		if err == nil && len(in.Data) > 0 && len(in.Data) < 2000 && !strings.ContainsAny(in.Data, "\" <>\r\n") {
			t.Errorf("this garbage looks like a token: %s", w.Body)
		}
	}
	if len(bodies) != len(garbage) {
		t.Errorf("%d different bodies of %d", len(bodies), len(garbage))
	}
}

func TestMode_HTML(t *testing.T) {
	s, _ := newTest(t)
	_ = s.SetMode(ModeHTML)
	w := post(s, mountTokenPath, "")
	wantStatus(t, w, http.StatusOK)
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("content type %q", w.Header().Get("Content-Type"))
	}
}

// inTime runs one token call in fake time and tells how long it took.
func inTime(s *Sandbox, ctx context.Context) (*httptest.ResponseRecorder, time.Duration) {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, mountTokenPath, nil)
	r.Header.Set("Authorization", "Bearer "+apiToken)
	w, began := httptest.NewRecorder(), time.Now()
	s.ServeHTTP(w, r)
	return w, time.Since(began)
}

func TestMode_Slow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{APIToken: apiToken})
		_ = s.SetMode(ModeSlow)
		w, took := inTime(s, t.Context())
		wantStatus(t, w, http.StatusOK)
		if took != SlowDelay {
			t.Errorf("took %v, want %v", took, SlowDelay)
		}

		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		if _, took := inTime(s, ctx); took != 4*time.Second {
			t.Errorf("ended after %v although the client left after 4 s", took)
		}
		if c := s.Calls(); c.Mints != 1 || c.Faults != 1 || c.Refused != 0 {
			t.Errorf("counters %+v: a client that left must not count as a mint", c)
		}
	})
}

func TestMode_Hang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{APIToken: apiToken})
		_ = s.SetMode(ModeHang)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		w, took := inTime(s, ctx)
		if took != time.Hour || w.Body.Len() > 0 {
			t.Errorf("answered %q after %v", w.Body, took)
		}
		time.AfterFunc(time.Minute, s.Close)
		if _, took := inTime(s, t.Context()); took != time.Minute {
			t.Errorf("Close after a minute, the call ended after %v", took)
		}
	})
}

// TestMode_HangOverHTTP shows that a real server notices a client that left a POST with a body.
func TestMode_HangOverHTTP(t *testing.T) {
	s, _ := newTest(t)
	_ = s.SetMode(ModeHang)
	freed := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(w, r)
		close(freed)
	}))
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+mountTokenPath, strings.NewReader(`{"window":60}`))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for s.Calls().Faults == 0 { // the call has arrived
			if ctx.Err() != nil {
				return
			}
			runtime.Gosched()
		}
		cancel()
	}()
	if resp, err := http.DefaultClient.Do(r); err == nil {
		resp.Body.Close()
		t.Fatalf("a hanging call answered %s", resp.Status)
	}
	<-freed
}

// TestClose_EndsStreams shows that a listener of a real server is let go.
func TestClose_EndsStreams(t *testing.T) {
	s, _ := newTest(t)
	srv := httptest.NewServer(s)
	defer srv.Close()
	resp, err := http.Get(srv.URL + "/ice/" + mount + "?" + mintToken(t, s, mountTokenPath, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body := bufio.NewReader(resp.Body)
	if _, err := body.Peek(1000); err != nil {
		t.Fatal(err)
	}
	s.Close()
	for err == nil {
		_, err = body.Discard(4096)
	}
}
