package store

import (
	"context"

	"usher/paywall"
)

const passkeyColumns = `id, user_id, name, credential, created_at, used_at`

func passkeyPlaces(p *paywall.Passkey) []any {
	return []any{&p.ID, &p.UserID, &p.Name, (*blob)(&p.Credential), (*instant)(&p.CreatedAt), (*instant)(&p.UsedAt)}
}

// CreatePasskey stores a passkey; ErrExists when its id is taken.
func (q *queries) CreatePasskey(ctx context.Context, p paywall.Passkey) error {
	_, err := exec(ctx, q.write, "CreatePasskey",
		`INSERT INTO passkeys (`+passkeyColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.ID, p.UserID, p.Name, blob(p.Credential), instant(p.CreatedAt), instant(p.UsedAt))
	return err
}

// PasskeyByID finds a passkey by its credential id.
func (q *queries) PasskeyByID(ctx context.Context, id string) (paywall.Passkey, error) {
	return queryOne(ctx, q.read, "PasskeyByID", passkeyPlaces,
		`SELECT `+passkeyColumns+` FROM passkeys WHERE id = $1`, id)
}

// PasskeysOf lists a person's passkeys, oldest first.
func (q *queries) PasskeysOf(ctx context.Context, userID string) ([]paywall.Passkey, error) {
	return queryAll(ctx, q.read, "PasskeysOf", passkeyPlaces,
		`SELECT `+passkeyColumns+` FROM passkeys WHERE user_id = $1 ORDER BY created_at, id`, userID)
}

// UpdatePasskey keeps name, credential and last use of the person's passkey.
func (q *queries) UpdatePasskey(ctx context.Context, p paywall.Passkey) error {
	return execOne(ctx, q.write, "UpdatePasskey", `
		UPDATE passkeys SET name = $3, credential = $4, used_at = $5 WHERE id = $1 AND user_id = $2`,
		p.ID, p.UserID, p.Name, blob(p.Credential), instant(p.UsedAt))
}

// DeletePasskey removes a person's passkey.
func (q *queries) DeletePasskey(ctx context.Context, userID, id string) error {
	return execOne(ctx, q.write, "DeletePasskey", `DELETE FROM passkeys WHERE user_id = $1 AND id = $2`, userID, id)
}
