package paywall

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	// probesAtOnce is how many sources a Tick takes, and probeWorkers how many of
	// them it asks at the same time: requests are spread over the interval, and a
	// source that is silent holds up few others.
	probesAtOnce = 16
	probeWorkers = 4
	// probeClaim is how long a source belongs to the node that checks it; a check
	// takes a quarter of that at most.
	probeClaim = time.Minute
	// probeLimit bounds one check in all: two askings of 5 seconds and a mint.
	probeLimit = 15 * time.Second
	// probePatience is how long somebody who wants a check waits for its result.
	probePatience = 3 * time.Second
	// tokenRest is after how long a source that is well is tried with a token
	// again, and troubleRest one that fails at first. Each try costs a call that a
	// listener could need.
	tokenRest   = 6 * time.Hour
	troubleRest = 4 * time.Minute
	// toldEvery is how often the supplier is asked about the protection of all
	// sources: its lists cost calls.
	toldEvery = 30 * time.Minute
	// toldPatience bounds that question for a single source.
	toldPatience = 10 * time.Second
	// tokenShare is the part of the budget that tries with a token may take: a
	// thirtieth for those at intervals, and handShare for those by hand. With what
	// may come at once it is less than a tenth in any ten minutes, as the page says.
	tokenShare = 30
	handShare  = 60
	// tokenBurst of them may come at once, so that a station with a few sources is
	// wholly checked as soon as it runs; handBurst are those by hand.
	tokenBurst = 10
	handBurst  = 15
	// fewWaiting sources without a try yet are asked again before the interval ends:
	// busyRest after no call was free, and else as tries come free again.
	fewWaiting = 20
	busyRest   = time.Minute
	// probeWindow is the life of a token that is asked for to try it.
	probeWindow = MinWindow
	// probeHistory is how many changes of a source's state are kept.
	probeHistory = 50
	// probePause lets a call that finds none free give up soon: it is no errand
	// that anybody waits for.
	probePause = 2 * time.Second
)

// ProbesDeps is what the service needs.
type ProbesDeps struct {
	Store  Store
	Prober Prober
	Minter Minter
	// Supplier tells of the protection and switches it; nil where there is none.
	Supplier Supplier
	Pace     Pace
	Outbox   *Outbox
	// PerMinute is the budget of calls.
	PerMinute int
	Clock     Clock
}

// Probes watches whether the paywall holds: it asks each source without a token
// and with one, and tells the owners.
type Probes struct {
	ProbesDeps
	running sync.WaitGroup
	closing context.Context //nolint:containedctx // ends what goes on in the background
	stop    context.CancelFunc
}

// NewProbes makes the service. Close ends it.
func NewProbes(deps ProbesDeps) *Probes {
	p := &Probes{ProbesDeps: deps}
	p.closing, p.stop = context.WithCancel(context.Background())
	return p
}

// Close ends the checks that go on in the background and waits for them.
func (p *Probes) Close() {
	p.stop()
	p.running.Wait()
}

// Tick checks the sources that are due, those of other nodes left out, and warns
// the owners. It is meant to be called every few seconds.
func (p *Probes) Tick(ctx context.Context) error {
	tasks, err := p.Store.DueProbes(ctx, p.Clock(), probesAtOnce)
	if err != nil {
		return err
	}
	every, err := p.Interval(ctx)
	if err != nil {
		return err
	}
	turns, err := p.tokenTurns(ctx, every)
	if err != nil {
		return err
	}
	turned, err := p.checkAll(ctx, tasks, turns)
	return errors.Join(err, p.askAgain(ctx, turned), p.warn(ctx))
}

// checkAll checks sources, a few at a time, and gives those that turned.
func (p *Probes) checkAll(ctx context.Context, tasks []ProbeTask, turns *tokenTurns) (turned []ProbeTask, err error) {
	queue := make(chan ProbeTask)
	var workers sync.WaitGroup
	var mu sync.Mutex // guards the results
	for range probeWorkers {
		workers.Go(func() {
			for task := range queue {
				has, failed := p.check(ctx, task, turns)
				mu.Lock()
				if has {
					turned = append(turned, task)
				}
				err = errors.Join(err, failed)
				mu.Unlock()
			}
		})
	}
	for _, task := range tasks {
		queue <- task
	}
	close(queue)
	workers.Wait()
	return turned, err
}

