package paywall_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"usher/paywall"
)

// dice turns bytes into choices; when they run out, it gives the first one.
type dice struct{ bytes []byte }

func (d *dice) roll(sides int) int {
	if len(d.bytes) == 0 {
		return 0
	}
	n := int(d.bytes[0]) % sides
	d.bytes = d.bytes[1:]
	return n
}

func pick[T any](d *dice, choices ...T) T { return choices[d.roll(len(choices))] }

// instant is around now, on it, or absent.
func (d *dice) instant() time.Time {
	n := d.roll(8)
	if n == 0 {
		return time.Time{}
	}
	return opening.Add(time.Duration(n-4) * time.Minute)
}

func (d *dice) viewer() paywall.Viewer {
	return paywall.Viewer{User: paywall.User{
		ID:          pick(d, adaID, "", "bob"),
		Role:        pick[paywall.Role](d, paywall.RoleMember, paywall.RoleOwner, paywall.RoleSupport, paywall.RoleEditor, paywall.RoleReader, "", "Owner"),
		ConfirmedAt: pick(d, at(-9), time.Time{}),
		DisabledAt:  pick(d, time.Time{}, at(-9), at(9)),
	}}
}

func (d *dice) item() paywall.Item {
	return paywall.Item{
		ID:           pick(d, "item", ""),
		CollectionID: pick(d, tapes, ""),
		Access: pick[paywall.Access](d,
			paywall.AccessEntitled, paywall.AccessMembers, paywall.AccessOpen, "", "OPEN"),
		Published: pick(d, true, false),
		OpensAt:   d.instant(), ClosesAt: d.instant(),
	}
}

func (d *dice) grant() paywall.Grant {
	return paywall.Grant{
		UserID: pick(d, adaID, "", "bob"),
		Scope: pick[paywall.GrantScope](d,
			paywall.ScopeItem, paywall.ScopeCollection, paywall.ScopeEverything, "", "season"),
		TargetID: pick(d, "item", tapes, "", "other"),
		From:     d.instant(), Until: d.instant(), RevokedAt: d.instant(),
	}
}

// mayPlay says the rules once more, in other words than Decide.
func mayPlay(viewer paywall.Viewer, item paywall.Item, grants []paywall.Grant) bool {
	u := viewer.User
	active := u.ID != "" && u.DisabledAt.IsZero()
	if item.ID == "" {
		return false
	}
	if active && (u.Role == paywall.RoleOwner || u.Role == paywall.RoleEditor) {
		return true
	}
	closed := !item.ClosesAt.IsZero() && !item.ClosesAt.After(opening)
	if !item.Published || closed || item.OpensAt.After(opening) {
		return false
	}
	switch item.Access {
	case paywall.AccessOpen:
		return true
	case paywall.AccessMembers:
		return active && !u.ConfirmedAt.IsZero()
	case paywall.AccessEntitled:
		return active && !u.ConfirmedAt.IsZero() &&
			slices.ContainsFunc(grants, func(g paywall.Grant) bool { return g.UserID == u.ID && counts(g, item) })
	}
	return false
}

func counts(g paywall.Grant, item paywall.Item) bool {
	covers := g.Scope == paywall.ScopeEverything ||
		g.Scope == paywall.ScopeCollection && g.TargetID != "" && g.TargetID == item.CollectionID ||
		g.Scope == paywall.ScopeItem && g.TargetID != "" && g.TargetID == item.ID
	ended := !g.Until.IsZero() && !g.Until.After(opening) || !g.RevokedAt.IsZero() && !g.RevokedAt.After(opening)
	return covers && !ended && !g.From.After(opening)
}

// checkDecision makes a case out of the bytes and checks what must always hold.
func checkDecision(t *testing.T, bytes []byte) {
	t.Helper()
	d := &dice{bytes}
	viewer, item := d.viewer(), d.item()
	grants := make([]paywall.Grant, d.roll(4))
	for n := range grants {
		grants[n] = d.grant()
	}
	got := paywall.Decide(opening, viewer, item, grants)
	if want := mayPlay(viewer, item, grants); got.Allowed() != want {
		t.Fatalf("allowed %v (%s), want %v\nviewer %+v\nitem %+v\ngrants %+v",
			got.Allowed(), got.Reason, want, viewer.User, item, grants)
	}
	if got.Allowed() != allowing[got.Reason] {
		t.Errorf("allowed %v with the reason %q", got.Allowed(), got.Reason)
	}
	checkTicket(t, got, item)
	checkInstants(t, got)
	more := paywall.Decide(opening, viewer, item, append(grants, d.grant()))
	if got.Allowed() && !more.Allowed() {
		t.Errorf("one grant more turns %s into %s", got.Reason, more.Reason)
	}
	if got.Allowed() && !got.Until.IsZero() && !more.Until.IsZero() && more.Until.Before(got.Until) {
		t.Errorf("one grant more shortens the right from %v to %v", got.Until, more.Until)
	}
}

func checkTicket(t *testing.T, got paywall.Decision, item paywall.Item) {
	t.Helper()
	ticket := got.Ticket()
	if ticket.Valid() != got.Allowed() || ticket.Opens(paywall.Source{ItemID: item.ID}) != got.Allowed() {
		t.Errorf("%s: allowed %v, but the ticket is valid %v", got.Reason, got.Allowed(), ticket.Valid())
	}
	if ticket.Opens(paywall.Source{ItemID: "other"}) || ticket.Opens(paywall.Source{}) {
		t.Errorf("%s: the ticket opens another item", got.Reason)
	}
}

// checkInstants: what is foreseeable lies ahead, and a refusal foresees nothing.
func checkInstants(t *testing.T, got paywall.Decision) {
	t.Helper()
	switch {
	case got.Allowed():
		if !got.Until.IsZero() && !got.Until.After(opening) || !got.Instant.IsZero() {
			t.Errorf("%s until %v, instant %v", got.Reason, got.Until, got.Instant)
		}
	case !got.Until.IsZero():
		t.Errorf("%s, but until %v", got.Reason, got.Until)
	case got.Reason == paywall.ReasonGrantLater || got.Reason == paywall.ReasonNotYetOpen:
		if !got.Instant.After(opening) {
			t.Errorf("%s from %v, which is not ahead", got.Reason, got.Instant)
		}
	case got.Reason == paywall.ReasonClosed && got.Instant.After(opening):
		t.Errorf("closed at %v, which is ahead", got.Instant)
	}
}

// FuzzDecide: never allowed without an open item, a confirmed member of an item
// for members, a live grant of one's own, or the owner.
func FuzzDecide(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0})
	f.Add([]byte{1, 1, 0, 0, 0, 0, 2, 0, 3, 5})
	f.Fuzz(checkDecision)
}

// TestDecide_Random runs what FuzzDecide checks on many cases at each test run.
func TestDecide_Random(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	bytes := make([]byte, 40)
	for range 20_000 {
		for n := range bytes {
			bytes[n] = byte(source.Uint32())
		}
		checkDecision(t, slices.Clone(bytes))
		if t.Failed() {
			t.Fatalf("bytes %v", bytes)
		}
	}
}
