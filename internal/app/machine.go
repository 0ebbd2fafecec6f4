package app

import (
	"path/filepath"
	"strings"

	"usher/handlers"
	"usher/internal/config"
	"usher/internal/infomaniak"
)

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
