// Package demo fills a fresh site with people and items to try it with. What it
// plays comes from the sandbox.
package demo

import (
	"context"
	"errors"
	"time"

	"usher/internal/infomaniak/sandbox"
	"usher/paywall"
)

// Password is everybody's password in the demo.
const Password = "demo-demo-demo"

// Person is somebody to sign in as.
type Person struct {
	Email string
	Name  string
	About string
	Role  paywall.Role
}

// People are the demo's accounts; the contract of the demo names them.
var People = []Person{
	{"owner@demo.test", "Olivia", "owner of the site", paywall.RoleOwner},
	{"anna@demo.test", "Anna", "may play everything", paywall.RoleMember},
	{"ben@demo.test", "Ben", "an account without a grant", paywall.RoleMember},
	{"carla@demo.test", "Carla", "her grant ended yesterday", paywall.RoleMember},
	{"dora@demo.test", "Dora", "her account is disabled", paywall.RoleMember},
}

const day = 24 * time.Hour

// Seed makes the people and items that are not there yet, and points all sources
// to the sandbox, whose address changes from start to start.
func Seed(ctx context.Context, store paywall.Store, now time.Time, sandboxURL string) error {
	if err := seedPeople(ctx, store, now); err != nil {
		return err
	}
	if err := seedSettings(ctx, store, now); err != nil {
		return err
	}
	return seedItems(ctx, store, now, sandboxURL)
}

// seedSettings lets everybody try to make an account, and writes the texts.
func seedSettings(ctx context.Context, store paywall.Store, now time.Time) error {
	if stored, err := store.SettingValues(ctx); err != nil || len(stored) > 0 {
		return err
	}
	settings := paywall.NewSiteSettings(store, func() time.Time { return now })
	wanted, err := settings.Get(ctx)
	if err != nil {
		return err
	}
	wanted.SignUp = paywall.SignUpOpen
	if err := settings.Change(ctx, paywall.Actor{Name: "demo"}, wanted); err != nil {
		return err
	}
	return seedTexts(ctx, store, now)
}

func seedPeople(ctx context.Context, store paywall.Store, now time.Time) error {
	_, err := store.UserByEmail(ctx, People[0].Email)
	if err == nil || !errors.Is(err, paywall.ErrNotFound) {
		return err
	}
	// One hash for all: it costs time, and the password is printed anyway.
	hash, err := paywall.NewHasher(1, time.Second).Hash(ctx, Password)
	if err != nil {
		return err
	}
	return store.InTx(ctx, func(tx paywall.Store) error {
		for _, p := range People {
			user := p.user(now, hash)
			if err := tx.CreateUser(ctx, user); err != nil {
				return err
			}
			for _, g := range grantsOf(user, now) {
				if err := tx.CreateGrant(ctx, g); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (p Person) user(now time.Time, hash string) paywall.User {
	u := paywall.User{
		ID: paywall.NewID(), Email: p.Email, Name: p.Name, Role: p.Role,
		PasswordHash: hash, ConfirmedAt: now, CreatedAt: now,
	}
	if p.Name == "Dora" {
		u.DisabledAt = now
	}
	return u
}

// grantsOf gives Anna everything for ever, and Carla a month that is over.
func grantsOf(u paywall.User, now time.Time) []paywall.Grant {
	g := paywall.Grant{
		ID: paywall.NewID(), UserID: u.ID, Scope: paywall.ScopeEverything, Origin: paywall.OriginOwner, CreatedAt: now,
	}
	switch u.Name {
	case "Anna":
		g.From = now
	case "Carla":
		g.From, g.Until = now.Add(-31*day), now.Add(-day)
		g.CreatedAt = g.From
	default:
		return nil
	}
	return []paywall.Grant{g}
}

func seedItems(ctx context.Context, store paywall.Store, now time.Time, sandboxURL string) error {
	hosts, err := paywall.ParseMediaHosts([]string{sandboxURL})
	if err != nil {
		return err
	}
	plan := items(sandboxURL, sandbox.DemoCatalogue())
	return store.InTx(ctx, func(tx paywall.Store) error {
		for n, p := range plan {
			if err := p.seed(ctx, tx, now, n, hosts); err != nil {
				return err
			}
		}
		return nil
	})
}

// seed makes one item, or gives the stored one its sources anew.
func (p itemPlan) seed(ctx context.Context, tx paywall.Store, now time.Time, position int, hosts paywall.MediaHosts) error {
	item, err := tx.ItemBySlug(ctx, p.slug)
	fresh := errors.Is(err, paywall.ErrNotFound)
	if err != nil && !fresh {
		return err
	}
	if fresh {
		item = p.item(now, position)
	}
	old := item.Sources
	item.Sources = nil
	for n, s := range p.sources {
		source, err := paywall.NewSource(s.kind, s.address, s.channel, hosts)
		if err != nil {
			return err
		}
		source.ItemID, source.Label, source.Position = item.ID, s.label, n
		if n < len(old) {
			source.ID = old[n].ID
		}
		item.Sources = append(item.Sources, source)
	}
	if fresh {
		return tx.CreateItem(ctx, item)
	}
	return tx.UpdateItem(ctx, item)
}