// CheckNow checks one source and waits a moment for the result. Done is false
// when the check goes on in the background. While one is under way none is begun:
// the source is then due again at its end.
func (p *Probes) CheckNow(ctx context.Context, sourceID string) (done bool, err error) {
	task, err := p.Store.ProbeOf(ctx, sourceID)
	if err != nil {
		return false, err
	}
	if err := p.Store.HurryProbes(ctx, sourceID, p.Clock()); err != nil {
		return false, err
	}
	task.Probe.AskedAt = p.Clock()
	if mine, err := p.claim(ctx, task); err != nil || !mine {
		return false, ignoreGone(err)
	}
	finished := make(chan error, 1)
	p.running.Go(func() {
		ctx, cancel := context.WithTimeout(p.closing, probeLimit+toldPatience)
		defer cancel()
		turned, err := p.look(ctx, task, nil)
		if turned && err == nil {
			err = p.askSupplier(ctx, task)
		}
		finished <- err
		p.noteLater(ctx, task)
	})
	select {
	case err := <-finished:
		return true, err
	case <-time.After(probePatience):
		return false, nil
	}
}

// noteLater does what nobody waits for after a check by hand.
func (p *Probes) noteLater(ctx context.Context, task ProbeTask) {
	err := errors.Join(p.askSupplier(ctx, task), p.warn(ctx))
	if err != nil && p.closing.Err() == nil {
		slog.WarnContext(ctx, "after a check of a source", "source", task.Source.ID, "error", err)
	}
}

// CheckAll makes every source due. The checks are spread, see Tick.
func (p *Probes) CheckAll(ctx context.Context) error { return p.Store.HurryProbes(ctx, "", p.Clock()) }

// Wait waits until the checks that go on in the background are over.
func (p *Probes) Wait() { p.running.Wait() }

// claim takes a source for a check; false: another check of it is under way.
func (p *Probes) claim(ctx context.Context, task ProbeTask) (bool, error) {
	now := p.Clock()
	return p.Store.ClaimProbe(ctx, task.Source.ID, task.Probe.CheckedAt, now, now.Add(probeClaim))
}

// check is look, unless another check of the source is under way.
func (p *Probes) check(ctx context.Context, task ProbeTask, turns *tokenTurns) (bool, error) {
	if mine, err := p.claim(ctx, task); err != nil || !mine {
		return false, ignoreGone(err)
	}
	return p.look(ctx, task, turns)
}

// look asks one source and keeps what it saw. No turns stand for a check by hand.
// It tells whether the source turned: it began or ended to play without a token, or
// does not although it is said to be off. Then what the supplier said of its
// protection is out of date.
func (p *Probes) look(ctx context.Context, task ProbeTask, turns *tokenTurns) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	seen, soon := p.see(ctx, task, turns)
	every, err := p.Interval(ctx)
	if err != nil {
		return false, err
	}
	known := task.about()
	turned := (seen.Bare == SightPlays) != (known.Bare == SightPlays)
	doubted := turned || seen.Bare != SightPlays && known.Told == FoundNo
	return doubted && task.Item.Access != AccessOpen, p.keep(ctx, task.Source, true, func(now Probe) Probe {
		now.Bare, now.Token, now.TokenAt, now.Trouble = seen.Bare, seen.Token, seen.TokenAt, seen.Trouble
		now.Detail, now.CheckedAt = seen.Detail, seen.CheckedAt
		if turned && !known.CheckedAt.IsZero() {
			now.Told = FoundUnknown // it was about the time before
		}
		now.DueAt = nextCheck(seen, every)
		if again := seen.CheckedAt.Add(soon); soon > 0 && again.Before(now.DueAt) {
			now.DueAt = again
		}
		return now
	})
}

// nextCheck is some time before the end of the interval, so that a source is seen
// within it also when it has to wait for its turn. How long differs from check to
// check, so that many sources that began together soon spread over the interval.
func nextCheck(p Probe, every time.Duration) time.Time {
	return p.CheckedAt.Add(every*6/10 + p.some(every*3/10))
}

// some is a part of a time, another one for each check.
func (p Probe) some(most time.Duration) time.Duration {
	mix := fnv.New32a()
	_, _ = fmt.Fprint(mix, p.SourceID, p.CheckedAt.UnixMilli())
	return most * time.Duration(mix.Sum32()%1000) / 1000
}

