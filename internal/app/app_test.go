package app_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/internal/app"
	"usher/internal/config"
	"usher/internal/demo"
	"usher/store"
)

// output collects what a command prints; a running command writes while the
// test reads.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// run runs a command to its end.
func run(t *testing.T, getenv config.Getenv, input string, args ...string) (code int, out, problems string) {
	t.Helper()
	var stdout, stderr output
	code = app.Run(t.Context(), args, app.Streams{In: strings.NewReader(input), Out: &stdout, Err: &stderr}, getenv)
	return code, stdout.String(), stderr.String()
}

// settings is the environment of a site in a temporary folder.
func settings(t *testing.T, more map[string]string) config.Getenv {
	t.Helper()
	values := map[string]string{"USHER_DATABASE_URL": filepath.Join(t.TempDir(), "usher.db")}
	for name, value := range more {
		values[name] = value
	}
	return func(name string) string { return values[name] }
}

func TestRun_usage(t *testing.T) {
	for _, args := range [][]string{nil, {"nosuchcommand"}, {"user"}, {"user", "nosuch"}, {"version", "extra"}, {"serve", "-nosuchflag"}} {
		if code, _, problems := run(t, settings(t, nil), "", args...); code != 2 || problems == "" {
			t.Errorf("usher %v: exit code %d and %q", args, code, problems)
		}
	}
	if code, out, _ := run(t, settings(t, nil), "", "version"); code != 0 || !strings.HasPrefix(out, "usher ") {
		t.Errorf("version: %d %q", code, out)
	}
}

func TestConfig(t *testing.T) {
	code, out, _ := run(t, settings(t, map[string]string{"USHER_INFOMANIAK_TOKEN": "canary"}), "", "config")
	if code != 0 || !strings.Contains(out, "USHER_BASE_URL") || strings.Contains(out, "canary") {
		t.Errorf("config: %d\n%s", code, out)
	}
	if code, _, problems := run(t, settings(t, map[string]string{"USHER_ADDR": "x"}), "", "serve"); code != 1 || !strings.Contains(problems, "USHER_ADDR") {
		t.Errorf("serve with a bad setting: %d %q", code, problems)
	}
}

func TestUser(t *testing.T) {
	getenv := settings(t, nil)
	code, out, problems := run(t, getenv, "", "user", "create-admin", "--email", "Owner@Radio.Example", "--name", "Olivia")
	if code != 0 || !strings.Contains(out, "owner@radio.example") || !regexp.MustCompile(`Password: [a-z2-7]{26}`).MatchString(out) {
		t.Fatalf("create-admin: %d %q %q", code, out, problems)
	}
	for want, args := range map[string][]string{
		"already":    {"user", "create-admin", "--email", "owner@radio.example"},
		"not valid":  {"user", "create-admin", "--email", "nonsense"},
		"no account": {"user", "reset-password", "--email", "nobody@radio.example"},
		"at least":   {"user", "reset-password", "--email", "owner@radio.example", "--password-stdin"},
	} {
		if code, _, problems := run(t, getenv, "short\n", args...); code != 1 || !strings.Contains(problems, want) {
			t.Errorf("usher %v: %d %q, want words with %q", args, code, problems, want)
		}
	}
	code, out, _ = run(t, getenv, "a-much-longer-one\n", "user", "reset-password", "--email", "owner@radio.example", "--password-stdin")
	if code != 0 || strings.Contains(out, "a-much-longer-one") {
		t.Errorf("reset-password: %d %q", code, out)
	}
}

// start runs a command until the test ends it, and waits for what it prints.
func start(t *testing.T, getenv config.Getenv, wait *regexp.Regexp, args ...string) (match []string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var stdout, stderr output
	ended := make(chan int, 1)
	go func() {
		ended <- app.Run(ctx, args, app.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr}, getenv)
	}()
	stop = sync.OnceValue(func() int { cancel(); return <-ended })
	t.Cleanup(func() { stop() })
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		if match = wait.FindStringSubmatch(stdout.String()); match != nil {
			return match, stop
		}
		select {
		case code := <-ended:
			ended <- code
			t.Fatalf("usher %v ended with %d: %s", args, code, stderr.String())
		case <-deadline.C:
			t.Fatalf("usher %v printed %q", args, stdout.String())
		case <-poll.C:
		}
	}
}

// freeAddr is an address of this machine that nobody listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func get(t *testing.T, address string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode
}

