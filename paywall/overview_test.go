package paywall_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

// station is a random station, and what was put into it.
type station struct {
	*counted
	random *rand.Rand
	users  []paywall.User
	grants []paywall.Grant
	items  []paywall.Item
	plays  []paywall.Play
	refuse []refusal
	starts []time.Time // sign-ins
}

type refusal struct {
	day    string
	reason paywall.Reason
}

// ago is an instant within so many days before now, often around midnight.
func (c *station) ago(days int) time.Time {
	at := c.clock.Now().Add(-time.Duration(c.random.Int64N(int64(days) * int64(aDay))))
	if c.random.IntN(3) == 0 {
		at = paywall.DayOf(at, c.zone).From.Add(time.Duration(c.random.IntN(3)-1) * time.Millisecond)
	}
	return at.Truncate(time.Millisecond)
}

func (c *station) addPeople(t *testing.T, tx paywall.Store) {
	roles := []paywall.Role{paywall.RoleMember, paywall.RoleMember, paywall.RoleMember, paywall.RoleMember, paywall.RoleOwner, paywall.RoleReader}
	for n := range 300 {
		u := storetest.NewUser(fmt.Sprint("user", n))
		u.Role, u.CreatedAt = roles[c.random.IntN(len(roles))], c.ago(60)
		if c.random.IntN(5) == 0 {
			u.ConfirmedAt = time.Time{}
		}
		if c.random.IntN(5) == 0 {
			u.DisabledAt = c.ago(40)
		}
		if c.random.IntN(5) == 0 {
			u.DeletedAt = c.ago(40)
		}
		must(t, tx.CreateUser(t.Context(), u))
		c.users = append(c.users, u)
		for range c.random.IntN(4) {
			c.addGrant(t, tx, u)
		}
		for range c.random.IntN(4) {
			at := c.ago(12)
			action := []string{"session.start", "session.end"}[c.random.IntN(2)]
			must(t, tx.AddAudit(t.Context(), paywall.AuditEntry{ID: paywall.NewID(), At: at, Action: action, Subject: u.ID}))
			if action == "session.start" {
				c.starts = append(c.starts, at)
			}
		}
	}
}

func (c *station) addGrant(t *testing.T, tx paywall.Store, u paywall.User) {
	g := storetest.NewGrant(u.ID, paywall.ScopeEverything, "")
	g.From = c.ago(80).Add(15 * aDay)
	if c.random.IntN(6) > 0 {
		g.Until = g.From.Add(time.Duration(c.random.IntN(50)) * aDay)
	}
	if c.random.IntN(5) == 0 {
		g.RevokedAt = c.ago(40)
	}
	must(t, tx.CreateGrant(t.Context(), g))
	c.grants = append(c.grants, g)
}

// playOn lets visitors play and be refused over 40 days, as pages would tell.
func (c *station) playOn(t *testing.T) {
	end := c.clock.Now()
	reasons := []paywall.Reason{paywall.ReasonSignedOut, paywall.ReasonNoGrant, paywall.ReasonClosed}
	var instants []time.Time
	for range 500 {
		instants = append(instants, c.ago(40))
	}
	slices.SortFunc(instants, time.Time.Compare)
	for _, at := range instants {
		c.clock.Pass(at.Sub(c.clock.Now()))
		item := c.items[c.random.IntN(len(c.items))]
		viewer := paywall.Viewer{}
		if c.random.IntN(3) == 0 {
			viewer = paywall.Viewer{User: c.users[c.random.IntN(len(c.users))], SessionID: paywall.NewID()}
		}
		perf := paywall.Performance{Item: item, Source: item.Sources[0], Decision: paywall.Decision{Reason: reasons[c.random.IntN(len(reasons))]}}
		if c.random.IntN(3) == 0 {
			c.Refuse(viewer, perf)
			if !viewer.May(paywall.RightStaff) {
				c.refuse = append(c.refuse, refusal{paywall.DayName(at, c.zone), perf.Decision.Reason})
			}
			continue
		}
		play := paywall.Play{ItemID: item.ID, StartedAt: at, Staff: viewer.May(paywall.RightStaff)}
		name := c.Begin(viewer, perf, "")
		if c.random.IntN(2) == 0 || end.Sub(at) < aDay {
			c.clock.Pass(time.Duration(c.random.IntN(200)) * time.Second)
			play.SeenAt, play.Stopped = c.clock.Now(), c.random.IntN(4) == 0
			c.Beat(viewer, item.Slug, name, "", play.Stopped)
		}
		c.plays = append(c.plays, play)
	}
	c.clock.Pass(end.Sub(c.clock.Now()))
	for range 20 { // some play right now
		perf := paywall.Performance{Item: c.items[0], Source: c.items[0].Sources[0]}
		at := c.clock.Now()
		c.Beat(paywall.Viewer{}, c.items[0].Slug, c.Begin(paywall.Viewer{}, perf, ""), "", false)
		c.plays = append(c.plays, paywall.Play{ItemID: c.items[0].ID, StartedAt: at, SeenAt: at})
	}
	c.Flush(t.Context())
}

