package infomaniak

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"usher/paywall"
)

// EmbedStyle is the form of the address in a VOD iframe.
type EmbedStyle string

// The forms of the VOD embed address.
const (
	// EmbedPlayer is {PlayerURL}/embed/{share}, the current player.
	EmbedPlayer EmbedStyle = "player"
	// EmbedRes is {VODURL}/res/embed/{share}.html, of FAQ 1366.
	EmbedRes EmbedStyle = "res"
)

// Defaults of Config.
const (
	DefaultAPIURL    = "https://api.infomaniak.com"
	DefaultVODURL    = "https://api.vod2.infomaniak.com"
	DefaultPlayerURL = "https://player.vod2.infomaniak.com"
	DefaultTimeout   = 4 * time.Second
)

// Config says how to reach Infomaniak. Only Hosts must be set.
type Config struct {
	// Credentials gives the owner's API token and what belongs to it. It is asked
	// before each call and must answer at once. Without a token every call
	// fails with ErrNoToken and asks nobody. Nil means APIToken, Account and
	// VODStyle as they are here.
	Credentials func(ctx context.Context) (paywall.Credentials, error)
	// Pace lets calls out that no listener waits for; nil means at once.
	Pace paywall.Pace
	// APIToken is the owner's application token, with scope radio, vod or both.
	APIToken paywall.Secret
	// APIURL serves the radio tokens, and the VOD tokens of VODStyleV1.
	APIURL string
	// VODStyle picks the VOD token call; empty means VODStyleV1.
	VODStyle paywall.VODStyle
	// VODURL serves VODStylePub and EmbedRes.
	VODURL string
	// EmbedStyle picks the VOD embed address; empty means EmbedPlayer.
	EmbedStyle EmbedStyle
	// PlayerURL serves EmbedPlayer.
	PlayerURL string
	// Account is an organisation id. Some tokens need it on VOD calls, else
	// the answer is 403 vod_access_denied.
	Account string
	// Hosts is the allow-list for every address that Mint gives out.
	Hosts paywall.MediaHosts
	// Now is the clock; nil means time.Now.
	Now paywall.Clock
	// Timeout bounds one call in all; zero means DefaultTimeout.
	Timeout time.Duration
}

func (cfg Config) withDefaults() Config {
	cfg.APIURL = or(cfg.APIURL, DefaultAPIURL)
	cfg.VODURL = or(cfg.VODURL, DefaultVODURL)
	cfg.PlayerURL = or(cfg.PlayerURL, DefaultPlayerURL)
	cfg.EmbedStyle = or(cfg.EmbedStyle, EmbedPlayer)
	cfg.Timeout = or(cfg.Timeout, DefaultTimeout)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Pace == nil {
		cfg.Pace = atOnce{}
	}
	return cfg
}

func or[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

func (cfg Config) validate() error {
	if err := paywall.CheckAPIToken(cfg.APIToken); err != nil {
		return fmt.Errorf("infomaniak: the API token: %w", err)
	}
	return errors.Join(
		checkBase("API", cfg.APIURL),
		checkBase("VOD", cfg.VODURL),
		checkBase("player", cfg.PlayerURL),
		cfg.checkChoices(),
	)
}

func (cfg Config) checkChoices() error {
	switch {
	case cfg.VODStyle != "" && !cfg.VODStyle.Valid():
		return fmt.Errorf("infomaniak: VOD style %q is unknown; use %q or %q", cfg.VODStyle, paywall.VODStyleV1, paywall.VODStylePub)
	case cfg.EmbedStyle != EmbedPlayer && cfg.EmbedStyle != EmbedRes:
		return fmt.Errorf("infomaniak: embed style %q is unknown; use %q or %q", cfg.EmbedStyle, EmbedPlayer, EmbedRes)
	case len(cfg.Hosts.Origins()) == 0:
		return errors.New("infomaniak: the list of media hosts is empty, so nothing could be embedded")
	case cfg.Timeout < 0:
		return fmt.Errorf("infomaniak: the timeout %s is negative", cfg.Timeout)
	}
	return nil
}

// checkBase accepts https, and plain http for this machine only: the API token
// travels in every call.
func checkBase(name, text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return fmt.Errorf("infomaniak: the %s address is not of the form https://host", name)
	case u.User != nil:
		return fmt.Errorf("infomaniak: the %s address must hold no user name or password", name)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return fmt.Errorf("infomaniak: the %s address must hold neither ? nor #", name)
	case u.Scheme == "https", u.Scheme == "http" && paywall.IsLoopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("infomaniak: the %s address %q must use https; plain http is accepted for this machine only", name, text)
}

func trimBase(base string) string { return strings.TrimRight(base, "/") }
