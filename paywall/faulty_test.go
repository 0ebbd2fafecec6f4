package paywall_test

import (
	"context"
	"errors"
	"time"

	"usher/paywall"
)

var errFault = errors.New("fault on purpose")

// faulty is the real store, of which the named methods fail on purpose, inside
// a transaction too. It can note which methods were called.
type faulty struct {
	paywall.Store
	faults map[string]error
	calls  *[]string // nil: not noted
}

// at notes a call and tells whether it is to fail.
func (f faulty) at(method string) error {
	if f.calls != nil {
		*f.calls = append(*f.calls, method)
	}
	return f.faults[method]
}

func (f faulty) InTx(ctx context.Context, fn func(tx paywall.Store) error) error {
	if err := f.at("InTx"); err != nil {
		return err
	}
	return f.Store.InTx(ctx, func(tx paywall.Store) error { return fn(faulty{tx, f.faults, f.calls}) })
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
	return unless(f.at("CreateUser"), func() error { return f.Store.CreateUser(ctx, u) })
}

func (f faulty) UserByEmail(ctx context.Context, email string) (paywall.User, error) {
	return unlessGet(f.at("UserByEmail"), func() (paywall.User, error) { return f.Store.UserByEmail(ctx, email) })
}

func (f faulty) UserByID(ctx context.Context, id string) (paywall.User, error) {
	return unlessGet(f.at("UserByID"), func() (paywall.User, error) { return f.Store.UserByID(ctx, id) })
}

func (f faulty) UpdateUser(ctx context.Context, u paywall.User) error {
	return unless(f.at("UpdateUser"), func() error { return f.Store.UpdateUser(ctx, u) })
}

func (f faulty) ItemBySlug(ctx context.Context, slug string) (paywall.Item, error) {
	return unlessGet(f.at("ItemBySlug"), func() (paywall.Item, error) { return f.Store.ItemBySlug(ctx, slug) })
}

func (f faulty) ItemByID(ctx context.Context, id string) (paywall.Item, error) {
	return unlessGet(f.at("ItemByID"), func() (paywall.Item, error) { return f.Store.ItemByID(ctx, id) })
}

func (f faulty) PublishedItems(ctx context.Context) ([]paywall.Item, error) {
	return unlessGet(f.at("PublishedItems"), func() ([]paywall.Item, error) { return f.Store.PublishedItems(ctx) })
}

func (f faulty) CreateItem(ctx context.Context, i paywall.Item) error {
	return unless(f.at("CreateItem"), func() error { return f.Store.CreateItem(ctx, i) })
}

func (f faulty) UpdateItem(ctx context.Context, i paywall.Item) error {
	return unless(f.at("UpdateItem"), func() error { return f.Store.UpdateItem(ctx, i) })
}

func (f faulty) SetSourceTrouble(ctx context.Context, id, trouble string, at time.Time) error {
	return unless(f.at("SetSourceTrouble"), func() error { return f.Store.SetSourceTrouble(ctx, id, trouble, at) })
}

func (f faulty) CreateCollection(ctx context.Context, c paywall.Collection) error {
	return unless(f.at("CreateCollection"), func() error { return f.Store.CreateCollection(ctx, c) })
}

func (f faulty) Collections(ctx context.Context) ([]paywall.Collection, error) {
	return unlessGet(f.at("Collections"), func() ([]paywall.Collection, error) { return f.Store.Collections(ctx) })
}

func (f faulty) CreateGrant(ctx context.Context, g paywall.Grant) error {
	return unless(f.at("CreateGrant"), func() error { return f.Store.CreateGrant(ctx, g) })
}

func (f faulty) GrantByID(ctx context.Context, id string) (paywall.Grant, error) {
	return unlessGet(f.at("GrantByID"), func() (paywall.Grant, error) { return f.Store.GrantByID(ctx, id) })
}

func (f faulty) Stage(ctx context.Context, slug, userID string) (item paywall.Item, grants []paywall.Grant, err error) {
	if err := f.at("Stage"); err != nil {
		return paywall.Item{}, nil, err
	}
	return f.Store.Stage(ctx, slug, userID)
}

func (f faulty) RevokeGrant(ctx context.Context, id string, at time.Time) error {
	return unless(f.at("RevokeGrant"), func() error { return f.Store.RevokeGrant(ctx, id, at) })
}

func (f faulty) CreateSession(ctx context.Context, s paywall.Session) error {
	return unless(f.at("CreateSession"), func() error { return f.Store.CreateSession(ctx, s) })
}

func (f faulty) SessionByID(ctx context.Context, id string) (paywall.Session, paywall.User, error) {
	if err := f.at("SessionByID"); err != nil {
		return paywall.Session{}, paywall.User{}, err
	}
	return f.Store.SessionByID(ctx, id)
}

func (f faulty) SessionsOf(ctx context.Context, userID string) ([]paywall.Session, error) {
	return unlessGet(f.at("SessionsOf"), func() ([]paywall.Session, error) { return f.Store.SessionsOf(ctx, userID) })
}

func (f faulty) TouchSession(ctx context.Context, id string, seen time.Time) error {
	return unless(f.at("TouchSession"), func() error { return f.Store.TouchSession(ctx, id, seen) })
}

func (f faulty) DeleteSession(ctx context.Context, id string) error {
	return unless(f.at("DeleteSession"), func() error { return f.Store.DeleteSession(ctx, id) })
}

func (f faulty) DeleteSessionsOf(ctx context.Context, userID, keepID string) error {
	return unless(f.at("DeleteSessionsOf"), func() error { return f.Store.DeleteSessionsOf(ctx, userID, keepID) })
}

func (f faulty) DeleteDeadSessions(ctx context.Context, now, idle time.Time, limit int) (int, error) {
	return unlessGet(f.at("DeleteDeadSessions"), func() (int, error) {
		return f.Store.DeleteDeadSessions(ctx, now, idle, limit)
	})
}

func (f faulty) LeaseMints(ctx context.Context, now time.Time, want, limit int, expires time.Time) (paywall.Lease, error) {
	return unlessGet(f.at("LeaseMints"), func() (paywall.Lease, error) {
		return f.Store.LeaseMints(ctx, now, want, limit, expires)
	})
}

func (f faulty) AddAudit(ctx context.Context, e paywall.AuditEntry) error {
	return unless(f.at("AddAudit"), func() error { return f.Store.AddAudit(ctx, e) })
}
