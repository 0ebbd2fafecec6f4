package paywall_test

import (
	"testing"
	"time"

	"usher/paywall"
)

// Each observation leads to one state and one likely cause.
func TestDiagnose(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC)
	justNow, longAgo := now.Add(-14*time.Minute), now.Add(-16*time.Minute)
	const (
		open, closed = paywall.AccessOpen, paywall.AccessEntitled
		stream, vod  = paywall.SourceStream, paywall.SourceVOD
	)
	for name, tc := range map[string]struct {
		access paywall.Access
		kind   paywall.SourceKind
		p      paywall.Probe
		state  paywall.ProbeState
		cause  paywall.ProbeCause
	}{
		"closed, plays":             {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Token: paywall.SightPlays}, "green", paywall.CauseClosed},
		"members only":              {paywall.AccessMembers, stream, paywall.Probe{Bare: paywall.SightRefused, Token: paywall.SightPlays}, "green", paywall.CauseClosed},
		"an access we do not know":  {"x", stream, paywall.Probe{Bare: paywall.SightPlays}, "red", paywall.CauseLeak},
		"answers 404 without":       {closed, stream, paywall.Probe{Bare: paywall.SightMissing, Token: paywall.SightPlays}, "green", paywall.CauseClosed},
		"video, page alone":         {closed, vod, paywall.Probe{Bare: paywall.SightRefused, Token: paywall.SightUnclear}, "green", paywall.CauseClosedUnseen},
		"video, told on":            {closed, vod, paywall.Probe{Bare: paywall.SightUnclear, Token: paywall.SightUnclear, Told: paywall.FoundYes}, "green", paywall.CauseClosedTold},
		"video, nothing known":      {closed, vod, paywall.Probe{Bare: paywall.SightUnclear, Token: paywall.SightUnclear}, "amber", paywall.CauseUnknown},
		"video, told nothing":       {closed, vod, paywall.Probe{Bare: paywall.SightUnclear, Token: paywall.SightPlays, Told: paywall.FoundUnknown}, "amber", paywall.CauseUnknown},
		"leak":                      {closed, stream, paywall.Probe{Bare: paywall.SightPlays, Token: paywall.SightPlays}, "red", paywall.CauseLeak},
		"leak, told off":            {closed, stream, paywall.Probe{Bare: paywall.SightPlays, Told: paywall.FoundNo}, "red", paywall.CauseLeak},
		"leak beats a failed token": {closed, stream, paywall.Probe{Bare: paywall.SightPlays, Trouble: paywall.TroubleToken}, "red", paywall.CauseLeak},
		"leak, switched on here":    {closed, stream, paywall.Probe{Bare: paywall.SightPlays, SwitchedAt: justNow}, "red", paywall.CauseLeakSpreading},
		"leak, switched on there":   {closed, stream, paywall.Probe{Bare: paywall.SightPlays, Told: paywall.FoundYes, ToldSince: justNow}, "red", paywall.CauseLeakSpreading},
		"leak, switched on and off": {closed, stream, paywall.Probe{Bare: paywall.SightPlays, SwitchedAt: justNow, Told: paywall.FoundNo}, "red", paywall.CauseLeak},
		"leak that does not spread": {closed, stream, paywall.Probe{Bare: paywall.SightPlays, Told: paywall.FoundYes, SwitchedAt: longAgo}, "red", paywall.CauseLeakStuck},
		"told off, not seen":        {closed, vod, paywall.Probe{Bare: paywall.SightUnclear, Token: paywall.SightUnclear, Told: paywall.FoundNo}, "red", paywall.CauseOff},
		"told off, refused here":    {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Told: paywall.FoundNo}, "red", paywall.CauseOff},
		"off the list":              {closed, stream, paywall.Probe{Bare: paywall.SightUnlisted, Told: paywall.FoundNo}, "amber", paywall.CauseUnlisted},
		"no token set":              {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Trouble: paywall.TroubleNoToken}, "amber", paywall.CauseNoToken},
		"token cannot be opened":    {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Trouble: paywall.TroubleSealed}, "amber", paywall.CauseNoToken},
		"token refused":             {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Trouble: paywall.TroubleToken}, "amber", paywall.CauseKey},
		"wrong scope":               {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Trouble: paywall.TroubleRights}, "amber", paywall.CauseRights},
		"no account number":         {closed, vod, paywall.Probe{Bare: paywall.SightRefused, Trouble: paywall.TroubleAccount}, "amber", paywall.CauseAccount},
		"share gone":                {closed, vod, paywall.Probe{Bare: paywall.SightMissing, Trouble: paywall.TroubleGone}, "amber", paywall.CauseGone},
		"share gone, no try":        {closed, vod, paywall.Probe{Bare: paywall.SightMissing}, "amber", paywall.CauseGone},
		"API in trouble":            {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Trouble: paywall.TroubleTimeout}, "amber", paywall.CauseSupplier},
		"API and source in trouble": {closed, stream, paywall.Probe{Bare: paywall.SightSilent, Trouble: paywall.TroubleDown}, "amber", paywall.CauseSilent},
		"refused with one":          {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Token: paywall.SightRefused}, "amber", paywall.CauseGeo},
		"refused, switch new":       {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Token: paywall.SightRefused, SwitchedAt: justNow}, "amber", paywall.CauseSpreading},
		"silent":                    {closed, stream, paywall.Probe{Bare: paywall.SightSilent, Token: paywall.SightPlays}, "amber", paywall.CauseSilent},
		"down":                      {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Token: paywall.SightMissing}, "amber", paywall.CauseDown},
		"down, 5xx":                 {closed, stream, paywall.Probe{Bare: paywall.SightDown}, "amber", paywall.CauseDown},
		"page instead of sound":     {closed, stream, paywall.Probe{Bare: paywall.SightOdd, Token: paywall.SightOdd}, "amber", paywall.CauseOdd},
		"page without, sound with":  {closed, stream, paywall.Probe{Bare: paywall.SightOdd, Token: paywall.SightPlays}, "amber", paywall.CauseOdd},
		"the same, told on":         {closed, stream, paywall.Probe{Bare: paywall.SightOdd, Token: paywall.SightPlays, Told: paywall.FoundYes}, "green", paywall.CauseClosedTold},
		"leads off the list":        {closed, stream, paywall.Probe{Bare: paywall.SightRefused, Token: paywall.SightUnlisted}, "amber", paywall.CauseUnlisted},
		"not tried with one":        {closed, stream, paywall.Probe{Bare: paywall.SightRefused}, "grey", paywall.CauseHalf},
		"video, not tried":          {closed, vod, paywall.Probe{Bare: paywall.SightUnclear, Told: paywall.FoundYes}, "grey", paywall.CauseHalf},
		"open, plays":               {open, stream, paywall.Probe{Bare: paywall.SightPlays}, "green", paywall.CauseOpen},
		"open, told off":            {open, stream, paywall.Probe{Bare: paywall.SightPlays, Told: paywall.FoundNo, Token: paywall.SightPlays}, "green", paywall.CauseOpen},
		"open, protected":           {open, stream, paywall.Probe{Bare: paywall.SightRefused, Token: paywall.SightPlays}, "green", paywall.CauseOpen},
		"open, not tried":           {open, stream, paywall.Probe{Bare: paywall.SightRefused}, "grey", paywall.CauseHalf},
		"open, no token comes":      {open, stream, paywall.Probe{Bare: paywall.SightPlays, Trouble: paywall.TroubleToken}, "amber", paywall.CauseKey},
		"open, down":                {open, stream, paywall.Probe{Bare: paywall.SightDown}, "amber", paywall.CauseDown},
	} {
		tc.p.CheckedAt = now
		if state, cause := paywall.Diagnose(now, tc.access, tc.kind, tc.p); state != tc.state || cause != tc.cause {
			t.Errorf("%s: %s %s, want %s %s", name, state, cause, tc.state, tc.cause)
		}
	}
	if state, cause := paywall.Diagnose(now, closed, stream, paywall.Probe{Bare: paywall.SightPlays}); state != "grey" || cause != paywall.CauseNever {
		t.Errorf("never checked: %s %s", state, cause)
	}
}

// Nothing is green for a closed item unless it was seen or told to be closed.
func TestDiagnose_GreenNeedsProof(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC)
	sights := []paywall.Sighting{"", "plays", "refused", "missing", "down", "silent", "odd", "unclear", "unlisted", "new"}
	for _, kind := range []paywall.SourceKind{paywall.SourceStream, paywall.SourceHLS, paywall.SourceVOD} {
		for _, bare := range sights {
			for _, token := range sights {
				for _, told := range []paywall.Found{"", paywall.FoundYes, paywall.FoundNo, paywall.FoundUnknown} {
					p := paywall.Probe{CheckedAt: now, Bare: bare, Token: token, Told: told}
					state, cause := paywall.Diagnose(now, paywall.AccessEntitled, kind, p)
					proved := (bare == "refused" || bare == "missing" || told == paywall.FoundYes) && bare != "plays" && told != paywall.FoundNo
					if state == paywall.ProbeGreen && (!proved || token != "plays" && token != "unclear") {
						t.Errorf("%s %+v is green (%s)", kind, p, cause)
					}
					if bare == "plays" && state != paywall.ProbeRed {
						t.Errorf("%s %+v plays and is %s", kind, p, state)
					}
				}
			}
		}
	}
}
