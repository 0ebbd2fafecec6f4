package infomaniak

import (
	"errors"
	"html"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

func TestCheckQuery(t *testing.T) {
	bare := strings.TrimPrefix(vodToken, "token=")
	for name, tc := range map[string]struct {
		text       string
		vod, radio string // "" when refused
	}{
		"ready":           {vodToken, vodToken, vodToken},
		"question mark":   {"?" + vodToken, vodToken, vodToken},
		"bare":            {bare, vodToken, vodToken},
		"bare, asked":     {"?" + bare, vodToken, vodToken},
		"opaque":          {"token=exampleToken", "token=exampleToken", "token=exampleToken"},
		"second pair":     {"token=a&t=30", "token=a&t=30", "token=a&t=30"},
		"percent":         {"token=a%2Fb", "token=a%2Fb", "token=a%2Fb"},
		"other name":      {"sig=abc", "", "sig=abc"},
		"dotted name":     {"a.b-c_D9=x", "", "a.b-c_D9=x"},
		"st without hmac": {"st=1~exp=2", "", "st=1~exp=2"},
		"empty":           {"", "", ""},
		"question only":   {"?", "", ""},
		"two questions":   {"??a=b", "", ""},
		"no value":        {"token=", "", ""},
		"no value, more":  {"token=&a=b", "", ""},
		"no name":         {"=abc", "", ""},
		"no pair":         {"abcdef", "", ""},
		"odd name":        {"a/b=c", "", ""},
		"space":           {"token=a b", "", ""},
		"line break":      {"token=a\r\nb", "", ""},
		"double quote":    {`token=a"b`, "", ""},
		"single quote":    {"token=a'b", "", ""},
		"back quote":      {"token=a`b", "", ""},
		"angle":           {"token=a<b", "", ""},
		"angle, closing":  {"token=a>b", "", ""},
		"fragment":        {"token=a#b", "", ""},
		"backslash":       {`token=a\b`, "", ""},
		"control":         {"token=a\x00b", "", ""},
		"delete":          {"token=a\x7fb", "", ""},
		"not ASCII":       {"token=é", "", ""},
		"longest":         {"token=" + strings.Repeat("a", maxQuery-6), "token=" + strings.Repeat("a", maxQuery-6), "token=" + strings.Repeat("a", maxQuery-6)},
		"too long":        {"token=" + strings.Repeat("a", maxQuery-5), "", ""},
		"too long, bare":  {"st=" + strings.Repeat("a", maxQuery-14) + "~hmac=ab", "", ""},
		"a whole address": {"https://player.vod2.infomaniak.com/embed/x?token=a", "", ""},
		"already escaped": {"token=a&amp;b=c", "token=a&amp;b=c", "token=a&amp;b=c"},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, want := range map[paywall.SourceKind]string{
				paywall.SourceVOD: tc.vod, paywall.SourceStream: tc.radio, paywall.SourceHLS: tc.radio,
			} {
				got, err := checkQuery(kind, tc.text)
				if got != want || (err == nil) != (want != "") {
					t.Errorf("%s: %q, %v; want %q", kind, got, err, want)
				}
			}
		})
	}
}

