package infomaniak

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"usher/paywall"
)

// maxQuery bounds a token in bytes. Known ones have about 160.
const maxQuery = 2048

// clockSlack is how far the supplier's clock may differ from ours before its
// word about a token's end is set aside.
const clockSlack = 5 * time.Minute

// Reasons to refuse what should be a token. They never quote it.
var (
	errNoToken   = errors.New("there is no token in it")
	errLongToken = errors.New("the token is too long")
	errBadToken  = errors.New("the token holds characters that no address may have")
	errOddToken  = errors.New("the token is not of a known form")
)

// tokenText finds the text in "data": a string, or an object with a "token".
// The OpenAPI file leaves the type open; every known program reads a string.
func tokenText(data any) string {
	if object, ok := data.(map[string]any); ok {
		data = object["token"]
	}
	text, _ := data.(string)
	return text
}

// checkQuery turns the supplier's token text into the query to append, or
// refuses it. Three spellings are known of the same thing:
//
//	token=st=…~exp=…~acl=/hls/…/*~hmac=…   (FAQ 1366)
//	?token=…                               (the same, ready to append)
//	st=…~hmac=…                            (the bare value)
//
// A radio token's form is not documented, so there any name=value will do.
//
// The text is checked and otherwise left as it is. The servers compare it raw,
// so encoding "=", "~", "/" or "*" would make the token invalid.
func checkQuery(kind paywall.SourceKind, text string) (string, error) {
	text = strings.TrimPrefix(text, "?")
	if strings.HasPrefix(text, "st=") && strings.Contains(text, "~hmac=") {
		text = "token=" + text
	}
	switch {
	case text == "":
		return "", errNoToken
	case len(text) > maxQuery:
		return "", errLongToken
	case !plainText(text):
		return "", errBadToken
	case !knownForm(kind, text):
		return "", errOddToken
	}
	return text, nil
}

func knownForm(kind paywall.SourceKind, query string) bool {
	first, _, _ := strings.Cut(query, "&")
	name, value, found := strings.Cut(first, "=")
	if !found || value == "" {
		return false
	}
	if kind == paywall.SourceVOD {
		return name == "token"
	}
	return plainName(name)
}

func plainName(name string) bool {
	for i := range len(name) {
		b := name[i]
		letter := b|0x20 >= 'a' && b|0x20 <= 'z'
		digit := b >= '0' && b <= '9'
		if !letter && !digit && b != '_' && b != '-' && b != '.' {
			return false
		}
	}
	return name != ""
}

// plainText tells whether a text can stand in an address and in an attribute
// without any escaping but that of "&": printable ASCII without quotes, angle
// brackets, backslash and "#".
func plainText(text string) bool {
	for i := range len(text) {
		if !plain[text[i]] {
			return false
		}
	}
	return true
}

var plain = func() (table [256]bool) {
	for b := '!'; b <= '~'; b++ {
		table[b] = !strings.ContainsRune("\"'`<>\\#", b)
	}
	return table
}()

// expiry is when a token made at an instant ends. A VOD token says so itself;
// its word counts unless it is absurd, which only means that a clock is off.
func expiry(kind paywall.SourceKind, query string, now time.Time, window time.Duration) time.Time {
	planned := now.Add(window)
	if kind != paywall.SourceVOD {
		return planned
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(query, "token="), "~") {
		digits, found := strings.CutPrefix(part, "exp=")
		if !found {
			continue
		}
		seconds, err := strconv.ParseInt(digits, 10, 64)
		end := time.Unix(seconds, 0).UTC()
		if err != nil || end.Before(now) || end.After(planned.Add(clockSlack)) {
			return planned
		}
		return end
	}
	return planned
}
