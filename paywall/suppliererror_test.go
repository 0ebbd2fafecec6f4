package paywall_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"usher/paywall"
)

func TestTroubleOf(t *testing.T) {
	failed := fmt.Errorf("import: %w", &paywall.SupplierError{Key: paywall.TroubleRights})
	if got := paywall.TroubleOf(failed); got != paywall.TroubleRights {
		t.Errorf("trouble = %q", got)
	}
	if got := paywall.TroubleOf(errors.New("disk full")); got != "" {
		t.Errorf("trouble of a foreign error = %q", got)
	}
}

// Only what typing can help against leads to typing.
func TestMayNotList(t *testing.T) {
	for key, want := range map[string]bool{
		paywall.TroubleToken: true, paywall.TroubleRights: true, paywall.TroubleAccount: true,
		paywall.TroubleGone: true, paywall.TroubleTimeout: false, paywall.TroubleLimit: false,
		paywall.TroubleNoToken: false, paywall.TroubleDown: false,
	} {
		if got := paywall.MayNotList(&paywall.SupplierError{Key: key}); got != want {
			t.Errorf("%s: %v", key, got)
		}
	}
}

func TestSupplierShare_Live(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		end  time.Time
		want bool
	}{
		"for ever": {time.Time{}, true}, "ended": {now, false}, "ends later": {now.Add(time.Second), true},
	} {
		if got := (paywall.SupplierShare{EndsAt: tc.end}).Live(now); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestConnectionReport_Can(t *testing.T) {
	report := paywall.ConnectionReport{Points: []paywall.CheckPoint{
		{Ability: paywall.AbilityToken, Found: paywall.FoundYes}, {Ability: paywall.AbilityRadio, Found: paywall.FoundNo},
	}}
	if report.Can(paywall.AbilityRadio) != paywall.FoundNo || report.Can(paywall.AbilityVOD) != paywall.FoundUnknown {
		t.Errorf("radio %s, vod %s", report.Can(paywall.AbilityRadio), report.Can(paywall.AbilityVOD))
	}
	if report.Works() {
		t.Error("a token that mints nothing works")
	}
	report.Points = append(report.Points, paywall.CheckPoint{Ability: paywall.AbilityVOD, Found: paywall.FoundYes})
	if !report.Works() {
		t.Error("a token for videos alone does not work")
	}
}
