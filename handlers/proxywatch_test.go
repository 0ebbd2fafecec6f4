package handlers_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"usher/handlers"
	"usher/internal/testkit"
)

func newWatch(trusted ...string) (*handlers.ProxyWatch, *testkit.Log) {
	var networks []netip.Prefix
	for _, network := range trusted {
		networks = append(networks, netip.MustParsePrefix(network))
	}
	log := &testkit.Log{}
	return handlers.NewProxyWatch(networks, slog.New(slog.NewTextHandler(log, nil))), log
}

// pageView is a request of one of several browsers through a peer.
func pageView(peer string, browser int, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = peer + ":4711"
	r.Header.Set("User-Agent", fmt.Sprintf("Browser/%d", browser))
	r.Header.Set("Accept-Language", "fr")
	for _, name := range headers {
		r.Header.Set(name, "203.0.113.7")
	}
	return r
}

func TestProxyWatch_untrustedProxy(t *testing.T) {
	for _, header := range []string{"X-Forwarded-For", "Forwarded", "X-Real-IP"} {
		w, log := newWatch()
		w.Note(pageView("10.0.0.2", 1), "10.0.0.2")
		if w.Proxy() != "" {
			t.Error("a visitor counts as a proxy")
		}
		for range 3 {
			w.Note(pageView("10.0.0.2", 1, header), "10.0.0.2")
		}
		if w.Proxy() != "10.0.0.2" {
			t.Errorf("%s: the proxy is %q", header, w.Proxy())
		}
		if n := strings.Count(log.String(), "USHER_TRUSTED_PROXIES"); n != 1 || strings.Contains(log.String(), "10.0.0.2") {
			t.Errorf("%s: logged %d times:\n%s", header, n, log)
		}
	}
}

func TestProxyWatch_trustedProxy(t *testing.T) {
	w, log := newWatch("10.0.0.0/24")
	for i := range 200 {
		w.Note(pageView("10.0.0.2", i, "X-Forwarded-For"), fmt.Sprintf("203.0.113.%d", i))
	}
	if w.Proxy() != "" || w.Alone() || log.String() != "" {
		t.Errorf("a trusted proxy is complained of: %q %v %s", w.Proxy(), w.Alone(), log)
	}
}

// A stranger who sends the headers of a proxy gets nobody warned; a proxy with a
// public address does.
func TestProxyWatch_outside(t *testing.T) {
	w, log := newWatch()
	for i := range 40 {
		w.Note(pageView("198.51.100.9", 1, "X-Forwarded-For"), "198.51.100.9")
		w.Note(pageView(fmt.Sprintf("203.0.113.%d", i), 1), "203.0.113.1")
	}
	if w.Proxy() != "" || log.String() != "" {
		t.Errorf("half of the views make %q a proxy\n%s", w.Proxy(), log)
	}
	for range 20 {
		w.Note(pageView("198.51.100.9", 1, "X-Forwarded-For"), "198.51.100.9")
	}
	if w.Proxy() != "198.51.100.9" || strings.Count(log.String(), "not trusted") != 1 {
		t.Errorf("the proxy is %q\n%s", w.Proxy(), log)
	}
}

func TestProxyWatch_oneAddress(t *testing.T) {
	w, log := newWatch()
	for i := range 99 {
		w.Note(pageView("198.51.100.9", i%5), "198.51.100.9")
	}
	if w.Alone() {
		t.Error("it says so too early")
	}
	w.Note(pageView("198.51.100.9", 4), "198.51.100.9")
	if !w.Alone() || strings.Count(log.String(), "one address") != 1 {
		t.Errorf("five browsers at one address go unnoticed\n%s", log)
	}
	w.Note(pageView("203.0.113.7", 4), "203.0.113.7")
	if w.Alone() {
		t.Error("somebody else came, and it still says so")
	}
	for i := range 100 {
		w.Note(pageView("198.51.100.9", i%4), "198.51.100.9")
	}
	if w.Alone() {
		t.Error("four browsers are a household")
	}
}

// It runs for every page view.
func TestProxyWatch_costsNothing(t *testing.T) {
	w, _ := newWatch("10.0.0.0/24")
	r := pageView("10.0.0.2", 1, "X-Forwarded-For")
	if n := testing.AllocsPerRun(50, func() { w.Note(r, "203.0.113.7") }); n > 0 {
		t.Errorf("%v allocations for each page view", n)
	}
}
