package paywall_test

import (
	"context"
	"testing"
	"time"

	"usher/paywall"
)

// counted is a site whose plays are counted, with a station.
type counted struct {
	*site
	*paywall.Plays
	item paywall.Item
	zone *time.Location
}

func countPlays(t *testing.T) *counted {
	t.Helper()
	s := newSite(t)
	zone := get(time.LoadLocation("Europe/Zurich"))(t)
	c := &counted{site: s, item: s.addItem(t, "jazz", open), zone: zone}
	c.Plays = paywall.NewPlays(s, theVault(), c.siteZone, s.clock.Now)
	return c
}

func (c *counted) siteZone() *time.Location { return c.zone }

func (c *counted) perf() paywall.Performance {
	return paywall.Performance{Item: c.item, Source: c.item.Sources[0]}
}

// member is somebody signed in.
func (c *counted) member(t *testing.T, name string, changes ...func(*paywall.User)) paywall.Viewer {
	t.Helper()
	return paywall.Viewer{User: c.addUser(t, name, changes...), SessionID: paywall.NewID()}
}

// wantPlays checks how many plays were counted, on all days.
func (c *counted) wantPlays(t *testing.T, want int) {
	t.Helper()
	c.Flush(t.Context())
	got := 0
	for _, amount := range get(c.DayAmounts(t.Context(), paywall.CountPlays, "2000", "3000"))(t) {
		got += amount.Amount
	}
	if got != want {
		t.Errorf("%d plays are counted, want %d", got, want)
	}
}

func (c *counted) wantListening(t *testing.T, want int) {
	t.Helper()
	c.Flush(t.Context())
	got := 0
	for _, item := range get(c.Listening(t.Context(), c.clock.Now().Add(-paywall.ListeningFor)))(t) {
		got += item.Amount
	}
	if got != want {
		t.Errorf("%d listen, want %d", got, want)
	}
}

// TestPlays_Begin: a reload or renewal within the window is the same play.
func TestPlays_Begin(t *testing.T) {
	c := countPlays(t)
	ada := c.member(t, "ada")
	name := c.Begin(ada, c.perf(), "")
	c.wantPlays(t, 1)
	c.clock.Pass(c.item.Sources[0].TokenWindow() - time.Second)
	wantSame(t, c.Begin(ada, c.perf(), ""), name)
	wantSame(t, c.Begin(ada, c.perf(), name), name)
	c.wantPlays(t, 1)
	other := ada
	other.SessionID = paywall.NewID() // another device
	if c.Begin(other, c.perf(), name) == name {
		t.Error("two devices have one name")
	}
	c.wantPlays(t, 2)
	c.clock.Pass(c.item.Sources[0].TokenWindow())
	c.Begin(ada, c.perf(), name)
	c.wantPlays(t, 3)
}

// TestPlays_Days: a play counts for the day of the site's zone in which it began,
// also in the night in which the clocks change.
func TestPlays_Days(t *testing.T) {
	c := countPlays(t)
	for _, at := range []time.Time{utc(10, 24, 21), utc(10, 24, 22), utc(10, 25, 0), utc(10, 25, 1), utc(10, 25, 22), utc(10, 25, 23)} {
		c.clock.Pass(at.Sub(c.clock.Now()))
		c.Begin(paywall.Viewer{}, c.perf(), "")
		c.Flush(t.Context())
	}
	wantSame(t, get(c.DayAmounts(t.Context(), paywall.CountPlays, "2000", "3000"))(t), []paywall.DayAmount{
		{Day: "2026-10-24", Amount: 1}, {Day: "2026-10-25", Amount: 4}, {Day: "2026-10-26", Amount: 1},
	})
}

// TestPlays_Visitor: who has no session is known by the name in the page alone.
func TestPlays_Visitor(t *testing.T) {
	c := countPlays(t)
	first := c.Begin(paywall.Viewer{}, c.perf(), "")
	c.clock.Pass(time.Minute)
	wantSame(t, c.Begin(paywall.Viewer{}, c.perf(), first), first) // a renewal
	c.wantPlays(t, 1)
	second := c.Begin(paywall.Viewer{}, c.perf(), "")
	c.wantPlays(t, 2)
	// The page was loaded again, which its script tells.
	c.Beat(paywall.Viewer{}, c.item.Slug, first, second, false)
	c.wantPlays(t, 1)
	c.wantListening(t, 0)
	c.Beat(paywall.Viewer{}, c.item.Slug, first, "", false)
	c.wantListening(t, 1)
	// All in one flush.
	third := c.Begin(paywall.Viewer{}, c.perf(), "")
	c.Beat(paywall.Viewer{}, c.item.Slug, first, third, false)
	c.wantPlays(t, 1)
	// When the play before is over, the new one goes on under its name.
	c.clock.Pass(2 * c.item.Sources[0].TokenWindow())
	fourth := c.Begin(paywall.Viewer{}, c.perf(), "")
	c.Beat(paywall.Viewer{}, c.item.Slug, first, fourth, false)
	c.Beat(paywall.Viewer{}, c.item.Slug, first, "", false)
	c.wantPlays(t, 2)
	c.wantListening(t, 1)
}

