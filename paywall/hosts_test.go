package paywall_test

import (
	"net/url"
	"testing"

	"usher/paywall"
)

// mediaHosts is an allow-list like the one of a real site with a sandbox.
func mediaHosts(t testing.TB) paywall.MediaHosts {
	t.Helper()
	return get(paywall.ParseMediaHosts([]string{
		"https://*.ice.infomaniak.ch", "https://*.radiohls.infomaniak.com", "http://localhost:8090",
	}))(t)
}

func TestParseMediaHosts(t *testing.T) {
	for origin, want := range map[string]string{
		"https://player.infomaniak.com":          "https://player.infomaniak.com",
		"https://Player.Infomaniak.COM":          "https://player.infomaniak.com",
		"  https://player.infomaniak.com\t":      "https://player.infomaniak.com",
		"https://player.infomaniak.com:8443":     "https://player.infomaniak.com:8443",
		"https://*.ice.infomaniak.ch":            "https://*.ice.infomaniak.ch",
		"https://*.infomaniak.com":               "https://*.infomaniak.com",
		"https://*.radiohls.infomaniak.com:8443": "https://*.radiohls.infomaniak.com:8443",
		"http://localhost":                       "http://localhost",
		"http://localhost:8090":                  "http://localhost:8090",
		"http://LOCALHOST:8090":                  "http://localhost:8090",
		"http://127.0.0.1:8090":                  "http://127.0.0.1:8090",
		"http://[::1]:8090":                      "http://[::1]:8090",
		"http://[::1]":                           "http://[::1]",
		"https://localhost:8443":                 "https://localhost:8443",
	} {
		t.Run(origin, func(t *testing.T) {
			hosts := get(paywall.ParseMediaHosts([]string{origin}))(t)
			wantSame(t, hosts.Origins(), []string{want})
			again := get(paywall.ParseMediaHosts(hosts.Origins()))(t)
			wantSame(t, again, hosts)
		})
	}
}

func TestParseMediaHosts_Order(t *testing.T) {
	list := []string{"https://b.example.org", "https://a.example.org", "https://*.c.example.org"}
	wantSame(t, get(paywall.ParseMediaHosts(list))(t).Origins(), list)
	wantSame(t, paywall.MediaHosts{}.Origins(), []string{})
}

func TestParseMediaHosts_Refused(t *testing.T) {
	for _, origin := range []string{
		"", " ", "player.infomaniak.com", "//player.infomaniak.com", "https://", "https:player.infomaniak.com",
		"http://player.infomaniak.com", "http://*.ice.infomaniak.ch", "ftp://player.infomaniak.com",
		"HTTPS://player.infomaniak.com", "javascript://player.infomaniak.com", "data://x.y", "*://a.example.org",
		"https://*", "https://*.", "https://*.com", "https://*infomaniak.com", "https://**.infomaniak.com",
		"https://a.*.infomaniak.com", "https://*.*.infomaniak.com", "https://infomaniak.*",
		"https://a.example.org/", "https://a.example.org/path", "https://a.example.org?x", "https://a.example.org#x",
		"https://user@a.example.org", "https://a.example.org b.example.org", "https://a.example.org;script-src",
		"https://a.example.org,b.example.org", "https://'none'", `https://"a.example.org"`,
		"http://localhost.example.org", "http://127.0.0.1.example.org", "http://127.0.0.2", "http://0.0.0.0",
		"http://[::2]", "http://*.localhost", "http://localhost:x",
	} {
		t.Run(origin, func(t *testing.T) {
			hosts, err := paywall.ParseMediaHosts([]string{"https://good.example.org", origin})
			if err == nil || len(hosts.Origins()) != 0 {
				t.Errorf("accepted: %v", hosts.Origins())
			}
		})
	}
}

