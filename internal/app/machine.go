package app

import (
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"usher/handlers"
	"usher/internal/config"
	"usher/internal/infomaniak"
	"usher/paywall"
)

// siteZone is the zone that the site has at the moment. It is asked for with each
// play, so what was loaded last is kept.
func siteZone(front *paywall.Front) func() *time.Location {
	var last atomic.Pointer[time.Location]
	return func() *time.Location {
		name := front.Now().Zone
		if zone := last.Load(); zone != nil && zone.String() == name {
			return zone
		}
		zone, err := time.LoadLocation(name)
		if err != nil {
			zone = time.UTC // the rules let no other in
		}
		last.Store(zone)
		return zone
	}
}

// supplierHealth tells the owner how the calls to Infomaniak have gone.
func supplierHealth(client *infomaniak.Client) func() handlers.SupplierHealth {
	return func() handlers.SupplierHealth {
		seen := client.Health()
		ahead, at := client.Clock()
		return handlers.SupplierHealth{
			Resting: seen.State != infomaniak.StateClosed, Since: seen.Since,
			LastError: seen.LastError, LastErrorAt: seen.LastErrorAt, LastOK: seen.LastOK,
			ClockAhead: ahead, ClockSeen: at,
		}
	}
}

// diskSpace measures the disk of the data folder. With PostgreSQL there is none,
// and on systems that do not tell, nothing is said.
func diskSpace(c config.Config) func() (handlers.DiskSpace, error) {
	if strings.HasPrefix(c.DatabaseURL, "postgres") {
		return func() (handlers.DiskSpace, error) { return handlers.DiskSpace{}, nil }
	}
	folder := filepath.Dir(strings.TrimPrefix(c.DatabaseURL, "sqlite:"))
	return func() (handlers.DiskSpace, error) { return measureDisk(folder) }
}
