// Package config reads Usher's settings from the environment. One table lists
// every option; nothing else in the program reads the environment.
package config

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"usher/paywall"
)

// Config is every setting, checked and typed.
type Config struct {
	Addr           string   // host:port to listen on
	BaseURL        *url.URL // public address of the site, without a path
	AllowedHosts   []string // host:port names beside BaseURL's that are answered
	DatabaseURL    string
	SiteName       string
	Zone           *time.Location
	TrustedProxies []netip.Prefix
	LogJSON        bool
	LogLevel       slog.Level

	APIToken       paywall.Secret
	APIURL         string
	VODURL         string
	PlayerURL      string
	VODStyle       paywall.VODStyle
	EmbedStyle     string // "player" or "res"
	Account        string
	MediaHosts     paywall.MediaHosts
	MintsPerMinute int

	// Limits are those of the domain; only tests change them.
	Limits    paywall.Limits
	OIDC      []OIDCProvider
	Mail      Mail
	SecretKey paywall.Secret // key of the vault; may be empty

	// Shown are all options as they may be shown, in the order of the table.
	Shown []Shown
}

// Shown is an option as it may be shown to an owner: without secrets.
type Shown struct {
	Name   string // environment variable
	Value  string // empty for a secret
	Secret bool
	Set    bool // the operator set it; else the value is the default
}

// Named tells whether the operator named the site.
func (c Config) Named() bool {
	for _, s := range c.Shown {
		if s.Name == siteName {
			return s.Set
		}
	}
	return false
}

// Credentials are what the operator set of the login at Infomaniak.
func (c Config) Credentials() paywall.Credentials {
	return paywall.Credentials{Token: c.APIToken, Account: c.Account, VODStyle: c.VODStyle}
}

// Secure tells whether the site is served over HTTPS.
func (c Config) Secure() bool { return c.BaseURL.Scheme == "https" }

// Getenv looks an environment variable up; os.Getenv is one.
type Getenv func(name string) string

// option is one row of the table.
type option struct {
	name     string // environment variable
	fallback string
	secret   bool // may come from a file named by NAME_FILE; never printed
	help     string
	set      func(c *Config, value string) error
}

// Load reads and checks all options. It reports every mistake at once.
func Load(getenv Getenv) (Config, error) {
	c := Config{Limits: paywall.DefaultLimits()}
	var mistakes []string
	for _, o := range options {
		value, err := o.value(getenv)
		if err == nil {
			err = o.set(&c, value)
			c.Shown = append(c.Shown, o.shown(value))
		}
		if err != nil {
			mistakes = append(mistakes, fmt.Sprintf("%s: %v", o.name, err))
		}
	}
	// Whether settings fit together can be told only when each of them is right.
	if len(mistakes) == 0 {
		if err := c.Mail.finish(&c); err != nil {
			mistakes = append(mistakes, err.Error())
		}
	}
	if len(mistakes) > 0 {
		return Config{}, fmt.Errorf("the configuration needs mending:\n  %s", strings.Join(mistakes, "\n  "))
	}
	c.allowLoopbackNames()
	return c, nil
}

// allowLoopbackNames lets a site on this machine be reached by each of this
// machine's names, whichever of them its address was given with.
func (c *Config) allowLoopbackNames() {
	if !paywall.IsLoopback(c.BaseURL.Hostname()) {
		return
	}
	port := c.BaseURL.Port()
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		host := net.JoinHostPort(name, port)
		if port == "" {
			host = name
		}
		c.AllowedHosts = append(c.AllowedHosts, host)
	}
}

func (o option) value(getenv Getenv) (string, error) {
	value := getenv(o.name)
	if !o.secret {
		return orElse(value, o.fallback), nil
	}
	file := getenv(o.name + "_FILE")
	switch {
	case file == "":
		return orElse(value, o.fallback), nil
	case value != "":
		return "", fmt.Errorf("set either %s or %s_FILE, not both", o.name, o.name)
	}
	content, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return "", fmt.Errorf("the secret's file cannot be read: %w", err)
	}
	return strings.TrimRight(string(content), "\r\n"), nil
}

// shown is the option with a value, as it may be shown.
func (o option) shown(value string) Shown {
	s := Shown{Name: o.name, Value: value, Secret: o.secret, Set: value != o.fallback}
	switch {
	case o.name == databaseURL:
		s.Value = WithoutPassword(value)
	case o.secret:
		s.Value = ""
	}
	return s
}

// Print lists all options with their present values; secrets are hidden.
func Print(w io.Writer, getenv Getenv) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, o := range options {
		value, err := o.value(getenv)
		switch {
		case err != nil:
			value = "(" + err.Error() + ")"
		case o.name == databaseURL:
			value = WithoutPassword(value)
		case o.secret && value != "":
			value = paywall.NewSecret(value).String()
		case value == "":
			value = "-"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", o.name, value, o.help)
	}
	return table.Flush()
}

// WithoutPassword is a database's address as it may be shown. PostgreSQL takes a
// password in front of the host and among the parameters.
func WithoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		if strings.ContainsAny(address, "@=") {
			return paywall.NewSecret(address).String()
		}
		return address
	}
	parameters := u.Query()
	for name := range parameters {
		if strings.Contains(strings.ToLower(name), "password") {
			parameters.Set(name, "xxxxx")
			u.RawQuery = parameters.Encode()
		}
	}
	return u.Redacted()
}

func orElse(value, fallback string) string {
	if strings.TrimSpace(value) == "" {
		return fallback
	}
	return strings.TrimSpace(value)
}

func list(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
}

func atLeast(value string, least int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < least {
		return 0, fmt.Errorf("%q is not a number of at least %d", value, least)
	}
	return n, nil
}
