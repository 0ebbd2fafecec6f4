package app

import (
	"path/filepath"
	"strings"

	"usher/internal/config"
	"usher/internal/infomaniak"
	"usher/paywall"
)

// watch makes the probe of the sources, and the function that tells how this node
// is.
func (s *Site) watch(c config.Config) func() paywall.Vitals {
	prober := infomaniak.NewProber(s.Supplier, nil)
	s.Probes = paywall.NewProbes(paywall.ProbesDeps{
		Store: s.Store, Prober: prober, Minter: s.Supplier, Supplier: s.Supplier, Pace: s.Errands,
		Outbox: s.Outbox, PerMinute: c.MintsPerMinute, Clock: s.clock,
	})
	return vitalsOf(c, s.Supplier, s.clock)
}

// vitalsOf makes the function that tells how this node is.
func vitalsOf(c config.Config, client *infomaniak.Client, clock paywall.Clock) func() paywall.Vitals {
	started, version, folder := clock(), version(), dataOf(c)
	return func() paywall.Vitals {
		health := client.Health()
		v := paywall.Vitals{Version: version, StartedAt: started, Connection: paywall.ConnectionHealth{
			Resting: health.State != infomaniak.StateClosed, Since: health.Since,
			LastOK: health.LastOK, LastErrorAt: health.LastErrorAt, LastTrouble: health.LastTrouble,
		}}
		v.ClockAhead, v.ClockAt = client.Clock()
		if folder != "" {
			v.DiskFree, v.DiskSize = diskSpace(folder)
		}
		return v
	}
}

// dataOf is the folder of the database file; empty for a database server, whose
// disk is not here.
func dataOf(c config.Config) string {
	file, isFile := strings.CutPrefix(c.DatabaseURL, "sqlite:")
	if !isFile {
		return ""
	}
	return filepath.Dir(file)
}
