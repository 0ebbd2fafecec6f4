package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// crowd is how many viewers there are at once.
	crowd = 250
	// supplierDelay is how long the supplier takes for a call.
	supplierDelay = 30 * time.Millisecond
	// pressEvery is how often each of them asks.
	pressEvery = time.Second
	// latencyGoal is how much later than the supplier's the first byte may come.
	latencyGoal = 3 * time.Millisecond
)

// measureLatency compares the time to the first byte of the player page with
// that of the supplier itself, both seen from here at the same rate.
func (b *bench) measureLatency(ctx context.Context, table *report) error {
	if err := b.supplier.setDelay(ctx, supplierDelay); err != nil {
		return err
	}
	direct, err := b.crowdAt(ctx, b.supplier.addr, mintAudience(b.supplier.addr))
	if err != nil {
		return fmt.Errorf("supplier alone: %w", err)
	}
	site, err := b.crowdAtSite(ctx)
	if err != nil {
		return fmt.Errorf("player page: %w", err)
	}
	table.addLatency(site, direct)
	return b.supplier.setDelay(ctx, 0)
}

// waits are times to the first byte.
type waits struct{ steady, burst []time.Duration }

func (b *bench) crowdAtSite(ctx context.Context) (waits, error) {
	p, err := b.startUsher(ctx)
	if err != nil {
		return waits{}, err
	}
	before, err := b.supplier.stats(ctx)
	if err != nil {
		return waits{}, errors.Join(err, p.stop())
	}
	site, err := b.crowdAt(ctx, p.addr, newAudience(p.addr, b.seeded.cookies))
	if err == nil {
		var after supplierStats
		after, err = b.supplier.stats(ctx)
		renders := len(site.steady) + len(site.burst) + crowd // one round to warm up
		err = errors.Join(err, checkMints(after.since(before), renders))
	}
	return site, errors.Join(err, p.stop())
}

// crowdAt seats the crowd and lets it ask steadily first, then in bursts.
func (b *bench) crowdAt(ctx context.Context, addr string, a *audience) (waits, error) {
	viewers, err := seat(addr, crowd)
	if err != nil {
		return waits{}, err
	}
	defer dismiss(viewers)
	if _, err := steadily(ctx, viewers, a, 1); err != nil {
		return waits{}, err
	}
	var w waits
	if w.steady, err = steadily(ctx, viewers, a, int(b.steady/pressEvery)); err != nil {
		return waits{}, err
	}
	for range b.bursts {
		at := time.Now().Add(50 * time.Millisecond)
		once, err := together(ctx, viewers, a, 1, func(int) time.Time { return at })
		if err != nil {
			return waits{}, err
		}
		w.burst = append(w.burst, once...)
	}
	return w, nil
}

// steadily lets each viewer ask so many times at even distances, and spreads
// the viewers evenly over the time between.
func steadily(ctx context.Context, viewers []*viewer, a *audience, times int) ([]time.Duration, error) {
	start := time.Now().Add(10 * time.Millisecond)
	apart := pressEvery / time.Duration(len(viewers))
	return together(ctx, viewers, a, times, func(i int) time.Time { return start.Add(time.Duration(i) * apart) })
}

// together lets all viewers ask at their own pace, whatever the answers do, and
// gathers the waits.
func together(ctx context.Context, viewers []*viewer, a *audience, times int, first func(i int) time.Time) ([]time.Duration, error) {
	all := make([][]time.Duration, len(viewers))
	errs := make([]error, len(viewers))
	var running sync.WaitGroup
	for i, v := range viewers {
		running.Go(func() { all[i], errs[i] = v.waits(ctx, a, first(i), times) })
	}
	running.Wait()
	var flat []time.Duration
	for _, w := range all {
		flat = append(flat, w...)
	}
	return flat, errors.Join(errs...)
}

// waits asks at an instant and then at every second after it. When an answer
// comes so late that the next instant has passed, the wait counts from there.
func (v *viewer) waits(ctx context.Context, a *audience, due time.Time, times int) ([]time.Duration, error) {
	if err := v.begin(); err != nil {
		return nil, err
	}
	waited := make([]time.Duration, 0, times)
	for range times {
		asked := due
		if early := time.Until(due); early > 0 {
			time.Sleep(early)
			asked = time.Now()
		}
		answered, err := v.see(a)
		if err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		waited = append(waited, answered.Sub(asked))
		due = due.Add(pressEvery)
	}
	return waited, nil
}
