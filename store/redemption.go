package store

import (
	"context"

	"usher/paywall"
)

const redemptionColumns = `r.id, r.voucher_id, r.batch_id, r.user_id, r.grant_id, r.again, r.redeemed_at`

func redemptionPlaces(r *paywall.Redemption) []any {
	return []any{&r.ID, &r.VoucherID, &r.BatchID, &r.UserID, &r.GrantID, &r.Again, (*instant)(&r.At)}
}

// CreateRedemption keeps a use; ErrExists when the person used a code of the
// batch before and it allows no other.
func (q *queries) CreateRedemption(ctx context.Context, r paywall.Redemption) error {
	_, err := exec(ctx, q.write, "CreateRedemption", `
		INSERT INTO voucher_redemptions (id, voucher_id, batch_id, user_id, grant_id, again, redeemed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, r.VoucherID, r.BatchID, r.UserID, r.GrantID, r.Again, instant(r.At))
	return err
}

// RedemptionsOf lists a person's uses of codes of a batch, oldest first.
func (q *queries) RedemptionsOf(ctx context.Context, batchID, userID string) ([]paywall.Redemption, error) {
	return queryAll(ctx, q.read, "RedemptionsOf", redemptionPlaces, `
		SELECT `+redemptionColumns+` FROM voucher_redemptions r
		WHERE r.user_id = $2 AND r.batch_id = $1 ORDER BY r.redeemed_at, r.id`, batchID, userID)
}

// Redemptions lists the uses of a batch, newest first, and counts them.
func (q *queries) Redemptions(ctx context.Context, batchID string, limit, offset int) ([]paywall.RedemptionLine, int, error) {
	const op = "Redemptions"
	total, err := queryOne(ctx, q.read, op, place[int],
		`SELECT COUNT(*) FROM voucher_redemptions WHERE batch_id = $1`, batchID)
	if err != nil {
		return nil, 0, err
	}
	places := func(l *paywall.RedemptionLine) []any {
		return append(redemptionPlaces(&l.Redemption), &l.Email, &l.Number)
	}
	lines, err := queryAll(ctx, q.read, op, places, `
		SELECT `+redemptionColumns+`, u.email, v.number
		FROM voucher_redemptions r JOIN users u ON u.id = r.user_id JOIN vouchers v ON v.id = r.voucher_id
		WHERE r.batch_id = $1 ORDER BY r.redeemed_at DESC, r.id DESC LIMIT $2 OFFSET $3`, batchID, limit, offset)
	return lines, total, err
}
