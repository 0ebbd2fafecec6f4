package store

import (
	"context"
	"encoding/hex"
	"time"

	"usher/paywall"
)

// hexed is a column of text that keeps bytes in hexadecimal digits.
type hexed []byte

// Scan reads the column.
func (h *hexed) Scan(src any) (err error) {
	var digits string
	switch v := src.(type) {
	case string:
		digits = v
	case []byte:
		digits = string(v)
	}
	*h, err = hex.DecodeString(digits)
	if len(*h) == 0 {
		*h = nil
	}
	return err
}

// Setup is the state of the first set-up.
func (q *queries) Setup(ctx context.Context) (paywall.Setup, error) {
	places := func(s *paywall.Setup) []any {
		return []any{(*hexed)(&s.SecretHash), (*instant)(&s.ExpiresAt), (*instant)(&s.ClosedAt), &s.Guided}
	}
	return queryOne(ctx, q.read, "Setup", places,
		`SELECT secret_hash, expires_at, closed_at, guided FROM setup WHERE id = 1`)
}

// OfferSetup replaces the address.
func (q *queries) OfferSetup(ctx context.Context, secretHash []byte, expires time.Time) error {
	return execOne(ctx, q.write, "OfferSetup",
		`UPDATE setup SET secret_hash = $1, expires_at = $2 WHERE id = 1 AND closed_at = 0`,
		hex.EncodeToString(secretHash), instant(expires))
}

// UseSetup closes the set-up with the address's secret. The one statement is
// what makes it happen once.
func (q *queries) UseSetup(ctx context.Context, secretHash []byte, now time.Time) error {
	return execOne(ctx, q.write, "UseSetup", `
		UPDATE setup SET closed_at = $2, secret_hash = '', expires_at = 0
		WHERE id = 1 AND closed_at = 0 AND secret_hash = $1 AND secret_hash <> '' AND expires_at > $2`,
		hex.EncodeToString(secretHash), instant(now))
}

// CloseSetup closes the set-up without an address.
func (q *queries) CloseSetup(ctx context.Context, at time.Time) error {
	_, err := exec(ctx, q.write, "CloseSetup", `
		UPDATE setup SET closed_at = $1, secret_hash = '', expires_at = 0 WHERE id = 1 AND closed_at = 0`, instant(at))
	return err
}

// GuideSetup says whether the owner is led through the steps.
func (q *queries) GuideSetup(ctx context.Context, on bool) error {
	return execOne(ctx, q.write, "GuideSetup", `UPDATE setup SET guided = $1 WHERE id = 1`, on)
}

// LastHeard is when a player last told that it plays.
func (q *queries) LastHeard(ctx context.Context) (time.Time, error) {
	at, err := queryOne(ctx, q.read, "LastHeard", place[instant],
		`SELECT COALESCE(MAX(seen_at), 0) FROM plays WHERE seen_at > 0`)
	return time.Time(at), err
}

type skip struct {
	step paywall.Step
	at   time.Time
}

// SkippedSteps gives the steps that are not needed, and since when.
func (q *queries) SkippedSteps(ctx context.Context) (map[paywall.Step]time.Time, error) {
	all, err := queryAll(ctx, q.read, "SkippedSteps",
		func(s *skip) []any { return []any{(*string)(&s.step), (*instant)(&s.at)} },
		`SELECT step, skipped_at FROM setup_skips`)
	if err != nil {
		return nil, err
	}
	steps := make(map[paywall.Step]time.Time, len(all))
	for _, s := range all {
		steps[s.step] = s.at
	}
	return steps, nil
}

// SkipStep notes that a step is not needed.
func (q *queries) SkipStep(ctx context.Context, step paywall.Step, at time.Time) error {
	_, err := exec(ctx, q.write, "SkipStep", `
		INSERT INTO setup_skips (step, skipped_at) VALUES ($1, $2) ON CONFLICT (step) DO NOTHING`,
		string(step), instant(at))
	return err
}

// ResumeStep forgets that a step is not needed.
func (q *queries) ResumeStep(ctx context.Context, step paywall.Step) error {
	_, err := exec(ctx, q.write, "ResumeStep", `DELETE FROM setup_skips WHERE step = $1`, string(step))
	return err
}
