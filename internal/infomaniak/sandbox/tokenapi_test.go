package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func unixText(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

func TestTokenAPI_Refusals(t *testing.T) {
	s, _ := newTest(t)
	for _, c := range []struct {
		name, method, path, bearer, body string
		status                           int
		code                             string
	}{
		{"radio without bearer", "POST", mountTokenPath, "", "", 401, "not_authorized"},
		{"radio with wrong bearer", "POST", mountTokenPath, "wrong", "", 401, "not_authorized"},
		{"hls with wrong bearer", "POST", hlsTokenPath, "wrong", "", 401, "not_authorized"},
		{"vod without bearer", "POST", shareTokenPath, "", "", 401, "vod_not_authorized"},
		{"unknown mountpoint", "POST", "/1/radios/acl/streams/nope.mp3/token", apiToken, "", 404, "object_not_found"},
		{"hls name as mountpoint", "POST", "/1/radios/acl/streams/" + hls + "/token", apiToken, "", 404, "object_not_found"},
		{"mountpoint as hls name", "POST", "/1/radios/acl/hls_streams/" + mount + "/token", apiToken, "", 404, "object_not_found"},
		{"unknown share", "POST", "/1/vod/channel/1227/share/1aaaaaaaaaaaa/token", apiToken, "", 404, "vod_model_not_found"},
		{"share of another channel", "POST", "/1/vod/channel/99/share/" + share + "/token", apiToken, "", 404, "vod_model_not_found"},
		{"media instead of share", "POST", "/1/vod/channel/1227/share/" + mediaID(share) + "/token", apiToken, "", 404, "vod_model_not_found"},
		{"window zero", "POST", mountTokenPath, apiToken, `{"window":0}`, 422, "validation_failed"},
		{"window below zero", "POST", mountTokenPath, apiToken, `{"window":-5}`, 422, "validation_failed"},
		{"window broken", "POST", mountTokenPath, apiToken, `{"window":1.5}`, 422, "validation_failed"},
		{"window text", "POST", shareTokenPath, apiToken, `{"window":"soon"}`, 422, "validation_failed"},
		{"window endless", "POST", shareTokenPath, apiToken, `{"window":9223372036854775807}`, 422, "validation_failed"},
		{"strategy unknown", "POST", shareTokenPath, apiToken, `{"strategy":"FLASH"}`, 422, "validation_failed"},
		{"body cut", "POST", shareTokenPath, apiToken, `{"window":`, 422, "validation_failed"},
		{"wrong method", "GET", mountTokenPath, apiToken, "", 405, "method_not_allowed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := s.Calls()
			f := wantRefusal(t, do(s, c.method, c.path, c.bearer, c.body), c.status, c.code)
			if c.status == 422 && (len(f.Error.Errors) == 0 || f.Error.Errors[0].Context["attribute"] == nil) {
				t.Errorf("no field named in %+v", f.Error)
			}
			if after := s.Calls(); after.Refused != before.Refused+1 || after.Mints != 0 {
				t.Errorf("counters %+v after %+v", after, before)
			}
		})
	}
}

func TestTokenAPI_UnknownRoute(t *testing.T) {
	s, _ := newTest(t)
	wantRefusal(t, post(s, "/3/radios/token", ""), http.StatusNotFound, "method_not_found")
	if c := s.Calls(); c.Refused != 0 {
		t.Errorf("an unknown route counts as a token call: %+v", c)
	}
}

func TestTokenAPI_EmptyAPITokenRefusesAll(t *testing.T) {
	s := New(Options{})
	w := do(s, http.MethodPost, mountTokenPath, "", "")
	wantRefusal(t, w, http.StatusUnauthorized, "not_authorized")
	r := do(s, http.MethodPost, mountTokenPath, " ", "")
	wantRefusal(t, r, http.StatusUnauthorized, "not_authorized")
}

func TestTokenAPI_BothVODStyles(t *testing.T) {
	s, _ := newTest(t)
	faq := "/api/pub/v1/channel/1227/share/" + share + "/token"
	for _, path := range []string{shareTokenPath, faq, shareTokenPath + "?account=48213"} {
		token := mintToken(t, s, path, `{"window":3600,"strategy":"HLS"}`)
		wantStatus(t, get(s, "/embed/"+share+"?"+token), http.StatusOK)
	}
}

func TestTokenAPI_AnswerKeepsTokenReadable(t *testing.T) {
	s, _ := newTest(t)
	w := post(s, shareTokenPath, "")
	if body := w.Body.String(); !strings.Contains(body, `~acl=/hls/`) || strings.Contains(body, `\u`) {
		t.Errorf("token is escaped in %s", body)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Error("token answer may be stored")
	}
}

func TestCalls_Counters(t *testing.T) {
	s, _ := newTest(t)
	mintToken(t, s, mountTokenPath, "")
	mintToken(t, s, mountTokenPath, "")
	mintToken(t, s, shareTokenPath, "")
	post(s, "/1/radios/acl/streams/nope/token", "")
	get(s, "/ice/"+mount)
	get(s, "/hls/"+hls+"/manifest.m3u8")
	get(s, "/embed/"+share)

	var in struct {
		Mints, Refused, Faults int
		StreamsRefused         int            `json:"streams_refused"`
		ByItem                 map[string]int `json:"by_item"`
		Mode                   string
	}
	decode(t, get(s, "/_sandbox/calls").Body, &in)
	if in.Mints != 3 || in.Refused != 1 || in.Faults != 0 || in.StreamsRefused != 3 || in.Mode != "ok" {
		t.Errorf("counters %+v", in)
	}
	if in.ByItem[mount] != 2 || in.ByItem[share] != 1 || len(in.ByItem) != 2 {
		t.Errorf("by item %v", in.ByItem)
	}
}

func TestRateLimit_SlidingMinute(t *testing.T) {
	c := newClock()
	s := New(Options{APIToken: apiToken, Now: c.now, PerMinute: 3})
	for range 5 { // not enforced yet, but remembered
		mintToken(t, s, mountTokenPath, "")
		c.advance(10 * time.Second)
	}
	if err := s.SetMode(ModeRateLimit); err != nil {
		t.Fatal(err)
	}
	// Calls at 0, 10, 20, 30 and 40 s; it is 50 s. Two remain when the one of 20 s leaves, at 80 s.
	w := post(s, mountTokenPath, "")
	wantRefusal(t, w, http.StatusTooManyRequests, "too_many_requests")
	if got := w.Header().Get("Retry-After"); got != "30" {
		t.Errorf("Retry-After %q, want 30", got)
	}
	wantRefusal(t, getAPI(s, "/2/profile"), http.StatusTooManyRequests, "too_many_requests")
	c.advance(29*time.Second + time.Millisecond)
	if got := post(s, mountTokenPath, "").Header().Get("Retry-After"); got != "1" {
		t.Errorf("Retry-After %q just before, want 1", got)
	}
	c.advance(time.Second)
	mintToken(t, s, mountTokenPath, "")
	wantStatus(t, post(s, mountTokenPath, ""), http.StatusTooManyRequests)
	if got := s.Calls(); got.Mints != 6 || got.Refused != 3 {
		t.Errorf("counters %+v", got)
	}
}

func TestRateLimit_DefaultIsSixty(t *testing.T) {
	s, _ := newTest(t)
	_ = s.SetMode(ModeRateLimit)
	for range DefaultPerMinute {
		mintToken(t, s, hlsTokenPath, "")
	}
	wantStatus(t, post(s, hlsTokenPath, ""), http.StatusTooManyRequests)
}