// TestPlays_Names: only a name that the site gave to this viewer for this item is
// heard.
func TestPlays_Names(t *testing.T) {
	c := countPlays(t)
	ada, ben := c.member(t, "ada"), c.member(t, "ben")
	name, visitors := c.Begin(ada, c.perf(), ""), c.Begin(paywall.Viewer{}, c.perf(), "")
	for _, try := range []struct {
		viewer     paywall.Viewer
		slug, name string
	}{
		{ben, "jazz", name}, {paywall.Viewer{}, "jazz", name}, {ada, "other", name}, {ada, "jazz", ""}, {ada, "jazz", name + "x"},
		{ada, "jazz", visitors}, {paywall.Viewer{}, "other", visitors}, {paywall.Viewer{}, "jazz", visitors[:51] + "?"},
		{paywall.Viewer{}, "jazz", visitors[:26]}, {paywall.Viewer{}, "jazz", ""},
	} {
		c.Beat(try.viewer, try.slug, try.name, "", false)
	}
	c.wantListening(t, 0)
	c.Beat(ada, "jazz", name, "", false)
	c.Beat(paywall.Viewer{}, "jazz", visitors, "", false)
	c.wantListening(t, 2)
	// A made-up name is none to go on under.
	if made := visitors[:26] + "aaaaaaaaaaaaaaaaaaaaaaaaaa"; c.Begin(paywall.Viewer{}, c.perf(), made) == made {
		t.Error("a made-up name was taken")
	}
}

func TestPlays_Listening(t *testing.T) {
	c := countPlays(t)
	ada := c.member(t, "ada")
	name := c.Begin(ada, c.perf(), "")
	c.wantListening(t, 0) // a token was handed out, and nothing reported
	c.Beat(ada, "jazz", name, "", false)
	c.wantListening(t, 1)
	c.clock.Pass(paywall.BeatEvery)
	c.Beat(ada, "jazz", name, "", true)
	c.wantListening(t, 0)
	c.Beat(ada, "jazz", name, "", false)
	c.clock.Pass(paywall.ListeningFor)
	c.wantListening(t, 1)
	c.clock.Pass(time.Millisecond)
	c.wantListening(t, 0)
}

// TestPlays_Staff are marked, and in no figure.
func TestPlays_Staff(t *testing.T) {
	for _, role := range paywall.StaffRoles {
		c := countPlays(t)
		staff := c.member(t, "staff", func(u *paywall.User) { u.Role = role })
		c.Beat(staff, "jazz", c.Begin(staff, c.perf(), ""), "", false)
		c.Refuse(staff, paywall.Performance{Item: c.item, Decision: paywall.Decision{Reason: paywall.ReasonNoGrant}})
		c.wantPlays(t, 0)
		c.wantListening(t, 0)
		if reasons := get(c.ReasonAmounts(t.Context(), "2000", "3000"))(t); len(reasons) != 0 {
			t.Errorf("%s: refusals %v", role, reasons)
		}
	}
}

func TestPlays_Refuse(t *testing.T) {
	c := countPlays(t)
	refused := func(reason paywall.Reason) {
		c.Refuse(paywall.Viewer{}, paywall.Performance{Item: c.item, Decision: paywall.Decision{Reason: reason}})
	}
	refused(paywall.ReasonSignedOut)
	c.Flush(t.Context())
	refused(paywall.ReasonSignedOut)
	refused(paywall.ReasonClosed)
	c.Flush(t.Context())
	today := paywall.DayName(c.clock.Now(), c.zone)
	wantSame(t, get(c.ReasonAmounts(t.Context(), today, today))(t),
		[]paywall.ReasonAmount{{Reason: paywall.ReasonSignedOut, Amount: 2}, {Reason: paywall.ReasonClosed, Amount: 1}})
}

// TestPlays_DatabaseAway: what cannot be written waits, in order, and what there is
// no room for is lost and told. Nothing blocks meanwhile.
func TestPlays_DatabaseAway(t *testing.T) {
	c := countPlays(t)
	faults := map[string]error{"InTx": errFault}
	c.Plays = paywall.NewPlays(faulty{Store: c.DB, faults: faults}, theVault(), c.siteZone, c.clock.Now)
	ada := c.member(t, "ada")
	name := c.Begin(ada, c.perf(), "")
	c.Refuse(paywall.Viewer{}, paywall.Performance{Item: c.item, Decision: paywall.Decision{Reason: paywall.ReasonClosed}})
	c.Flush(t.Context())
	c.clock.Pass(time.Minute)
	c.Beat(ada, "jazz", name, "", false)
	c.Begin(ada, c.perf(), "")
	c.Flush(t.Context())
	faults["InTx"] = nil
	c.wantPlays(t, 1)
	c.wantListening(t, 1)
	if reasons := get(c.ReasonAmounts(t.Context(), "2000", "3000"))(t); len(reasons) != 1 || reasons[0].Amount != 1 {
		t.Errorf("refusals %v", reasons)
	}

	faults["InTx"] = errFault
	for range 10_050 {
		c.Begin(paywall.Viewer{}, c.perf(), "")
	}
	c.Flush(t.Context())
	wantSame(t, c.Waiting(), 10_000)
	faults["InTx"] = nil
	c.wantPlays(t, 10_001)
	wantSame(t, c.Waiting(), 0)
}