// naive counts everything by going through all that was put in.
func (c *station) naive(now time.Time) (f paywall.Figures) {
	f = paywall.Figures{At: now, Days: paywall.LastDays(now, c.zone, 30)}
	items, playing, reasons := map[string]int{}, map[string]int{}, map[paywall.Reason]int{}
	first := f.Days[0]
	for _, day := range f.Days {
		amount := 0
		for _, p := range c.plays {
			if !p.Staff && !p.StartedAt.Before(day.From) && p.StartedAt.Before(day.To) {
				amount++
				items[p.ItemID]++
			}
		}
		f.Plays = append(f.Plays, amount)
	}
	for _, p := range c.plays {
		if !p.Staff && !p.Stopped && !p.SeenAt.IsZero() && now.Sub(p.SeenAt) <= paywall.ListeningFor {
			playing[p.ItemID]++
		}
	}
	for _, r := range c.refuse {
		if r.day >= first.Name {
			reasons[r.reason]++
		}
	}
	f.MostPlayed, f.Listening = c.ranked(items), c.ranked(playing)
	for reason, amount := range reasons {
		f.Refusals = append(f.Refusals, paywall.ReasonAmount{Reason: reason, Amount: amount})
	}
	slices.SortFunc(f.Refusals, func(a, b paywall.ReasonAmount) int { return b.Amount - a.Amount })
	f.People = c.naivePeople(now, f.Days)
	return f
}

func (c *station) ranked(amounts map[string]int) (list []paywall.ItemAmount) {
	for _, item := range c.items {
		if n := amounts[item.ID]; n > 0 {
			list = append(list, paywall.ItemAmount{ItemID: item.ID, Title: item.Title, Amount: n})
		}
	}
	slices.SortFunc(list, func(a, b paywall.ItemAmount) int {
		if a.Amount != b.Amount {
			return b.Amount - a.Amount
		}
		if a.ItemID < b.ItemID {
			return -1
		}
		return 1
	})
	return list
}

func (c *station) naivePeople(now time.Time, days []paywall.Day) *paywall.PeopleFigures {
	p := &paywall.PeopleFigures{New: make([]int, len(days)), EndingUntil: now.Add(7 * aDay)}
	for _, u := range c.users {
		if u.Role != paywall.RoleMember {
			continue
		}
		if u.Deleted() {
			if !u.DeletedAt.Before(days[0].From) {
				p.Leaving.Deleted++
			}
			continue
		}
		p.Members.All++
		if u.Confirmed() {
			p.Members.Confirmed++
		}
		if u.Disabled() {
			p.Members.Blocked++
		}
		for i, day := range days {
			if !u.CreatedAt.Before(day.From) && u.CreatedAt.Before(day.To) {
				p.New[i]++
			}
		}
		switch last := c.lastEnd(u.ID); {
		case last.After(now) && !last.After(p.EndingUntil):
			p.Leaving.Ending++
		case last.After(days[0].From) && !last.After(now):
			p.Leaving.Ended++
		}
	}
	for _, at := range c.starts {
		if !at.Before(days[len(days)-7].From) {
			p.SignIns++
		}
	}
	return p
}

// lastEnd is when the last grant of somebody ends that ever counted: far ahead for
// one without end.
func (c *station) lastEnd(userID string) (last time.Time) {
	for _, g := range c.grants {
		end := g.End()
		if g.UserID != userID || !end.IsZero() && !end.After(g.From) {
			continue
		}
		if end.IsZero() {
			end = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		if end.After(last) {
			last = end
		}
	}
	return last
}

// TestOverview_Exact holds every figure against a plain count of a random station,
// at instants around both nights in which the clocks change.
func TestOverview_Exact(t *testing.T) {
	for seed, now := range []time.Time{
		time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC), time.Date(2026, 3, 30, 21, 59, 59, 0, time.UTC),
		time.Date(2026, 10, 25, 22, 30, 0, 0, time.UTC), time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC),
	} {
		t.Run(now.Format(time.DateOnly), func(t *testing.T) {
			c := &station{counted: countPlays(t), random: rand.New(rand.NewPCG(uint64(seed), 7))}
			c.clock.Pass(now.Sub(c.clock.Now()))
			c.items = []paywall.Item{c.item}
			for n := range 5 {
				c.items = append(c.items, c.addItem(t, fmt.Sprint("item", n)))
			}
			must(t, c.InTx(t.Context(), func(tx paywall.Store) error { c.addPeople(t, tx); return nil }))
			c.playOn(t)
			overview := paywall.NewOverview(c, c.siteZone, c.clock.Now)
			owner := paywall.Viewer{User: c.addUser(t, "olivia", owner), SessionID: "x"}
			want := c.naive(c.clock.Now())
			got := get(overview.Figures(t.Context(), owner))(t)
			wantSame(t, got, want)
			if want.People.Leaving.Ended == 0 || want.People.Leaving.Ending == 0 || want.People.Leaving.Deleted == 0 ||
				want.People.SignIns == 0 || len(want.Listening) == 0 || len(want.Refusals) != 3 || len(want.MostPlayed) != 6 {
				t.Errorf("the random station is too plain: %+v %+v", want, want.People)
			}
		})
	}
}