func TestDemo(t *testing.T) {
	folder := t.TempDir()
	ready := regexp.MustCompile(`The site +(\S+)\n +Infomaniak +(\S+)`)
	for _, round := range []string{"fresh", "again in the same folder"} {
		match, stop := start(t, settings(t, nil), ready, "demo", "--addr", "127.0.0.1:0", "--data", folder)
		for path, want := range map[string]int{
			match[1] + "/": 200, match[1] + "/listen/promo": 200, match[1] + "/watch/brouillon": 404,
			match[2] + "/_sandbox/calls": 200, match[2] + "/ice/promo-128.mp3": 403,
		} {
			if got := get(t, path); got != want {
				t.Errorf("%s: %s answers %d, want %d", round, path, got, want)
			}
		}
		if code := stop(); code != 0 {
			t.Errorf("%s: exit code %d", round, code)
		}
	}
	db, err := store.Open(t.Context(), filepath.Join(folder, "usher.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, person := range demo.People {
		if _, err := db.UserByEmail(t.Context(), person.Email); err != nil {
			t.Errorf("%s: %v", person.Email, err)
		}
	}
}

func TestDemo_staysOnThisMachine(t *testing.T) {
	for _, args := range [][]string{{"demo", "--addr", "0.0.0.0:0"}, {"demo", "--sandbox-addr", ":0"}, {"sandbox", "--addr", "192.0.2.1:0"}} {
		if code, _, problems := run(t, settings(t, nil), "", args...); code != 2 || !strings.Contains(problems, "this machine") {
			t.Errorf("usher %v: %d %q", args, code, problems)
		}
	}
}

func TestServe_andHealthcheck(t *testing.T) {
	addr := freeAddr(t)
	getenv := settings(t, map[string]string{"USHER_ADDR": addr, "USHER_BASE_URL": "http://" + addr})
	if code, _, _ := run(t, getenv, "", "healthcheck"); code != 1 {
		t.Error("healthcheck finds a site that does not run")
	}
	_, stop := start(t, getenv, regexp.MustCompile("listens on"), "serve")
	if code, out, problems := run(t, getenv, "", "healthcheck"); code != 0 || out != "ready\n" {
		t.Errorf("healthcheck: %d %q %q", code, out, problems)
	}
	if got := get(t, "http://"+addr+"/"); got != http.StatusOK {
		t.Errorf("the empty site answers %d", got)
	}
	for _, path := range []string{"/_demo/mails", "/_demo/mails/1.html", "/_demo/mailbox"} {
		if got := get(t, "http://"+addr+path); got != http.StatusNotFound {
			t.Errorf("%s, which is the demo's, answers %d", path, got)
		}
	}
	if code, _, problems := run(t, getenv, "", "serve"); code != 1 || !strings.Contains(problems, "cannot listen") {
		t.Errorf("a second site on one address: %d %q", code, problems)
	}
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestSandbox(t *testing.T) {
	match, stop := start(t, settings(t, nil), regexp.MustCompile(`USHER_MEDIA_HOSTS=(\S+)`), "sandbox", "--addr", "127.0.0.1:0")
	if got := get(t, match[1]+"/_sandbox/calls"); got != http.StatusOK {
		t.Errorf("the stand-in answers %d", got)
	}
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestServe_drains: a request that runs when the stop comes is answered.
func TestServe_drains(t *testing.T) {
	ready := regexp.MustCompile(`The site +(\S+)\n +Infomaniak +(\S+)`)
	match, stop := start(t, settings(t, nil), ready, "demo", "--addr", "127.0.0.1:0")
	mode, err := http.Post(match[2]+"/_sandbox/mode", "application/json", strings.NewReader(`{"mode":"hang"}`)) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	if err := mode.Body.Close(); err != nil {
		t.Fatal(err)
	}
	answered := make(chan int, 1)
	go func() { answered <- get(t, match[1]+"/listen/promo") }()
	for calls := 0; calls == 0; {
		// The call hangs in the stand-in once it counts as a fault.
		answer, err := http.Get(match[2] + "/_sandbox/calls") //nolint:noctx // a test
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		_, _ = text.ReadFrom(answer.Body)
		_ = answer.Body.Close()
		if !strings.Contains(text.String(), `"faults":0`) {
			calls++
		}
	}
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if status := <-answered; status != http.StatusServiceUnavailable {
		t.Errorf("the running request was answered %d", status)
	}
}