// see asks the source without a token and, if it is its turn, with one. When that has
// to wait, it tells after how long to come again; zero: at the next interval.
func (p *Probes) see(ctx context.Context, task ProbeTask, turns *tokenTurns) (Probe, time.Duration) {
	seen := task.about()
	before := seen.Bare
	bare := p.Prober.Probe(ctx, task.Source, Playable{})
	seen.Bare, seen.Detail, seen.CheckedAt = bare.Sighting, "without a token: "+bare.Detail, p.Clock()
	leaks := bare.Sighting == SightPlays && task.Item.Access != AccessOpen
	if bare.Sighting == SightUnlisted || leaks {
		return seen, 0 // a token would tell nothing more
	}
	rests := seen.Bare == before && seen.CheckedAt.Sub(seen.TokenAt) < seen.tokenRest()
	byHand := turns == nil || seen.AskedAt.After(task.Probe.CheckedAt)
	wanted := byHand || turns.take(task.Source.Kind.Family())
	if rests && !wanted {
		return seen, 0
	}
	try := p.takeTry(ctx, byHand)
	if try.every == 0 {
		return seen, turns.soon(seen, p.tryEvery(tokenShare))
	}
	tried, asked := p.tryToken(ctx, task, seen)
	if !asked {
		p.putBack(ctx, try)
		return seen, turns.soon(seen, busyRest)
	}
	return tried, 0
}

// keep changes what is known of a source, judges it and stores it with its
// history and alarm. A source that was changed or removed meanwhile is left for
// its next turn.
func (p *Probes) keep(ctx context.Context, source Source, checked bool, change func(now Probe) Probe) error {
	return ignoreGone(p.Store.InTx(ctx, func(tx Store) error {
		task, err := tx.ProbeOf(ctx, source.ID)
		if err != nil || task.Source.target() != source.target() {
			return err
		}
		old := task.about()
		probe := change(old)
		probe.State, probe.Cause = Diagnose(p.Clock(), task.Item.Access, source.Kind, probe)
		if probe.State == ProbeGreen {
			probe.GreenAt = probe.CheckedAt
		}
		probe = probe.alarmed(checked)
		if probe.State != old.State || probe.SinceAt.IsZero() {
			probe.SinceAt = p.Clock()
		}
		if probe.State != old.State || probe.Cause != old.Cause {
			if err := tx.AddProbeChange(ctx, ProbeChange{
				ID: NewID(), SourceID: source.ID, At: p.Clock(), Old: old.State, New: probe.State, Cause: probe.Cause,
				Detail: probe.Detail,
			}, probeHistory); err != nil {
				return err
			}
		}
		return tx.SaveProbe(ctx, probe)
	}))
}

// ignoreGone leaves out that a source was removed meanwhile.
func ignoreGone(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// settingProbeMinutes is the row of the interval.
const settingProbeMinutes = "probe_minutes"

// ProbeIntervals are the intervals to choose from, in minutes.
var ProbeIntervals = []int{5, 10, 15, 30, 60}

const defaultProbeMinutes = 10

// Interval is how often each source is checked.
func (p *Probes) Interval(ctx context.Context) (time.Duration, error) {
	values, err := p.Store.SettingValues(ctx)
	if err != nil {
		return 0, err
	}
	return time.Duration(probeMinutes(values)) * time.Minute, nil
}

func probeMinutes(values map[string]string) int {
	n, err := strconv.Atoi(values[settingProbeMinutes])
	if err != nil || !validProbeMinutes(n) {
		return defaultProbeMinutes
	}
	return n
}

func validProbeMinutes(n int) bool { return slices.Contains(ProbeIntervals, n) }

// SetInterval changes how often each source is checked, in minutes.
func (p *Probes) SetInterval(ctx context.Context, actor Actor, minutes int) error {
	if !validProbeMinutes(minutes) {
		return invalidField("minutes", "probe.error.interval")
	}
	return p.Store.InTx(ctx, func(tx Store) error {
		values, err := tx.SettingValues(ctx)
		if err != nil {
			return err
		}
		if err := tx.PutSetting(ctx, settingProbeMinutes, strconv.Itoa(minutes), p.Clock()); err != nil {
			return err
		}
		return audit(ctx, tx, p.Clock, actor, "site.settings", settingProbeMinutes,
			oldToNew(LabelMinutes, strconv.Itoa(probeMinutes(values)), strconv.Itoa(minutes)))
	})
}
