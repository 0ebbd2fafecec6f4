//go:build unix

package store_test

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"usher/paywall"
	"usher/store"
	"usher/store/storetest"
)

// BenchmarkPlayerQueries is what each player page asks: session and account,
// item and sources, grants. cpu-µs/op counts the processor time of the process,
// which a busy machine does not change.
func BenchmarkPlayerQueries(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchPlayer(b, storetest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchPlayer(b, storetest.Postgres(b)) })
}

func benchPlayer(b *testing.B, s paywall.Store) {
	// A request has a context that can end; it makes queries dearer.
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	session := fill(b, s)
	cpu := cpuTime()
	for b.Loop() {
		_, u, err := s.SessionByID(ctx, session)
		if err != nil {
			b.Fatal(err)
		}
		item, grants, err := s.Stage(ctx, "item", u.ID)
		if err != nil || len(item.Sources) != 3 || len(grants) != 1 {
			b.Fatal(item, grants, err)
		}
	}
	b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
}

// fill stores 1000 people with a session and a grant, and gives one session.
func fill(b *testing.B, s paywall.Store) (sessionID string) {
	ctx := b.Context()
	item := storetest.NewItem("item")
	item.Sources = append(item.Sources, storetest.NewSource("b", 1), storetest.NewSource("c", 2))
	if err := s.CreateItem(ctx, item); err != nil {
		b.Fatal(err)
	}
	err := s.InTx(ctx, func(tx paywall.Store) error {
		for range 1000 {
			u := storetest.NewUser(paywall.NewID())
			session := storetest.NewSession(u.ID)
			sessionID = session.ID
			for _, err := range []error{
				tx.CreateUser(ctx, u), tx.CreateSession(ctx, session),
				tx.CreateGrant(ctx, storetest.NewGrant(u.ID, paywall.ScopeItem, item.ID)),
			} {
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return sessionID
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkOpen is the store's part of a cold start: a file that is up to date.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "usher.db")
	storetest.Open(b, path)
	for b.Loop() {
		db, err := store.Open(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
