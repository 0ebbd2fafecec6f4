package infomaniak_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"usher/internal/i18n"
	"usher/internal/infomaniak"
	"usher/internal/infomaniak/sandbox"
	"usher/paywall"
)

// words are the findings of a report in short: "token yes, radio no, …".
func words(r paywall.ConnectionReport) string {
	var all []string
	for _, p := range r.Points {
		all = append(all, strings.TrimPrefix(p.Key, "connection.check."))
	}
	return strings.Join(all, " ")
}

// loginOf is what a client that was changed so would use, to be checked.
func loginOf(change func(*infomaniak.Config)) paywall.Credentials {
	cfg := infomaniak.Config{APIToken: paywall.NewSecret(sandboxToken)}
	if change != nil {
		change(&cfg)
	}
	return paywall.Credentials{Token: cfg.APIToken, Account: cfg.Account, VODStyle: cfg.VODStyle}
}

// checkPoints holds a report against its own rules.
func checkPoints(t *testing.T, r paywall.ConnectionReport) {
	t.Helper()
	for _, p := range r.Points {
		if !i18n.Has(p.Key) {
			t.Errorf("%s has no words", p.Key)
		}
		if p.Found == "" || p.Trouble != "" && !i18n.Has(p.Trouble) {
			t.Errorf("point %+v", p)
		}
		if p.Detail != "" && (p.Detail[0] < '2' || p.Detail[0] > '5') {
			t.Errorf("a detail that Infomaniak did not answer: %q", p.Detail)
		}
		if strings.Contains(fmt.Sprint(p), sandboxToken) {
			t.Errorf("a point holds the token: %+v", p)
		}
	}
}

func TestCheck(t *testing.T) {
	every := []sandbox.Scope{sandbox.ScopeRadio, sandbox.ScopeVOD, sandbox.ScopeAccounts}
	playable := []paywall.Source{
		{Kind: paywall.SourceHLS, Ref: "radiolumiere"}, {Kind: paywall.SourceVOD, Ref: "1jhvl2uqconc1", Channel: "1227"},
	}
	gone := []paywall.Source{{Kind: paywall.SourceStream, Ref: "gone-128.mp3"}, {Kind: paywall.SourceVOD, Ref: "1jhvl2uqxxxx9", Channel: "1227"}}
	for name, tc := range map[string]struct {
		token   sandbox.Token
		mode    sandbox.Mode
		change  func(*infomaniak.Config)
		sources []paywall.Source
		want    string
		works   bool
	}{
		"everything": {
			token: sandbox.Token{Scopes: every}, sources: playable, works: true,
			want: "token.yes accounts.yes radio.yes radio_list.yes vod.yes vod_list.yes style_v1.yes style_pub.yes account.unneeded",
		},
		"everything, nothing on the site": {
			token: sandbox.Token{Scopes: every}, works: true,
			want: "token.yes accounts.yes radio.yes radio_list.yes vod.yes vod_list.yes style_v1.yes style_pub.yes account.unneeded",
		},
		"what the site plays is gone": {
			token: sandbox.Token{Scopes: every}, sources: gone,
			want: "token.yes accounts.yes radio.unknown radio_list.yes vod.unknown vod_list.yes style_v1.yes style_pub.yes account.unneeded",
		},
		"radio": {
			token: sandbox.Token{Scopes: []sandbox.Scope{sandbox.ScopeRadio}}, sources: playable, works: true,
			want: "token.yes accounts.no radio.yes radio_list.yes vod.no vod_list.no style_v1.yes style_pub.yes account.unknown",
		},
		"vod, nothing on the site": {
			token: sandbox.Token{Scopes: []sandbox.Scope{sandbox.ScopeVOD}}, works: true,
			want: "token.yes accounts.no radio.no radio_list.no vod.yes vod_list.yes style_v1.yes style_pub.yes account.unneeded",
		},
		"mint only": {
			token: sandbox.Token{Scopes: every, MintOnly: true}, sources: playable, works: true,
			want: "token.yes accounts.no radio.yes radio_list.no vod.yes vod_list.no style_v1.yes style_pub.yes account.unneeded",
		},
		"mint only, nothing on the site": {
			token: sandbox.Token{Scopes: every, MintOnly: true}, works: true,
			want: "token.yes accounts.no radio.may radio_list.no vod.may vod_list.no style_v1.yes style_pub.yes account.unneeded",
		},
		"needs the account, which can be listed": {
			token: sandbox.Token{Scopes: every, NeedsAccount: true}, sources: playable, works: true,
			want: "token.yes accounts.yes radio.yes radio_list.yes vod.no vod_list.no style_v1.yes style_pub.yes account.needs_this",
		},
		"needs the account, which the profile tells": {
			token: sandbox.Token{Scopes: every[:2], NeedsAccount: true}, sources: playable, works: true,
			want: "token.yes accounts.no radio.yes radio_list.yes vod.no vod_list.no style_v1.yes style_pub.yes account.needs_this",
		},
		"has the account": {
			token: sandbox.Token{Scopes: every, NeedsAccount: true}, sources: playable, works: true,
			change: func(c *infomaniak.Config) { c.Account = "48213" },
			want:   "token.yes accounts.yes radio.yes radio_list.yes vod.yes vod_list.yes style_v1.yes style_pub.yes account.yes",
		},
		"has a wrong account": {
			token: sandbox.Token{Scopes: every, NeedsAccount: true}, sources: playable, works: true,
			change: func(c *infomaniak.Config) { c.Account = "7" },
			want:   "token.yes accounts.yes radio.yes radio_list.no vod.no vod_list.no style_v1.yes style_pub.yes account.no",
		},
		"revoked": {token: sandbox.Token{Scopes: every, Revoked: true}, sources: playable, want: "token.no"},
		"down":    {token: sandbox.Token{Scopes: every}, mode: sandbox.ModeDown, want: "token.unknown"},
		"html":    {token: sandbox.Token{Scopes: every}, mode: sandbox.ModeHTML, want: "token.unknown"},
		"the guide's host is not there": {
			token: sandbox.Token{Scopes: every}, sources: playable, works: true,
			change: func(c *infomaniak.Config) { c.VODURL = "http://127.0.0.1:1" },
			want:   "token.yes accounts.yes radio.yes radio_list.yes vod.yes vod_list.yes style_v1.yes style_pub.unknown account.unneeded",
		},
	} {
		t.Run(name, func(t *testing.T) {
			sb := sandbox.New(sandbox.Options{APIToken: sandboxToken})
			srv := httptest.NewServer(sb)
			t.Cleanup(srv.Close)
			if err := sb.SetToken(tc.token); err != nil {
				t.Fatal(err)
			}
			if tc.mode != "" {
				_ = sb.SetMode(tc.mode)
			}
			report, err := sandboxClient(t, srv.URL, tc.change).Check(t.Context(), loginOf(tc.change), tc.sources)
			if err != nil {
				t.Fatal(err)
			}
			if got := words(report); got != tc.want {
				t.Errorf("found %s\nwant  %s\n%+v", got, tc.want, report)
			}
			if suggested := strings.Contains(tc.want, "needs_this"); suggested != (report.Suggested == "48213") {
				t.Errorf("suggested %q", report.Suggested)
			}
			if report.Works() != tc.works {
				t.Errorf("works = %v", report.Works())
			}
			checkPoints(t, report)
			if c := sb.Calls(); c.Lookups+c.LookupsRefused+c.Mints+c.Refused > 15 {
				t.Errorf("%d calls for one check", c.Lookups+c.LookupsRefused+c.Mints+c.Refused)
			}
		})
	}
}

