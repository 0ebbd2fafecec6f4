package sandbox

import (
	"net/http"
	"testing"
	"time"
)

// What each token may do, over one call of each sort.
func TestToken_Rights(t *testing.T) {
	s, _ := newTest(t)
	calls := []struct{ name, method, path, body string }{
		{"profile", "GET", "/2/profile", ""},
		{"accounts", "GET", "/1/accounts", ""},
		{"radios", "GET", "/2/radios?account_id=48213", ""},
		{"stream token", "POST", mountTokenPath, ""},
		{"channel", "GET", "/1/vod/channel/1227", ""},
		{"channel with account", "GET", "/1/vod/channel/1227?account=48213", ""},
		{"share token", "POST", shareTokenPath, ""},
		{"share token with account", "POST", shareTokenPath + "?account=48213", ""},
		{"new share", "POST", "/1/vod/channel/1227/share?account=48213", `{"target":"` + mediaID(share) + `"}`},
	}
	for _, tc := range []struct {
		name  string
		token Token
		want  []int
	}{
		{"all", Token{Scopes: scopes}, []int{200, 200, 200, 200, 200, 200, 200, 200, 200}},
		{"radio", Token{Scopes: []Scope{ScopeRadio}}, []int{200, 401, 200, 200, 403, 403, 403, 403, 403}},
		{"vod", Token{Scopes: []Scope{ScopeVOD}}, []int{200, 401, 403, 403, 200, 200, 200, 200, 200}},
		{"mint only", Token{Scopes: scopes, MintOnly: true}, []int{200, 403, 403, 200, 403, 403, 200, 200, 403}},
		{"revoked", Token{Scopes: scopes, Revoked: true}, []int{401, 401, 401, 401, 401, 401, 401, 401, 401}},
		{"needs account", Token{Scopes: scopes, NeedsAccount: true}, []int{200, 200, 200, 200, 403, 200, 403, 200, 200}},
	} {
		tc.token.Value = "token " + tc.name
		if err := s.SetToken(tc.token); err != nil {
			t.Fatal(err)
		}
		for i, call := range calls {
			if got := do(s, call.method, call.path, tc.token.Value, call.body).Code; got != tc.want[i] {
				t.Errorf("%s, %s: %d, want %d", tc.name, call.name, got, tc.want[i])
			}
		}
	}
}

func TestControl_Token(t *testing.T) {
	s, _ := newTest(t)
	control := func(body string) int { return do(s, http.MethodPost, "/_sandbox/token", "", body).Code }
	if control(`{"revoked":true}`) != http.StatusOK || getAPI(s, "/2/profile").Code != http.StatusUnauthorized {
		t.Error("the first token cannot be revoked")
	}
	if control(`{}`) != http.StatusOK || getAPI(s, "/1/accounts").Code != http.StatusOK {
		t.Error("the first token does not get its rights back")
	}
	if control(`{"token":"second","scopes":["vod"]}`) != http.StatusOK || do(s, "GET", "/1/vod/channel", "second", "").Code != http.StatusOK {
		t.Error("a second token cannot be added")
	}
	if control(`{"scopes":["everything"]}`) != http.StatusUnprocessableEntity {
		t.Error("an unknown scope is taken")
	}
	if New(Options{}).SetToken(Token{}) == nil {
		t.Error("a token without a value is taken")
	}
}

func TestControl_Spread(t *testing.T) {
	s, _ := newTest(t)
	w := do(s, http.MethodPost, "/_sandbox/spread", "", `{"seconds":120}`)
	if w.Code != http.StatusOK || s.spread != 2*time.Minute {
		t.Errorf("status %d, spread %s", w.Code, s.spread)
	}
	if got := do(s, http.MethodPost, "/_sandbox/spread", "", `{"seconds":-1}`).Code; got != http.StatusUnprocessableEntity {
		t.Errorf("a negative spread: %d", got)
	}
}

// Calls of the catalogue share the minute with those for tokens, and are counted.
func TestLookups_CountedAndLimited(t *testing.T) {
	c := newClock()
	s := New(Options{APIToken: apiToken, Now: c.now, PerMinute: 3})
	_ = s.SetMode(ModeRateLimit)
	getAPI(s, "/2/profile")
	getAPI(s, "/1/vod/channel/1227/media?page=2")
	mintToken(t, s, mountTokenPath, "")
	w := getAPI(s, "/2/profile")
	wantRefusal(t, w, http.StatusTooManyRequests, "too_many_requests")
	if w.Header().Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	get(s, "/2/profile")
	got := s.Calls()
	if got.Lookups != 2 || got.LookupsRefused != 2 || got.ByCall["GET /1/vod/channel/{channel}/media"] != 1 {
		t.Errorf("calls %+v", got)
	}
	c.advance(time.Minute)
	wantStatus(t, getAPI(s, "/2/profile"), http.StatusOK)
}

// All lists come in pages, and relations only when asked for.
func TestLists_PagedAndExpanded(t *testing.T) {
	s, _, _ := bigTest(t)
	for path, total := range map[string]int{
		"/1/accounts": 1, "/1/products?account_id=48213&service_name=radio": 2, "/1/products?account_id=48213": 4,
		"/2/radios?account_id=48213": 2, "/2/radios/4601/stations": 2, "/2/radios/4601/stations/9201/streams": 3,
		"/2/vod/accounts/48213/channels": 2, "/1/vod/channel": 2, "/1/vod/channel/7301/folder": 20,
		"/1/vod/channel/7301/media": 303, "/1/vod/channel/7301/share": 350,
	} {
		var in struct {
			Total, Pages int
			Data         []map[string]any
		}
		decode(t, getAPI(s, path).Body, &in)
		if in.Total != total || in.Pages != (total+14)/15 || len(in.Data) != min(15, total) {
			t.Errorf("%s: %d in %d pages, %d on the first", path, in.Total, in.Pages, len(in.Data))
		}
	}
	wantRefusal(t, getAPI(s, "/1/vod/channel/7301/media?with=shares,nonsense"), 422, "validation_failed")
	wantRefusal(t, getAPI(s, "/2/radios?account_id=48213&with=nonsense"), 422, "validation_failed")
	var stations struct{ Data []stationJSON }
	decode(t, getAPI(s, "/2/radios/4601/stations?with=streams,hls_stream").Body, &stations)
	if len(stations.Data[0].Streams) != 3 || stations.Data[0].HLSStream == nil {
		t.Errorf("stations %+v", stations.Data)
	}
}
