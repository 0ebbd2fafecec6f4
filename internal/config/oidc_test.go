package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"usher/internal/config"
)

const providers = "USHER_OIDC_PROVIDERS"

const twoProviders = `[
	{"id":"infomaniak","client_id":"ik","client_secret":"canary-1"},
	{"id":"other-2","name":"Other","issuer":"https://login.other.example/","client_id":"ot","client_secret":"canary-2"}
]`

func TestOIDC_providers(t *testing.T) {
	c, err := config.Load(env(providers, twoProviders))
	if err != nil || len(c.OIDC) != 2 {
		t.Fatalf("%+v, %v", c.OIDC, err)
	}
	first, second := c.OIDC[0], c.OIDC[1]
	if first.ID != "infomaniak" || first.Name != "Infomaniak" || first.Issuer != "https://login.infomaniak.com" ||
		first.ClientID != "ik" || first.ClientSecret.Reveal() != "canary-1" {
		t.Errorf("the preset: %+v", first)
	}
	if second.ID != "other-2" || second.Name != "Other" || second.Issuer != "https://login.other.example/" ||
		second.ClientID != "ot" || second.ClientSecret.Reveal() != "canary-2" {
		t.Errorf("not as written: %+v", second)
	}
}

func TestOIDC_none(t *testing.T) {
	for _, value := range []string{"", " ", "[]"} {
		if c, err := config.Load(env(providers, value)); err != nil || len(c.OIDC) != 0 {
			t.Errorf("%q: %+v, %v", value, c.OIDC, err)
		}
	}
}

func TestOIDC_fromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "providers.json")
	if err := os.WriteFile(file, []byte(twoProviders+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := config.Load(env(providers+"_FILE", file)); err != nil || len(c.OIDC) != 2 {
		t.Errorf("%+v, %v", c.OIDC, err)
	}
}

// TestOIDC_refuses: each mistake is named, and no value is repeated, because a
// secret may stand in the wrong place.
func TestOIDC_refuses(t *testing.T) {
	row := func(id, name, issuer, secret string) string {
		return `{"id":"` + id + `","name":"` + name + `","issuer":"` + issuer + `","client_id":"c","client_secret":"` + secret + `"}`
	}
	const site = "https://canary.example"
	good := row("canary", "canary", site, "canary")
	for name, value := range map[string]string{
		"no JSON":           "canary",
		"no list":           good,
		"more after it":     "[" + good + "] canary",
		"half":              "[" + good,
		"unknown field":     `[{"id":"canary","canary":"canary"}]`,
		"number":            `[{"id":"x","client_secret":1234567}]`,
		"no id":             "[" + row("", "canary", site, "canary") + "]",
		"odd id":            "[" + row("Canary!", "canary", site, "canary") + "]",
		"long id":           "[" + row("canary-canary-canary-", "canary", site, "canary") + "]",
		"same id":           "[" + good + "," + good + "]",
		"no name":           "[" + row("canary", " ", site, "canary") + "]",
		"no issuer":         "[" + row("canary", "canary", "", "canary") + "]",
		"http":              "[" + row("canary", "canary", "http://canary.example", "canary") + "]",
		"query":             "[" + row("canary", "canary", site+"?", "canary") + "]",
		"fragment":          "[" + row("canary", "canary", site+"#", "canary") + "]",
		"user part":         "[" + row("canary", "canary", "https://u:canary@h.example", "canary") + "]",
		"no secret":         "[" + row("canary", "canary", site, "") + "]",
		"no client":         `[{"id":"infomaniak","client_secret":"canary"}]`,
		"more than buttons": "[" + strings.Repeat(good+",", 8) + good + "]",
	} {
		_, err := config.Load(env(providers, value))
		if err == nil || !strings.Contains(err.Error(), providers) {
			t.Errorf("%s: error %v does not name the setting", name, err)
			continue
		}
		for _, text := range []string{"canary", "1234567"} {
			if strings.Contains(err.Error(), text) {
				t.Errorf("%s: a value is repeated: %v", name, err)
			}
		}
	}
}

func TestOIDC_onThisMachine(t *testing.T) {
	value := `[{"id":"infomaniak","issuer":"http://127.0.0.1:9000","client_id":"c","client_secret":"s"}]`
	c, err := config.Load(env(providers, value))
	if err != nil || c.OIDC[0].Issuer != "http://127.0.0.1:9000" || c.OIDC[0].Name != "Infomaniak" {
		t.Errorf("%+v, %v", c.OIDC, err)
	}
}

func TestOIDC_isNotPrinted(t *testing.T) {
	var out strings.Builder
	if err := config.Print(&out, env(providers, twoProviders)); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "canary") || !strings.Contains(out.String(), providers) {
		t.Errorf("printed:\n%s", out.String())
	}
}
