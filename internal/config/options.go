package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"usher/paywall"
)

const (
	databaseURL = "USHER_DATABASE_URL"
	siteName    = "USHER_SITE_NAME"
)

// options is the one table of settings. Its order is that of the printed list.
var options = []option{
	{"USHER_ADDR", "127.0.0.1:8080", false, "address to listen on", setAddr},
	{"USHER_BASE_URL", "http://localhost:8080", false, "public address of the site; https unless it is this machine", setBaseURL},
	{"USHER_ALLOWED_HOSTS", "", false, "further host names to answer, comma separated", func(c *Config, v string) error {
		c.AllowedHosts = list(strings.ToLower(v))
		return nil
	}},
	{databaseURL, "data/usher.db", true, "SQLite file, or postgres://user:password@host/name", setDatabase},
	{siteName, "Usher", false, "name of the station, until an owner sets one", func(c *Config, v string) error {
		c.SiteName = v
		return nil
	}},
	{"USHER_TIME_ZONE", "Europe/Zurich", false, "zone in which dates are shown and typed, until an owner sets one", setZone},
	{"USHER_TRUSTED_PROXIES", "", false, "networks whose X-Forwarded-For is believed, such as 127.0.0.1/32", setProxies},
	{"USHER_LOG_FORMAT", "text", false, "text or json", func(c *Config, v string) error {
		c.LogJSON = v == "json"
		return oneOf(v, "text", "json")
	}},
	{"USHER_LOG_LEVEL", "info", false, "debug, info, warn or error", func(c *Config, v string) error {
		var level slog.Level
		err := level.UnmarshalText([]byte(v))
		c.LogLevel = level
		return err
	}},
	{"USHER_INFOMANIAK_TOKEN", "", true, "API token of Infomaniak with the scopes radio and vod; else the owner sets one on a page", func(c *Config, v string) error {
		c.APIToken = paywall.NewSecret(v)
		return paywall.CheckAPIToken(c.APIToken)
	}},
	{"USHER_INFOMANIAK_API_URL", "https://api.infomaniak.com", false, "base of Infomaniak's API", remote(func(c *Config) *string { return &c.APIURL })},
	{"USHER_INFOMANIAK_VOD_URL", "https://api.vod2.infomaniak.com", false, "base of the older VOD API and embed pages", remote(func(c *Config) *string { return &c.VODURL })},
	{"USHER_INFOMANIAK_PLAYER_URL", "https://player.vod2.infomaniak.com", false, "base of the VOD player", remote(func(c *Config) *string { return &c.PlayerURL })},
	{"USHER_INFOMANIAK_VOD_STYLE", "v1", false, "v1, or pub for the form of Infomaniak's guide", func(c *Config, v string) error {
		c.VODStyle = paywall.VODStyle(v)
		return oneOf(v, "v1", "pub")
	}},
	{"USHER_INFOMANIAK_EMBED_STYLE", "player", false, "player, or res for the form of Infomaniak's guide", func(c *Config, v string) error {
		c.EmbedStyle = v
		return oneOf(v, "player", "res")
	}},
	{"USHER_INFOMANIAK_ACCOUNT", "", false, "organisation id, if the token's user belongs to several", func(c *Config, v string) error {
		c.Account = v
		return nil
	}},
	{"USHER_MEDIA_HOSTS", "https://*.ice.infomaniak.ch,https://*.radiohls.infomaniak.com,https://player.vod2.infomaniak.com,https://api.vod2.infomaniak.com", false,
		"origins from which media may be embedded", setMediaHosts},
	{"USHER_SMTP_HOST", "", false, "mail server; without one no mail leaves", func(c *Config, v string) error {
		c.Mail.Host = v
		return nil
	}},
	{"USHER_SMTP_PORT", "", false, "its port; else 587, or 465 with tls", setMailPort},
	{"USHER_SMTP_TLS", "starttls", false, "starttls, tls, or none for a mail server on this machine", func(c *Config, v string) error {
		c.Mail.TLS = v
		return oneOf(v, "starttls", "tls", "none")
	}},
	{"USHER_SMTP_USER", "", false, "login at the mail server", func(c *Config, v string) error {
		c.Mail.User = v
		return nil
	}},
	{"USHER_SMTP_PASSWORD", "", true, "password at the mail server", func(c *Config, v string) error {
		c.Mail.Password = paywall.NewSecret(v)
		return nil
	}},
	{"USHER_SMTP_CA_FILE", "", false, "certificates to believe instead of the system's, as PEM", func(c *Config, v string) error {
		c.Mail.CAFile = v
		return nil
	}},
	{"USHER_MAIL_FROM", "", false, "whom mails come from; else no-reply at the site's host", setMailFrom},
	{"USHER_SECRET_KEY", "", true, "long random text that seals codes and second factors; made beside the SQLite file if not set", setSecretKey},
	{"USHER_MINTS_PER_MINUTE", "55", false, "calls to Infomaniak in a minute; it allows 60", func(c *Config, v string) (err error) {
		c.MintsPerMinute, err = atLeast(v, 1)
		return err
	}},
	{"USHER_OIDC_PROVIDERS", "", true, "other services to sign in with: a JSON list with id, name, issuer, client_id, client_secret of each", setOIDC},
}

