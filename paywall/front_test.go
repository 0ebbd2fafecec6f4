package paywall_test

import (
	"slices"
	"strings"
	"testing"

	"usher/paywall"
)

// front is the service with what is stored.
func (s *site) front(t testing.TB) *paywall.Front {
	t.Helper()
	f := frontOf(s, s.clock.Now)
	must(t, f.Refresh(t.Context()))
	return f
}

var someLook = paywall.Look{
	Name: "Radio Lumière", Language: "en", Languages: []string{"en", "fr", "de", "it", "es"}, Zone: "Europe/Zurich",
}

// noLogo leaves the logo as it is.
var noLogo paywall.Picture

var someLogo = paywall.Picture{ID: "picture-1", Type: "image/png", Width: 400, Height: 96, Bytes: []byte{1}, Small: []byte{2}, CreatedAt: opening}

func (s *site) lines(t testing.TB) []string {
	t.Helper()
	var lines []string
	for _, line := range s.audit(t) {
		wantSame(t, []any{line.Actor, line.At}, []any{by, s.clock.Now()})
		lines = append(lines, line.Action+" "+line.Subject+": "+line.Detail)
	}
	slices.Sort(lines)
	return lines
}

// TestFront_ChangeLook: what is stored wins, what is not follows the operator, and
// the record tells old and new of what changed alone.
func TestFront_ChangeLook(t *testing.T) {
	s := newSite(t)
	f := s.front(t)
	wantSame(t, f.Now().Look, someLook)
	in := someLook
	in.Name, in.Accent, in.Languages, in.Language = " Radio Nuit ", "#1A5FB4", []string{"de", "fr", "xx", "fr"}, "de"
	must(t, f.ChangeLook(t.Context(), by, in, noLogo))
	in.Name, in.Accent, in.Languages = "Radio Nuit", "#1a5fb4", []string{"fr", "de"}
	wantSame(t, f.Now().Look, in)
	wantSame(t, f.Name(), "Radio Nuit")
	wantSame(t, s.lines(t), []string{
		"site.look site_accent: colour: none → #1a5fb4", "site.look site_language: language: en → de",
		"site.look site_languages: languages: en,fr,de,it,es → fr,de", "site.look site_name: name: Radio Lumière → Radio Nuit",
	})
	must(t, f.ChangeLook(t.Context(), by, in, noLogo))
	wantSame(t, len(s.audit(t)), 4)
	elsewhere := paywall.NewFront(s, s.clock.Now, paywall.Look{Name: "Other", Languages: someLook.Languages, Zone: "Asia/Tokyo"})
	must(t, elsewhere.Refresh(t.Context()))
	in.Zone = "Asia/Tokyo" // nobody stored one
	wantSame(t, elsewhere.Now().Look, in)
}

func TestFront_LookRefused(t *testing.T) {
	s := newSite(t)
	for field, test := range map[string]struct {
		change func(in *paywall.Look)
		key    string
	}{
		"name":      {func(in *paywall.Look) { in.Name = " " }, "look.error.name"},
		"languages": {func(in *paywall.Look) { in.Languages = []string{"xx"} }, "look.error.languages"},
		"language":  {func(in *paywall.Look) { in.Languages = []string{"fr"} }, "look.error.language"},
		"zone":      {func(in *paywall.Look) { in.Zone = "Local" }, "look.error.zone"},
		"accent":    {func(in *paywall.Look) { in.Accent = "red;}body{display:none" }, "look.error.accent"},
	} {
		in := someLook
		test.change(&in)
		wantInvalid(t, s.front(t).ChangeLook(t.Context(), by, in, noLogo), map[string]string{field: test.key})
	}
	for _, name := range []string{strings.Repeat("é", paywall.MaxSiteName+1), "a\nb", "a\u202eb", "a\u2066b", "a\xffb"} {
		in := someLook
		in.Name = name
		wantInvalid(t, s.front(t).ChangeLook(t.Context(), by, in, noLogo), map[string]string{"name": "look.error.name"})
	}
	wantSame(t, s.actions(t), []string(nil))
}

// TestFront_Nodes: what one node changes another shows after its next look, which
// is one query when nothing was changed.
func TestFront_Nodes(t *testing.T) {
	s := newSite(t)
	here := s.front(t)
	var calls []string
	there := frontOf(faulty{Store: s.DB, calls: &calls}, s.clock.Now)
	must(t, there.Refresh(t.Context()))
	calls = nil
	must(t, there.Refresh(t.Context()))
	wantSame(t, calls, []string{"SettingValues"})
	must(t, here.SaveText(t.Context(), by, paywall.Text{Place: paywall.PlaceHome, Language: "fr", Body: "Bienvenue"}))
	must(t, there.Refresh(t.Context()))
	body, written := there.Now().Text(paywall.PlaceHome, "it")
	wantSame(t, body+" "+written, "Bienvenue fr")
}

// TestFront_Logo: a logo shows with its size, and goes again.
func TestFront_Logo(t *testing.T) {
	s := newSite(t)
	f := s.front(t)
	wantSame(t, f.Now().Logo, paywall.Logo{})
	must(t, f.ChangeLook(t.Context(), by, someLook, someLogo))
	wantSame(t, f.Now().Logo, paywall.Logo{ID: "picture-1", Type: "image/png", Width: 400, Height: 96, Clear: true})
	must(t, s.DeleteUnusedPictures(t.Context(), s.clock.Now().AddDate(1, 0, 0)))
	_, body, err := s.PictureBytes(t.Context(), "picture-1", false)
	must(t, err)
	wantSame(t, body, someLogo.Bytes)
	must(t, f.RemoveLogo(t.Context(), by))
	wantSame(t, f.Now().Logo, paywall.Logo{})
	wantSame(t, s.lines(t), []string{"site.logo site_logo: logo: removed", "site.logo site_logo: logo: set"})
}
