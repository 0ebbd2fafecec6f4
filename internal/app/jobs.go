package app

import (
	"context"
	"log/slog"
	"time"

	"usher/paywall"
)

// lookEvery is how often a node asks whether another has changed the site's look or
// words.
const lookEvery = 3 * time.Second

// sweepEvery is how often ended sessions and other leftovers are removed.
const sweepEvery = time.Hour

// jobsEvery is how often the site looks for work on many people.
const jobsEvery = 2 * time.Second

// probeEvery is how often it is looked which sources are due for a check, and
// askEvery whether it is time to ask how they are protected.
const (
	probeEvery = 5 * time.Second
	askEvery   = time.Minute
)

// importEvery is how often a node looks for an import to work on.
const importEvery = 2 * time.Second

func (s *Site) keepHouse(ctx context.Context) error {
	return paywall.Housekeeping(ctx, s.Store, s.Settings, s.clock)
}

// recheck tests the connection again where a test was cut off.
func (s *Site) recheck(ctx context.Context) error { return s.Connection.Recheck(ctx, s.Supplier) }

// once lets a job that runs every few seconds tell of each trouble one time: a
// database that is down would fill the log.
func once(job func(context.Context) error) func(context.Context) error {
	told := ""
	return func(ctx context.Context) error {
		err := job(ctx)
		if err == nil {
			told = ""
			return nil
		}
		if err.Error() == told {
			return nil
		}
		told = err.Error()
		return err
	}
}

// repeat runs a job at once and then at each interval, until the context ends.
func repeat(ctx context.Context, every time.Duration, name string, log *slog.Logger, job func(context.Context) error) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err := job(ctx); err != nil && ctx.Err() == nil {
			log.Error("job failed", "job", name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
