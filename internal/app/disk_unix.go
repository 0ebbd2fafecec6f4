//go:build linux || darwin

package app

import "syscall"

// diskSpace is how many bytes of a folder's disk are free for us, and how many it
// has; zeros when the system does not tell.
func diskSpace(folder string) (free, size int64) {
	var s syscall.Statfs_t
	if syscall.Statfs(folder, &s) != nil {
		return 0, 0
	}
	block := int64(s.Bsize)                                 //nolint:unconvert // its type differs between systems
	return int64(s.Bavail) * block, int64(s.Blocks) * block //nolint:gosec // a disk has fewer bytes than that
}