// Where the address style that is set leads nowhere and the other one works, the
// report says so.
func TestCheck_OtherStyle(t *testing.T) {
	sb := sandbox.New(sandbox.Options{APIToken: sandboxToken})
	srv := httptest.NewServer(sb)
	t.Cleanup(srv.Close)
	elsewhere := httptest.NewServer(nil) // answers 404 without an envelope
	t.Cleanup(elsewhere.Close)
	change := func(c *infomaniak.Config) { c.VODURL, c.VODStyle = elsewhere.URL, paywall.VODStylePub }
	report, err := sandboxClient(t, srv.URL, change).Check(t.Context(), loginOf(change), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := words(report); !strings.Contains(got, "vod.other vod_list.yes style_v1.yes style_pub.no") {
		t.Errorf("found %s", got)
	}
	checkPoints(t, report)
}

// Where the time is up, the report says what is not known; where the owner left,
// there is none.
func TestCheck_OutOfTime(t *testing.T) {
	sb := sandbox.New(sandbox.Options{APIToken: sandboxToken})
	srv := httptest.NewServer(sb)
	t.Cleanup(srv.Close)
	t.Cleanup(sb.Close)
	_ = sb.SetMode(sandbox.ModeHang)
	c := sandboxClient(t, srv.URL, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	report, err := c.Check(ctx, loginOf(nil), nil)
	if err != nil || words(report) != "token.unknown" || report.Points[0].Trouble != paywall.TroubleTimeout {
		t.Errorf("report %+v, %v", report, err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, err := c.Check(ctx, loginOf(nil), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}

// An organisation that is set and wrong is told from one that is missing.
func TestCheck_AccountInTheWay(t *testing.T) {
	sb := sandbox.New(sandbox.Options{APIToken: sandboxToken})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("account") == "7" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"result":"error","error":{"code":"vod_access_denied"}}`)
			return
		}
		sb.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	change := func(c *infomaniak.Config) { c.Account = "7" }
	c := sandboxClient(t, srv.URL, change)
	source := paywall.Source{Kind: paywall.SourceVOD, Ref: "1jhvl2uqconc1", Channel: "1227"}
	report, err := c.Check(t.Context(), loginOf(change), []paywall.Source{source})
	if err != nil || report.Can(paywall.AbilityAccount) != paywall.FoundNo || !strings.Contains(words(report), "account.wrong") {
		t.Errorf("found %s, %v", words(report), err)
	}
	checkPoints(t, report)
}

// Where nobody tells the organisation, the owner has to look for it.
func TestCheck_AccountUnknown(t *testing.T) {
	sb := sandbox.New(sandbox.Options{APIToken: sandboxToken})
	_ = sb.SetToken(sandbox.Token{Scopes: []sandbox.Scope{sandbox.ScopeVOD}, NeedsAccount: true})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/2/profile" {
			fmt.Fprint(w, `{"result":"success","data":{"id":1}}`)
			return
		}
		sb.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	report, err := sandboxClient(t, srv.URL, nil).Check(t.Context(), loginOf(nil), nil)
	if err != nil || !strings.HasSuffix(words(report), "account.needed") || report.Suggested != "" {
		t.Errorf("found %s, suggested %q, %v", words(report), report.Suggested, err)
	}
	checkPoints(t, report)
}
