package paywall_test

import (
	"testing"
	"time"

	"usher/paywall"
)

// kinds are the changes of each step.
func kinds(steps [][]paywall.Change) (all [][]paywall.ChangeKind) {
	for _, step := range steps {
		var one []paywall.ChangeKind
		for _, change := range step {
			one = append(one, change.Kind)
		}
		all = append(all, one)
	}
	return all
}

func TestWhy_Grants(t *testing.T) {
	s := newSite(t)
	item, other, ada := s.addItem(t, "jazz"), s.addItem(t, "rock"), s.addUser(t, "ada")
	given := get(s.grants().Give(t.Context(), by, paywall.GrantInput{
		Email: ada.Email, Scope: paywall.ScopeItem, TargetID: item.ID, Until: opening.Add(48 * time.Hour), Note: "press",
	}))(t)
	add := func(from, until, revoked time.Duration, change func(*paywall.Grant)) string {
		return s.addGrant(t, ada.ID, func(g *paywall.Grant) {
			g.From, g.Until = opening.Add(from), opening.Add(until)
			if revoked != 0 {
				g.RevokedAt = opening.Add(revoked)
			}
			if change != nil {
				change(g)
			}
		}).ID
	}
	want := map[string]paywall.Finding{
		given.ID:                                               paywall.FindingOpens,
		add(-time.Minute, time.Hour, 0, nil):                   paywall.FindingOutlasted,
		add(time.Hour, 1<<50, 0, nil):                          paywall.FindingLater,
		add(-9*time.Minute, -5*time.Minute, 0, nil):            paywall.FindingEnded,
		add(-9*time.Minute, -5*time.Minute, -time.Minute, nil): paywall.FindingEnded,
		add(-9*time.Minute, 1<<50, -time.Minute, nil):          paywall.FindingRevoked,
		add(time.Hour, time.Hour, 0, nil):                      paywall.FindingEnded, // it never begins
		add(-time.Minute, 1<<50, 0, func(g *paywall.Grant) { g.Scope, g.TargetID = paywall.ScopeItem, other.ID }): paywall.FindingElsewhere,
	}
	judge := paywall.NewJudge(s.DB)
	e := get(judge.Why(t.Context(), " ADA@example.org", item.Slug, opening))(t)
	if !e.Allowed || e.Decision.Grant.Note != "press" || e.Giver != by.Name || len(e.Looked) != len(want) {
		t.Fatalf("allowed %v by %+v of %q, looked at %d", e.Allowed, e.Decision.Grant, e.Giver, len(e.Looked))
	}
	for n, looked := range e.Looked {
		if looked.Finding != want[looked.Grant.ID] || looked.Decided != (n == 0) {
			t.Errorf("%d: %+v is found %s, decided %v", n, looked.Grant, looked.Finding, looked.Decided)
		}
	}
	wantSame(t, e.Steps, [][]paywall.Change{{
		{Kind: paywall.ChangeEnds, At: opening.Add(48 * time.Hour)}, {Kind: paywall.ChangeRevoke},
		{Kind: paywall.ChangeDisable}, {Kind: paywall.ChangeUnpublish},
	}})
}

// TestWhy_Steps: everything that stands in the way is named, in its order.
func TestWhy_Steps(t *testing.T) {
	s := newSite(t)
	judge := paywall.NewJudge(s.DB)
	s.addUser(t, "fine")
	s.addUser(t, "off", func(u *paywall.User) { u.DisabledAt, u.ConfirmedAt = opening, time.Time{} })
	soon := s.addUser(t, "soon")
	s.addGrant(t, soon.ID, func(g *paywall.Grant) { g.From = opening.Add(time.Hour) })
	s.addItem(t, "plain")
	s.addItem(t, "worst", func(i *paywall.Item) {
		i.Published, i.OpensAt, i.ClosesAt = false, opening.Add(-2*time.Hour), opening.Add(-time.Hour)
	})
	s.addItem(t, "opens", func(i *paywall.Item) { i.OpensAt = opening.Add(time.Hour) })
	s.addItem(t, "members", func(i *paywall.Item) { i.Access = paywall.AccessMembers })
	for name, test := range map[string]struct {
		email, slug string
		reason      paywall.Reason
		want        [][]paywall.ChangeKind
	}{
		"nobody":         {paywall.Nobody, "members", paywall.ReasonSignedOut, [][]paywall.ChangeKind{{"sign_in"}}},
		"nobody, grants": {paywall.Nobody, "plain", paywall.ReasonSignedOut, [][]paywall.ChangeKind{{"sign_in"}, {"grant"}}},
		"no grant":       {"fine@example.org", "plain", paywall.ReasonNoGrant, [][]paywall.ChangeKind{{"grant"}}},
		"begins later":   {"soon@example.org", "plain", paywall.ReasonGrantLater, [][]paywall.ChangeKind{{"wait", "grant"}}},
		"opens later": {"fine@example.org", "opens", paywall.ReasonNoGrant,
			[][]paywall.ChangeKind{{"grant"}, {"wait", "opening"}}},
		"everything": {"off@example.org", "worst", paywall.ReasonUnknown,
			[][]paywall.ChangeKind{{"publish"}, {"closing"}, {"enable"}, {"confirm"}, {"grant"}}},
	} {
		t.Run(name, func(t *testing.T) {
			e := get(judge.Why(t.Context(), test.email, test.slug, opening))(t)
			if e.Allowed || e.Decision.Reason != test.reason {
				t.Errorf("allowed %v, %s", e.Allowed, e.Decision.Reason)
			}
			wantSame(t, kinds(e.Steps), test.want)
		})
	}
}

func TestWhy_Unknown(t *testing.T) {
	s := newSite(t)
	s.addUser(t, "ada")
	s.addItem(t, "jazz")
	judge := paywall.NewJudge(s.DB)
	for field, ask := range map[string][2]string{
		"email": {"eve@example.org", "jazz"}, "item": {"ada@example.org", "nothing"},
	} {
		_, err := judge.Why(t.Context(), ask[0], ask[1], opening)
		wantInvalid(t, err, map[string]string{field: map[string]string{"email": "why.error.person", "item": "why.error.item"}[field]})
	}
	_, err := judge.Why(t.Context(), "no address", "jazz", opening)
	wantInvalid(t, err, map[string]string{"email": "why.error.person"})
}
