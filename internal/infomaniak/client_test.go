package infomaniak

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"usher/paywall"
)

// TestMint_Call looks at the one call from the supplier's side, in all styles.
func TestMint_Call(t *testing.T) {
	pub := func(c *Config) { c.VODStyle, c.VODURL = paywall.VODStylePub, c.APIURL }
	for name, tc := range map[string]struct {
		source paywall.Source
		change func(*Config)
		data   string
		path   string
		embed  string
	}{
		"stream": {radio, nil, "a=b", "/1/radios/acl/streams/newradiotest-128.aac/token", radio.URL + "?a=b"},
		"hls":    {hls, nil, "a=b", "/1/radios/acl/hls_streams/myradiostream/token", hls.URL + "?a=b"},
		"vod v1": {
			video, nil, vodToken, "/1/vod/channel/1227/share/1jhvl2uqa5rdf/token",
			"https://player.vod2.infomaniak.com/embed/1jhvl2uqa5rdf?" + vodToken,
		},
		"vod pub": {
			video, pub, vodToken, "/api/pub/v1/channel/1227/share/1jhvl2uqa5rdf/token",
			"https://player.vod2.infomaniak.com/embed/1jhvl2uqa5rdf?" + vodToken,
		},
		"vod res": {
			video, func(c *Config) { c.EmbedStyle = EmbedRes },
			vodToken, "/1/vod/channel/1227/share/1jhvl2uqa5rdf/token",
			"https://api.vod2.infomaniak.com/res/embed/1jhvl2uqa5rdf.html?" + vodToken,
		},
		"vod account": {
			video, func(c *Config) { c.Account = "1 2" },
			vodToken, "/1/vod/channel/1227/share/1jhvl2uqa5rdf/token?account=1+2",
			"https://player.vod2.infomaniak.com/embed/1jhvl2uqa5rdf?" + vodToken,
		},
		"stream account": {
			radio, func(c *Config) { c.Account = "12" },
			"a=b", "/1/radios/acl/streams/newradiotest-128.aac/token", radio.URL + "?a=b",
		},
		"base with slash": {
			radio, func(c *Config) { c.APIURL += "/base//" },
			"a=b", "/base/1/radios/acl/streams/newradiotest-128.aac/token", radio.URL + "?a=b",
		},
		"odd reference": {
			paywall.Source{ItemID: "item", Kind: paywall.SourceStream, URL: radio.URL, Ref: "a/../b c?d"}, nil,
			"a=b", "/1/radios/acl/streams/a%2F..%2Fb%20c%3Fd/token", radio.URL + "?a=b",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got *http.Request
			var body []byte
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				got = r.Clone(context.Background())
				body, _ = io.ReadAll(r.Body)
				success(`"`+tc.data+`"`)(w, r)
			})
			playable, err := mint(t, newClient(t, srv.URL, tc.change), tc.source)
			if err != nil {
				t.Fatal(err)
			}
			if playable.URL != tc.embed {
				t.Errorf("URL  = %s\nwant   %s", playable.URL, tc.embed)
			}
			if want := start.Add(5 * time.Minute); tc.source.Kind != paywall.SourceVOD && !playable.ExpiresAt.Equal(want) {
				t.Errorf("expires %s, want %s", playable.ExpiresAt, want)
			}
			if got.Method != http.MethodPost || got.RequestURI != tc.path {
				t.Errorf("called %s %s, want POST %s", got.Method, got.RequestURI, tc.path)
			}
			if auth := got.Header.Get("Authorization"); auth != "Bearer "+canary {
				t.Errorf("Authorization = %q", auth)
			}
			if ct := got.Header.Get("Content-Type"); ct != "application/json" {
				t.Errorf("Content-Type = %q", ct)
			}
			if string(body) != `{"window":300}` {
				t.Errorf("body = %s", body)
			}
		})
	}
}

