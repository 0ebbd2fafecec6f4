package paywall_test

import (
	"fmt"
	"testing"
	"time"

	"usher/paywall"
)

const (
	adaID = "ada"
	tapes = "collection-tapes" // the collection of the item under test
)

// at is an instant some minutes after the opening.
func at(minutes int) time.Time { return opening.Add(time.Duration(minutes) * time.Minute) }

func theItem() paywall.Item {
	return paywall.Item{ID: "item", CollectionID: tapes, Access: paywall.AccessEntitled, Published: true}
}

func ada(changes ...func(u *paywall.User)) paywall.Viewer {
	u := paywall.User{ID: adaID, Role: paywall.RoleMember, ConfirmedAt: at(-1000)}
	for _, change := range changes {
		change(&u)
	}
	return paywall.Viewer{User: u}
}

func unconfirmed(u *paywall.User) { u.ConfirmedAt = time.Time{} }

// grant is Ada's for everything, from an hour ago, for ever.
func grant(changes ...func(g *paywall.Grant)) paywall.Grant {
	g := paywall.Grant{ID: "grant", UserID: adaID, Scope: paywall.ScopeEverything, From: at(-60)}
	for _, change := range changes {
		change(&g)
	}
	return g
}

func from(minutes int) func(*paywall.Grant)  { return func(g *paywall.Grant) { g.From = at(minutes) } }
func until(minutes int) func(*paywall.Grant) { return func(g *paywall.Grant) { g.Until = at(minutes) } }

func revoked(minutes int) func(*paywall.Grant) {
	return func(g *paywall.Grant) { g.RevokedAt = at(minutes) }
}

func scope(s paywall.GrantScope, target string) func(*paywall.Grant) {
	return func(g *paywall.Grant) { g.Scope, g.TargetID = s, target }
}

func named(id string) func(*paywall.Grant) { return func(g *paywall.Grant) { g.ID = id } }

func of(userID string) func(*paywall.Grant) { return func(g *paywall.Grant) { g.UserID = userID } }

// The viewers of the matrix.
var viewers = map[string]paywall.Viewer{
	"nobody":            {},
	"nobody as owner":   {User: paywall.User{Role: paywall.RoleOwner, ConfirmedAt: at(-1)}},
	"unconfirmed":       ada(unconfirmed),
	"disabled":          ada(disabled),
	"member":            ada(),
	"strange role":      ada(func(u *paywall.User) { u.Role = "Owner" }),
	"owner":             ada(owner),
	"unconfirmed owner": ada(owner, unconfirmed),
	"disabled owner":    ada(owner, disabled),
}

// The states of an item, and what each says before anybody asks who looks.
var itemStates = map[string]struct {
	change  func(i *paywall.Item)
	verdict paywall.Reason // empty: the person decides
}{
	"on":             {func(*paywall.Item) {}, ""},
	"in its window":  {func(i *paywall.Item) { i.OpensAt, i.ClosesAt = at(-1), at(1) }, ""},
	"draft":          {draft, paywall.ReasonUnknown},
	"zero":           {func(i *paywall.Item) { *i = paywall.Item{} }, paywall.ReasonUnknown},
	"without id":     {func(i *paywall.Item) { i.ID = "" }, paywall.ReasonUnknown},
	"closed":         {func(i *paywall.Item) { i.ClosesAt = at(0) }, paywall.ReasonClosed},
	"not yet open":   {func(i *paywall.Item) { i.OpensAt = at(1) }, ""},
	"draft, closed":  {func(i *paywall.Item) { i.Published, i.ClosesAt = false, at(-1) }, paywall.ReasonUnknown},
	"mixed-up times": {func(i *paywall.Item) { i.OpensAt, i.ClosesAt = at(1), at(-1) }, paywall.ReasonClosed},
}

