package store

import (
	"context"
	"time"

	"usher/paywall"
)

const proofColumns = `id, kind, user_id, email, window_hash, code_mark, link_hash, next, payload,
	tries, created_at, code_until_at, expires_at, spent_at`

func proofPlaces(p *paywall.Proof) []any {
	return []any{
		&p.ID, (*string)(&p.Kind), &p.UserID, &p.Email, (*blob)(&p.WindowHash), (*blob)(&p.CodeMark), (*blob)(&p.LinkHash), &p.Next, (*blob)(&p.Payload),
		&p.Tries, (*instant)(&p.CreatedAt), (*instant)(&p.CodeUntil), (*instant)(&p.ExpiresAt), (*instant)(&p.SpentAt),
	}
}

// CreateProof stores what somebody was asked to prove.
func (q *queries) CreateProof(ctx context.Context, p paywall.Proof) error {
	_, err := exec(ctx, q.write, "CreateProof", `
		INSERT INTO proofs (`+proofColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, string(p.Kind), p.UserID, p.Email, blob(p.WindowHash), blob(p.CodeMark), blob(p.LinkHash), p.Next,
		blob(p.Payload), p.Tries, instant(p.CreatedAt), instant(p.CodeUntil), instant(p.ExpiresAt), instant(p.SpentAt))
	return err
}

// ProofByLink finds a proof by the hash of its link.
func (q *queries) ProofByLink(ctx context.Context, linkHash []byte) (paywall.Proof, error) {
	return queryOne(ctx, q.read, "ProofByLink", proofPlaces,
		`SELECT `+proofColumns+` FROM proofs WHERE link_hash = $1`, linkHash)
}

// ProofByWindow finds the newest proof that a window asked for.
func (q *queries) ProofByWindow(ctx context.Context, windowHash []byte) (paywall.Proof, error) {
	return queryOne(ctx, q.read, "ProofByWindow", proofPlaces, `
		SELECT `+proofColumns+` FROM proofs WHERE window_hash = $1
		ORDER BY created_at DESC, id LIMIT 1`, windowHash)
}

// VoidProofs spends the unused proofs of a kind for an address or of an account.
func (q *queries) VoidProofs(ctx context.Context, kind paywall.ProofKind, email, userID string, at time.Time) error {
	_, err := exec(ctx, q.write, "VoidProofs", `
		UPDATE proofs SET spent_at = $4
		WHERE kind = $1 AND spent_at = 0 AND (email = $2 AND $2 <> '' OR user_id = $3 AND $3 <> '')`,
		string(kind), email, userID, instant(at))
	return err
}

// CountTry counts a try at a proof's code; false when there are none left.
func (q *queries) CountTry(ctx context.Context, id string, most int) (bool, error) {
	n, err := exec(ctx, q.write, "CountTry",
		`UPDATE proofs SET tries = tries + 1 WHERE id = $1 AND tries < $2 AND spent_at = 0`, id, most)
	return n == 1, err
}

// SpendProof uses a proof up; ErrNotFound when that was done before.
func (q *queries) SpendProof(ctx context.Context, id string, at time.Time) error {
	return execOne(ctx, q.write, "SpendProof",
		`UPDATE proofs SET spent_at = $2 WHERE id = $1 AND spent_at = 0`, id, instant(at))
}

// OpenProofs lists the unused proofs of a kind, newest first.
func (q *queries) OpenProofs(ctx context.Context, kind paywall.ProofKind, now time.Time) ([]paywall.Proof, error) {
	return queryAll(ctx, q.read, "OpenProofs", proofPlaces, `
		SELECT `+proofColumns+` FROM proofs WHERE kind = $1 AND spent_at = 0 AND expires_at > $2
		ORDER BY created_at DESC, id LIMIT 500`, string(kind), instant(now))
}

// DeleteOldProofs removes proofs and challenges that ended before an instant.
func (q *queries) DeleteOldProofs(ctx context.Context, before time.Time) error {
	const op = "DeleteOldProofs"
	if _, err := exec(ctx, q.write, op, `DELETE FROM proofs WHERE expires_at < $1`, instant(before)); err != nil {
		return err
	}
	_, err := exec(ctx, q.write, op, `DELETE FROM challenges WHERE expires_at < $1`, instant(before))
	return err
}
