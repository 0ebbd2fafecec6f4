package paywall_test

import (
	"context"
	"testing"
	"time"

	"usher/paywall"
)

// voucherShop is a batch, and the service over a store that fails on purpose.
type voucherShop struct {
	booth
	broken *paywall.Vouchers
	batch  paywall.VoucherBatch
	codes  []string
	ada    paywall.User
	item   paywall.Item
	first  string // id of the first code
}

func newVoucherShop(t testing.TB, faults map[string]error) *voucherShop {
	t.Helper()
	s := &voucherShop{booth: newBooth(t)}
	s.ada, s.item = s.addUser(t, "ada"), s.addItem(t, "concert")
	s.batch, s.codes = s.booth.batch(t, func(in *paywall.VoucherInput) { in.Scope, in.TargetID = paywall.ScopeItem, s.item.ID })
	s.first = get(s.List(t.Context(), s.batch.ID, 1, 0))(t)[0].Voucher.ID
	broken := faulty{Store: s.DB, faults: faults}
	outbox := paywall.NewOutbox(theVault(), s.clock.Now)
	s.broken = paywall.NewVouchers(paywall.VoucherDeps{
		Store: broken, Vault: theVault(), Outbox: outbox, Grants: paywall.NewGrants(broken, outbox, s.clock.Now),
		Limits: paywall.DefaultLimits(), Clock: s.clock.Now,
	})
	return s
}

// state is all that the calls below could leave behind.
func (s *voucherShop) state(t testing.TB) map[string]any {
	t.Helper()
	_, batches, err := s.VoucherBatches(t.Context(), "", "", 9, 0)
	must(t, err)
	_, redemptions, err := s.DB.Redemptions(t.Context(), s.batch.ID, 9, 0)
	must(t, err)
	return map[string]any{
		"batches": batches, "batch": get(s.DB.VoucherBatch(t.Context(), s.batch.ID))(t), "codes": get(s.DB.Vouchers(t.Context(), s.batch.ID, 9, 0))(t),
		"redemptions": redemptions, "grants": len(get(s.GrantsOf(t.Context(), s.ada.ID))(t)), "lines": len(s.audit(t)), "mails": len(mails(t, s.DB)),
	}
}

// voucherCalls are the methods of the service, with the store's that can fail.
var voucherCalls = map[string]struct {
	call    func(ctx context.Context, s *voucherShop) error
	methods []string
}{
	"Create": {func(ctx context.Context, s *voucherShop) error {
		_, err := s.broken.Create(ctx, by, paywall.VoucherInput{Name: "x", Codes: 1, Uses: 1, Scope: paywall.ScopeItem, TargetID: s.item.ID})
		return err
	}, []string{"InTx", "ItemByID", "CreateVoucherBatch", "CreateVouchers", "AddAudit"}},
	"Redeem": {func(ctx context.Context, s *voucherShop) error {
		_, err := s.broken.Redeem(ctx, stranger("192.0.2.0/24"), paywall.Viewer{User: s.ada}, paywall.RedeemInput{Code: s.codes[0], Item: s.item.Slug})
		return err
	}, []string{
		"Take", "InTx", "UserByID", "VoucherByMark", "RedemptionsOf", "UseVoucher", "ItemByID", "CreateGrant", "CreateRedemption",
		"AddMail", "AddAudit", "ItemBySlug",
	}},
	"Try": {func(ctx context.Context, s *voucherShop) error {
		return s.broken.Try(ctx, stranger("192.0.2.0/24"), s.codes[1])
	}, []string{"Take", "VoucherByMark"}},
	"Any": {func(ctx context.Context, s *voucherShop) error {
		_, err := s.broken.Any(ctx)
		return err
	}, []string{"AnyVoucher"}},
	"Mail": {func(ctx context.Context, s *voucherShop) error {
		_, err := s.broken.Mail(ctx, by, s.batch.ID, "ada@example.org", "en")
		return err
	}, []string{"UserByEmail", "InTx", "VoucherBatch", "FreeVouchers", "ItemByID", "HasVoucherMail", "SendVoucher", "AddMail", "AddAudit"}},
	"Void": {func(ctx context.Context, s *voucherShop) error { return s.broken.Void(ctx, by, s.batch.ID, s.first) },
		[]string{"InTx", "VoucherByID", "VoidVoucher", "AddAudit"}},
	"VoidAll": {func(ctx context.Context, s *voucherShop) error {
		_, err := s.broken.VoidAll(ctx, by, s.batch.ID)
		return err
	}, []string{"InTx", "VoucherBatch", "VoidVouchers", "AddAudit"}},
	"Extend": {func(ctx context.Context, s *voucherShop) error {
		return s.broken.Extend(ctx, by, s.batch.ID, opening.Add(1000*time.Hour))
	}, []string{"InTx", "VoucherBatch", "SetVoucherEnd", "AddAudit"}},
	"Sheet": {func(ctx context.Context, s *voucherShop) error {
		_, err := s.broken.Sheet(ctx, by, s.batch.ID, 10, 0)
		return err
	}, []string{"InTx", "VoucherBatch", "Vouchers", "AddAudit"}},
	"Export": {func(ctx context.Context, s *voucherShop) error {
		_, _, err := s.broken.Export(ctx, by, s.batch.ID)
		return err
	}, []string{"InTx", "VoucherBatch", "Vouchers", "AddAudit"}},
}

// TestFaults_vouchers: whatever fails, the failure comes out and nothing is left
// behind: no use without its grant, no grant without its use.
func TestFaults_vouchers(t *testing.T) {
	for name, test := range voucherCalls {
		faults := map[string]error{}
		s := newVoucherShop(t, faults)
		before := s.state(t)
		for _, method := range test.methods {
			t.Run(name+"/"+method, func(t *testing.T) {
				faults[method] = errFault
				defer delete(faults, method)
				s.clock.Pass(time.Hour) // tries are counted whatever comes of them
				wantErr(t, test.call(t.Context(), s), errFault)
				wantSame(t, s.state(t), before)
			})
		}
		if err := test.call(t.Context(), s); err != nil {
			t.Errorf("%s fails on its own: %v", name, err)
		}
	}
}
