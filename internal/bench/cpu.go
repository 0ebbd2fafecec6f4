package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"
)

const (
	// cpuViewers is how many ask at the same time while CPU is measured.
	cpuViewers = 8
	// cpuGoal is how much more CPU the player page may take than the bare handler.
	cpuGoal = 2.2
	// rest lets a server finish what it does after its last answer.
	rest = 10 * time.Millisecond
)

// contender is one of the two servers that are compared.
type contender struct {
	process  *process
	audience *audience
	viewers  []*viewer
	costs    []time.Duration // CPU per request, by round
	renders  int             // in all measured rounds
	core     coreTime        // in all measured rounds
}

// measureCPU compares the player page with the bare handler, in turns, so that
// whatever else the machine does meets both.
func (b *bench) measureCPU(ctx context.Context, table *report) error {
	player, err := b.startPlayer(ctx)
	if err != nil {
		return err
	}
	bare, err := b.startBare(ctx)
	if err != nil {
		return errors.Join(err, player.leave())
	}
	err = b.compare(ctx, player, bare, table)
	return errors.Join(err, player.leave(), bare.leave())
}

func (b *bench) startPlayer(ctx context.Context) (*contender, error) {
	p, err := b.startUsher(ctx)
	if err != nil {
		return nil, err
	}
	return newContender(p, b.seeded.cookies)
}

func (b *bench) startBare(ctx context.Context) (*contender, error) {
	path := filepath.Join(b.folder, "baseline.db")
	cookies, err := seedBaseline(ctx, path)
	if err != nil {
		return nil, err
	}
	p, err := b.startRole(ctx, "baseline", b.cores.server, nil, path, b.supplier.url())
	if err != nil {
		return nil, err
	}
	return newContender(p, cookies)
}

func newContender(p *process, cookies []string) (*contender, error) {
	viewers, err := seat(p.addr, cpuViewers)
	if err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return &contender{process: p, audience: newAudience(p.addr, cookies), viewers: viewers}, nil
}

func (c *contender) leave() error {
	dismiss(c.viewers)
	return c.process.stop()
}

func (b *bench) compare(ctx context.Context, player, bare *contender, table *report) error {
	for _, c := range []*contender{player, bare} {
		if _, err := press(ctx, c.viewers, c.audience, b.warmUp); err != nil {
			return err
		}
	}
	var mints supplierStats
	for range b.rounds {
		before, err := b.supplier.stats(ctx)
		if err != nil {
			return err
		}
		if err := player.round(ctx, b.round); err != nil {
			return fmt.Errorf("player page: %w", err)
		}
		after, err := b.supplier.stats(ctx)
		if err != nil {
			return err
		}
		used := after.since(before)
		mints.Calls, mints.Connections = mints.Calls+used.Calls, mints.Connections+used.Connections
		if err := bare.round(ctx, b.round); err != nil {
			return fmt.Errorf("bare handler: %w", err)
		}
	}
	table.addCPU(player, bare, mints)
	return checkMints(mints, player.renders)
}

// round measures for a while what a request takes of the server's core.
func (c *contender) round(ctx context.Context, d time.Duration) error {
	before, err := c.coreTime()
	if err != nil {
		return err
	}
	n, err := press(ctx, c.viewers, c.audience, d)
	if err != nil {
		return err
	}
	after, err := c.coreTime()
	if err != nil {
		return err
	}
	spent := after.since(before)
	c.costs = append(c.costs, spent.used/time.Duration(n))
	c.renders += n
	c.core.used, c.core.waited = c.core.used+spent.used, c.core.waited+spent.waited
	return nil
}

func (c *contender) coreTime() (coreTime, error) {
	time.Sleep(rest)
	return coreTimeOf(c.process.pid())
}

// press makes all viewers ask again as soon as they are answered, for a while,
// and tells how many pages they saw.
func press(ctx context.Context, viewers []*viewer, a *audience, d time.Duration) (int, error) {
	end := time.Now().Add(d)
	seen := make([]int, len(viewers))
	errs := make([]error, len(viewers))
	var running sync.WaitGroup
	for i, v := range viewers {
		running.Go(func() {
			if errs[i] = v.begin(); errs[i] != nil {
				return
			}
			for now := time.Now(); now.Before(end) && ctx.Err() == nil; seen[i]++ {
				if now, errs[i] = v.see(a); errs[i] != nil {
					return
				}
			}
		})
	}
	running.Wait()
	sum := 0
	for _, n := range seen {
		sum += n
	}
	if sum == 0 {
		errs = append(errs, errors.New("no page was seen"))
	}
	return sum, errors.Join(append(errs, ctx.Err())...)
}
