//go:build linux || darwin

package app

import (
	"fmt"
	"syscall"

	"usher/handlers"
)

// measureDisk counts what this program may still write, without what the system
// keeps for itself.
func measureDisk(folder string) (handlers.DiskSpace, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return handlers.DiskSpace{}, fmt.Errorf("disk of %s: %w", folder, err)
	}
	size := uint64(stat.Bsize) //nolint:gosec // a block has no negative size
	return handlers.DiskSpace{Free: stat.Bavail * size, Total: stat.Blocks * size}, nil
}
