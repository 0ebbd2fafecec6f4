package infomaniak

import (
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

func TestNew_Defaults(t *testing.T) {
	c, err := New(Config{APIToken: paywall.NewSecret(canary), Hosts: mediaHosts(t)})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.plan(theCanary(), video, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if want := "https://api.infomaniak.com/1/vod/channel/1227/share/1jhvl2uqa5rdf/token"; p.endpoint != want {
		t.Errorf("endpoint = %s, want %s", p.endpoint, want)
	}
	if want := "https://player.vod2.infomaniak.com/embed/1jhvl2uqa5rdf"; p.embed != want {
		t.Errorf("embed = %s, want %s", p.embed, want)
	}
	if c.timeout != DefaultTimeout || c.Health().State != StateClosed || c.Health().Since.IsZero() {
		t.Errorf("timeout %s, health %+v", c.timeout, c.Health())
	}
}

// TestNew_Refuses checks that a wrong setting is named and no secret is told.
func TestNew_Refuses(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Config)
		words  string
	}{
		"token with break":  {func(c *Config) { c.APIToken = paywall.NewSecret(canary + "\n") }, "line break"},
		"token with umlaut": {func(c *Config) { c.APIToken = paywall.NewSecret(canary + "ü") }, "copy it once more"},
		"http":              {func(c *Config) { c.APIURL = "http://api.infomaniak.com" }, "must use https"},
		"disguised":         {func(c *Config) { c.APIURL = "http://localhost.evil.example" }, "must use https"},
		"other scheme":      {func(c *Config) { c.VODURL = "ftp://api.vod2.infomaniak.com" }, "VOD address"},
		"no scheme":         {func(c *Config) { c.PlayerURL = "player.vod2.infomaniak.com" }, "player address"},
		"unreadable":        {func(c *Config) { c.APIURL = "https://[" }, "https://host"},
		"user":              {func(c *Config) { c.APIURL = "https://u:" + canary + "@api.infomaniak.com" }, "user name"},
		"query":             {func(c *Config) { c.APIURL = "https://api.infomaniak.com/?a=b" }, "neither"},
		"vod style":         {func(c *Config) { c.VODStyle = "v2" }, `"v2" is unknown`},
		"embed style":       {func(c *Config) { c.EmbedStyle = "x" }, `"x" is unknown`},
		"no hosts":          {func(c *Config) { c.Hosts = paywall.MediaHosts{} }, "media hosts is empty"},
		"timeout":           {func(c *Config) { c.Timeout = -1 }, "negative"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := Config{APIToken: paywall.NewSecret(canary), Hosts: mediaHosts(t)}
			tc.change(&cfg)
			_, err := New(cfg)
			if err == nil || !strings.Contains(err.Error(), tc.words) {
				t.Fatalf("error = %v, want words %q", err, tc.words)
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("the error holds the secret: %v", err)
			}
		})
	}
}

func TestNew_LoopbackHTTP(t *testing.T) {
	for _, base := range []string{"http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"} {
		cfg := Config{APIToken: paywall.NewSecret(canary), Hosts: mediaHosts(t), APIURL: base, VODURL: base, PlayerURL: base}
		if _, err := New(cfg); err != nil {
			t.Errorf("%s: %v", base, err)
		}
	}
}
