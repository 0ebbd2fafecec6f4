package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

func testDayFigures(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	jazz := addItem(t, s, NewItem("jazz"))
	talk := addItem(t, s, NewItem("talk"))
	for _, c := range []struct {
		kind      paywall.CountKind
		day, item string
		reason    paywall.Reason
		amount    int
	}{
		{paywall.CountPlays, "2026-03-27", jazz.ID, "", 100}, // before the period
		{paywall.CountPlays, "2026-03-28", jazz.ID, "", 2},
		{paywall.CountPlays, "2026-03-29", jazz.ID, "", 3},
		{paywall.CountPlays, "2026-03-29", talk.ID, "", 7},
		{paywall.CountPlays, "2026-03-29", "gone", "", 4},
		{paywall.CountPlays, "2026-03-29", "undone", "", 0},
		{paywall.CountPlays, "2026-03-31", talk.ID, "", 100}, // after it
		{paywall.CountRefusals, "2026-03-28", talk.ID, "no_grant", 2},
		{paywall.CountRefusals, "2026-03-29", jazz.ID, "no_grant", 2},
		{paywall.CountRefusals, "2026-03-29", jazz.ID, "closed", 5},
		{paywall.CountRefusals, "2026-03-31", jazz.ID, "signed_out", 9},
	} {
		must(t, s.AddCount(ctx, paywall.DayCount{Kind: c.kind, Day: c.day, ItemID: c.item, Reason: c.reason}, c.amount))
	}
	wantSame(t, read[[]paywall.DayAmount](t)(s.DayAmounts(ctx, paywall.CountPlays, "2026-03-28", "2026-03-30")),
		[]paywall.DayAmount{{Day: "2026-03-28", Amount: 2}, {Day: "2026-03-29", Amount: 14}})
	items := func(limit int) []paywall.ItemAmount {
		t.Helper()
		return read[[]paywall.ItemAmount](t)(s.ItemAmounts(ctx, paywall.CountPlays, "2026-03-28", "2026-03-30", limit))
	}
	all := []paywall.ItemAmount{{ItemID: talk.ID, Title: talk.Title, Amount: 7}, {ItemID: jazz.ID, Title: jazz.Title, Amount: 5}, {ItemID: "gone", Title: "", Amount: 4}}
	wantSame(t, items(9), all)
	wantSame(t, items(2), all[:2])
	wantSame(t, read[[]paywall.ReasonAmount](t)(s.ReasonAmounts(ctx, "2026-03-28", "2026-03-30")),
		[]paywall.ReasonAmount{{Reason: "closed", Amount: 5}, {Reason: "no_grant", Amount: 4}})
}

func testListening(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	item := addItem(t, s, NewItem("jazz"))
	play := func(itemID string, seen time.Duration, change func(*paywall.Play)) {
		p := newPlay(paywall.NewID(), itemID)
		p.SeenAt = stored(start.Add(seen))
		began(t, s, changed(p, change))
	}
	play("gone", 0, nil)
	play(item.ID, 0, nil)
	play(item.ID, time.Minute, nil)
	play(item.ID, -time.Millisecond, nil)
	play(item.ID, time.Minute, func(p *paywall.Play) { p.Stopped = true })
	play(item.ID, time.Minute, func(p *paywall.Play) { p.Staff = true })
	play(item.ID, 0, func(p *paywall.Play) { p.SeenAt = time.Time{} })
	wantSame(t, read[[]paywall.ItemAmount](t)(s.Listening(ctx, start)),
		[]paywall.ItemAmount{{ItemID: item.ID, Title: item.Title, Amount: 2}, {ItemID: "gone", Title: "", Amount: 1}})
}

func testMemberFigures(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	user := func(name string, change func(*paywall.User)) {
		must(t, s.CreateUser(ctx, changed(NewUser(name), change)))
	}
	user("ada", nil)
	user("bob", func(u *paywall.User) { u.ConfirmedAt = time.Time{} })
	user("carl", func(u *paywall.User) { u.DisabledAt = stored(start) })
	user("dora", func(u *paywall.User) { u.CreatedAt = stored(start.Add(time.Hour)) })
	user("eve", func(u *paywall.User) { u.DeletedAt = stored(start) })
	user("owner", func(u *paywall.User) { u.Role = paywall.RoleOwner })
	wantSame(t, read[paywall.MemberCount](t)(s.MemberTotals(ctx)), paywall.MemberCount{All: 4, Confirmed: 3, Blocked: 1})
	made := func(from, to time.Duration) int {
		t.Helper()
		return read[int](t)(s.CountNewMembers(ctx, start.Add(from), start.Add(to)))
	}
	wantSame(t, []int{made(0, time.Hour), made(-time.Hour, 0), made(time.Hour, time.Hour+1), made(0, 2*time.Hour)}, []int{3, 0, 0, 4})
}