// TestPlays_Run writes what is left when the program ends.
func TestPlays_Run(t *testing.T) {
	c := countPlays(t)
	ctx, stop := context.WithCancel(t.Context())
	c.Begin(paywall.Viewer{}, c.perf(), "")
	stop()
	c.Run(ctx)
	wantSame(t, c.Waiting(), 0)
	c.wantPlays(t, 1)
}

// TestPlays_TwoNodes share one database: a session that goes from one to the other
// plays once.
func TestPlays_TwoNodes(t *testing.T) {
	c := countPlays(t)
	second := paywall.NewPlays(c, theVault(), c.siteZone, c.clock.Now)
	ada := c.member(t, "ada")
	name := c.Begin(ada, c.perf(), "")
	wantSame(t, second.Begin(ada, c.perf(), ""), name)
	second.Flush(t.Context())
	c.wantPlays(t, 1)
	second.Beat(ada, "jazz", name, "", false)
	second.Flush(t.Context())
	c.wantListening(t, 1)
}

// TestPlays_Personal: a person's plays are exported and erased; the sums stay.
func TestPlays_Personal(t *testing.T) {
	c := countPlays(t)
	ada, ben := c.member(t, "ada"), c.member(t, "ben")
	c.Begin(ada, c.perf(), "")
	c.Begin(ben, c.perf(), "")
	c.wantPlays(t, 2)
	plays := func(u paywall.User) int {
		for _, table := range get(c.ExportPersonal(t.Context(), u))(t) {
			if table.Table == "plays" {
				return len(table.Rows)
			}
		}
		t.Fatal("plays are not exported")
		return 0
	}
	wantSame(t, []int{plays(ada.User), plays(ben.User)}, []int{1, 1})
	must(t, c.ErasePersonal(t.Context(), ada.User, "(deleted)"))
	wantSame(t, []int{plays(ada.User), plays(ben.User)}, []int{0, 1})
	c.wantPlays(t, 2)
}

// TestHousekeeping_Plays are forgotten after their days; the sums stay, those of
// refusals for a year.
func TestHousekeeping_Plays(t *testing.T) {
	c := countPlays(t)
	ada := c.member(t, "ada")
	c.Begin(ada, c.perf(), "")
	c.Refuse(paywall.Viewer{}, paywall.Performance{Item: c.item, Decision: paywall.Decision{Reason: paywall.ReasonClosed}})
	c.Flush(t.Context())
	keep := func(after time.Duration) (plays, played, refused int) {
		t.Helper()
		c.clock.Pass(after)
		must(t, paywall.Housekeeping(t.Context(), c, c.settings(), c.clock.Now))
		for _, table := range get(c.ExportPersonal(t.Context(), ada.User))(t) {
			if table.Table == "plays" {
				plays = len(table.Rows)
			}
		}
		return plays, len(get(c.DayAmounts(t.Context(), paywall.CountPlays, "2000", "3000"))(t)),
			len(get(c.ReasonAmounts(t.Context(), "2000", "3000"))(t))
	}
	want := func(after time.Duration, wanted ...int) {
		t.Helper()
		plays, played, refused := keep(after)
		wantSame(t, []int{plays, played, refused}, wanted)
	}
	want(90*aDay, 1, 1, 1)
	want(time.Millisecond, 0, 1, 1)
	want(311*aDay, 0, 1, 0)
}

// TestHousekeeping_ManyPlays are removed some at a time.
func TestHousekeeping_ManyPlays(t *testing.T) {
	c := countPlays(t)
	for range 1100 {
		c.Begin(paywall.Viewer{}, c.perf(), "")
	}
	c.Flush(t.Context())
	c.clock.Pass(91 * aDay)
	var calls []string
	noted := faulty{Store: c.DB, calls: &calls}
	must(t, paywall.Housekeeping(t.Context(), noted, c.settings(), c.clock.Now))
	times := 0
	for _, call := range calls {
		if call == "DeleteOldPlays" {
			times++
		}
	}
	wantSame(t, times, 3)
}

// TestPlays_ManyAgain: one visitor cannot make the news of a play so long that
// nobody's are written any more, nor by reports of the same nor of many pages, nor
// while the database is away.
func TestPlays_ManyAgain(t *testing.T) {
	c := countPlays(t)
	nobody := paywall.Viewer{}
	first := c.Begin(nobody, c.perf(), "")
	var names []string
	for range 30 {
		names = append(names, c.Begin(nobody, c.perf(), ""))
	}
	c.wantPlays(t, 31)
	away, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		for range 1000 {
			c.Beat(nobody, c.item.Slug, first, names[0], false)
		}
		for _, name := range names {
			c.Beat(nobody, c.item.Slug, first, name, false)
		}
		c.Flush(away)
	}
	if c.Waiting() != 1 {
		t.Errorf("%d news wait", c.Waiting())
	}
	c.wantPlays(t, 31-8)
}
