package paywall_test

import (
	"slices"
	"testing"

	"usher/paywall"
)

func (s *site) settings() *paywall.SiteSettings { return paywall.NewSiteSettings(s, s.clock.Now) }

var someSettings = paywall.Settings{SignUp: paywall.SignUpOpen, OwnersNeedFactor: true, KeepNetworks: 7, KeepMails: 30, KeepPlays: 60}

// TestSettings_Default: what nobody set, and what cannot be read, is closed.
func TestSettings_Default(t *testing.T) {
	s := newSite(t)
	want := paywall.Settings{SignUp: paywall.SignUpClosed, KeepNetworks: 30, KeepMails: 90, KeepPlays: 90}
	wantSame(t, get(s.settings().Get(t.Context()))(t), want)
	for _, name := range []string{"sign_up", "owners_need_factor", "keep_networks_days", "keep_mails_days", "keep_plays_days"} {
		for _, value := range []string{"", "OPEN", "yes please", "0", "-1", "731", "30.5"} {
			must(t, s.PutSetting(t.Context(), name, value, opening))
			got := get(s.settings().Get(t.Context()))(t)
			got.OwnersNeedFactor = false
			wantSame(t, got, want)
		}
	}
}

// TestSettings_Change writes down old and new, of what changed alone.
func TestSettings_Change(t *testing.T) {
	s := newSite(t)
	must(t, s.settings().Change(t.Context(), by, someSettings))
	wantSame(t, get(s.settings().Get(t.Context()))(t), someSettings)
	var lines []string
	for _, line := range s.audit(t) {
		wantSame(t, []any{line.Actor, line.At}, []any{by, opening})
		lines = append(lines, line.Action+" "+line.Subject+": "+line.Detail)
	}
	slices.Sort(lines)
	wantSame(t, lines, []string{
		"site.settings keep_mails_days: days: 90 → 30", "site.settings keep_networks_days: days: 30 → 7",
		"site.settings keep_plays_days: days: 90 → 60", "site.settings owners_need_factor: staff need two steps: false → true",
		"site.settings sign_up: sign-up: closed → open",
	})
	must(t, s.settings().Change(t.Context(), by, someSettings))
	wantSame(t, len(s.audit(t)), 5)
}

func TestSettings_Refused(t *testing.T) {
	s := newSite(t)
	for field, test := range map[string]struct {
		change func(in *paywall.Settings)
		key    string
	}{
		"sign_up":       {func(in *paywall.Settings) { in.SignUp = "ajar" }, "settings.error.sign_up"},
		"keep_networks": {func(in *paywall.Settings) { in.KeepNetworks = 0 }, "settings.error.days"},
		"keep_mails":    {func(in *paywall.Settings) { in.KeepMails = 731 }, "settings.error.days"},
		"keep_plays":    {func(in *paywall.Settings) { in.KeepPlays = 0 }, "settings.error.days"},
	} {
		in := someSettings
		test.change(&in)
		wantInvalid(t, s.settings().Change(t.Context(), by, in), map[string]string{field: test.key})
	}
	err := s.settings().Change(t.Context(), by, paywall.Settings{})
	wantSame(t, len(asError(t, err).Fields), 4)
	wantSame(t, s.actions(t), []string(nil))
}