// TestMint_Expiry reads the end of a VOD token from the token.
func TestMint_Expiry(t *testing.T) {
	srv := serve(t, success(`"`+vodToken+`"`))
	playable, err := mint(t, newClient(t, srv.URL, nil), video)
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Unix(1637143797, 0); !playable.ExpiresAt.Equal(want) {
		t.Errorf("expires %s, want %s", playable.ExpiresAt, want)
	}
}

// TestMint_NoCall checks everything that must be refused before a call.
func TestMint_NoCall(t *testing.T) {
	calls := 0
	srv := serve(t, func(http.ResponseWriter, *http.Request) { calls++ })
	c := newClient(t, srv.URL, nil)
	with := func(s paywall.Source, change func(*paywall.Source)) paywall.Source {
		change(&s)
		return s
	}
	good := ticket(t, "item")
	for name, tc := range map[string]struct {
		ticket paywall.Ticket
		source paywall.Source
		window time.Duration
		want   error
	}{
		"no ticket":         {paywall.Ticket{}, radio, time.Hour, ErrTicket},
		"other item":        {ticket(t, "other"), radio, time.Hour, ErrTicket},
		"no window":         {good, radio, 0, ErrSource},
		"short window":      {good, radio, 999 * time.Millisecond, ErrSource},
		"negative window":   {good, radio, -time.Hour, ErrSource},
		"unknown kind":      {good, with(radio, func(s *paywall.Source) { s.Kind = "tape" }), time.Hour, ErrSource},
		"no reference":      {good, with(radio, func(s *paywall.Source) { s.Ref = "" }), time.Hour, ErrSource},
		"climbing":          {good, with(radio, func(s *paywall.Source) { s.Ref = ".." }), time.Hour, ErrSource},
		"climbing channel":  {good, with(video, func(s *paywall.Source) { s.Channel = ".." }), time.Hour, ErrSource},
		"no channel":        {good, with(video, func(s *paywall.Source) { s.Channel = "" }), time.Hour, ErrSource},
		"no share":          {good, with(video, func(s *paywall.Source) { s.Ref = "" }), time.Hour, ErrSource},
		"address with ?":    {good, with(radio, func(s *paywall.Source) { s.URL += "?x=1" }), time.Hour, ErrSource},
		"address with bare": {good, with(radio, func(s *paywall.Source) { s.URL += "?" }), time.Hour, ErrSource},
		"address with #":    {good, with(radio, func(s *paywall.Source) { s.URL += "#x" }), time.Hour, ErrSource},
		"address with bare #": {
			good, with(radio, func(s *paywall.Source) { s.URL += "#" }), time.Hour, ErrSource,
		},
		"address with quote": {good, with(radio, func(s *paywall.Source) { s.URL += `"` }), time.Hour, ErrSource},
		"broken address":     {good, with(radio, func(s *paywall.Source) { s.URL = "https://[" }), time.Hour, ErrSource},
		"foreign host":       {good, with(radio, func(s *paywall.Source) { s.URL = "https://evil.example/a.mp3" }), time.Hour, ErrHost},
		"disguised host": {
			good, with(radio, func(s *paywall.Source) { s.URL = "https://a.ice.infomaniak.ch@evil.example/a.mp3" }), time.Hour, ErrHost,
		},
		"plain http": {
			good, with(radio, func(s *paywall.Source) { s.URL = "http://newradiotest.ice.infomaniak.ch/a.aac" }), time.Hour, ErrHost,
		},
		"no address": {good, with(radio, func(s *paywall.Source) { s.URL = "" }), time.Hour, ErrHost},
	} {
		t.Run(name, func(t *testing.T) {
			playable, err := c.Mint(context.Background(), tc.ticket, tc.source, tc.window)
			if !errors.Is(err, tc.want) || playable.URL != "" {
				t.Errorf("Mint = %+v, %v; want %v", playable, err, tc.want)
			}
			var failure *paywall.SupplierError
			if errors.As(err, &failure) {
				t.Error("our own fault looks like the supplier's")
			}
		})
	}
	if calls != 0 {
		t.Errorf("%d calls went out", calls)
	}
}

