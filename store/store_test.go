package store_test

import (
	"os"
	"testing"

	"usher/paywall"
	"usher/store/storetest"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(killChildEnv); path != "" {
		writeUntilKilled(path)
		return
	}
	storetest.Main(m)
}

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) paywall.Store { return storetest.SQLite(t) })
}

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) paywall.Store { return storetest.Postgres(t) })
}