func TestMediaHosts_Allows(t *testing.T) {
	hosts := get(paywall.ParseMediaHosts([]string{
		"https://*.ice.infomaniak.ch", "https://player.infomaniak.com", "https://alt.example.org:8443",
		"http://localhost:8090",
	}))(t)
	for address, want := range map[string]bool{
		"https://demo.ice.infomaniak.ch/radio.mp3":            true,
		"https://DEMO.Ice.Infomaniak.CH/radio.mp3":            true,
		"HTTPS://demo.ice.infomaniak.ch/radio.mp3":            true,
		"https://a.b.ice.infomaniak.ch/":                      true,
		"https://player.infomaniak.com/?x=1":                  true,
		"https://alt.example.org:8443/":                       true,
		"http://localhost:8090/radio.mp3":                     true,
		"https://ice.infomaniak.ch/":                          false, // the wildcard needs a label
		"https://.ice.infomaniak.ch/":                         false,
		"https://evil-ice.infomaniak.ch/":                     false,
		"https://evilice.infomaniak.ch/":                      false,
		"https://demo.ice.infomaniak.ch.evil.example/":        false,
		"https://demo.ice.infomaniak.ch@evil.example/":        false,
		"https://evil.example/demo.ice.infomaniak.ch":         false,
		"https://evil.example?demo.ice.infomaniak.ch":         false,
		"https://evil.example#.ice.infomaniak.ch":             false,
		"https://demo.ice.infomaniak.ch./":                    false,
		"https://demo.ice.infomaniak.ch:8443/":                false,
		"https://demo.ice.infomaniak.ch:443/":                 false,
		"https://demo.ice.infomaniak.com/":                    false,
		"http://demo.ice.infomaniak.ch/":                      false,
		"ftp://demo.ice.infomaniak.ch/":                       false,
		"//demo.ice.infomaniak.ch/":                           false,
		"demo.ice.infomaniak.ch/":                             false,
		"https:demo.ice.infomaniak.ch":                        false,
		"https://user@demo.ice.infomaniak.ch/":                false,
		"https://user:pass@demo.ice.infomaniak.ch/":           false,
		"https://@demo.ice.infomaniak.ch/":                    false,
		"https://x.player.infomaniak.com/":                    false,
		"https://player.infomaniak.com:444/":                  false,
		"https://alt.example.org/":                            false,
		"http://alt.example.org:8443/":                        false,
		"https://localhost:8090/":                             false,
		"http://localhost/":                                   false,
		"http://localhost:8091/":                              false,
		"http://127.0.0.1:8090/":                              false,
		"javascript:alert(1)//demo.ice.infomaniak.ch":         false,
		"data:text/html,demo.ice.infomaniak.ch":               false,
		"":                                                    false,
		"/":                                                   false,
		"https://demo.ice.infomaniak.ch%2eevil.example/":      false,
		"https://evil.example\\.ice.infomaniak.ch/":           false,
		"https://evil.example%00.ice.infomaniak.ch/":          false,
		"https://evil.example%2f.ice.infomaniak.ch/":          false,
		"https://evil.example\n.ice.infomaniak.ch/":           false,
		"https://evil.example .ice.infomaniak.ch/":            false,
		"https://[::1].ice.infomaniak.ch/":                    false,
		"https://demo.ｉｃｅ.infomaniak.ch/":                     false,
		"https://demo.ice.infomaniak.ch\u3002evil.example/":   false,
		"https://demo\u3002ice.infomaniak.ch.evil.example:0/": false,
	} {
		t.Run(address, func(t *testing.T) {
			u, err := url.Parse(address)
			if got := err == nil && hosts.Allows(u); got != want {
				t.Errorf("allowed %v (%v), want %v", got, err, want)
			}
		})
	}
}

func TestMediaHosts_AllowsNothing(t *testing.T) {
	if mediaHosts(t).Allows(nil) {
		t.Error("no address at all is allowed")
	}
	if (paywall.MediaHosts{}).Allows(&url.URL{Scheme: "https", Host: "demo.ice.infomaniak.ch"}) {
		t.Error("the empty list allows a host")
	}
	if (paywall.MediaHosts{}).Allows(&url.URL{}) {
		t.Error("the empty list allows the empty address")
	}
	if mediaHosts(t).Allows(&url.URL{Scheme: "https", Opaque: "//demo.ice.infomaniak.ch/x", Host: "demo.ice.infomaniak.ch"}) {
		t.Error("an opaque address is allowed")
	}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "::1": true, "[::1]": true,
		"": false, "127.0.0.2": false, "localhost.": false, "localhost:80": false, "Localhost": false,
		"0.0.0.0": false, "::": false, "evil.localhost": false, "localhost.evil.example": false,
	} {
		if got := paywall.IsLoopback(host); got != want {
			t.Errorf("%q is loopback: %v, want %v", host, got, want)
		}
	}
}
