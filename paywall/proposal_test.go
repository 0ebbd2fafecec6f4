package paywall_test

import (
	"testing"
	"time"

	"usher/paywall"
)

// reportOf is a report about a token: whether it is taken, and plays radio and videos.
func reportOf(token, radio, vod paywall.Found, trouble string) paywall.ConnectionReport {
	report := paywall.ConnectionReport{At: opening}
	for ability, found := range map[paywall.Ability]paywall.Found{
		paywall.AbilityToken: token, paywall.AbilityRadio: radio, paywall.AbilityVOD: vod,
	} {
		point := paywall.CheckPoint{Ability: ability, Found: found}
		if found == paywall.FoundUnknown {
			point.Trouble = trouble
		}
		report.Points = append(report.Points, point)
	}
	return report
}

const (
	yes     = paywall.FoundYes
	no      = paywall.FoundNo
	unknown = paywall.FoundUnknown
)

// What the supplier refuses takes no other's place, unless the owner wants it; what
// could not be tested does.
func TestConnection_Propose(t *testing.T) {
	another := paywall.NewSecret("another" + apiToken)
	for name, tc := range map[string]struct {
		report  paywall.ConnectionReport
		change  func(*paywall.ConnectionInput)
		refused string
	}{
		"works":            {report: reportOf(yes, yes, yes, "")},
		"works in part":    {report: reportOf(yes, yes, no, "")},
		"wrong":            {report: reportOf(no, unknown, unknown, ""), refused: "connection.error.refused"},
		"without a right":  {report: reportOf(yes, no, no, ""), refused: "connection.error.useless"},
		"no call left":     {report: reportOf(unknown, unknown, unknown, paywall.TroubleBusy)},
		"cut off half way": {report: reportOf(yes, no, unknown, paywall.TroubleTimeout)},
		"another number, no video": {
			report: reportOf(yes, yes, no, ""), refused: "connection.error.no_video",
			change: func(in *paywall.ConnectionInput) { in.Token, in.Account = paywall.Secret{}, "7" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			c := connectionOf(s)
			must(t, c.Change(t.Context(), by, goodConnection()))
			supplier, in := &checking{report: tc.report}, goodConnection()
			in.Token = another
			if tc.change != nil {
				tc.change(&in)
			}
			before := get(c.Credentials(t.Context()))(t)
			proposed, err := c.Propose(t.Context(), by, supplier, in, false)
			if tc.refused == "" {
				must(t, err)
				wantSame(t, get(c.Get(t.Context()))(t).Report, tc.report)
				if used := get(c.Credentials(t.Context()))(t); !proposed.Stored || used.Token.Reveal() != another.Reveal() {
					t.Errorf("stored %v, used %+v", proposed.Stored, used)
				}
				return
			}
			wantKey(t, err, paywall.KindInvalid, tc.refused)
			if used := get(c.Credentials(t.Context()))(t); used != before || len(s.audit(t)) != 1 {
				t.Errorf("used %+v, audit %v", used, s.audit(t))
			}
			proposed, err = c.Propose(t.Context(), by, supplier, in, true)
			must(t, err)
			if used := get(c.Credentials(t.Context()))(t); !proposed.Stored || used == before {
				t.Errorf("anyway: stored %v, used %+v", proposed.Stored, used)
			}
		})
	}
}

// A check that was cut off takes nothing from an earlier one of the same token, and
// is made again by itself, on one node.
func TestConnection_CutOff(t *testing.T) {
	s := newSite(t)
	c := connectionOf(s)
	must(t, c.Change(t.Context(), by, goodConnection()))
	good, busy := reportOf(yes, yes, yes, ""), reportOf(unknown, unknown, unknown, paywall.TroubleBusy)
	supplier := &checking{report: good}
	get(c.Check(t.Context(), supplier))(t)
	must(t, c.Recheck(t.Context(), &checking{err: paywall.ErrNotFound})) // nothing is open

	supplier.report = busy
	get(c.Check(t.Context(), supplier))(t)
	report := get(c.Get(t.Context()))(t).Report
	if !report.Works() || !report.MissedAt.Equal(opening) || report.Missed != paywall.TroubleBusy {
		t.Errorf("after a test that was cut off: %+v", report)
	}
	must(t, c.Recheck(t.Context(), &checking{err: paywall.ErrNotFound})) // too early
	s.clock.Pass(time.Minute)
	again := reportOf(yes, no, no, "")
	must(t, c.Recheck(t.Context(), &checking{report: again}))
	wantSame(t, get(c.Get(t.Context()))(t).Report, again)

	// The operator's other token has nothing of it.
	operator := paywall.NewConnection(s, theVault(), paywall.Credentials{Token: paywall.NewSecret("operator" + apiToken)}, s.clock.Now)
	if report := get(operator.Get(t.Context()))(t).Report; !report.At.IsZero() {
		t.Errorf("the report of another token: %+v", report)
	}
}
