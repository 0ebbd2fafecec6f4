package infomaniak

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"usher/paywall"
)

// VODStyle is the address style of the VOD token call. Infomaniak documents
// two for the same operation.
type VODStyle string

// The styles of the VOD token call.
const (
	// VODStyleV1 is {APIURL}/1/vod/channel/…, of the OpenAPI file.
	VODStyleV1 VODStyle = "v1"
	// VODStylePub is {VODURL}/api/pub/v1/channel/…, of FAQ 1366.
	VODStylePub VODStyle = "pub"
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
	// APIToken is the owner's application token, with scope radio, vod or both.
	// It may be empty while a site is being set up: then every
	// Mint fails with ErrNoToken and asks nobody.
	APIToken paywall.Secret
	// APIURL serves the radio tokens, and the VOD tokens of VODStyleV1.
	APIURL string
	// VODStyle picks the VOD token call; empty means VODStyleV1.
	VODStyle VODStyle
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
	cfg.VODStyle = or(cfg.VODStyle, VODStyleV1)
	cfg.EmbedStyle = or(cfg.EmbedStyle, EmbedPlayer)
	cfg.Timeout = or(cfg.Timeout, DefaultTimeout)
	if cfg.Now == nil {
		cfg.Now = time.Now
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
	if err := checkToken(cfg.APIToken.Reveal()); err != nil {
		return err
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
	case cfg.VODStyle != VODStyleV1 && cfg.VODStyle != VODStylePub:
		return fmt.Errorf("infomaniak: VOD style %q is unknown; use %q or %q", cfg.VODStyle, VODStyleV1, VODStylePub)
	case cfg.EmbedStyle != EmbedPlayer && cfg.EmbedStyle != EmbedRes:
		return fmt.Errorf("infomaniak: embed style %q is unknown; use %q or %q", cfg.EmbedStyle, EmbedPlayer, EmbedRes)
	case len(cfg.Hosts.Origins()) == 0:
		return errors.New("infomaniak: the list of media hosts is empty, so nothing could be embedded")
	case cfg.Timeout < 0:
		return fmt.Errorf("infomaniak: the timeout %s is negative", cfg.Timeout)
	}
	return nil
}

// checkToken finds the usual slips of copy and paste. Its words never hold any
// part of the token.
func checkToken(token string) error {
	for i := range len(token) {
		if token[i] <= ' ' || token[i] >= 0x7f {
			return errors.New("infomaniak: the API token holds a space, a line break or a letter that no token has; copy it once more")
		}
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

func (cfg Config) vodAPI() string {
	if cfg.VODStyle == VODStylePub {
		return trimBase(cfg.VODURL) + "/api/pub/v1/channel/"
	}
	return trimBase(cfg.APIURL) + "/1/vod/channel/"
}

func (cfg Config) vodQuery() string {
	if cfg.Account == "" {
		return ""
	}
	return "?account=" + url.QueryEscape(cfg.Account)
}
