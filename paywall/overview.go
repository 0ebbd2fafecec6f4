package paywall

import (
	"context"
	"sync"
	"time"
)

const (
	// overviewDays and weekDays are the periods of the overview: today and the
	// days before, so many together.
	overviewDays = 30
	weekDays     = 7
	// endingSoon is how far ahead the overview looks for access that ends.
	endingSoon = 7 * 24 * time.Hour
	// mostPlayed is how many items the list of the most played ones has.
	mostPlayed = 10
)

// Overview counts what the people who run the site want to know.
type Overview struct {
	store FigureStore
	zone  func() *time.Location
	clock Clock
}

// NewOverview makes the service. Days are those of the zone that the site has.
func NewOverview(store FigureStore, zone func() *time.Location, clock Clock) *Overview {
	return &Overview{store: store, zone: zone, clock: clock}
}

// Figures are counted numbers. Nothing in them is estimated or kept from before.
type Figures struct {
	At time.Time
	// Days are the days of Plays and of People.New, oldest first; today is last.
	Days  []Day
	Plays []int
	// Listening are the items whose players reported a short while ago that they
	// play, with how many browsers each.
	Listening  []ItemAmount
	MostPlayed []ItemAmount   // in all of Days
	Refusals   []ReasonAmount // in all of Days
	// People is nil for who may not see people.
	People *PeopleFigures
}

// PeopleFigures count members. All but SignIns leave staff out.
type PeopleFigures struct {
	Members MemberCount
	New     []int // for each of Figures.Days
	// Leaving counts from the beginning of Figures.Days, and a week ahead.
	Leaving     LeavingCount
	SignIns     int // of the last week's days, staff included
	EndingUntil time.Time
}

// Sum adds the last n days of a series up.
func Sum(days []int, n int) int {
	total := 0
	for _, amount := range days[max(0, len(days)-n):] {
		total += amount
	}
	return total
}

// Figures counts. The parts are asked for at the same time.
func (o *Overview) Figures(ctx context.Context, viewer Viewer) (Figures, error) {
	now := o.clock()
	f := Figures{At: now, Days: LastDays(now, o.zone(), overviewDays)}
	parts := []func() error{
		func() error { return o.countPlays(ctx, &f) },
		func() (err error) { f.Listening, err = o.store.Listening(ctx, now.Add(-ListeningFor)); return err },
	}
	if viewer.May(RightSeePeople) {
		f.People = &PeopleFigures{EndingUntil: now.Add(endingSoon)}
		parts = append(parts,
			func() error { return o.countMembers(ctx, f.Days, f.People) },
			func() (err error) {
				f.People.Leaving, err = o.store.CountLeaving(ctx, f.Days[0].From, now, f.People.EndingUntil)
				return err
			})
	}
	return f, together(parts)
}

// together runs all parts at once and answers one of their errors.
func together(parts []func() error) error {
	errs := make([]error, len(parts))
	var running sync.WaitGroup
	for i, part := range parts {
		running.Go(func() { errs[i] = part() })
	}
	running.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *Overview) countPlays(ctx context.Context, f *Figures) error {
	from, to := f.Days[0].Name, f.Days[len(f.Days)-1].Name
	played, err := o.store.DayAmounts(ctx, CountPlays, from, to)
	if err != nil {
		return err
	}
	amounts := map[string]int{}
	for _, day := range played {
		amounts[day.Day] = day.Amount
	}
	for _, day := range f.Days {
		f.Plays = append(f.Plays, amounts[day.Name])
	}
	if f.MostPlayed, err = o.store.ItemAmounts(ctx, CountPlays, from, to, mostPlayed); err != nil {
		return err
	}
	f.Refusals, err = o.store.ReasonAmounts(ctx, from, to)
	return err
}

func (o *Overview) countMembers(ctx context.Context, days []Day, p *PeopleFigures) (err error) {
	if p.Members, err = o.store.MemberTotals(ctx); err != nil {
		return err
	}
	for _, day := range days {
		amount, err := o.store.CountNewMembers(ctx, day.From, day.To)
		if err != nil {
			return err
		}
		p.New = append(p.New, amount)
	}
	p.SignIns, err = o.store.CountActions(ctx, "session.start", days[len(days)-weekDays].From)
	return err
}
