//go:build !linux && !darwin

package app

// diskSpace is not known here.
func diskSpace(string) (free, size int64) { return 0, 0 }
