package infomaniak

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"usher/paywall"
)

// names is a resolver that leads every name where a test wants it.
type names map[string][]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	var ips []netip.Addr
	for _, text := range n[host] {
		ips = append(ips, netip.MustParseAddr(text))
	}
	if ips == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return ips, nil
}

// trap is a listener that counts who connects.
type trap struct {
	net.Listener
	visits atomic.Int64
}

func newTrap(t *testing.T, address string) *trap {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	trapped := &trap{Listener: listener}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			trapped.visits.Add(1)
			_ = conn.Close()
		}
	}()
	return trapped
}

func (s *trap) port() string {
	_, port, _ := net.SplitHostPort(s.Addr().String())
	return port
}

// proberFor asks with a list of hosts and a resolver of the test's.
func proberFor(t *testing.T, resolver Resolver, origins ...string) *Prober {
	t.Helper()
	hosts, err := paywall.ParseMediaHosts(origins)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, "http://127.0.0.1:1", func(cfg *Config) { cfg.Hosts = hosts })
	return NewProber(c, resolver)
}

func stream(address string) paywall.Source {
	return paywall.Source{ItemID: "item", Kind: paywall.SourceStream, URL: address, Ref: "x"}
}

// No request ever goes to a host that is not on the list or that lies inside.
// The listeners would tell; that they do is shown at the end.
func TestProber_NeverInside(t *testing.T) {
	four, six := newTrap(t, "127.0.0.1:0"), newTrap(t, "[::1]:0")
	p4, p6 := four.port(), six.port()
	inside := names{
		"inside.example.test": {"127.0.0.1"}, "six.example.test": {"::1"}, "mapped.example.test": {"::ffff:127.0.0.1"},
		"mixed.example.test": {"8.8.8.8", "127.0.0.1"}, "localhost": {"127.0.0.1", "::1"}, "localhost.": {"127.0.0.1"},
		"a.ice.example.test": {"127.0.0.1"}, "zone.example.test": {"fe80::1%lo"},
	}
	// What an operator could list by mistake, or an attacker make a listed name
	// lead to: everything that passes the list is stopped at the dial.
	listed := []string{
		"https://127.0.0.1:" + p4, "https://[::1]:" + p6, "https://[::ffff:127.0.0.1]:" + p4, "https://localhost:" + p4,
		"https://inside.example.test:" + p4, "https://six.example.test:" + p6, "https://mapped.example.test:" + p4,
		"https://mixed.example.test:" + p4, "https://0.0.0.0:" + p4, "https://127.1.2.3:" + p4, "https://*.ice.example.test",
		"https://169.254.169.254", "https://10.0.0.1", "https://zone.example.test", "https://[fd00:ec2::254]",
	}
	addresses := []string{
		// listed, and inside
		"https://127.0.0.1:" + p4 + "/x", "https://[::1]:" + p6 + "/x", "https://[::ffff:127.0.0.1]:" + p4 + "/x",
		"https://localhost:" + p4 + "/x", "https://inside.example.test:" + p4 + "/x", "https://six.example.test:" + p6 + "/x",
		"https://mapped.example.test:" + p4 + "/x", "https://mixed.example.test:" + p4 + "/x", "https://0.0.0.0:" + p4 + "/x",
		"https://127.1.2.3:" + p4 + "/x", "https://a.ice.example.test/x", "https://169.254.169.254/latest/meta-data",
		"https://10.0.0.1/x", "https://zone.example.test/x", "https://[fd00:ec2::254]/x",
		// not listed: another scheme, port, spelling, or a trick
		"http://127.0.0.1:" + p4 + "/x", "http://localhost:" + p4 + "/x", "http://[::1]:" + p6 + "/x",
		"https://127.0.0.1:1/x", "https://localhost.:" + p4 + "/x", "https://2130706433:" + p4 + "/x", "https://0x7f000001:" + p4 + "/x",
		"https://127.1:" + p4 + "/x", "https://a.ice.example.test:" + p4 + "/x", "https://a.ice.example.test.:" + p4 + "/x",
		"https://user@127.0.0.1:" + p4 + "/x", "https://a.ice.example.test@127.0.0.1:" + p4 + "/x",
		"https://a.ice.example.test:443@127.0.0.1:" + p4 + "/x", "https://127.0.0.1:" + p4 + "#.ice.example.test",
		"https://127.0.0.1:" + p4 + "?.ice.example.test", "https://127.0.0.1:" + p4 + "\\.ice.example.test/x",
		"https://127.0.0.1%2f.ice.example.test/x", "https://[::1%25lo]:" + p6 + "/x", "//127.0.0.1:" + p4 + "/x",
		"file:///etc/passwd", "gopher://127.0.0.1:" + p4 + "/x", "https:127.0.0.1:" + p4, "",
		"https://evil-ice.example.test/x", "https://ice.example.test/x",
	}
	prober := proberFor(t, inside, listed...)
	for _, address := range addresses {
		for _, kind := range []paywall.SourceKind{paywall.SourceStream, paywall.SourceHLS} {
			source := stream(address)
			source.Kind = kind
			if sight := prober.Probe(t.Context(), source, paywall.Playable{}); sight.Sighting != paywall.SightUnlisted {
				t.Errorf("%s %s: %+v", kind, address, sight)
			}
			if address == "" {
				continue // then the source's own address counts
			}
			sight := prober.Probe(t.Context(), stream("https://a.ice.example.test/x"), paywall.Playable{URL: address + "?token"})
			if sight.Sighting != paywall.SightUnlisted {
				t.Errorf("%s with a token: %+v", address, sight)
			}
		}
	}
	if n4, n6 := four.visits.Load(), six.visits.Load(); n4+n6 != 0 {
		t.Fatalf("%d connections to 127.0.0.1, %d to ::1", n4, n6)
	}
	// The same listener when the operator lists it as a sandbox.
	open := proberFor(t, inside, "http://127.0.0.1:"+p4)
	open.Probe(t.Context(), stream("http://127.0.0.1:"+p4+"/x"), paywall.Playable{})
	deadline := time.Now().Add(5 * time.Second)
	for four.visits.Load() == 0 {
		if time.Now().After(deadline) {
			t.Fatal("the listener does not tell who connects")
		}
		time.Sleep(time.Millisecond)
	}
}