// What each grant gives a confirmed member for an item that needs one.
var grantStates = map[string]struct {
	grants []paywall.Grant
	reason paywall.Reason
}{
	"none":                  {nil, paywall.ReasonNoGrant},
	"live":                  {[]paywall.Grant{grant()}, paywall.ReasonGrant},
	"ended":                 {[]paywall.Grant{grant(until(-1))}, paywall.ReasonGrantEnded},
	"revoked":               {[]paywall.Grant{grant(revoked(-1))}, paywall.ReasonGrantEnded},
	"revoked before start":  {[]paywall.Grant{grant(from(10), revoked(-1))}, paywall.ReasonGrantEnded},
	"later":                 {[]paywall.Grant{grant(from(10))}, paywall.ReasonGrantLater},
	"of another person":     {[]paywall.Grant{grant(of("bob"))}, paywall.ReasonNoGrant},
	"of nobody":             {[]paywall.Grant{grant(of(""))}, paywall.ReasonNoGrant},
	"for another item":      {[]paywall.Grant{grant(scope(paywall.ScopeItem, "other"))}, paywall.ReasonNoGrant},
	"ended, then live":      {[]paywall.Grant{grant(until(-1)), grant()}, paywall.ReasonGrant},
	"live, then revoked":    {[]paywall.Grant{grant(), grant(revoked(-1))}, paywall.ReasonGrant},
	"ended, then one later": {[]paywall.Grant{grant(until(-1)), grant(from(10))}, paywall.ReasonGrantLater},
}

// What the person alone gets, by access and viewer; empty: the grants decide.
var personal = map[paywall.Access]map[string]paywall.Reason{
	paywall.AccessOpen: {
		"nobody": paywall.ReasonOpen, "nobody as owner": paywall.ReasonOpen, "unconfirmed": paywall.ReasonOpen,
		"disabled": paywall.ReasonOpen, "member": paywall.ReasonOpen, "strange role": paywall.ReasonOpen,
		"disabled owner": paywall.ReasonOpen,
	},
	paywall.AccessMembers: {
		"nobody": paywall.ReasonSignedOut, "nobody as owner": paywall.ReasonSignedOut,
		"unconfirmed": paywall.ReasonUnconfirmed, "disabled": paywall.ReasonDisabled,
		"member": paywall.ReasonMember, "strange role": paywall.ReasonMember,
		"disabled owner": paywall.ReasonDisabled,
	},
	paywall.AccessEntitled: {
		"nobody": paywall.ReasonSignedOut, "nobody as owner": paywall.ReasonSignedOut,
		"unconfirmed": paywall.ReasonUnconfirmed, "disabled": paywall.ReasonDisabled,
		"member": "", "strange role": "",
		"disabled owner": paywall.ReasonDisabled,
	},
	"free": {
		"nobody": paywall.ReasonSignedOut, "nobody as owner": paywall.ReasonSignedOut,
		"unconfirmed": paywall.ReasonUnconfirmed, "disabled": paywall.ReasonDisabled,
		"member": paywall.ReasonUnknown, "strange role": paywall.ReasonUnknown,
		"disabled owner": paywall.ReasonDisabled,
	},
	"": {
		"nobody": paywall.ReasonSignedOut, "nobody as owner": paywall.ReasonSignedOut,
		"unconfirmed": paywall.ReasonUnconfirmed, "disabled": paywall.ReasonDisabled,
		"member": paywall.ReasonUnknown, "strange role": paywall.ReasonUnknown,
		"disabled owner": paywall.ReasonDisabled,
	},
}

var allowing = map[paywall.Reason]bool{
	paywall.ReasonOpen: true, paywall.ReasonMember: true, paywall.ReasonGrant: true, paywall.ReasonOwner: true,
}

