package paywall

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	// lineWait is how long a visitor waits for a call before the page with the
	// place in the line is shown.
	lineWait = 3 * time.Second
	// lineGrace is how long a place is kept beyond the moment at which its
	// holder was told to come back.
	lineGrace = 15 * time.Second
	// lineShortest and lineLongest bound what people are told to wait.
	lineShortest = 3 * time.Second
	lineLongest  = time.Minute
)

// Line is the fair waiting line in front of the Budget: first come, first
// served, those with an account before those without. Who was told to come back
// later keeps the place, but holds nobody up while away.
type Line struct {
	budget *Budget
	clock  Clock

	mu      sync.Mutex
	waiting []*place
	free    time.Time // when the budget told the first in the line to ask again
}

// place is one visitor's place in the line.
type place struct {
	key    string
	member bool
	wake   chan struct{} // non-nil while a request waits here
	gone   time.Time     // when an absent holder's place is given up
}

// NewLine makes a line in front of a budget.
func NewLine(budget *Budget, clock Clock) *Line {
	return &Line{budget: budget, clock: clock}
}

// Take spends one call, after waiting in the line if need be. When the wait
// gets too long it answers an Error of KindUnavailable with the place in the
// line and when to come back. The key tells visitors apart, so that one who
// comes back finds the old place.
func (l *Line) Take(ctx context.Context, key string, member bool) error {
	me := l.join(key, member)
	retry, err := l.try(ctx, me)
	if err == nil && !retry.IsZero() {
		return l.wait(ctx, me, retry)
	}
	l.leave(me)
	return err
}

// wait stands in the line until a call is taken or the patience is over.
func (l *Line) wait(ctx context.Context, me *place, retry time.Time) error {
	timer := time.NewTimer(lineWait)
	defer timer.Stop()
	for {
		select {
		case <-l.awake(me):
		case <-after(l.clock, retry, l.first(me)):
		case <-timer.C:
			return l.sendAway(me)
		case <-ctx.Done():
			l.leave(me)
			return ctx.Err()
		}
		var err error
		if retry, err = l.try(ctx, me); err != nil || retry.IsZero() {
			l.leave(me)
			return err
		}
	}
}

// TakeNow spends one call only if nobody waits for it.
func (l *Line) TakeNow(ctx context.Context) bool {
	l.mu.Lock()
	empty := len(l.waiting) == 0
	l.mu.Unlock()
	if !empty {
		return false
	}
	ok, _, err := l.budget.Take(ctx)
	return ok && err == nil
}

// GiveBack returns a call that was taken and not made, to whoever is first.
func (l *Line) GiveBack() {
	l.budget.GiveBack()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wakeFirst()
}

// rest stops all spending for a while. The other nodes must learn of it even
// when whoever was told of it has left.
func (l *Line) rest(ctx context.Context, pause time.Duration) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteDeadline)
	defer cancel()
	if err := l.budget.Pause(ctx, pause); err != nil {
		slog.WarnContext(ctx, "mint pause not booked", "error", err)
	}
}

// try spends a call if it is this place's turn. The zero time means done; else
// it is when trying again makes sense.
func (l *Line) try(ctx context.Context, me *place) (time.Time, error) {
	if !l.first(me) {
		return l.clock().Add(lineWait), nil
	}
	ok, retry, err := l.budget.Take(ctx)
	if ok || err != nil {
		return time.Time{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free = retry
	return retry, nil
}

// join finds the visitor's place or makes one: members behind the last member,
// others at the end.
func (l *Line) join(key string, member bool) *place {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgetAbsent()
	for _, p := range l.waiting {
		if p.key == key && p.wake == nil {
			p.wake = make(chan struct{}, 1)
			return p
		}
	}
	me := &place{key: key, member: member, wake: make(chan struct{}, 1)}
	at := len(l.waiting)
	for member && at > 0 && !l.waiting[at-1].member {
		at--
	}
	l.waiting = append(l.waiting[:at], append([]*place{me}, l.waiting[at:]...)...)
	return me
}

// forgetAbsent drops the places whose holders did not come back in time.
func (l *Line) forgetAbsent() {
	now := l.clock()
	kept := l.waiting[:0]
	for _, p := range l.waiting {
		if p.wake != nil || now.Before(p.gone) && p.gone.Sub(now) <= lineLongest+lineGrace {
			kept = append(kept, p)
		}
	}
	clear(l.waiting[len(kept):])
	l.waiting = kept
}

// first tells whether nobody present stands before this place.
func (l *Line) first(me *place) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.waiting {
		if p == me {
			return true
		}
		if p.wake != nil {
			return false
		}
	}
	return true
}

func (l *Line) awake(me *place) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return me.wake
}

// leave gives the place up and wakes whoever is first now.
func (l *Line) leave(me *place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, p := range l.waiting {
		if p == me {
			l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
			break
		}
	}
	l.wakeFirst()
}

// sendAway keeps the place for a holder who is told to come back.
func (l *Line) sendAway(me *place) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, ahead := l.clock(), 0
	for _, p := range l.waiting {
		if p == me {
			break
		}
		ahead++
	}
	wait := max(l.free.Sub(now), 0) + time.Duration(ahead)*mintMinute/time.Duration(l.budget.limit)
	wait = min(max(wait, lineShortest), lineLongest).Round(time.Second)
	me.wake, me.gone = nil, now.Add(wait+lineGrace)
	l.wakeFirst()
	return &Error{Kind: KindUnavailable, Key: "error.busy", Place: ahead + 1, RetryAfter: wait}
}

func (l *Line) wakeFirst() {
	for _, p := range l.waiting {
		if p.wake != nil {
			select {
			case p.wake <- struct{}{}:
			default:
			}
			return
		}
	}
}

// after fires when the instant comes, for the first in the line only: the
// others are woken by the one before them.
func after(clock Clock, instant time.Time, first bool) <-chan time.Time {
	if !first {
		return nil
	}
	return time.After(max(instant.Sub(clock()), time.Millisecond))
}
