package app

import (
	"context"
	"log/slog"
	"time"

	"usher/paywall"
)

// sweepEvery is how often ended sessions and other leftovers are removed.
const sweepEvery = time.Hour

// importEvery is how often a node looks for an import to work on.
const importEvery = 2 * time.Second

func (s *Site) keepHouse(ctx context.Context) error {
	return paywall.Housekeeping(ctx, s.Store, s.Settings, s.clock)
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