// TestMint_PlayerHost refuses a VOD address outside of the allow-list.
func TestMint_PlayerHost(t *testing.T) {
	c := newClient(t, "https://127.0.0.1:1", func(c *Config) { c.PlayerURL = "https://player.example" })
	if _, err := mint(t, c, video); !errors.Is(err, ErrHost) {
		t.Errorf("error = %v, want ErrHost", err)
	}
}

// TestMint_InFlight fills all slots with calls that hang: one more must wait
// within its own time, and go out when a slot is free.
func TestMint_InFlight(t *testing.T) {
	arrived, release := make(chan struct{}, maxInFlight+1), make(chan struct{})
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-release
		success(`"a=b"`)(w, r)
	})
	c := newClient(t, srv.URL, func(c *Config) { c.Timeout = time.Minute })
	done := make(chan error, maxInFlight)
	for range maxInFlight {
		go func() {
			_, err := mint(t, c, radio)
			done <- err
		}()
	}
	for range maxInFlight {
		select {
		case <-arrived:
		case err := <-done:
			t.Fatalf("a call ended early: %v", err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := c.Mint(ctx, ticket(t, "item"), radio, time.Hour)
	var failure *paywall.SupplierError
	if !errors.As(err, &failure) || TroubleKey(err) != "trouble.timeout" || failure.Transient {
		t.Errorf("one too many: %v, want a SupplierError of a timeout", err)
	}
	if len(arrived) != 0 {
		t.Error("one call too many went out")
	}
	for range openAfter {
		c.breaker.report(pass{}, failed, failure)
	}
	if _, err := mint(t, c, radio); !errors.Is(err, ErrBreakerOpen) { // or it hangs for a minute
		t.Errorf("with the breaker open: %v", err)
	}
	close(release)
	for range maxInFlight {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if len(c.slots) != 0 {
		t.Errorf("%d slots were not given back", len(c.slots))
	}
}

func TestMint_withoutTokenAsksNobody(t *testing.T) {
	c, err := New(Config{Hosts: mediaHosts(t), APIURL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Mint(t.Context(), ticket(t, "item"), radio, time.Hour)
	var failure *paywall.SupplierError
	if !errors.As(err, &failure) || !failure.Unasked || !errors.Is(err, ErrNoToken) || TroubleKey(err) != "trouble.no_token" {
		t.Errorf("error %v, trouble %s", err, TroubleKey(err))
	}
}

// The owner's change of the token holds from the next call on, without a restart.
func TestMint_CredentialsOfTheMoment(t *testing.T) {
	var seen []string
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Get("Authorization")+" "+r.URL.RequestURI())
		success(`"`+vodToken+`"`)(w, r)
	})
	var now paywall.Credentials
	var broken error
	c := newClient(t, srv.URL, func(cfg *Config) {
		cfg.VODURL = srv.URL
		cfg.Credentials = func(context.Context) (paywall.Credentials, error) { return now, broken }
	})
	if failure := mintFails(t, c, video); failure.Key != paywall.TroubleNoToken || !failure.Unasked {
		t.Errorf("without a token: %+v", failure)
	}
	for _, next := range []paywall.Credentials{
		{Token: paywall.NewSecret("one")},
		{Token: paywall.NewSecret("two"), Account: "7", VODStyle: paywall.VODStylePub},
	} {
		now = next
		if _, err := mint(t, c, video); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"Bearer one /1/vod/channel/1227/share/1jhvl2uqa5rdf/token",
		"Bearer two /api/pub/v1/channel/1227/share/1jhvl2uqa5rdf/token?account=7",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("calls %q, want %q", seen, want)
	}
	broken = paywall.ErrSealed
	if failure := mintFails(t, c, video); failure.Key != paywall.TroubleSealed || !failure.Unasked {
		t.Errorf("with a lost key: %+v", failure)
	}
	broken = paywall.E(paywall.KindUnavailable, "error.database")
	if _, err := mint(t, c, video); paywall.KindOf(err) != paywall.KindUnavailable || paywall.TroubleOf(err) != "" {
		t.Errorf("without a database: %v", err)
	}
}