// TestMint_Data covers the JSON types that "data" may have.
func TestMint_Data(t *testing.T) {
	for name, tc := range map[string]struct{ data, want string }{
		"string":          {`"token=abc"`, "token=abc"},
		"escaped slash":   {`"token=\/hls\/*"`, "token=/hls/*"},
		"escaped unicode": {`"token=\u0061"`, "token=a"},
		"object":          {`{"token":"token=abc","expires":1}`, "token=abc"},
		"object, bare":    {`{"token":"st=1~hmac=ab"}`, "token=st=1~hmac=ab"},
		"object, asked":   {`{"token":"?token=abc"}`, "token=abc"},
		"object, unnamed": {`{"token":"abc"}`, ""},
		"object, number":  {`{"token":1}`, ""},
		"object, null":    {`{"token":null}`, ""},
		"object, nested":  {`{"token":{"token":"token=abc"}}`, ""},
		"object, other":   {`{"url":"token=abc"}`, ""},
		"empty":           {`""`, ""},
		"null":            {`null`, ""},
		"true":            {`true`, ""},
		"number":          {`17`, ""},
		"list":            {`["token=abc"]`, ""},
		"the API token":   {`"token=` + canary + `"`, ""},
		"line separator":  {`"token=\u2028"`, ""},
		"broken UTF-8":    {"\"token=\xff\"", ""},
		"half surrogate":  {`"token=\ud800"`, ""},
		"absurdly long":   {`"token=` + strings.Repeat("a", 3000) + `"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, serve(t, success(tc.data)).URL, nil)
			if tc.want == "" {
				failure := mintFails(t, c, video)
				if !errors.Is(failure, ErrGarbage) || failure.Transient || failure.Status != 200 {
					t.Errorf("failure = %+v, want garbage", failure)
				}
				return
			}
			playable, err := mint(t, c, video)
			if want := "https://player.vod2.infomaniak.com/embed/1jhvl2uqa5rdf?" + tc.want; err != nil || playable.URL != want {
				t.Errorf("URL = %s, %v; want %s", playable.URL, err, want)
			}
		})
	}
}

func TestExpiry(t *testing.T) {
	const window = 5 * time.Minute
	planned := start.Add(window)
	at := func(s string) string { return "token=st=1~exp=" + s + "~hmac=ab" }
	for name, tc := range map[string]struct {
		query string
		want  time.Time
	}{
		"from token":     {vodToken, time.Unix(1637143797, 0)},
		"this instant":   {at("1637143500"), start},
		"past":           {at("1637143499"), planned},
		"end of slack":   {at("1637144100"), planned.Add(clockSlack)},
		"beyond slack":   {at("1637144101"), planned},
		"absurd":         {at("99999999999999999999"), planned},
		"negative":       {at("-1"), planned},
		"no number":      {at("soon"), planned},
		"milliseconds":   {at("1637143797000"), planned},
		"exp in front":   {"token=exp=1637143600~hmac=ab", time.Unix(1637143600, 0)},
		"opaque":         {"token=abc", planned},
		"exp in a value": {"token=st=1~acl=/exp=1637143600/*", planned},
	} {
		t.Run(name, func(t *testing.T) {
			if got := expiry(paywall.SourceVOD, tc.query, start, window); !got.Equal(tc.want) {
				t.Errorf("expiry = %s, want %s", got, tc.want)
			}
			if got := expiry(paywall.SourceHLS, tc.query, start, window); !got.Equal(planned) {
				t.Errorf("radio: expiry = %s, want %s", got, planned)
			}
		})
	}
}

// FuzzCheckQuery: whatever the supplier sends, what is let through stays one
// query of the same host, needs no escaping but that of "&", and is stable.
func FuzzCheckQuery(f *testing.F) {
	for _, seed := range []string{
		vodToken, "?" + vodToken, "st=1~hmac=2", "a=b", "token=", "??a=b", `"`, "a=b#c", "a=\x00",
		"token=é", "=", "&a=b", "//evil.example?a=b", "a=b\\c", "token=a%0d%0ab", `{"token":"a=b"}`,
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, vod bool) {
		kind := paywall.SourceStream
		if vod {
			kind = paywall.SourceVOD
		}
		query, err := checkQuery(kind, text)
		if err != nil {
			if query != "" {
				t.Fatalf("refused, and yet gave %q", query)
			}
			return
		}
		if !strings.HasSuffix(query, strings.TrimPrefix(text, "?")) {
			t.Fatalf("%q was changed to %q", text, query)
		}
		u, err := url.Parse("https://player.vod2.infomaniak.com/embed/x?" + query)
		if err != nil || u.Host != "player.vod2.infomaniak.com" || u.RawQuery != query || u.Fragment != "" {
			t.Fatalf("%q gives the address %v, %v", query, u, err)
		}
		if escaped := strings.ReplaceAll(html.EscapeString(query), "&amp;", "&"); escaped != strings.ReplaceAll(query, "&amp;", "&") {
			t.Fatalf("%q must be escaped in HTML", query)
		}
		if len(query) > maxQuery {
			t.Fatalf("%d bytes", len(query))
		}
		if again, err := checkQuery(kind, query); err != nil || again != query {
			t.Fatalf("a second check of %q gave %q, %v", query, again, err)
		}
	})
}

// FuzzAccept: no body makes the reading of an answer panic or leak.
func FuzzAccept(f *testing.F) {
	for _, seed := range []string{
		`{"result":"success","data":"` + vodToken + `"}`, `{"result":"error","error":{"code":404,"errors":[{"errors":[]}]}}`,
		`{"result":"success","data":{"token":"a=b"}}`, `null`, `[]`, `"x"`, `{`, ``, `<html>`,
	} {
		f.Add([]byte(seed))
	}
	key := theCanary()
	f.Fuzz(func(t *testing.T, body []byte) {
		query, err := key.accept(paywall.SourceStream, 200, body)
		if (err == nil) == (query == "") {
			t.Fatalf("accept = %q, %v", query, err)
		}
		if err == nil {
			return
		}
		if len([]rune(err.Error())) > 400 || strings.Contains(err.Error(), canary) {
			t.Fatalf("error = %v", err)
		}
	})
}