// wantReason reads the tables above in the order of the rules.
func wantReason(access paywall.Access, viewer, state, grants string) paywall.Reason {
	isOwner := viewer == "owner" || viewer == "unconfirmed owner"
	if isOwner && state != "zero" && state != "without id" {
		return paywall.ReasonOwner
	}
	if verdict := itemStates[state].verdict; verdict != "" {
		return verdict
	}
	reason := personal[access][viewer]
	if reason == "" {
		reason = grantStates[grants].reason
	}
	if allowing[reason] && state == "not yet open" {
		return paywall.ReasonNotYetOpen
	}
	return reason
}

// TestDecide_Matrix walks through every access, viewer, item state and grant.
func TestDecide_Matrix(t *testing.T) {
	for access := range personal {
		for viewer := range viewers {
			for state := range itemStates {
				for grants := range grantStates {
					checkMatrix(t, access, viewer, state, grants)
				}
			}
		}
	}
}

func checkMatrix(t *testing.T, access paywall.Access, viewer, state, grants string) {
	t.Helper()
	item := theItem()
	item.Access = access
	itemStates[state].change(&item)
	got := paywall.Decide(at(0), viewers[viewer], item, grantStates[grants].grants)
	want := wantReason(access, viewer, state, grants)
	where := fmt.Sprintf("access %q, viewer %s, item %s, grant %s", access, viewer, state, grants)
	if got.Reason != want {
		t.Errorf("%s: %s, want %s", where, got.Reason, want)
	}
	if got.Allowed() != allowing[want] || got.Ticket().Valid() != allowing[want] {
		t.Errorf("%s: allowed %v, ticket %v, want %v", where, got.Allowed(), got.Ticket().Valid(), allowing[want])
	}
}

// TestDecide_Edges looks at the instants on both sides of each border.
func TestDecide_Edges(t *testing.T) {
	const blink = time.Nanosecond
	for name, test := range map[string]struct {
		now     time.Time
		change  func(i *paywall.Item)
		grant   paywall.Grant
		want    paywall.Reason
		instant time.Time
	}{
		"just before the start":   {at(-60).Add(-blink), nil, grant(), paywall.ReasonGrantLater, at(-60)},
		"at the start":            {at(-60), nil, grant(), paywall.ReasonGrant, time.Time{}},
		"just before the end":     {at(5).Add(-blink), nil, grant(until(5)), paywall.ReasonGrant, time.Time{}},
		"at the end":              {at(5), nil, grant(until(5)), paywall.ReasonGrantEnded, at(5)},
		"just before revoked":     {at(3).Add(-blink), nil, grant(revoked(3)), paywall.ReasonGrant, time.Time{}},
		"at the revocation":       {at(3), nil, grant(revoked(3)), paywall.ReasonGrantEnded, at(3)},
		"revoked before its end":  {at(4), nil, grant(until(5), revoked(3)), paywall.ReasonGrantEnded, at(3)},
		"revoked after its end":   {at(6), nil, grant(until(5), revoked(6)), paywall.ReasonGrantEnded, at(5)},
		"revoked before start":    {at(0), nil, grant(from(10), revoked(-5)), paywall.ReasonGrantEnded, at(-5)},
		"in another zone":         {at(5).In(time.FixedZone("", -3600)), nil, grant(until(5)), paywall.ReasonGrantEnded, at(5)},
		"just before the opening": {at(9).Add(-blink), opens(9), grant(), paywall.ReasonNotYetOpen, at(9)},
		"at the opening":          {at(9), opens(9), grant(), paywall.ReasonGrant, time.Time{}},
		"just before the closing": {at(9).Add(-blink), closes(9), grant(), paywall.ReasonGrant, time.Time{}},
		"at the closing":          {at(9), closes(9), grant(), paywall.ReasonClosed, at(9)},
		"no grant, not yet open":  {at(0), opens(9), grant(of("bob")), paywall.ReasonNoGrant, time.Time{}},
		"later, not yet open":     {at(0), opens(9), grant(from(5)), paywall.ReasonGrantLater, at(5)},
	} {
		t.Run(name, func(t *testing.T) {
			item := theItem()
			if test.change != nil {
				test.change(&item)
			}
			got := paywall.Decide(test.now, ada(), item, []paywall.Grant{test.grant})
			if got.Reason != test.want || !got.Instant.Equal(test.instant) {
				t.Errorf("%s at %v, want %s at %v", got.Reason, got.Instant, test.want, test.instant)
			}
		})
	}
}

