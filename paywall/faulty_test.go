package paywall_test

import (
	"context"
	"errors"
	"time"

	"usher/paywall"
)

var errFault = errors.New("fault on purpose")

// faulty is the real store, of which the named methods fail on purpose, inside
// a transaction too.
type faulty struct {
	paywall.Store
	faults map[string]error
}

func (f faulty) InTx(ctx context.Context, fn func(tx paywall.Store) error) error {
	if err := f.faults["InTx"]; err != nil {
		return err
	}
	return f.Store.InTx(ctx, func(tx paywall.Store) error { return fn(faulty{tx, f.faults}) })
}

// unless does the work unless the method is to fail.
func unless(err error, work func() error) error {
	if err != nil {
		return err
	}
	return work()
}

func unlessGet[T any](err error, work func() (T, error)) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return work()
}

func (f faulty) CreateUser(ctx context.Context, u paywall.User) error {
	return unless(f.faults["CreateUser"], func() error { return f.Store.CreateUser(ctx, u) })
}

func (f faulty) UserByEmail(ctx context.Context, email string) (paywall.User, error) {
	return unlessGet(f.faults["UserByEmail"], func() (paywall.User, error) { return f.Store.UserByEmail(ctx, email) })
}

func (f faulty) UserByID(ctx context.Context, id string) (paywall.User, error) {
	return unlessGet(f.faults["UserByID"], func() (paywall.User, error) { return f.Store.UserByID(ctx, id) })
}

func (f faulty) UpdateUser(ctx context.Context, u paywall.User) error {
	return unless(f.faults["UpdateUser"], func() error { return f.Store.UpdateUser(ctx, u) })
}

func (f faulty) ItemBySlug(ctx context.Context, slug string) (paywall.Item, error) {
	return unlessGet(f.faults["ItemBySlug"], func() (paywall.Item, error) { return f.Store.ItemBySlug(ctx, slug) })
}

func (f faulty) ItemByID(ctx context.Context, id string) (paywall.Item, error) {
	return unlessGet(f.faults["ItemByID"], func() (paywall.Item, error) { return f.Store.ItemByID(ctx, id) })
}

func (f faulty) PublishedItems(ctx context.Context) ([]paywall.Item, error) {
	return unlessGet(f.faults["PublishedItems"], func() ([]paywall.Item, error) { return f.Store.PublishedItems(ctx) })
}

func (f faulty) CreateItem(ctx context.Context, i paywall.Item) error {
	return unless(f.faults["CreateItem"], func() error { return f.Store.CreateItem(ctx, i) })
}

func (f faulty) UpdateItem(ctx context.Context, i paywall.Item) error {
	return unless(f.faults["UpdateItem"], func() error { return f.Store.UpdateItem(ctx, i) })
}

func (f faulty) SetSourceTrouble(ctx context.Context, id, trouble string, at time.Time) error {
	return unless(f.faults["SetSourceTrouble"], func() error { return f.Store.SetSourceTrouble(ctx, id, trouble, at) })
}

func (f faulty) CreateCollection(ctx context.Context, c paywall.Collection) error {
	return unless(f.faults["CreateCollection"], func() error { return f.Store.CreateCollection(ctx, c) })
}

func (f faulty) Collections(ctx context.Context) ([]paywall.Collection, error) {
	return unlessGet(f.faults["Collections"], func() ([]paywall.Collection, error) { return f.Store.Collections(ctx) })
}

func (f faulty) CreateGrant(ctx context.Context, g paywall.Grant) error {
	return unless(f.faults["CreateGrant"], func() error { return f.Store.CreateGrant(ctx, g) })
}

func (f faulty) GrantByID(ctx context.Context, id string) (paywall.Grant, error) {
	return unlessGet(f.faults["GrantByID"], func() (paywall.Grant, error) { return f.Store.GrantByID(ctx, id) })
}

func (f faulty) Stage(ctx context.Context, slug, userID string) (item paywall.Item, grants []paywall.Grant, err error) {
	if err := f.faults["Stage"]; err != nil {
		return paywall.Item{}, nil, err
	}
	return f.Store.Stage(ctx, slug, userID)
}

func (f faulty) RevokeGrant(ctx context.Context, id string, at time.Time) error {
	return unless(f.faults["RevokeGrant"], func() error { return f.Store.RevokeGrant(ctx, id, at) })
}

func (f faulty) CreateSession(ctx context.Context, s paywall.Session) error {
	return unless(f.faults["CreateSession"], func() error { return f.Store.CreateSession(ctx, s) })
}

func (f faulty) SessionByID(ctx context.Context, id string) (paywall.Session, paywall.User, error) {
	if err := f.faults["SessionByID"]; err != nil {
		return paywall.Session{}, paywall.User{}, err
	}
	return f.Store.SessionByID(ctx, id)
}

func (f faulty) SessionsOf(ctx context.Context, userID string) ([]paywall.Session, error) {
	return unlessGet(f.faults["SessionsOf"], func() ([]paywall.Session, error) { return f.Store.SessionsOf(ctx, userID) })
}

func (f faulty) TouchSession(ctx context.Context, id string, seen time.Time) error {
	return unless(f.faults["TouchSession"], func() error { return f.Store.TouchSession(ctx, id, seen) })
}

func (f faulty) DeleteSession(ctx context.Context, id string) error {
	return unless(f.faults["DeleteSession"], func() error { return f.Store.DeleteSession(ctx, id) })
}

func (f faulty) DeleteSessionsOf(ctx context.Context, userID, keepID string) error {
	return unless(f.faults["DeleteSessionsOf"], func() error { return f.Store.DeleteSessionsOf(ctx, userID, keepID) })
}

func (f faulty) DeleteDeadSessions(ctx context.Context, now, idle time.Time, limit int) (int, error) {
	return unlessGet(f.faults["DeleteDeadSessions"], func() (int, error) {
		return f.Store.DeleteDeadSessions(ctx, now, idle, limit)
	})
}

func (f faulty) LeaseMints(ctx context.Context, now time.Time, want, limit int, expires time.Time) (paywall.Lease, error) {
	return unlessGet(f.faults["LeaseMints"], func() (paywall.Lease, error) {
		return f.Store.LeaseMints(ctx, now, want, limit, expires)
	})
}

func (f faulty) AddAudit(ctx context.Context, e paywall.AuditEntry) error {
	return unless(f.faults["AddAudit"], func() error { return f.Store.AddAudit(ctx, e) })
}
