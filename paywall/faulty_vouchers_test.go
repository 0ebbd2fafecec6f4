package paywall_test

import (
	"context"
	"time"

	"usher/paywall"
)

func (f faulty) CreateVoucherBatch(ctx context.Context, b paywall.VoucherBatch) error {
	return unless(f.at("CreateVoucherBatch"), func() error { return f.Store.CreateVoucherBatch(ctx, b) })
}

func (f faulty) CreateVouchers(ctx context.Context, all []paywall.Voucher) error {
	return unless(f.at("CreateVouchers"), func() error { return f.Store.CreateVouchers(ctx, all) })
}

func (f faulty) VoucherBatch(ctx context.Context, id string) (paywall.VoucherBatchLine, error) {
	return unlessGet(f.at("VoucherBatch"), func() (paywall.VoucherBatchLine, error) { return f.Store.VoucherBatch(ctx, id) })
}

func (f faulty) SetVoucherEnd(ctx context.Context, id string, until time.Time) error {
	return unless(f.at("SetVoucherEnd"), func() error { return f.Store.SetVoucherEnd(ctx, id, until) })
}

func (f faulty) Vouchers(ctx context.Context, batchID string, limit, offset int) ([]paywall.VoucherLine, error) {
	return unlessGet(f.at("Vouchers"), func() ([]paywall.VoucherLine, error) { return f.Store.Vouchers(ctx, batchID, limit, offset) })
}

func (f faulty) VoucherByID(ctx context.Context, batchID, id string) (paywall.Voucher, error) {
	return unlessGet(f.at("VoucherByID"), func() (paywall.Voucher, error) { return f.Store.VoucherByID(ctx, batchID, id) })
}

func (f faulty) VoucherByMark(ctx context.Context, mark []byte) (paywall.Voucher, paywall.VoucherBatch, error) {
	if err := f.at("VoucherByMark"); err != nil {
		return paywall.Voucher{}, paywall.VoucherBatch{}, err
	}
	return f.Store.VoucherByMark(ctx, mark)
}

func (f faulty) UseVoucher(ctx context.Context, id string, now time.Time) error {
	return unless(f.at("UseVoucher"), func() error { return f.Store.UseVoucher(ctx, id, now) })
}

func (f faulty) VoidVoucher(ctx context.Context, batchID, id string, at time.Time) error {
	return unless(f.at("VoidVoucher"), func() error { return f.Store.VoidVoucher(ctx, batchID, id, at) })
}

func (f faulty) VoidVouchers(ctx context.Context, batchID string, at time.Time) (int, error) {
	return unlessGet(f.at("VoidVouchers"), func() (int, error) { return f.Store.VoidVouchers(ctx, batchID, at) })
}

func (f faulty) FreeVouchers(ctx context.Context, batchID string, limit int) ([]paywall.Voucher, error) {
	return unlessGet(f.at("FreeVouchers"), func() ([]paywall.Voucher, error) { return f.Store.FreeVouchers(ctx, batchID, limit) })
}

func (f faulty) SendVoucher(ctx context.Context, m paywall.VoucherMail) error {
	return unless(f.at("SendVoucher"), func() error { return f.Store.SendVoucher(ctx, m) })
}

func (f faulty) AnyVoucher(ctx context.Context, now time.Time) (bool, error) {
	return unlessGet(f.at("AnyVoucher"), func() (bool, error) { return f.Store.AnyVoucher(ctx, now) })
}

func (f faulty) HasVoucherMail(ctx context.Context, batchID, recipient string) (bool, error) {
	return unlessGet(f.at("HasVoucherMail"), func() (bool, error) { return f.Store.HasVoucherMail(ctx, batchID, recipient) })
}

func (f faulty) CreateRedemption(ctx context.Context, r paywall.Redemption) error {
	return unless(f.at("CreateRedemption"), func() error { return f.Store.CreateRedemption(ctx, r) })
}

func (f faulty) RedemptionsOf(ctx context.Context, batchID, userID string) ([]paywall.Redemption, error) {
	return unlessGet(f.at("RedemptionsOf"), func() ([]paywall.Redemption, error) { return f.Store.RedemptionsOf(ctx, batchID, userID) })
}
