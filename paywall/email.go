package paywall

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// MaxEmail is the longest address a mail server must take, in bytes (RFC 5321,
// 4.5.3.1.3 less the angle brackets).
const MaxEmail = 254

// localChars are the characters allowed before the "@" beside letters and
// digits: the atext of RFC 5322 without those that programs tend to mistake for
// syntax (quotes, backslash, percent routing, bang paths).
const localChars = ".#$&'*+-/=?^_`{|}~"

// CanonicalEmail is the one form in which an address is stored, compared and
// written to. Letters A to Z become small; nothing else is folded, because
// folding Unicode lets one address pass for another (U+212A becomes "k"). The
// domain may be international and is kept in its ASCII form.
func CanonicalEmail(text string) (string, error) {
	text = strings.Trim(text, " \t")
	at := strings.LastIndexByte(text, '@')
	if at < 1 || len(text) > MaxEmail || !utf8.ValidString(text) {
		return "", errEmail()
	}
	local, domain := text[:at], text[at+1:]
	if !validLocal(local) {
		return "", errEmail()
	}
	domain, err := idna.Lookup.ToASCII(domain)
	if err != nil || !validDomain(domain) {
		return "", errEmail()
	}
	email := lowerASCII(local) + "@" + domain
	if len(email) > MaxEmail {
		return "", errEmail()
	}
	return email, nil
}

func errEmail() error { return invalidField("email", "user.error.email") }

func validLocal(local string) bool {
	if len(local) > 64 || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	for i := range len(local) {
		if c := local[i]; !isAlnum(c) && strings.IndexByte(localChars, c) < 0 {
			return false
		}
	}
	return true
}

// validDomain wants a name with a dot: addresses on bare hosts and on IP
// literals are no use to a website.
func validDomain(domain string) bool {
	if !strings.Contains(domain, ".") || strings.HasSuffix(domain, ".") {
		return false
	}
	labels := strings.Split(domain, ".")
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return false // 192.0.2.1: no top-level domain is a number
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if !isAlnum(label[i]) && label[i] != '-' {
				return false
			}
		}
	}
	return true
}

func isAlnum(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
