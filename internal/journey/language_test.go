package journey

import (
	"regexp"
	"testing"
)

// withoutReference leaves out what is different on each error page.
func withoutReference(text string) string {
	return regexp.MustCompile(`Reference: \S+`).ReplaceAllString(text, "")
}

// TestLanguage: switching to German keeps the visitor on the page, and the site
// stays German.
func TestLanguage(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := visitor(t, kit)
	b.visit("/listen/promo")
	if lang := b.language(); lang != "en" {
		t.Fatalf("the site begins in %q", lang)
	}
	b.follow(".languages button[lang=de]")
	if b.language() != "de" || b.path() != "/listen/promo" {
		t.Fatalf("in %q at %s", b.language(), b.path())
	}
	b.click("[data-play]")
	b.waitPlaying()
	b.wants(".item-kind", "Für alle offen")
	b.wants("[data-state]", "Live")
	b.visit("/")
	if b.language() != "de" {
		t.Errorf("the next page is in %q", b.language())
	}
	b.visit("/login")
	b.signIn("anna")
	if b.language() != "de" {
		t.Errorf("after the sign-in in %q", b.language())
	}
	b.follow(".languages button[lang=en]")
	if b.language() != "en" {
		t.Errorf("switched back, but in %q", b.language())
	}
}

func (b *tab) language() string {
	b.t.Helper()
	return eval[string](b, "document.documentElement.lang")
}
