package i18n

import "testing"

func TestOffer(t *testing.T) {
	o := NewOffer("de", []string{"fr", "xx", "de"})
	if all := o.All(); len(all) != 2 || all[0].Tag() != "fr" || o.Own().Tag() != "de" {
		t.Errorf("offers %v, own %s", all, o.Own().Tag())
	}
	for header, want := range map[string]string{
		"": "de", "fr-CH": "fr", "it, fr;q=0.5": "fr", "it": "de", "en-GB": "de", "de-AT": "de", "xx;;": "de",
	} {
		for range 2 {
			if got := o.Negotiate(header).Tag(); got != want {
				t.Errorf("%q: %s, want %s", header, got, want)
			}
		}
	}
	if _, ok := o.Lookup("it"); ok {
		t.Error("offers Italian")
	}
	if l, ok := o.Lookup("fr"); !ok || l.Tag() != "fr" {
		t.Error("does not offer French")
	}
	for _, o := range []*Offer{NewOffer("xx", nil), NewOffer("", []string{"xx"})} {
		if len(o.All()) != 1 || o.Own() != Default() {
			t.Errorf("an empty offer is %v", o.All())
		}
	}
	if o := NewOffer("it", []string{"es", "fr"}); o.Own().Tag() != "es" {
		t.Errorf("a language that is not offered is the site's own: %s", o.Own().Tag())
	}
}
