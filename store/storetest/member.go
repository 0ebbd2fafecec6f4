package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

// crowd is a set of people of all kinds, with what a plain look at them finds.
type crowd struct {
	lines  []paywall.MemberLine
	grants map[string][]paywall.Grant
}

// noon is the instant of the searches.
var noon = stored(start.Add(1000 * time.Hour))

func newCrowd(t *testing.T, s paywall.Store) crowd {
	t.Helper()
	r, c := rand.New(rand.NewPCG(7, 11)), crowd{grants: map[string][]paywall.Grant{}}
	for n := range 70 {
		u := NewUser(fmt.Sprintf("%s%02d", []string{"ada", "Bob", "çelik"}[n%3], r.IntN(90)))
		u.Email = fmt.Sprintf("p%02d-%d@example.org", r.IntN(99), n)
		u.CreatedAt = stored(start.Add(time.Duration(r.IntN(50)) * time.Hour)) // some at the same instant
		u.Role = []paywall.Role{paywall.RoleMember, paywall.RoleMember, paywall.RoleMember, paywall.RoleSupport}[r.IntN(4)]
		if r.IntN(4) == 0 {
			u.ConfirmedAt = time.Time{}
		}
		if r.IntN(5) == 0 {
			u.DisabledAt = stored(start)
		}
		if r.IntN(12) == 0 {
			u.DeletedAt = stored(start)
		}
		must(t, s.CreateUser(t.Context(), u))
		line := paywall.MemberLine{User: u}
		if r.IntN(2) == 0 {
			session := addSession(t, s, u.ID, func(x *paywall.Session) { x.SeenAt = stored(start.Add(time.Duration(r.IntN(90)) * time.Hour)) })
			line.SeenAt = session.SeenAt
		}
		for range r.IntN(4) {
			c.addGrant(t, s, r, u.ID)
		}
		if u.DeletedAt.IsZero() {
			c.lines = append(c.lines, line)
		}
	}
	return c
}

// addGrant gives a grant that is over, counts, or begins later, and changes some
// of them afterwards.
func (c crowd) addGrant(t *testing.T, s paywall.Store, r *rand.Rand, userID string) {
	t.Helper()
	g := NewGrant(userID, paywall.ScopeItem, fmt.Sprint("item", r.IntN(3)))
	if r.IntN(4) == 0 {
		g.Scope, g.TargetID = paywall.ScopeEverything, ""
	}
	g.Origin = []paywall.Origin{paywall.OriginOwner, paywall.OriginVoucher}[r.IntN(2)]
	g.CreatedAt = stored(start.Add(time.Duration(r.IntN(40)) * time.Hour))
	g.From = stored(noon.Add(time.Duration(r.IntN(2000)-1800) * time.Hour))
	if r.IntN(4) > 0 {
		g.Until = g.From.Add(time.Duration(r.IntN(1600)+1) * time.Hour)
	}
	must(t, s.CreateGrant(t.Context(), g))
	switch r.IntN(5) {
	case 0:
		g.RevokedAt = stored(noon.Add(time.Duration(r.IntN(900)-800) * time.Hour))
		must(t, s.RevokeGrant(t.Context(), g.ID, g.RevokedAt))
	case 1:
		g.Until, g.Note = stored(noon.Add(time.Duration(r.IntN(400)-300)*time.Hour)), "extended"
		must(t, s.UpdateGrant(t.Context(), g))
	}
	c.grants[userID] = append(c.grants[userID], g)
}

// fits is what a filter means, told without SQL.
func (c crowd) fits(line paywall.MemberLine, f paywall.MemberFilter) bool {
	u := line.User
	state := f.State == "" || paywall.StateOf(u) == f.State
	joined := (f.JoinedFrom.IsZero() || !u.CreatedAt.Before(f.JoinedFrom)) && (f.JoinedUntil.IsZero() || u.CreatedAt.Before(f.JoinedUntil))
	text := strings.Contains(strings.ToLower(u.Email+" "+u.Name), strings.ToLower(f.Text))
	only := (!f.OnlyMembers || u.Role == paywall.RoleMember) && (!f.OnlyEnabled || !u.Disabled()) &&
		(!f.OnlyBlocked || u.Disabled()) && (!f.OnlyConfirmed || u.Confirmed())
	chosen := (len(f.IDs) == 0 || slices.Contains(f.IDs, u.ID)) && u.ID != f.Except
	return state && joined && text && only && chosen && (f.Role == "" || u.Role == f.Role) && c.hasAccess(u.ID, f)
}

