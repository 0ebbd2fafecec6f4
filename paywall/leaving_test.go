package paywall_test

import (
	"testing"
	"time"

	"usher/paywall"
)

// TestOverview_Leaving follows one grant through all that changes its end: the
// overview counts by what the store keeps of it in the account.
func TestOverview_Leaving(t *testing.T) {
	s := newSite(t)
	user, owner := s.addUser(t, "anna"), paywall.Viewer{User: s.addUser(t, "olivia", owner), SessionID: "x"}
	overview, actor := paywall.NewOverview(s, inUTC, s.clock.Now), paywall.ActorOf(owner)
	wantLeaving := func(after string, want paywall.LeavingCount) {
		t.Helper()
		if got := get(overview.Figures(t.Context(), owner))(t).People.Leaving; got != want {
			t.Errorf("after %s: %+v, want %+v", after, got, want)
		}
	}
	grant := get(s.grants().Give(t.Context(), actor, paywall.GrantInput{
		Email: user.Email, Scope: paywall.ScopeEverything, Until: s.clock.Now().Add(24 * time.Hour),
	}))(t)
	wantLeaving("giving", paywall.LeavingCount{Ending: 1})
	get(s.grants().Extend(t.Context(), actor, grant.ID, paywall.Extension{Days: 30, Zone: time.UTC}))(t)
	wantLeaving("extending", paywall.LeavingCount{})
	s.clock.Pass(time.Hour)
	must(t, s.grants().Revoke(t.Context(), actor, grant.ID))
	wantLeaving("taking back", paywall.LeavingCount{Ended: 1})
	get(s.grants().Give(t.Context(), actor, paywall.GrantInput{Email: user.Email, Scope: paywall.ScopeEverything}))(t)
	wantLeaving("giving for ever", paywall.LeavingCount{})
}