func opens(minutes int) func(*paywall.Item) { return func(i *paywall.Item) { i.OpensAt = at(minutes) } }

func closes(minutes int) func(*paywall.Item) {
	return func(i *paywall.Item) { i.ClosesAt = at(minutes) }
}

// TestDecide_BestGrant names the grant that decided, in either order.
func TestDecide_BestGrant(t *testing.T) {
	a, b := named("a"), named("b")
	for name, test := range map[string]struct {
		first, second paywall.Grant
		reason        paywall.Reason
		id            string
		instant       time.Time
		until         time.Time
	}{
		"the live one that lasts longer": {grant(a, until(5)), grant(b, until(9)), paywall.ReasonGrant, "b", time.Time{}, at(9)},
		"the live one without end":       {grant(a, until(5)), grant(b), paywall.ReasonGrant, "b", time.Time{}, time.Time{}},
		"revocation shortens":            {grant(a, until(5)), grant(b, until(9), revoked(3)), paywall.ReasonGrant, "a", time.Time{}, at(5)},
		"the one that begins sooner":     {grant(a, from(7)), grant(b, from(3)), paywall.ReasonGrantLater, "b", at(3), time.Time{}},
		"the one that ended last":        {grant(a, until(-9)), grant(b, until(-2)), paywall.ReasonGrantEnded, "b", at(-2), time.Time{}},
		"live before later":              {grant(a, from(1)), grant(b, until(2)), paywall.ReasonGrant, "b", time.Time{}, at(2)},
		"later before ended":             {grant(a, until(-1)), grant(b, from(1)), paywall.ReasonGrantLater, "b", at(1), time.Time{}},
		"own ended before other's live":  {grant(a, of("bob")), grant(b, until(-1)), paywall.ReasonGrantEnded, "b", at(-1), time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, grants := range [][]paywall.Grant{{test.first, test.second}, {test.second, test.first}} {
				got := paywall.Decide(at(0), ada(), theItem(), grants)
				if got.Reason != test.reason || got.Grant.ID != test.id {
					t.Errorf("%s by %q, want %s by %q", got.Reason, got.Grant.ID, test.reason, test.id)
				}
				if !got.Instant.Equal(test.instant) || !got.Until.Equal(test.until) {
					t.Errorf("instant %v, until %v, want %v, %v", got.Instant, got.Until, test.instant, test.until)
				}
			}
		})
	}
}

// TestDecide_Scope tells what a grant covers.
func TestDecide_Scope(t *testing.T) {
	alone := func(i *paywall.Item) { i.CollectionID = "" }
	for name, test := range map[string]struct {
		scope  paywall.GrantScope
		target string
		change func(i *paywall.Item)
		want   bool
	}{
		"everything":                      {paywall.ScopeEverything, "", nil, true},
		"its collection":                  {paywall.ScopeCollection, tapes, nil, true},
		"another collection":              {paywall.ScopeCollection, "records", nil, false},
		"no collection, item in none":     {paywall.ScopeCollection, "", alone, false},
		"a collection, item in none":      {paywall.ScopeCollection, tapes, alone, false},
		"the item's id as a collection":   {paywall.ScopeCollection, "item", nil, false},
		"the item":                        {paywall.ScopeItem, "item", nil, true},
		"another item":                    {paywall.ScopeItem, "other", nil, false},
		"the collection's id as an item":  {paywall.ScopeItem, tapes, nil, false},
		"no item":                         {paywall.ScopeItem, "", nil, false},
		"an unknown scope":                {"season", "item", nil, false},
		"an unknown scope without target": {"", "", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			item := theItem()
			if test.change != nil {
				test.change(&item)
			}
			g := grant(scope(test.scope, test.target))
			if got := g.Opens(item); got != test.want {
				t.Errorf("opens %v, want %v", got, test.want)
			}
			if got := paywall.Decide(at(0), ada(), item, []paywall.Grant{g}).Allowed(); got != test.want {
				t.Errorf("allowed %v, want %v", got, test.want)
			}
		})
	}
}

