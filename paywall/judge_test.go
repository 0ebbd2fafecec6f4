package paywall_test

import (
	"testing"
	"time"

	"usher/paywall"
)

func TestJudge_Kinds(t *testing.T) {
	s := newSite(t)
	item := s.addItem(t, "jazz")
	judge := paywall.NewJudge(s.DB)
	for kind, want := range map[paywall.VisitorKind][2]paywall.Reason{
		paywall.VisitorAnonymous:   {paywall.ReasonSignedOut, paywall.ReasonSignedOut},
		paywall.VisitorMember:      {paywall.ReasonNoGrant, paywall.ReasonNoGrant},
		paywall.VisitorEntitled:    {paywall.ReasonGrant, paywall.ReasonGrant},
		paywall.VisitorEnded:       {paywall.ReasonGrantEnded, paywall.ReasonGrantEnded},
		paywall.VisitorUnconfirmed: {paywall.ReasonUnconfirmed, paywall.ReasonUnconfirmed},
		paywall.VisitorBlocked:     {paywall.ReasonDisabled, paywall.ReasonSignedOut},
	} {
		v := get(judge.Kind(t.Context(), opening, kind, item.Slug, false))(t)
		if v.Decision.Reason != want[0] || v.Seen.Reason != want[1] {
			t.Errorf("%s: %s, seen as %s", kind, v.Decision.Reason, v.Seen.Reason)
		}
		if v.Allowed != (kind == paywall.VisitorEntitled) || v.Plays != v.Allowed {
			t.Errorf("%s: allowed %v, plays %v", kind, v.Allowed, v.Plays)
		}
	}
	if _, err := judge.Kind(t.Context(), opening, "martian", item.Slug, false); paywall.KindOf(err) != paywall.KindNotFound {
		t.Errorf("an unknown kind: %v", err)
	}
}

func TestJudge_Draft(t *testing.T) {
	s := newSite(t)
	s.addItem(t, "jazz", draft)
	judge := paywall.NewJudge(s.DB)
	for published, want := range map[bool]paywall.Reason{false: paywall.ReasonUnknown, true: paywall.ReasonNoGrant} {
		v := get(judge.Kind(t.Context(), opening, paywall.VisitorMember, "jazz", published))(t)
		if v.Seen.Reason != want {
			t.Errorf("as if published %v: %s", published, v.Seen.Reason)
		}
	}
	if item := get(s.ItemBySlug(t.Context(), "jazz"))(t); item.Published {
		t.Error("looking published a draft")
	}
}

// TestJudge_HasNoTicket: what was judged for another instant or another person
// must never mint.
func TestJudge_HasNoTicket(t *testing.T) {
	s := newSite(t)
	item, anna := s.addItem(t, "jazz"), s.addUser(t, "anna")
	s.addGrant(t, anna.ID)
	judge := paywall.NewJudge(s.DB)
	v := get(judge.Person(t.Context(), opening, anna, item.Slug))(t)
	if !v.Allowed || v.Decision.Ticket().Valid() || v.Seen.Ticket().Valid() || v.Performance().Decision.Allowed() {
		t.Errorf("allowed %v, with a ticket: %v", v.Allowed, v.Decision.Ticket().Valid())
	}
	programme := get(judge.Programme(t.Context(), opening, anna))(t)
	if len(programme) != 1 || !programme[0].Plays || programme[0].Decision.Ticket().Valid() {
		t.Errorf("the programme is %+v", programme)
	}
}

func TestJudge_Programme(t *testing.T) {
	s := newSite(t)
	s.addItem(t, "draft", func(i *paywall.Item) { i.Published = false })
	s.addItem(t, "over", func(i *paywall.Item) { i.ClosesAt = opening.Add(time.Hour) })
	s.addItem(t, "open", func(i *paywall.Item) { i.Access = paywall.AccessOpen })
	judge := paywall.NewJudge(s.DB)
	if all := get(judge.Programme(t.Context(), opening, paywall.User{}))(t); len(all) != 2 {
		t.Errorf("%d items are on", len(all))
	}
	all := get(judge.Programme(t.Context(), opening.Add(time.Hour), paywall.User{}))(t)
	if len(all) != 1 || all[0].Item.Slug != "open" || !all[0].Plays {
		t.Errorf("an hour later: %+v", all)
	}
}
