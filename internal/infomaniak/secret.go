package infomaniak

import (
	"net/http"
	"regexp"
	"strings"
	"unicode"

	"usher/paywall"
)

// credentials hold the API token in the two forms in which a call needs it.
// They are only ever held by pointer, which fmt prints as an address.
type credentials struct {
	token  string
	header http.Header // all headers of a call, made once
}

func newCredentials(token paywall.Secret) *credentials {
	return &credentials{
		token: token.Reveal(),
		header: http.Header{
			"Authorization": {"Bearer " + token.Reveal()},
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
	text = strings.ReplaceAll(text, k.token, removed)
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