// TestDecide_Until tells when the right of an allowed viewer ends.
func TestDecide_Until(t *testing.T) {
	access := func(a paywall.Access) func(*paywall.Item) { return func(i *paywall.Item) { i.Access = a } }
	for name, test := range map[string]struct {
		viewer  paywall.Viewer
		grant   paywall.Grant
		changes []func(*paywall.Item)
		want    time.Time
	}{
		"for ever":                     {ada(), grant(), nil, time.Time{}},
		"the grant's end":              {ada(), grant(until(5)), nil, at(5)},
		"the closing":                  {ada(), grant(), []func(*paywall.Item){closes(7)}, at(7)},
		"the grant ends first":         {ada(), grant(until(5)), []func(*paywall.Item){closes(7)}, at(5)},
		"the item closes first":        {ada(), grant(until(9)), []func(*paywall.Item){closes(7)}, at(7)},
		"members until the closing":    {ada(), grant(until(5)), []func(*paywall.Item){closes(7), access(paywall.AccessMembers)}, at(7)},
		"open until the closing":       {paywall.Viewer{}, grant(), []func(*paywall.Item){closes(7), open}, at(7)},
		"open for ever":                {paywall.Viewer{}, grant(), []func(*paywall.Item){open}, time.Time{}},
		"an owner is not bound by it":  {ada(owner), grant(until(5)), []func(*paywall.Item){closes(7)}, time.Time{}},
		"an owner after it has closed": {ada(owner), grant(), []func(*paywall.Item){closes(-7)}, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			item := theItem()
			for _, change := range test.changes {
				change(&item)
			}
			got := paywall.Decide(at(0), test.viewer, item, []paywall.Grant{test.grant})
			if !got.Allowed() || !got.Until.Equal(test.want) {
				t.Errorf("%s until %v, want until %v", got.Reason, got.Until, test.want)
			}
		})
	}
}

// TestTicket: a ticket opens the sources of its item and no other.
func TestTicket(t *testing.T) {
	own, foreign, stray := paywall.Source{ItemID: "item"}, paywall.Source{ItemID: "other"}, paywall.Source{}
	allowed := paywall.Decide(at(0), ada(), theItem(), []paywall.Grant{grant()}).Ticket()
	refused := paywall.Decide(at(0), ada(), theItem(), nil).Ticket()
	for name, test := range map[string]struct {
		ticket paywall.Ticket
		source paywall.Source
		want   bool
	}{
		"allowed, own source":             {allowed, own, true},
		"allowed, another item's source":  {allowed, foreign, false},
		"allowed, source of no item":      {allowed, stray, false},
		"refused, own source":             {refused, own, false},
		"refused, source of no item":      {refused, stray, false},
		"zero ticket, own source":         {paywall.Ticket{}, own, false},
		"zero ticket, source of no item":  {paywall.Ticket{}, stray, false},
		"zero decision, own source":       {paywall.Decision{}.Ticket(), own, false},
		"hand-made decision, own source":  {paywall.Decision{Reason: paywall.ReasonOwner}.Ticket(), own, false},
		"hand-made decision, stray":       {paywall.Decision{Reason: paywall.ReasonOpen}.Ticket(), stray, false},
		"hand-made decision with a grant": {paywall.Decision{Reason: paywall.ReasonGrant, Grant: grant()}.Ticket(), own, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.ticket.Opens(test.source); got != test.want {
				t.Errorf("opens %v, want %v", got, test.want)
			}
		})
	}
}