// testLeaving: what counts is the last end of all that somebody has.
func testLeaving(t *testing.T, s paywall.Store) {
	ctx, day := t.Context(), 24*time.Hour
	from, now, until := stored(start.Add(-30*day)), stored(start), stored(start.Add(7*day))
	type span struct{ from, until, revoked time.Time }
	forever := span{from: from.Add(-day)}
	ending := func(at time.Time) span { return span{from: from.Add(-day), until: at} }
	have := func(name string, change func(*paywall.User), spans ...span) {
		u := changed(NewUser(name), change)
		must(t, s.CreateUser(ctx, u))
		for _, g := range spans {
			grant := NewGrant(u.ID, paywall.ScopeEverything, "")
			grant.From, grant.Until, grant.RevokedAt = g.from, g.until, g.revoked
			must(t, s.CreateGrant(ctx, grant))
		}
	}
	staff := func(u *paywall.User) { u.Role = paywall.RoleSupport }
	deleted := func(at time.Time) func(*paywall.User) { return func(u *paywall.User) { u.DeletedAt = at } }

	have("ended now", nil, ending(now))
	have("ended just after", nil, ending(from.Add(time.Millisecond)))
	have("revoked", nil, span{from.Add(-day), time.Time{}, now.Add(-day)})
	have("revoked early", nil, span{from.Add(-day), until.Add(day), now.Add(-day)})
	have("ended twice", nil, ending(now.Add(-day)), ending(now.Add(-2*day)))
	have("ending soon", nil, ending(now.Add(time.Millisecond)), ending(now))
	have("ending at the end", nil, ending(until))
	have("begins soon", nil, ending(now), span{now.Add(day), now.Add(2 * day), time.Time{}})
	// These do not leave:
	have("ended long ago", nil, ending(from))
	have("ends later", nil, ending(until.Add(time.Millisecond)), ending(now))
	have("for ever", nil, forever, ending(now))
	have("never had any", nil)
	have("revoked before it began", nil, span{now.Add(day), now.Add(20 * day), now})
	have("staff", staff, ending(now))
	have("gone", deleted(from.Add(-time.Millisecond)), ending(now))
	have("just gone", deleted(from), ending(now))
	have("gone staff", func(u *paywall.User) { staff(u); u.DeletedAt = now })
	wantSame(t, read[paywall.LeavingCount](t)(s.CountLeaving(ctx, from, now, until)),
		paywall.LeavingCount{Deleted: 1, Ended: 5, Ending: 3})
}

func testCountActions(t *testing.T, s paywall.Store) {
	for n, action := range []string{"session.start", "session.start", "session.start", "session.end"} {
		must(t, s.AddAudit(t.Context(), paywall.AuditEntry{
			ID: paywall.NewID(), At: stored(start.Add(time.Duration(n) * time.Second)), Action: action,
		}))
	}
	wantSame(t, read[int](t)(s.CountActions(t.Context(), "session.start", start.Add(time.Second))), 2)
	wantSame(t, read[int](t)(s.CountActions(t.Context(), "nothing", start)), 0)
}

func testItemsInTrouble(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	item := NewItem("jazz")
	item.Sources = append(item.Sources, NewSource("second", 1), NewSource("well", 2))
	item = addItem(t, s, item)
	hidden := addItem(t, s, changed(NewItem("draft"), func(i *paywall.Item) { i.Published = false }))
	for n, source := range []string{item.Sources[0].ID, item.Sources[1].ID, hidden.Sources[0].ID} {
		must(t, s.SetSourceTrouble(ctx, source, "trouble.token 401", start.Add(time.Duration(n)*time.Second)))
	}
	want := func(n int) paywall.Item {
		return paywall.Item{ID: item.ID, Title: item.Title, Sources: []paywall.Source{{
			ID: item.Sources[n].ID, Kind: paywall.SourceStream, Label: "128 kbit/s",
			TroubleAt: stored(start.Add(time.Duration(n) * time.Second)), Trouble: "trouble.token 401",
		}}}
	}
	wantSame(t, read[[]paywall.Item](t)(s.ItemsInTrouble(ctx, 9)), []paywall.Item{want(1), want(0)})
	wantSame(t, read[[]paywall.Item](t)(s.ItemsInTrouble(ctx, 1)), []paywall.Item{want(1)})
}
