package paywall_test

import (
	"fmt"
	"strings"
	"testing"

	"usher/paywall"
)

// save stores a text over the version that is there.
func save(t testing.TB, f *paywall.Front, place paywall.TextPlace, language, body string) {
	t.Helper()
	in := get(f.Text(t.Context(), place, language))(t)
	in.Body = body
	must(t, f.SaveText(t.Context(), by, in))
}

// TestText_Fallback: the visitor's language, then the site's, then any offered.
func TestText_Fallback(t *testing.T) {
	f := newSite(t).front(t)
	shown := func(language string) string {
		body, written := f.Now().Text(paywall.PlaceImprint, language)
		return body + "/" + written
	}
	wantSame(t, shown("de"), "/")
	save(t, f, paywall.PlaceImprint, "it", "Chi siamo")
	wantSame(t, shown("de"), "Chi siamo/it")
	save(t, f, paywall.PlaceImprint, "en", "Who we are")
	wantSame(t, shown("de"), "Who we are/en")
	save(t, f, paywall.PlaceImprint, "de", "Wer wir sind\r\n")
	wantSame(t, shown("de"), "Wer wir sind/de")
	wantSame(t, f.Now().Written(paywall.PlaceImprint), []string{"en", "de", "it"})
	save(t, f, paywall.PlaceImprint, "de", " ")
	wantSame(t, shown("de"), "Who we are/en")
	look := someLook
	look.Languages, look.Language = []string{"fr", "it"}, "fr"
	must(t, f.ChangeLook(t.Context(), by, look, noLogo))
	wantSame(t, shown("en"), "Who we are/en") // asked for by name
	wantSame(t, shown("fr"), "Chi siamo/it")
	wantSame(t, f.Now().Written(paywall.PlaceImprint), []string{"it"})
}

// TestText_Save writes down how much there was and is, and tells the second of two.
func TestText_Save(t *testing.T) {
	s := newSite(t)
	f := s.front(t)
	first := get(f.Text(t.Context(), paywall.PlaceHome, "fr"))(t)
	wantSame(t, first, paywall.Text{Place: paywall.PlaceHome, Language: "fr"})
	first.Body = "Été"
	must(t, f.SaveText(t.Context(), by, first))
	first.Body = "Hiver"
	wantErr(t, f.SaveText(t.Context(), by, first), paywall.ErrChanged)
	save(t, f, paywall.PlaceHome, "fr", "Hiver")
	save(t, f, paywall.PlaceHome, "fr", "Hiver\n")
	wantSame(t, get(f.Text(t.Context(), paywall.PlaceHome, "fr"))(t),
		paywall.Text{Place: paywall.PlaceHome, Language: "fr", Body: "Hiver", Version: 2, ChangedAt: opening})
	wantSame(t, s.lines(t), []string{"site.text home fr: text: changed", "site.text home fr: text: made\nwords: 1"})
}

func TestText_Refused(t *testing.T) {
	s := newSite(t)
	f := s.front(t)
	for _, body := range []string{strings.Repeat("é", paywall.MaxText+1), "a\x00b", "a\xffb"} {
		err := f.SaveText(t.Context(), by, paywall.Text{Place: paywall.PlaceHome, Language: "fr", Body: body})
		wantInvalid(t, err, map[string]string{"body": "texts.error.body"})
	}
	for _, text := range []paywall.Text{{Place: "nowhere", Language: "fr"}, {Place: paywall.PlaceHome, Language: "xx"}, {Place: paywall.PlaceTerms}} {
		_, err := f.Text(t.Context(), text.Place, text.Language)
		wantErr(t, err, paywall.ErrNotFound)
		wantErr(t, f.SaveText(t.Context(), by, text), paywall.ErrNotFound)
	}
	wantSame(t, s.actions(t), []string(nil))
	save(t, f, paywall.PlaceHome, "fr", strings.Repeat("é", paywall.MaxText))
}

// TestText_Terms: new words are a new version with the other languages as they
// were, a first translation joins the version in force.
func TestText_Terms(t *testing.T) {
	s := newSite(t)
	f := s.front(t)
	for n, step := range []struct {
		language, body string
		version        int
		bodies         string
	}{
		{"en", "", 0, "map[]"},
		{"en", " Be kind.\r\n\r\nAlways. ", 1, "map[en:Be kind.\n\nAlways.]"},
		{"en", "Be kind.\n\nAlways.", 1, "map[en:Be kind.\n\nAlways.]"},
		{"de", "Freundlich sein.", 1, "map[de:Freundlich sein. en:Be kind.\n\nAlways.]"},
		{"en", "Be good.", 2, "map[de:Freundlich sein. en:Be good.]"},
		{"de", "", 3, "map[de: en:Be good.]"},
		{"de", "Gut sein.", 3, "map[de:Gut sein. en:Be good.]"},
		{"en", "", 4, "map[de:Gut sein. en:]"},
		{"de", "", 5, "map[de: en:]"},
	} {
		save(t, f, paywall.PlaceTerms, step.language, step.body)
		got := f.Now().Terms
		wantSame(t, fmt.Sprint(n, " ", got.Version, " ", got.Bodies), fmt.Sprint(n, " ", step.version, " ", step.bodies))
	}
	if !f.Now().Terms.Empty() {
		t.Error("terms without words count")
	}
	wantErr(t, f.SaveText(t.Context(), by, paywall.Text{Place: paywall.PlaceTerms, Language: "en", Body: "x", Version: 4}), paywall.ErrChanged)
	wantSame(t, len(s.lines(t)), 7)
}

// TestText_OldTerms: terms from before there were languages are in the site's own.
func TestText_OldTerms(t *testing.T) {
	s := newSite(t)
	must(t, s.CreateTerms(t.Context(), paywall.Terms{Version: 1, Bodies: map[string]string{"": "Be kind."}, CreatedAt: opening}))
	f := s.front(t)
	body, written := f.Now().Text(paywall.PlaceTerms, "fr")
	wantSame(t, body+written, "Be kind.en")
	save(t, f, paywall.PlaceTerms, "fr", "Soyez gentils.")
	wantSame(t, f.Now().Terms.Version, 1)
	save(t, f, paywall.PlaceTerms, "fr", "Soyez bons.")
	got := get(s.CurrentTerms(t.Context()))(t)
	wantSame(t, got.Bodies, map[string]string{"en": "Be kind.", "fr": "Soyez bons."})
}
