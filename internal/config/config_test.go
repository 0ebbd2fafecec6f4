package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"usher/internal/config"
)

// env is an environment for one test.
func env(pairs ...string) config.Getenv {
	return func(name string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestLoad_defaults(t *testing.T) {
	c, err := config.Load(env())
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "127.0.0.1:8080" || c.BaseURL.String() != "http://localhost:8080" || c.MintsPerMinute != 55 ||
		c.Zone.String() != "Europe/Zurich" || !c.APIToken.Empty() || c.Secure() {
		t.Errorf("defaults %+v", c)
	}
	if !slices.Contains(c.AllowedHosts, "127.0.0.1:8080") {
		t.Errorf("hosts %v: a site on this machine is not reached by its number", c.AllowedHosts)
	}
	if len(c.MediaHosts.Origins()) != 4 {
		t.Errorf("media hosts %v", c.MediaHosts.Origins())
	}
}

func TestLoad_refuses(t *testing.T) {
	for name, value := range map[string]string{
		"USHER_ADDR":                   "8080",
		"USHER_BASE_URL":               "http://radio.example",
		"USHER_TIME_ZONE":              "Mars/Olympus",
		"USHER_TRUSTED_PROXIES":        "0.0.0.0/0",
		"USHER_LOG_FORMAT":             "xml",
		"USHER_LOG_LEVEL":              "loud",
		"USHER_INFOMANIAK_API_URL":     "http://api.example",
		"USHER_INFOMANIAK_VOD_STYLE":   "v3",
		"USHER_INFOMANIAK_EMBED_STYLE": "frame",
		"USHER_MEDIA_HOSTS":            "https://*",
		"USHER_MINTS_PER_MINUTE":       "0",
		"USHER_OIDC_PROVIDERS":         "google",
		"USHER_SMTP_PORT":              "65536",
		"USHER_SMTP_TLS":               "opportunistic",
		"USHER_MAIL_FROM":              "radio",
		"USHER_SECRET_KEY":             "too-short",
		"USHER_DATABASE_URL":           "host=db user=usher password=canary dbname=usher",
	} {
		_, err := config.Load(env(name, value))
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%q: error %v does not name the setting", name, value, err)
		}
	}
}

func TestLoad_namesEveryMistakeAtOnce(t *testing.T) {
	_, err := config.Load(env("USHER_ADDR", "x", "USHER_MINTS_PER_MINUTE", "x"))
	if err == nil || strings.Count(err.Error(), "USHER_") != 2 {
		t.Errorf("error %v", err)
	}
}

func TestLoad_baseURL(t *testing.T) {
	for value, ok := range map[string]bool{
		"https://radio.example": true, "https://radio.example/": true, "http://127.0.0.1:9000": true,
		"https://radio.example/path": false, "https://user@radio.example": false, "radio.example": false, "https://": false,
	} {
		if _, err := config.Load(env("USHER_BASE_URL", value)); (err == nil) != ok {
			t.Errorf("%q: error %v", value, err)
		}
	}
	c, err := config.Load(env("USHER_BASE_URL", "https://Radio.Example"))
	if err != nil || c.BaseURL.Host != "radio.example" || len(c.AllowedHosts) != 0 || !c.Secure() {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestSecrets_fromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("the-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(env("USHER_INFOMANIAK_TOKEN_FILE", file))
	if err != nil || c.APIToken.Reveal() != "the-secret" {
		t.Errorf("token %q, %v", c.APIToken.Reveal(), err)
	}
	if _, err := config.Load(env("USHER_INFOMANIAK_TOKEN_FILE", file, "USHER_INFOMANIAK_TOKEN", "other")); err == nil {
		t.Error("two values for one secret were accepted")
	}
	if _, err := config.Load(env("USHER_INFOMANIAK_TOKEN_FILE", file+"x")); err == nil {
		t.Error("a file that is not there was accepted")
	}
}

func TestPrint_hidesSecrets(t *testing.T) {
	var out strings.Builder
	err := config.Print(&out, env("USHER_INFOMANIAK_TOKEN", "canary-token", "USHER_DATABASE_URL", "postgres://u:canary-password@h/d",
		"USHER_SMTP_PASSWORD", "canary-smtp", "USHER_SECRET_KEY", "canary-secret-key"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "canary") {
		t.Errorf("a secret is printed:\n%s", out.String())
	}
	if !strings.Contains(out.String(), "[redacted]") || !strings.Contains(out.String(), "USHER_SITE_NAME") {
		t.Errorf("the list is not whole:\n%s", out.String())
	}
}

func TestLoad_database(t *testing.T) {
	for value, ok := range map[string]bool{
		"usher.db": true, "/var/lib/usher/usher.db": true, "sqlite:/var/lib/usher/usher.db": true, "/srv/my site/usher.db": true,
		"postgres://u:canary@h/d": true, "postgresql://u@/d?host=/run/postgresql": true,
		"mysql://u:canary@h/d": false, "host=h password=canary": false, "dbname=d password=canary": false,
	} {
		_, err := config.Load(env("USHER_DATABASE_URL", value))
		if (err == nil) != ok {
			t.Errorf("%q: error %v", value, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("the password is in %v", err)
		}
	}
}

func TestWithoutPassword(t *testing.T) {
	for address, want := range map[string]string{
		"/var/lib/usher/usher.db":                         "/var/lib/usher/usher.db",
		"sqlite:data/usher.db":                            "sqlite:data/usher.db",
		"postgres://u@h/d":                                "postgres://u@h/d",
		"postgres://u:canary@h1,h2:5433/d":                "postgres://u:xxxxx@h1,h2:5433/d",
		"postgres://u@/d?host=/run/postgresql":            "postgres://u@/d?host=/run/postgresql",
		"postgres://u:canary@/d":                          "postgres://u:xxxxx@/d",
		"postgres://h/d?user=u&password=canary":           "postgres://h/d?password=xxxxx&user=u",
		"postgres://h/d?Password=canary&sslpassword=cana": "postgres://h/d?Password=xxxxx&sslpassword=xxxxx",
		"host=h user=u password=canary":                   "[redacted]",
		"mysql://u:canary@h/d":                            "[redacted]",
		"postgres://u:can%zzary@h/d":                      "[redacted]",
	} {
		if got := config.WithoutPassword(address); got != want {
			t.Errorf("%q is shown as %q, want %q", address, got, want)
		}
	}
}

// TestShown: an owner sees each option, and no secret.
func TestShown(t *testing.T) {
	values := map[string]string{
		"USHER_INFOMANIAK_TOKEN": "canary", "USHER_SITE_NAME": "Radio", "USHER_SECRET_KEY": "canary canary canary canary canary",
		"USHER_DATABASE_URL": "postgres://usher:canary@db.example/usher",
	}
	c, err := config.Load(func(name string) string { return values[name] })
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.Shown {
		if strings.Contains(s.Value, "canary") {
			t.Errorf("%s shows %q", s.Name, s.Value)
		}
		if _, set := values[s.Name]; set != s.Set {
			t.Errorf("%s: set = %v", s.Name, s.Set)
		}
	}
	if !c.Named() {
		t.Error("the site counts as without a name")
	}
	if c, err := config.Load(func(string) string { return "" }); err != nil || c.Named() {
		t.Errorf("without settings the site counts as named: %v", err)
	}
}
