package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"usher/paywall"
	"usher/store"
	"usher/store/storetest"
)

// booth is the service of vouchers over a real database.
type booth struct {
	*paywall.Vouchers
	t  *testing.T
	db *store.DB
}

func newBooth(t *testing.T, db *store.DB, limits paywall.Limits) booth {
	t.Helper()
	vault, err := paywall.NewVault(paywall.NewSecret("a key for tests alone"))
	noFault(t, err)
	clock := func() time.Time { return planTime }
	outbox := paywall.NewOutbox(vault, clock)
	return booth{t: t, db: db, Vouchers: paywall.NewVouchers(paywall.VoucherDeps{
		Store: db, Vault: vault, Outbox: outbox, Grants: paywall.NewGrants(db, outbox, clock), Limits: limits, Clock: clock,
	})}
}

func noFault(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// batch makes codes for everything and reads them.
func (b booth) batch(codes, uses int, again bool) (paywall.VoucherBatch, []string) {
	b.t.Helper()
	batch, err := b.Create(b.t.Context(), paywall.Actor{Name: "test"}, paywall.VoucherInput{
		Name: "Race", Codes: codes, Uses: uses, Again: again, Scope: paywall.ScopeEverything,
	})
	noFault(b.t, err)
	lines, err := b.List(b.t.Context(), batch.ID, codes, 0)
	noFault(b.t, err)
	var read []string
	for _, line := range lines {
		code, err := b.Code(line.Voucher)
		noFault(b.t, err)
		read = append(read, code)
	}
	return batch, read
}

func (b booth) people(n int) (all []paywall.User) {
	b.t.Helper()
	for i := range n {
		u := storetest.NewUser(fmt.Sprint("person", i))
		noFault(b.t, b.db.CreateUser(b.t.Context(), u))
		all = append(all, u)
	}
	return all
}

// redeemAll redeems at once, one call for each person and code, and counts the
// wins. Who loses is told what a wrong code is told, or the key that is given.
func (b booth) redeemAll(people []paywall.User, codes []string, lost string) int {
	b.t.Helper()
	var wins atomic.Int32
	var all sync.WaitGroup
	gun := make(chan struct{})
	for n := range max(len(people), len(codes)) {
		user, code := people[n%len(people)], codes[n%len(codes)]
		all.Go(func() {
			<-gun
			_, err := b.Redeem(b.t.Context(), paywall.Caller{Network: "192.0.2.0/24"},
				paywall.Viewer{User: user, SessionID: user.ID}, paywall.RedeemInput{Code: code})
			var known *paywall.Error
			switch {
			case err == nil:
				wins.Add(1)
			case !errors.As(err, &known) || known.Fields["code"] != lost:
				b.t.Errorf("a loser is told %v", err)
			}
		})
	}
	close(gun)
	all.Wait()
	return int(wins.Load())
}

// wantMade counts what redeeming left behind.
func (b booth) wantMade(batch paywall.VoucherBatch, n int) {
	b.t.Helper()
	grants, err := b.db.RecentGrants(b.t.Context(), 1000, 0)
	noFault(b.t, err)
	_, mails, err := b.db.Mails(b.t.Context(), "", "", 1000, 0)
	noFault(b.t, err)
	_, redemptions, err := b.Redemptions(b.t.Context(), batch.ID, 1000, 0)
	noFault(b.t, err)
	line, err := b.Batch(b.t.Context(), batch.ID)
	noFault(b.t, err)
	if len(grants) != n || mails != n || redemptions != n || line.Tally.Used != n {
		b.t.Errorf("%d grants, %d mails, %d redemptions, %d used; want %d of each", len(grants), mails, redemptions, line.Tally.Used, n)
	}
}

// TestRedeem_Parallel: fifty people with one code at once.
func TestRedeem_Parallel(t *testing.T) {
	for name, test := range map[string]struct{ uses, want int }{"single-use": {1, 1}, "seven uses": {7, 7}} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, db *store.DB, _ string) {
				b := newBooth(t, db, paywall.DefaultLimits())
				batch, codes := b.batch(1, test.uses, false)
				if wins := b.redeemAll(b.people(50), codes, "voucher.error.code"); wins != test.want {
					t.Errorf("%d win, want %d", wins, test.want)
				}
				b.wantMade(batch, test.want)
			})
		})
	}
}

// TestRedeem_ParallelByOne: one person with twenty codes of a batch at once.
func TestRedeem_ParallelByOne(t *testing.T) {
	wide := paywall.DefaultLimits()
	wide.VoucherAccount = paywall.Limit{Every: time.Second, Burst: 100}
	for name, test := range map[string]struct {
		again bool
		want  int
	}{"one each": {false, 1}, "as many as one likes": {true, 20}} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, db *store.DB, _ string) {
				b := newBooth(t, db, wide)
				batch, codes := b.batch(20, 1, test.again)
				if wins := b.redeemAll(b.people(1), codes, "voucher.error.once"); wins != test.want {
					t.Errorf("%d win, want %d", wins, test.want)
				}
				b.wantMade(batch, test.want)
			})
		})
	}
}
