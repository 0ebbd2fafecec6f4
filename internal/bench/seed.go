package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"usher/internal/demo"
	"usher/paywall"
	"usher/store"
)

// What the filled database holds beside the demo's people and items: a station
// of some size. Every person has two grants, one of which has ended.
//
// Only five pages of a session in a minute come with a token of their own, and
// a measured site must not be asked for more.
const (
	seedUsers    = 10_000
	seedSessions = 18_000
)

// playerPath is the page that is measured: a station with a choice of sources,
// for people with a grant.
const (
	playerSlug = "radio-lumiere"
	playerPath = "/listen/" + playerSlug
)

// seeded is the filled database.
type seeded struct {
	path    string
	cookies []string // one for each session
}

// seed fills a new database whose items play from the supplier.
func seed(ctx context.Context, path, supplier string) (seeded, error) {
	db, err := store.Open(ctx, path)
	if err != nil {
		return seeded{}, err
	}
	s := seeder{now: time.Now().UTC()}
	err = demo.Seed(ctx, db, s.now, supplier)
	if err == nil {
		s.item, err = db.ItemBySlug(ctx, playerSlug)
	}
	if err == nil {
		err = db.InTx(ctx, func(tx paywall.Store) error { return s.fill(ctx, tx) })
	}
	// Closing the last connection folds the side files into the database.
	return seeded{path, s.cookies}, errors.Join(err, db.Close())
}

type seeder struct {
	now     time.Time
	item    paywall.Item
	users   []string
	cookies []string
}

func (s *seeder) fill(ctx context.Context, tx paywall.Store) error {
	for n := range seedUsers {
		if err := s.addUser(ctx, tx, n); err != nil {
			return err
		}
	}
	clock := func() time.Time { return s.now }
	vault, err := paywall.NewVault(paywall.NewSecret("a key for the bench alone"))
	if err != nil {
		return err
	}
	sessions := paywall.NewSessions(sameTx{tx}, paywall.NewOutbox(vault, clock), clock)
	for n := range seedSessions {
		user, err := tx.UserByID(ctx, s.users[n%len(s.users)])
		if err != nil {
			return err
		}
		user.QuietDevices = true
		if err := tx.UpdateUser(ctx, user); err != nil {
			return err
		}
		started, err := sessions.Start(ctx, paywall.Arrival{User: user, Caller: paywall.Caller{Device: "Firefox, Linux"}})
		if err != nil {
			return err
		}
		s.cookies = append(s.cookies, "usher="+started.Session.ID+"."+started.Secret.Reveal())
	}
	return nil
}

func (s *seeder) addUser(ctx context.Context, tx paywall.Store, n int) error {
	user := paywall.User{
		ID: paywall.NewID(), Email: fmt.Sprintf("listener-%d@bench.test", n), Name: "Listener",
		Role: paywall.RoleMember, ConfirmedAt: s.now, CreatedAt: s.now,
	}
	s.users = append(s.users, user.ID)
	if err := tx.CreateUser(ctx, user); err != nil {
		return err
	}
	for _, grant := range s.grants(user.ID) {
		if err := tx.CreateGrant(ctx, grant); err != nil {
			return err
		}
	}
	return nil
}

// grants are last month's, which is over, and this month's.
func (s *seeder) grants(userID string) []paywall.Grant {
	const month = 30 * 24 * time.Hour
	old := paywall.Grant{
		ID: paywall.NewID(), UserID: userID, Scope: paywall.ScopeItem, TargetID: s.item.ID,
		From: s.now.Add(-2 * month), Until: s.now.Add(-month), Origin: paywall.OriginOwner, CreatedAt: s.now.Add(-2 * month),
	}
	current := old
	current.ID, current.CreatedAt = paywall.NewID(), s.now.Add(-time.Hour)
	current.From, current.Until = current.CreatedAt, s.now.Add(month)
	return []paywall.Grant{old, current}
}

// sameTx lets a service that opens a transaction work in the one that runs: a
// transaction for each session would wait for the disk each time.
type sameTx struct{ paywall.Store }

// InTx runs fn in the transaction that runs already.
func (s sameTx) InTx(_ context.Context, fn func(tx paywall.Store) error) error { return fn(s.Store) }
