package store

import (
	"context"

	"usher/paywall"
)

// NewestSealed gives the newest text of each kind that there is.
func (q *queries) NewestSealed(ctx context.Context) ([]paywall.SealedText, error) {
	places := func(s *paywall.SealedText) []any {
		return []any{(*string)(&s.Kind), &s.ID, (*blob)(&s.Sealed)}
	}
	return queryAll(ctx, q.read, "NewestSealed", places, `
		SELECT CAST($1 AS TEXT), '', sealed FROM connection WHERE length(sealed) > 0
		UNION ALL SELECT CAST($2 AS TEXT), f.user_id, f.secret FROM (
			SELECT user_id, secret FROM second_factors ORDER BY created_at DESC LIMIT 1) AS f
		UNION ALL SELECT CAST($3 AS TEXT), m.id, m.sealed FROM (
			SELECT id, sealed FROM mails WHERE state = $4 AND length(sealed) > 0 ORDER BY next_at DESC LIMIT 1) AS m
		UNION ALL SELECT CAST($5 AS TEXT), v.id, v.sealed FROM (
			SELECT id, sealed FROM vouchers WHERE batch_id = (
				SELECT id FROM voucher_batches ORDER BY created_at DESC, id DESC LIMIT 1) LIMIT 1) AS v`,
		string(paywall.SealedToken), string(paywall.SealedFactor), string(paywall.SealedMail), string(paywall.MailQueued),
		string(paywall.SealedVoucher))
}
