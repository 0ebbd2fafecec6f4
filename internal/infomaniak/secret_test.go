package infomaniak

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }

// printed is a value in every form in which code prints things.
func printed(v any) string {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%v\n%+v\n%#v\n%s\n%q\n", v, v, v, v, v)
	fmt.Fprintf(&out, "%v %+v %#v\n", struct{ V any }{v}, []any{v}, map[string]any{"k": v})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
	_ = json.NewEncoder(&out).Encode(v)
	return out.String()
}

// echo is a supplier that repeats the API token wherever it can.
func echo(w http.ResponseWriter, r *http.Request) {
	auth := r.Header.Get("Authorization")
	switch r.URL.Query().Get("account") {
	case "description":
		fmt.Fprintf(w, `{"result":"error","error":{"code":"x","description":"no such user: %s"}}`, auth)
	case "code":
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"result":"error","error":{"code":%q}}`, strings.TrimPrefix(auth, "Bearer "))
	case "nested":
		w.WriteHeader(422)
		fmt.Fprintf(w, `{"result":"error","error":{"errors":[{"description":%q,"context":{"attribute":%q}}]}}`, auth, auth)
	case "escaped":
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"result":"error","error":{"description":"\u0043%s"}}`, canary[1:])
	case "html":
		w.WriteHeader(502)
		fmt.Fprintf(w, `<pre>%s</pre>`, auth)
	case "data":
		fmt.Fprintf(w, `{"result":"success","data":"token=%s"}`, strings.TrimPrefix(auth, "Bearer "))
	case "result":
		fmt.Fprintf(w, `{"result":%q}`, auth)
	case "redirect":
		w.Header().Set("Location", "https://evil.example/?"+auth)
		w.WriteHeader(302)
	case "retry":
		w.Header().Set("Retry-After", auth)
		w.WriteHeader(429)
	case "protocol":
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			fmt.Fprintf(conn, "HTTP/1.1 %s\r\n\r\n", auth)
			_ = conn.Close()
		}
	case "hang":
		hang(auth)(w, r)
	}
}

// TestSecret_NeverPrinted makes every failure with an echoing supplier and
// looks for the API token in all that comes out.
func TestSecret_NeverPrinted(t *testing.T) {
	srv := serve(t, echo)
	for _, way := range []string{
		"description", "code", "nested", "escaped", "html", "data", "result",
		"redirect", "retry", "protocol", "hang", "nothing",
	} {
		t.Run(way, func(t *testing.T) {
			c := newClient(t, srv.URL, func(c *Config) { c.Account, c.Timeout = way, 100*time.Millisecond })
			failure := mintFails(t, c, video)
			for name, v := range map[string]any{"error": failure, "value": *failure, "health": c.Health(), "client": c} {
				hidden := fmt.Sprintf("%+v", struct{ v any }{v}) // fmt calls no methods here
				if out := printed(v) + hidden; strings.Contains(out, canary) {
					t.Errorf("%s holds the API token:\n%s", name, out)
				}
			}
		})
	}
}

func TestSecret_Config(t *testing.T) {
	cfg := Config{APIToken: paywall.NewSecret(canary), Hosts: mediaHosts(t)}
	if out := printed(cfg); strings.Contains(out, canary) {
		t.Errorf("the configuration holds the API token:\n%s", out)
	}
	c := newClient(t, "https://api.example", nil)
	if got := fmt.Sprintf("%v %#v", c, c); got != "infomaniak.Client(https://api.example) infomaniak.Client(https://api.example)" {
		t.Errorf("client prints as %s", got)
	}
	holder := struct{ c *Client }{c}
	if out := fmt.Sprintf("%+v %#v", holder, holder); strings.Contains(out, canary) {
		t.Errorf("a holder of the client prints the API token: %s", out)
	}
}

func TestClean(t *testing.T) {
	key := theCanary()
	hash := strings.Repeat("0123456789abcdef", 4)
	for name, tc := range map[string]struct{ text, want string }{
		"plain":        {"No query results for model [Share] 1jhvl2uqa5rdf", "No query results for model [Share] 1jhvl2uqa5rdf"},
		"own token":    {"user " + canary + "!", "user [removed]!"},
		"own, bearer":  {"got Bearer " + canary + ".", "got Bearer [removed]."},
		"hash_key":     {`{"hash_key":"abc","name":"x"}`, `{"[removed]","name":"x"}`},
		"password":     {"password=hunter2; next", "[removed]; next"},
		"password bad": {"The password must be long", "The password must be long"},
		"bearer":       {"Authorization: Bearer abcdefghijklmnop", "[removed]"},
		"token":        {"token=st=1~exp=2~hmac=abcdef is bad", "[removed] is bad"},
		"token word":   {"Token expired", "Token expired"},
		"hash":         {"hmac " + hash + " is bad", "hmac [removed] is bad"},
		"long name":    {"validation_rule_required_without_all_of", "validation_rule_required_without_all_of"},
		"controls":     {"a\x00b\r\n\tc\u2028d\u202ee\u00a0f\ufffdg", "a b c d e f g"},
		"long":         {strings.Repeat("é ", 150), strings.Repeat("é ", 100)},
		"empty":        {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := key.clean(tc.text)
			if strings.Contains(tc.text, "Authorization") {
				got = strings.TrimPrefix(got, "Authorization: ")
			}
			if got != tc.want {
				t.Errorf("clean(%q) = %q, want %q", tc.text, got, tc.want)
			}
		})
	}
}

// TestClean_BeforeCut: the token is not half shown at the end.
func TestClean_BeforeCut(t *testing.T) {
	key := theCanary()
	for n := 180; n <= 200; n++ {
		if got := key.clean(strings.Repeat("x ", n/2) + canary); strings.Contains(got, canary[:4]) {
			t.Errorf("%d characters before: %q", n, got)
		}
	}
}

func TestCleanCode(t *testing.T) {
	key := theCanary()
	for code, want := range map[string]string{
		"vod_access_denied": "vod_access_denied", "404": "404", "": "", "a b": "", "<b>": "", canary: "",
		"x." + canary: "", strings.Repeat("a", maxCode): strings.Repeat("a", maxCode), strings.Repeat("a", maxCode+1): "",
		strings.Repeat("a1", 20): "",
	} {
		if got := key.cleanCode(code); got != want {
			t.Errorf("cleanCode(%q) = %q, want %q", code, got, want)
		}
	}
}
