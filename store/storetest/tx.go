package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"usher/paywall"
)

func testCommit(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	u, g := NewUser("ada"), paywall.Grant{}
	must(t, s.InTx(ctx, func(tx paywall.Store) error {
		must(t, tx.CreateUser(ctx, u))
		got, err := tx.UserByEmail(ctx, u.Email) // reads its own writes
		must(t, err)
		wantSame(t, got, u)
		must(t, tx.Writable(ctx))
		g = NewGrant(got.ID, paywall.ScopeEverything, "")
		return tx.CreateGrant(ctx, g)
	}))
	wantSame(t, read[paywall.User](t)(s.UserByID(ctx, u.ID)), u)
	wantSame(t, read[paywall.Grant](t)(s.GrantByID(ctx, g.ID)), g)
}

func testRollback(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	u, item, stop := NewUser("ada"), NewItem("item"), errors.New("stop")
	err := s.InTx(ctx, func(tx paywall.Store) error {
		must(t, tx.CreateUser(ctx, u))
		must(t, tx.CreateItem(ctx, item))
		return stop
	})
	wantErr(t, err, stop)
	wantGone(t, s, u)
	_, err = s.ItemByID(ctx, item.ID)
	wantErr(t, err, paywall.ErrNotFound)
	must(t, s.CreateUser(ctx, u)) // the store is free again
}

func wantGone(t *testing.T, s paywall.Store, u paywall.User) {
	t.Helper()
	_, err := s.UserByID(context.Background(), u.ID)
	wantErr(t, err, paywall.ErrNotFound)
}

// testSwallowedFailure: after a failed statement nothing can be committed, even
// when the caller ignores the failure. Not finding something is no failure.
func testSwallowedFailure(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), NewUser("bob")
	err := s.InTx(ctx, func(tx paywall.Store) error {
		must(t, tx.CreateUser(ctx, bob))
		wantErr(t, tx.CreateUser(ctx, ada), paywall.ErrExists)
		return nil
	})
	wantErr(t, err, paywall.ErrExists)
	wantGone(t, s, bob)

	must(t, s.InTx(ctx, func(tx paywall.Store) error {
		_, err := tx.UserByID(ctx, bob.ID)
		wantErr(t, err, paywall.ErrNotFound)
		wantErr(t, tx.UpdateUser(ctx, bob), paywall.ErrNotFound)
		return tx.CreateUser(ctx, bob)
	}))
	wantSame(t, read[paywall.User](t)(s.UserByID(ctx, bob.ID)), bob)
}

func testPanic(t *testing.T, s paywall.Store) {
	ctx, u := t.Context(), NewUser("ada")
	func() {
		defer func() { wantSame(t, recover(), "boom") }()
		_ = s.InTx(ctx, func(tx paywall.Store) error {
			must(t, tx.CreateUser(ctx, u))
			panic("boom")
		})
	}()
	wantGone(t, s, u)
	must(t, s.CreateUser(ctx, u)) // the store is free again
}

func testNested(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	err := s.InTx(ctx, func(tx paywall.Store) error {
		return tx.InTx(ctx, func(paywall.Store) error {
			t.Error("the inner transaction ran")
			return nil
		})
	})
	if err == nil {
		t.Error("a nested transaction is not refused")
	}
}

// testWriters: transactions that read and then write must wait for each other
// instead of failing.
func testWriters(t *testing.T, s paywall.Store) {
	const writers, rounds = 8, 100
	ctx := bounded(t)
	ada := addUser(t, s, "ada")
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			for round := range rounds {
				if err := readThenWrite(ctx, s, ada.Email, fmt.Sprint(n, round)); err != nil {
					t.Errorf("writer %d, round %d: %v", n, round, err)
					return
				}
				if _, err := s.UserByID(ctx, ada.ID); err != nil { // readers beside them
					t.Errorf("reader %d: %v", n, err)
				}
			}
		})
	}
	wg.Wait()
	if got := read[[]paywall.Grant](t)(s.GrantsOf(ctx, ada.ID)); len(got) != writers*rounds {
		t.Errorf("%d grants, want %d", len(got), writers*rounds)
	}
}

func readThenWrite(ctx context.Context, s paywall.Store, email, note string) error {
	return s.InTx(ctx, func(tx paywall.Store) error {
		u, err := tx.UserByEmail(ctx, email)
		if err != nil {
			return err
		}
		g := NewGrant(u.ID, paywall.ScopeEverything, "")
		g.Note = note
		return tx.CreateGrant(ctx, g)
	})
}

func testCancelled(t *testing.T, s paywall.Store) {
	u, item := addUser(t, s, "ada"), NewItem("item")
	ctx, cancel := context.WithCancel(t.Context())
	err := s.InTx(ctx, func(tx paywall.Store) error {
		must(t, tx.CreateItem(ctx, item))
		cancel()
		return nil
	})
	wantErr(t, err, context.Canceled)
	_, err = s.ItemByID(t.Context(), item.ID)
	wantErr(t, err, paywall.ErrNotFound)

	for name, call := range map[string]func() error{
		"UserByID":    func() error { _, err := s.UserByID(ctx, u.ID); return err },
		"ItemBySlug":  func() error { _, err := s.ItemBySlug(ctx, "item"); return err },
		"Stage":       func() error { _, _, err := s.Stage(ctx, item.Slug, u.ID); return err },
		"SessionByID": func() error { _, _, err := s.SessionByID(ctx, "x"); return err },
		"UpdateUser":  func() error { return s.UpdateUser(ctx, u) },
		"CreateItem":  func() error { return s.CreateItem(ctx, item) },
		"LeaseMints":  func() error { _, err := s.LeaseMints(ctx, start, 1, 1, start); return err },
		"Writable":    func() error { return s.Writable(ctx) },
		"InTx":        func() error { return s.InTx(ctx, func(paywall.Store) error { return nil }) },
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a cancelled context: %v", name, err)
		}
	}
	must(t, s.UpdateUser(t.Context(), u)) // nothing is left locked
}

func testWritable(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	must(t, s.Writable(ctx))
	must(t, s.Writable(ctx))
	must(t, s.CreateUser(ctx, NewUser("ada")))
}
