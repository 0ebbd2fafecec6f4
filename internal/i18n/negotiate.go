package i18n

import (
	"strings"

	"golang.org/x/text/language"
)

// maxHeader caps the Accept-Language header, in bytes. Real ones stay far
// below; a long one is cut at its last comma and costs no more than a short one.
const maxHeader = 256

// Negotiate picks the language that suits an Accept-Language header best, of all
// that there are; the default when nothing does or the header makes no sense.
func Negotiate(acceptLanguage string) *Locale { return everything.Negotiate(acceptLanguage) }

func (o *Offer) negotiate(acceptLanguage string) *Locale {
	if len(acceptLanguage) > maxHeader {
		acceptLanguage = acceptLanguage[:maxHeader]
		acceptLanguage = acceptLanguage[:max(strings.LastIndexByte(acceptLanguage, ','), 0)]
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return o.own
	}
	_, index, confidence := o.matcher.Match(wanted...)
	if confidence == language.No {
		return o.own
	}
	return o.locales[index]
}