// A listed host that sends the asker elsewhere is not followed there: by a
// redirect, a playlist, or the page of a player.
func TestProber_NeverLedInside(t *testing.T) {
	trapped := newTrap(t, "127.0.0.1:0")
	target := "http://" + trapped.Addr().String() + "/secret"
	lists := map[string]string{
		"relative scheme": "//" + trapped.Addr().String() + "/a.m3u8", "whole": target + ".aac",
		"metadata": "http://169.254.169.254/x.aac", "user": "http://127.0.0.1@" + trapped.Addr().String() + "/x.aac",
	}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/list/")
		name = strings.TrimSuffix(name, "/manifest.m3u8")
		switch {
		case lists[name] != "":
			fmt.Fprintf(w, "#EXTM3U\n#EXT-X-VERSION:3\n%s\n", lists[name])
		case strings.HasPrefix(r.URL.Path, "/embed/"):
			fmt.Fprintf(w, `<video src="%s.mp4"></video><script>{"file":"%s.m3u8"}</script>`, target, strings.ReplaceAll(target, "/", `\/`))
		case strings.HasPrefix(r.URL.Path, "/2/vod/res/shares/"):
			fmt.Fprintf(w, `{"result":"success","data":{"media":[{"source":"%s.mp4"}]}}`, target)
		default:
			http.Redirect(w, r, target, http.StatusFound)
		}
	})
	hosts, err := paywall.ParseMediaHosts([]string{server.URL})
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, server.URL, func(cfg *Config) { cfg.Hosts, cfg.PlayerURL, cfg.VODURL = hosts, server.URL, server.URL })
	prober := NewProber(c, nil)
	if sight := prober.Probe(t.Context(), stream(server.URL+"/x"), paywall.Playable{}); sight.Sighting != paywall.SightOdd {
		t.Errorf("redirect: %+v", sight)
	}
	for name := range lists {
		source := paywall.Source{ItemID: "item", Kind: paywall.SourceHLS, Ref: "x", URL: server.URL + "/list/" + url.PathEscape(name) + "/manifest.m3u8"}
		if sight := prober.Probe(t.Context(), source, paywall.Playable{}); sight.Sighting != paywall.SightPlays {
			t.Errorf("playlist %s: %+v", name, sight) // it was given out without a token
		}
	}
	if sight := prober.Probe(t.Context(), video, paywall.Playable{}); sight.Sighting != paywall.SightUnclear {
		t.Errorf("player page: %+v", sight)
	}
	if n := trapped.visits.Load(); n != 0 {
		t.Errorf("%d connections to a host off the list", n)
	}
}

func TestOutside(t *testing.T) {
	for _, text := range []string{
		"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "0.0.0.0", "0.1.2.3", "::", "10.0.0.1", "172.16.0.1", "172.31.255.255",
		"192.168.1.1", "::ffff:10.0.0.1", "169.254.169.254", "fe80::1", "fe80::1%eth0", "2a00::1%eth0", "fd00:ec2::254", "fc00::1", "100.64.0.1",
		"100.100.100.200", "168.63.129.16", "224.0.0.1", "239.1.1.1", "ff02::1", "255.255.255.255", "240.0.0.1", "192.0.0.170", "192.0.2.1", "198.18.0.1",
		"198.51.100.1", "203.0.113.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "fec0::1", "100::1",
	} {
		if outside(netip.MustParseAddr(text)) {
			t.Errorf("%s counts as outside", text)
		}
	}
	for _, text := range []string{"8.8.8.8", "84.16.66.66", "2001:1600::1", "2a00:1450::1", "::ffff:8.8.8.8", "172.32.0.1", "100.128.0.1"} {
		if !outside(netip.MustParseAddr(text)) {
			t.Errorf("%s does not count as outside", text)
		}
	}
	if outside(netip.Addr{}) {
		t.Error("no address counts as outside")
	}
}

// Certificates are checked, whatever the name leads to.
func TestGuard_Certificate(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	server.Config.ErrorLog = nil
	way := guard{names{"radio.example.test": {"127.0.0.1"}}, func(netip.Addr) bool { return true }}.transport()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://radio.example.test:"+port+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := way.RoundTrip(request)
	if err == nil {
		_ = answer.Body.Close()
	}
	var cert *tls.CertificateVerificationError
	if !errors.As(err, &cert) {
		t.Errorf("error = %v, want one about the certificate", err)
	}
	if sight := noSight(t.Context(), err); sight.Sighting != paywall.SightSilent || sight.Detail != "the certificate is not valid" {
		t.Errorf("sight = %+v", sight)
	}
}
