package store

import (
	"context"
	"time"

	"usher/paywall"
)

// PutSecondFactor stores or replaces a person's second factor.
func (q *queries) PutSecondFactor(ctx context.Context, f paywall.SecondFactor) error {
	_, err := exec(ctx, q.write, "PutSecondFactor", `
		INSERT INTO second_factors (user_id, secret, created_at, confirmed_at, last_step)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at,
			confirmed_at = excluded.confirmed_at, last_step = excluded.last_step`,
		f.UserID, blob(f.Secret), instant(f.CreatedAt), instant(f.ConfirmedAt), f.LastStep)
	return err
}

// SecondFactorOf finds a person's second factor.
func (q *queries) SecondFactorOf(ctx context.Context, userID string) (paywall.SecondFactor, error) {
	places := func(f *paywall.SecondFactor) []any {
		return []any{&f.UserID, (*blob)(&f.Secret), (*instant)(&f.CreatedAt), (*instant)(&f.ConfirmedAt), &f.LastStep}
	}
	return queryOne(ctx, q.read, "SecondFactorOf", places, `
		SELECT user_id, secret, created_at, confirmed_at, last_step FROM second_factors WHERE user_id = $1`, userID)
}

// UseStep moves the last used step on; false when it was used already.
func (q *queries) UseStep(ctx context.Context, userID string, step int64) (bool, error) {
	n, err := exec(ctx, q.write, "UseStep",
		`UPDATE second_factors SET last_step = $2 WHERE user_id = $1 AND last_step < $2`, userID, step)
	return n == 1, err
}

// DeleteSecondFactor removes the factor and its recovery codes.
func (q *queries) DeleteSecondFactor(ctx context.Context, userID string) error {
	return q.atomic(ctx, func(q *queries) error {
		for _, query := range []string{
			`DELETE FROM second_factors WHERE user_id = $1`, `DELETE FROM recovery_codes WHERE user_id = $1`,
		} {
			if _, err := exec(ctx, q.write, "DeleteSecondFactor", query, userID); err != nil {
				return err
			}
		}
		return nil
	})
}

// PutRecoveryCodes replaces a person's recovery codes.
func (q *queries) PutRecoveryCodes(ctx context.Context, userID string, marks [][]byte) error {
	const op = "PutRecoveryCodes"
	return q.atomic(ctx, func(q *queries) error {
		if _, err := exec(ctx, q.write, op, `DELETE FROM recovery_codes WHERE user_id = $1`, userID); err != nil {
			return err
		}
		for _, mark := range marks {
			if _, err := exec(ctx, q.write, op,
				`INSERT INTO recovery_codes (user_id, mark, used_at) VALUES ($1, $2, 0)`, userID, mark); err != nil {
				return err
			}
		}
		return nil
	})
}

// UseRecoveryCode uses a code up; false when there is none to use.
func (q *queries) UseRecoveryCode(ctx context.Context, userID string, mark []byte, at time.Time) (bool, error) {
	n, err := exec(ctx, q.write, "UseRecoveryCode", `
		UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND mark = $2 AND used_at = 0`,
		userID, mark, instant(at))
	return n == 1, err
}

// RecoveryCodesLeft counts the unused ones.
func (q *queries) RecoveryCodesLeft(ctx context.Context, userID string) (int, error) {
	return queryOne(ctx, q.read, "RecoveryCodesLeft", place[int],
		`SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at = 0`, userID)
}