func (c crowd) hasAccess(userID string, f paywall.MemberFilter) bool {
	if f.Access == "" && f.Target == "" {
		return true
	}
	live, lately, last := false, false, time.Time{}
	for _, g := range c.grants[userID] {
		end := g.End()
		if f.Target != "" && g.TargetID != strings.TrimPrefix(f.Target, "item:") && !(f.Target == "everything" && g.TargetID == "") ||
			!end.IsZero() && !g.From.Before(end) {
			continue
		}
		live = live || g.Live(f.Now)
		if end.IsZero() {
			end = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		lately = lately || !end.After(f.Now) && end.After(f.Now.Add(-paywall.EndedLately))
		if end.After(last) {
			last = end
		}
	}
	if f.Target == "" {
		lately = !last.After(f.Now) && last.After(f.Now.Add(-paywall.EndedLately))
	}
	switch f.Access {
	case paywall.AccessNone:
		return !live
	case paywall.AccessEnded:
		return lately && !live
	}
	return live
}

func (c crowd) filters() []paywall.MemberFilter {
	filters := []paywall.MemberFilter{
		{}, {Text: "ADA"}, {Text: "ÇEL"}, {Text: "example.org"}, {Text: "nobody"}, {State: paywall.MemberActive}, {State: paywall.MemberBlocked},
		{State: paywall.MemberUnconfirmed}, {Role: paywall.RoleSupport}, {OnlyMembers: true, OnlyEnabled: true, OnlyConfirmed: true}, {OnlyBlocked: true},
		{JoinedFrom: stored(start.Add(10 * time.Hour)), JoinedUntil: stored(start.Add(20 * time.Hour))},
		{IDs: []string{c.lines[0].User.ID, c.lines[3].User.ID, "nobody"}}, {Except: c.lines[2].User.ID},
	}
	for _, access := range []paywall.AccessFilter{"", paywall.AccessLive, paywall.AccessEnded, paywall.AccessNone} {
		for _, target := range []string{"", "everything", "item:item1"} {
			filters = append(filters, paywall.MemberFilter{Access: access, Target: target}, paywall.MemberFilter{Access: access, Target: target, Text: "bob"})
		}
	}
	for i := range filters {
		filters[i].Now = noon
	}
	return filters
}

// testMemberFilters holds each filter against a plain look at everybody.
func testMemberFilters(t *testing.T, s paywall.Store) {
	ctx, c := t.Context(), newCrowd(t, s)
	for _, f := range c.filters() {
		want := slices.DeleteFunc(slices.Clone(c.lines), func(l paywall.MemberLine) bool { return !c.fits(l, f) })
		slices.SortFunc(want, func(a, b paywall.MemberLine) int {
			return cmp.Or(b.User.CreatedAt.Compare(a.User.CreatedAt), cmp.Compare(b.User.ID, a.User.ID))
		})
		got, total, err := s.ListMembers(ctx, f, paywall.MembersNewest, 99, 0)
		must(t, err)
		if total != len(want) {
			t.Errorf("%+v finds %d, want %d", f, total, len(want))
		}
		wantSame(t, ids(got, lineID), ids(want, lineID))
		wantSame(t, read[int](t)(s.CountMembers(ctx, f)), len(want))
	}
	if n := read[int](t)(s.CountMembers(ctx, paywall.MemberFilter{Access: paywall.AccessLive, Now: noon})); n < 9 || n > len(c.lines)-9 {
		t.Errorf("%d of %d have access: the test shows little", n, len(c.lines))
	}
}

// testMemberOrders pages through the list in each order.
func testMemberOrders(t *testing.T, s paywall.Store) {
	ctx, c := t.Context(), newCrowd(t, s)
	orders := map[paywall.MemberSort]func(a, b paywall.MemberLine) int{
		paywall.MembersNewest:  func(a, b paywall.MemberLine) int { return b.User.CreatedAt.Compare(a.User.CreatedAt) },
		paywall.MembersOldest:  func(a, b paywall.MemberLine) int { return a.User.CreatedAt.Compare(b.User.CreatedAt) },
		paywall.MembersByEmail: func(a, b paywall.MemberLine) int { return cmp.Compare(a.User.Email, b.User.Email) },
		paywall.MembersSeen:    func(a, b paywall.MemberLine) int { return b.SeenAt.Compare(a.SeenAt) },
	}
	for sort, by := range orders {
		var got []paywall.MemberLine
		for offset := 0; offset < len(c.lines)+20; offset += 7 {
			page, total, err := s.ListMembers(ctx, paywall.MemberFilter{}, sort, 7, offset)
			must(t, err)
			wantSame(t, total, len(c.lines))
			got = append(got, page...)
		}
		if !slices.IsSortedFunc(got, by) {
			t.Errorf("%s: not in order", sort)
		}
		seen := ids(got, lineID)
		slices.Sort(seen)
		all := ids(c.lines, lineID)
		slices.Sort(all)
		wantSame(t, seen, all)
	}
	lines, _, err := s.ListMembers(ctx, paywall.MemberFilter{}, paywall.MembersByName, 99, 0)
	must(t, err)
	wantSame(t, len(lines), len(c.lines))
	for _, line := range lines {
		i := slices.IndexFunc(c.lines, func(l paywall.MemberLine) bool { return l.User.ID == line.User.ID })
		wantSame(t, line, c.lines[i])
	}
	var walked []string
	for after := ""; ; {
		people := read[[]paywall.User](t)(s.MembersAfter(ctx, paywall.MemberFilter{Text: "ada"}, after, 4))
		for _, u := range people {
			walked, after = append(walked, u.ID), u.ID
		}
		if len(people) < 4 {
			break
		}
	}
	if n := read[int](t)(s.CountMembers(ctx, paywall.MemberFilter{Text: "ada"})); n != len(walked) || !slices.IsSorted(walked) {
		t.Errorf("walked through %d of %d", len(walked), n)
	}
}

// testGrantFilters holds the list of grants against a plain look at them.
func testGrantFilters(t *testing.T, s paywall.Store) {
	ctx, c := t.Context(), newCrowd(t, s)
	var all []paywall.Grant
	for _, grants := range c.grants {
		all = append(all, grants...)
	}
	fits := map[paywall.GrantState]func(g paywall.Grant) bool{
		"":                 func(paywall.Grant) bool { return true },
		paywall.GrantLive:  func(g paywall.Grant) bool { return g.Live(noon) },
		paywall.GrantEnded: func(g paywall.Grant) bool { return !g.End().IsZero() && !g.End().After(noon) },
		paywall.GrantLater: func(g paywall.Grant) bool { return g.From.After(noon) && (g.End().IsZero() || g.End().After(noon)) },
	}
	for state, fit := range fits {
		for _, origin := range []paywall.Origin{"", paywall.OriginVoucher} {
			want := slices.DeleteFunc(slices.Clone(all), func(g paywall.Grant) bool { return !fit(g) || origin != "" && g.Origin != origin })
			for _, sort := range paywall.GrantSorts {
				var got []paywall.GrantLine
				for offset := 0; offset <= len(want); offset += 9 {
					lines, total, err := s.ListGrants(ctx, paywall.GrantFilter{State: state, Origin: origin, Now: noon}, sort, 9, offset)
					must(t, err)
					wantSame(t, total, len(want))
					got = append(got, lines...)
				}
				checkGrants(t, got, want, sort)
			}
		}
	}
	lines, total, err := s.ListGrants(ctx, paywall.GrantFilter{Text: "ADA", Now: noon}, paywall.GrantsNewest, 99, 0)
	must(t, err)
	if total == 0 || len(lines) != total || slices.ContainsFunc(lines, func(l paywall.GrantLine) bool { return l.Email == "" }) {
		t.Errorf("a search finds %d of %d", len(lines), total)
	}
	u := c.lines[slices.IndexFunc(c.lines, func(l paywall.MemberLine) bool { return len(c.grants[l.User.ID]) > 1 })].User
	wantSame(t, read[[]paywall.Grant](t)(s.GrantsOfAll(ctx, []string{u.ID, "nobody"})), read[[]paywall.Grant](t)(s.GrantsOf(ctx, u.ID)))
	wantSame(t, len(read[[]paywall.Grant](t)(s.GrantsOfAll(ctx, nil))), 0)
}

func checkGrants(t *testing.T, got []paywall.GrantLine, want []paywall.Grant, sort paywall.GrantSort) {
	t.Helper()
	end := func(g paywall.Grant) time.Time {
		if g.End().IsZero() {
			return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return g.End()
	}
	by := map[paywall.GrantSort]func(a, b paywall.Grant) int{
		paywall.GrantsNewest:     func(a, b paywall.Grant) int { return b.CreatedAt.Compare(a.CreatedAt) },
		paywall.GrantsOldest:     func(a, b paywall.Grant) int { return a.CreatedAt.Compare(b.CreatedAt) },
		paywall.GrantsEnding:     func(a, b paywall.Grant) int { return end(a).Compare(end(b)) },
		paywall.GrantsEndingLast: func(a, b paywall.Grant) int { return end(b).Compare(end(a)) },
	}[sort]
	if !slices.IsSortedFunc(got, func(a, b paywall.GrantLine) int { return by(a.Grant, b.Grant) }) {
		t.Errorf("%s: not in order", sort)
	}
	gotIDs, wantIDs := ids(got, func(l paywall.GrantLine) string { return l.Grant.ID }), ids(want, grantID)
	slices.Sort(gotIDs)
	slices.Sort(wantIDs)
	wantSame(t, gotIDs, wantIDs)
}

// testGrantCounts counts the grants that an act on many would touch.
func testGrantCounts(t *testing.T, s paywall.Store) {
	ctx, c := t.Context(), newCrowd(t, s)
	for _, r := range []paywall.GrantRange{
		{EndsAfter: noon, WithEnd: true}, {EndsAfter: noon.Add(-paywall.EndedLately), WithEnd: true}, {EndsAfter: noon}, {EndsAfter: noon, Target: "item:item1"},
	} {
		want := 0
		for _, line := range c.lines {
			for _, g := range c.grants[line.User.ID] {
				if g.RevokedAt.IsZero() && (g.Until.IsZero() && !r.WithEnd || g.Until.After(r.EndsAfter)) && (r.Target == "" || g.TargetID == "item1") {
					want++
				}
			}
		}
		wantSame(t, read[int](t)(s.CountGrants(ctx, paywall.MemberFilter{Now: noon}, r)), want)
	}
	g := c.grants[c.lines[0].User.ID]
	wantErr(t, s.UpdateGrant(ctx, paywall.Grant{ID: "none"}), paywall.ErrNotFound)
	if len(g) > 0 {
		wantSame(t, read[paywall.Grant](t)(s.GrantByID(ctx, g[0].ID)), g[0])
	}
}

// testSeen follows when an account was last used.
func testSeen(t *testing.T, s paywall.Store) {
	ctx, ada := t.Context(), addUser(t, s, "ada")
	wantSame(t, read[time.Time](t)(s.SeenAt(ctx, ada.ID)), time.Time{})
	session := addSession(t, s, ada.ID, func(x *paywall.Session) { x.SeenAt = stored(start.Add(time.Hour)) })
	wantSame(t, read[time.Time](t)(s.SeenAt(ctx, ada.ID)), session.SeenAt)
	must(t, s.TouchSession(ctx, session.ID, start.Add(2*time.Hour)))
	wantSame(t, read[time.Time](t)(s.SeenAt(ctx, ada.ID)), stored(start.Add(2*time.Hour)))
	must(t, s.TouchSession(ctx, session.ID, start)) // a clock that went back takes nothing away
	wantSame(t, read[time.Time](t)(s.SeenAt(ctx, ada.ID)), stored(start.Add(2*time.Hour)))
	ada.Name = "Ada"
	must(t, s.UpdateUser(ctx, ada))
	must(t, s.DeleteSessionsOf(ctx, ada.ID, ""))
	wantSame(t, read[time.Time](t)(s.SeenAt(ctx, ada.ID)), stored(start.Add(2*time.Hour)))
}

// testMailsOf finds the mails about an account, and those to its address.
func testMailsOf(t *testing.T, s paywall.Store) {
	ctx, ada := t.Context(), addUser(t, s, "ada")
	at := func(n int) time.Time { return stored(start.Add(time.Duration(n) * time.Minute)) }
	both := addMail(t, s, func(m *paywall.Mail) { m.UserID, m.To, m.CreatedAt = ada.ID, ada.Email, at(1) })
	about := addMail(t, s, func(m *paywall.Mail) { m.UserID, m.To, m.CreatedAt = ada.ID, "old@example.org", at(3) })
	to := addMail(t, s, func(m *paywall.Mail) { m.To, m.CreatedAt = ada.Email, at(2) })
	addMail(t, s, func(m *paywall.Mail) { m.To = "bob@example.org" })
	wantSame(t, read[[]paywall.Mail](t)(s.MailsOf(ctx, ada.ID, ada.Email, 9)), []paywall.Mail{about, to, both})
	wantSame(t, read[[]paywall.Mail](t)(s.MailsOf(ctx, ada.ID, ada.Email, 2)), []paywall.Mail{about, to})

	grant := NewGrant(ada.ID, paywall.ScopeEverything, "")
	must(t, s.CreateGrant(ctx, grant))
	line := paywall.AuditEntry{ID: paywall.NewID(), At: stored(start), Subject: grant.ID, Action: "grant.give"}
	must(t, s.AddAudit(ctx, line))
	must(t, s.AddAudit(ctx, paywall.AuditEntry{ID: paywall.NewID(), At: stored(start), Subject: "another", Action: "grant.give"}))
	wantSame(t, read[[]paywall.AuditEntry](t)(s.AuditOfGrants(ctx, ada.ID, 9)), []paywall.AuditEntry{line})
}

// testDeleteUnused removes only accounts that nobody has used.
func testDeleteUnused(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	fresh := func(name string) paywall.User {
		u := NewUser(name)
		u.PasswordHash = ""
		must(t, s.CreateUser(ctx, u))
		return u
	}
	grant := func(u paywall.User) string {
		g := NewGrant(u.ID, paywall.ScopeEverything, "")
		must(t, s.CreateGrant(ctx, g))
		return g.ID
	}
	kept := map[string]paywall.User{"with a password": addUser(t, s, "pass"), "who signed in": fresh("seen"), "with another grant": fresh("given"), "of the team": fresh("staff")}
	addSession(t, s, kept["who signed in"].ID, func(x *paywall.Session) { x.SeenAt = stored(start) })
	grant(kept["with another grant"])
	staff := kept["of the team"]
	staff.Role = paywall.RoleReader
	must(t, s.UpdateUser(ctx, staff))
	for name, u := range kept {
		if read[bool](t)(s.DeleteUnusedMember(ctx, u, []string{grant(u)}, gone)) {
			t.Errorf("an account %s was removed", name)
		}
		read[paywall.User](t)(s.UserByID(ctx, u.ID))
	}
	ada, none := fresh("ada"), fresh("none")
	id := grant(ada)
	for _, subject := range []string{ada.ID, id} {
		must(t, s.AddAudit(ctx, paywall.AuditEntry{ID: paywall.NewID(), At: stored(start), Subject: subject, Detail: ada.Email}))
	}
	addMail(t, s, func(m *paywall.Mail) { m.UserID, m.To = ada.ID, ada.Email })
	wantSame(t, read[bool](t)(s.DeleteUnusedMember(ctx, ada, []string{id}, gone)), true)
	wantSame(t, read[bool](t)(s.DeleteUnusedMember(ctx, none, nil, gone)), true)
	_, err := s.UserByID(ctx, ada.ID)
	wantErr(t, err, paywall.ErrNotFound)
	for _, e := range read[[]paywall.AuditEntry](t)(s.RecentAudit(ctx, 9, 0)) {
		wantSame(t, e.Detail, gone)
	}
	wantSame(t, len(read[[]paywall.Mail](t)(s.MailsOf(ctx, ada.ID, ada.Email, 9))), 0)
	wantSame(t, read[bool](t)(s.DeleteUnusedMember(ctx, ada, nil, gone)), false)
}
