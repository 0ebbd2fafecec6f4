package infomaniak

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"usher/paywall"
)

// credentials hold the API token in the two forms in which a call needs it.
// They are only ever held by pointer, which fmt prints as an address: it ignores
// String methods below unexported fields and would print a value in full.
type credentials struct {
	given   paywall.Credentials
	token   string
	header  http.Header // all headers of a call, made once
	account string
	query   string // "?account=…" or empty
	style   paywall.VODStyle
}

// credentials are what the next call is made with.
func (c *Client) credentials(ctx context.Context) (*credentials, error) {
	given, err := c.login(ctx)
	if errors.Is(err, paywall.ErrSealed) {
		return nil, &paywall.SupplierError{Unasked: true, Err: err}
	}
	if err != nil {
		return nil, err // the database, not the supplier
	}
	if last := c.last.Load(); last != nil && last.given == given {
		return last, nil
	}
	if given.Token.Empty() {
		return nil, &paywall.SupplierError{Unasked: true, Err: ErrNoToken}
	}
	made := newCredentials(given)
	c.last.Store(made)
	return made, nil
}

// credentials are those given, or the fixed ones.
func (cfg Config) credentials() func(context.Context) (paywall.Credentials, error) {
	if cfg.Credentials != nil {
		return cfg.Credentials
	}
	fixed := paywall.Credentials{Token: cfg.APIToken, Account: cfg.Account, VODStyle: cfg.VODStyle}
	return func(context.Context) (paywall.Credentials, error) { return fixed, nil }
}

func newCredentials(given paywall.Credentials) *credentials {
	query := ""
	if given.Account != "" {
		query = "?account=" + url.QueryEscape(given.Account)
	}
	return &credentials{
		given:   given,
		token:   given.Token.Reveal(),
		account: given.Account,
		query:   query,
		style:   given.VODStyle,
		header: http.Header{
			"Authorization": {"Bearer " + given.Token.Reveal()},
			"Content-Type":  {"application/json"},
			"Accept":        {"application/json"},
			"User-Agent":    {"Usher"},
		},
	}
}

const (
	removed        = "[removed]"
	maxDescription = 200 // characters
	maxCode        = 64
)

var (
	// namedSecret finds a secret by its name. Stream answers carry hash_key and
	// folder answers carry password in clear.
	namedSecret = regexp.MustCompile(`(?i)(hash_?key|shared_?key|password|secret|authorization)["']?\s*[:=]\s*["']?[^\s"',;}]+`)
	// bearer finds a repeated credential.
	bearer = regexp.MustCompile(`(?i)(bearer|token)["']?[\s:=]+["']?[A-Za-z0-9._~+/=*-]{16,}`)
	// opaque finds what only a machine writes: API tokens have about 70 of
	// these characters, hashes 64, identifiers worth reading at most 13.
	opaque = regexp.MustCompile(`[A-Za-z0-9_-]{32,}`)
)

// clean makes foreign words fit for a log and for the owner's page: one line,
// bounded, without anything that is or looks like a secret.
func (k *credentials) clean(text string) string {
	text = strings.Join(strings.Fields(strings.Map(printable, text)), " ")
	if k.token != "" {
		text = strings.ReplaceAll(text, k.token, removed)
	}
	text = bearer.ReplaceAllString(text, removed)
	text = namedSecret.ReplaceAllString(text, removed)
	text = opaque.ReplaceAllStringFunc(text, func(word string) string {
		if strings.ContainsAny(word, "0123456789") {
			return removed
		}
		return word // a long name such as validation_rule_required_without_all
	})
	return firstRunes(text, maxDescription)
}

var codeForm = regexp.MustCompile(`^[A-Za-z0-9_.:-]+$`)

// cleanCode keeps a code only when it looks like one.
func (k *credentials) cleanCode(code string) string {
	if len(code) > maxCode || !codeForm.MatchString(code) || k.clean(code) != code {
		return ""
	}
	return code
}

func printable(r rune) rune {
	if unicode.IsPrint(r) && r != unicode.ReplacementChar {
		return r
	}
	return ' '
}

func firstRunes(text string, limit int) string {
	count := 0
	for i := range text {
		if count == limit {
			return text[:i]
		}
		count++
	}
	return text
}
