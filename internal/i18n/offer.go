package i18n

import (
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/text/language"
)

// Offer is the languages that a site offers, one of which is its own. It never
// changes and is safe for concurrent use.
type Offer struct {
	own     *Locale
	locales []*Locale
	matcher language.Matcher

	known      sync.Map // Accept-Language header → *Locale
	knownCount atomic.Int64
}

// maxKnown bounds how many headers are remembered: browsers send a few hundred
// different ones, a hostile client any number.
const maxKnown = 1000

// everything offers all languages that there are.
var everything = newOffer(locales, locales[0])

// Everything offers all languages that there are.
func Everything() *Offer { return everything }

// NewOffer offers the languages with these tags; own is the site's. Tags that
// nobody knows are left out, and without any the offer is Default alone.
func NewOffer(own string, tags []string) *Offer {
	var offered []*Locale
	for _, tag := range tags {
		if l, ok := Lookup(tag); ok {
			offered = append(offered, l)
		}
	}
	if len(offered) == 0 {
		offered = []*Locale{Default()}
	}
	l, ok := Lookup(own)
	if !ok || !slices.Contains(offered, l) {
		l = offered[0]
	}
	return newOffer(offered, l)
}

func newOffer(offered []*Locale, own *Locale) *Offer {
	tags := make([]language.Tag, 0, len(offered))
	for _, l := range offered {
		tags = append(tags, language.MustParse(l.tag))
	}
	return &Offer{own: own, locales: offered, matcher: language.NewMatcher(tags)}
}

// Own is the site's own language.
func (o *Offer) Own() *Locale { return o.own }

// All are the offered languages in their order.
func (o *Offer) All() []*Locale { return slices.Clone(o.locales) }

// Lookup finds the offered language with exactly this tag.
func (o *Offer) Lookup(tag string) (*Locale, bool) {
	l, ok := Lookup(tag)
	return l, ok && slices.Contains(o.locales, l)
}

// Negotiate picks the offered language that suits an Accept-Language header best;
// the site's own when none does or the header makes no sense.
func (o *Offer) Negotiate(acceptLanguage string) *Locale {
	if l, ok := o.known.Load(acceptLanguage); ok {
		return l.(*Locale) //nolint:forcetypeassert // nothing else is stored
	}
	l := o.negotiate(acceptLanguage)
	if len(acceptLanguage) <= maxHeader && o.knownCount.Add(1) <= maxKnown {
		o.known.Store(acceptLanguage, l)
	}
	return l
}
