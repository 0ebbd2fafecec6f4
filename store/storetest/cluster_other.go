//go:build !linux

package storetest

import (
	"errors"
	"os"
	"testing"
)

// Main runs the tests of a package that uses Postgres. Call it from TestMain.
func Main(m *testing.M) { os.Exit(m.Run()) }

func theCluster() (string, error) {
	return "", errors.New("a throwaway server is started on Linux only")
}
