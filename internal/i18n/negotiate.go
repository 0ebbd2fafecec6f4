package i18n

import (
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/text/language"
)

// maxHeader caps the Accept-Language header, in bytes. Real ones stay far
// below; a long one is cut at its last comma and costs no more than a short one.
const maxHeader = 256

func newMatcher() language.Matcher {
	tags := make([]language.Tag, 0, len(languages))
	for _, lang := range languages {
		tags = append(tags, language.MustParse(lang.tag))
	}
	return language.NewMatcher(tags)
}

// maxKnown bounds how many headers are remembered: browsers send a few hundred
// different ones, a hostile client any number.
const maxKnown = 1000

var (
	known      sync.Map // header → *Locale
	knownCount atomic.Int64
)

// Negotiate picks the language that suits an Accept-Language header best; the
// default when nothing does or the header makes no sense.
func Negotiate(acceptLanguage string) *Locale {
	if l, ok := known.Load(acceptLanguage); ok {
		return l.(*Locale) //nolint:forcetypeassert // nothing else is stored
	}
	l := negotiate(acceptLanguage)
	if len(acceptLanguage) <= maxHeader && knownCount.Add(1) <= maxKnown {
		known.Store(acceptLanguage, l)
	}
	return l
}

func negotiate(acceptLanguage string) *Locale {
	if len(acceptLanguage) > maxHeader {
		acceptLanguage = acceptLanguage[:maxHeader]
		acceptLanguage = acceptLanguage[:max(strings.LastIndexByte(acceptLanguage, ','), 0)]
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return Default()
	}
	_, index, confidence := matcher.Match(wanted...)
	if confidence == language.No {
		return Default()
	}
	return locales[index]
}