// TestOverview_Rights: who may not see people gets no figures of them.
func TestOverview_Rights(t *testing.T) {
	s := newSite(t)
	overview := paywall.NewOverview(s, inUTC, s.clock.Now)
	for _, role := range paywall.StaffRoles {
		viewer := paywall.Viewer{User: paywall.User{ID: "x", Role: role}, SessionID: "x"}
		f := get(overview.Figures(t.Context(), viewer))(t)
		if got := f.People != nil; got != role.May(paywall.RightSeePeople) {
			t.Errorf("%s sees people: %v", role, got)
		}
		if len(f.Plays) != 30 || paywall.Sum(f.Plays, 30) != 0 {
			t.Errorf("an empty site has plays %v", f.Plays)
		}
	}
}

// TestOverview_Faults: each count that fails is told.
func TestOverview_Faults(t *testing.T) {
	s := newSite(t)
	owner := paywall.Viewer{User: paywall.User{ID: "x", Role: paywall.RoleOwner}, SessionID: "x"}
	for _, method := range []string{"DayAmounts", "ItemAmounts", "ReasonAmounts", "Listening", "MemberTotals", "CountNewMembers", "CountLeaving", "CountActions"} {
		broken := faultyFigures{FigureStore: s, fails: method}
		_, err := paywall.NewOverview(broken, inUTC, s.clock.Now).Figures(t.Context(), owner)
		wantErr(t, err, errFault)
	}
}

func inUTC() *time.Location { return time.UTC }

func TestSum(t *testing.T) {
	wantSame(t, []int{paywall.Sum([]int{1, 2, 3}, 2), paywall.Sum([]int{1, 2, 3}, 9), paywall.Sum(nil, 1)}, []int{5, 6, 0})
}

// faultyFigures is the real store, of which one method fails on purpose.
type faultyFigures struct {
	paywall.FigureStore
	fails string
}

func figure[T any](f faultyFigures, method string, count func() (T, error)) (T, error) {
	if f.fails == method {
		var none T
		return none, errFault
	}
	return count()
}

func (f faultyFigures) DayAmounts(ctx context.Context, kind paywall.CountKind, from, to string) ([]paywall.DayAmount, error) {
	return figure(f, "DayAmounts", func() ([]paywall.DayAmount, error) { return f.FigureStore.DayAmounts(ctx, kind, from, to) })
}

func (f faultyFigures) ItemAmounts(ctx context.Context, kind paywall.CountKind, from, to string, limit int) ([]paywall.ItemAmount, error) {
	return figure(f, "ItemAmounts", func() ([]paywall.ItemAmount, error) { return f.FigureStore.ItemAmounts(ctx, kind, from, to, limit) })
}

func (f faultyFigures) ReasonAmounts(ctx context.Context, from, to string) ([]paywall.ReasonAmount, error) {
	return figure(f, "ReasonAmounts", func() ([]paywall.ReasonAmount, error) { return f.FigureStore.ReasonAmounts(ctx, from, to) })
}

func (f faultyFigures) Listening(ctx context.Context, since time.Time) ([]paywall.ItemAmount, error) {
	return figure(f, "Listening", func() ([]paywall.ItemAmount, error) { return f.FigureStore.Listening(ctx, since) })
}

func (f faultyFigures) MemberTotals(ctx context.Context) (paywall.MemberCount, error) {
	return figure(f, "MemberTotals", func() (paywall.MemberCount, error) { return f.FigureStore.MemberTotals(ctx) })
}

func (f faultyFigures) CountNewMembers(ctx context.Context, from, to time.Time) (int, error) {
	return figure(f, "CountNewMembers", func() (int, error) { return f.FigureStore.CountNewMembers(ctx, from, to) })
}

func (f faultyFigures) CountLeaving(ctx context.Context, from, now, until time.Time) (paywall.LeavingCount, error) {
	return figure(f, "CountLeaving", func() (paywall.LeavingCount, error) { return f.FigureStore.CountLeaving(ctx, from, now, until) })
}

func (f faultyFigures) CountActions(ctx context.Context, action string, from time.Time) (int, error) {
	return figure(f, "CountActions", func() (int, error) { return f.FigureStore.CountActions(ctx, action, from) })
}
