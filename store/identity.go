package store

import (
	"context"

	"usher/paywall"
)

const identityColumns = `issuer, subject, user_id, provider, email, created_at, used_at`

func identityPlaces(i *paywall.Identity) []any {
	return []any{&i.Issuer, &i.Subject, &i.UserID, &i.Provider, &i.Email, (*instant)(&i.CreatedAt), (*instant)(&i.UsedAt)}
}

// CreateIdentity ties a login at another service to an account; ErrExists when
// it is tied to one already.
func (q *queries) CreateIdentity(ctx context.Context, i paywall.Identity) error {
	_, err := exec(ctx, q.write, "CreateIdentity",
		`INSERT INTO identities (`+identityColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		i.Issuer, i.Subject, i.UserID, i.Provider, i.Email, instant(i.CreatedAt), instant(i.UsedAt))
	return err
}

// IdentityBySubject finds whose login at another service it is.
func (q *queries) IdentityBySubject(ctx context.Context, issuer, subject string) (paywall.Identity, error) {
	return queryOne(ctx, q.read, "IdentityBySubject", identityPlaces,
		`SELECT `+identityColumns+` FROM identities WHERE issuer = $1 AND subject = $2`, issuer, subject)
}

// IdentitiesOf lists a person's logins at other services, oldest first.
func (q *queries) IdentitiesOf(ctx context.Context, userID string) ([]paywall.Identity, error) {
	return queryAll(ctx, q.read, "IdentitiesOf", identityPlaces,
		`SELECT `+identityColumns+` FROM identities WHERE user_id = $1 ORDER BY created_at, issuer`, userID)
}

// TouchIdentity keeps the last use and the address that the service told.
func (q *queries) TouchIdentity(ctx context.Context, i paywall.Identity) error {
	return execOne(ctx, q.write, "TouchIdentity",
		`UPDATE identities SET email = $3, used_at = $4 WHERE issuer = $1 AND subject = $2`,
		i.Issuer, i.Subject, i.Email, instant(i.UsedAt))
}

// DeleteIdentity removes a person's login at a provider.
func (q *queries) DeleteIdentity(ctx context.Context, userID, issuer, subject string) error {
	return execOne(ctx, q.write, "DeleteIdentity",
		`DELETE FROM identities WHERE user_id = $1 AND issuer = $2 AND subject = $3`, userID, issuer, subject)
}