func setAddr(c *Config, v string) error {
	c.Addr = v
	if _, _, err := net.SplitHostPort(v); err != nil {
		return fmt.Errorf("%q is not of the form host:port", v)
	}
	return nil
}

// setDatabase refuses what would become a SQLite file with an odd name although
// a server is meant. Its words must not repeat a password.
func setDatabase(c *Config, v string) error {
	scheme, _, isURL := strings.Cut(v, "://")
	foreign := isURL && scheme != "postgres" && scheme != "postgresql"
	pairs := !isURL && (strings.Contains(v, "host=") || strings.Contains(v, "dbname="))
	if foreign || pairs {
		return errors.New("it is neither a file nor of the form postgres://user:password@host/name")
	}
	c.DatabaseURL = v
	return nil
}

func setBaseURL(c *Config, v string) error {
	u, err := parseRemote(v)
	if err != nil {
		return err
	}
	if u.Path != "" && u.Path != "/" {
		return fmt.Errorf("%q must not have a path", v)
	}
	u.Path = ""
	u.Host = strings.ToLower(u.Host)
	c.BaseURL = u
	return nil
}

func setZone(c *Config, v string) (err error) {
	if c.Zone, err = time.LoadLocation(v); err != nil {
		return fmt.Errorf("%q is not a time zone such as Europe/Zurich", v)
	}
	return nil
}

// setProxies refuses "everybody": whoever is trusted can forge an address.
func setProxies(c *Config, v string) error {
	for _, text := range list(v) {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return fmt.Errorf("%q is not a network such as 127.0.0.1/32", text)
		}
		if network.Bits() == 0 {
			return fmt.Errorf("%q would believe everybody", text)
		}
		c.TrustedProxies = append(c.TrustedProxies, network)
	}
	return nil
}

func setMediaHosts(c *Config, v string) (err error) {
	c.MediaHosts, err = paywall.ParseMediaHosts(list(v))
	return err
}

// remote stores the address of a service without its trailing slash.
func remote(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		_, err := parseRemote(v)
		*field(c) = strings.TrimRight(v, "/")
		return err
	}
}

// parseRemote takes https, and http for this machine only.
func parseRemote(v string) (*url.URL, error) {
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%q is not an address such as https://radio.example", v)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !paywall.IsLoopback(u.Hostname())) {
		return nil, fmt.Errorf("%q must begin with https://", v)
	}
	return u, nil
}

func oneOf(v string, allowed ...string) error {
	for _, a := range allowed {
		if v == a {
			return nil
		}
	}
	return fmt.Errorf("%q is not one of %s", v, strings.Join(allowed, ", "))
}
