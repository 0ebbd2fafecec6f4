package store

import (
	"context"

	"usher/paywall"
)

const userColumns = `u.id, u.email, u.name, u.role, u.password_hash,
	u.confirmed_at, u.disabled_at, u.created_at,
	u.language, u.zone, u.quiet_devices, u.quiet_access, u.deleted_at,
	u.disabled_reason, u.note`

func userPlaces(u *paywall.User) []any {
	return []any{
		&u.ID, &u.Email, &u.Name, (*string)(&u.Role), &u.PasswordHash,
		(*instant)(&u.ConfirmedAt), (*instant)(&u.DisabledAt), (*instant)(&u.CreatedAt),
		&u.Language, &u.Zone, &u.QuietDevices, &u.QuietAccess, (*instant)(&u.DeletedAt),
		&u.DisabledReason, &u.Note,
	}
}

func userValues(u paywall.User) []any {
	return []any{
		u.ID, u.Email, u.Name, string(u.Role), u.PasswordHash,
		instant(u.ConfirmedAt), instant(u.DisabledAt), instant(u.CreatedAt),
		u.Language, u.Zone, u.QuietDevices, u.QuietAccess, instant(u.DeletedAt),
		u.DisabledReason, u.Note, searchText(u),
	}
}

// CreateUser stores an account; ErrExists when its address is taken.
func (q *queries) CreateUser(ctx context.Context, u paywall.User) error {
	_, err := exec(ctx, q.write, "CreateUser", `
		INSERT INTO users (id, email, name, role, password_hash, confirmed_at, disabled_at, created_at,
			language, zone, quiet_devices, quiet_access, deleted_at, disabled_reason, note, search)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, userValues(u)...)
	return err
}

// UserByEmail finds an account by its canonical address.
func (q *queries) UserByEmail(ctx context.Context, email string) (paywall.User, error) {
	return queryOne(ctx, q.read, "UserByEmail", userPlaces,
		`SELECT `+userColumns+` FROM users u WHERE u.email = $1`+q.lock, email)
}

// UserByID finds an account.
func (q *queries) UserByID(ctx context.Context, id string) (paywall.User, error) {
	return queryOne(ctx, q.read, "UserByID", userPlaces,
		`SELECT `+userColumns+` FROM users u WHERE u.id = $1`+q.lock, id)
}

// UpdateUser replaces every field of the account with u.ID.
func (q *queries) UpdateUser(ctx context.Context, u paywall.User) error {
	return execOne(ctx, q.write, "UpdateUser", `
		UPDATE users SET email = $2, name = $3, role = $4, password_hash = $5,
			confirmed_at = $6, disabled_at = $7, created_at = $8,
			language = $9, zone = $10, quiet_devices = $11, quiet_access = $12, deleted_at = $13,
			disabled_reason = $14, note = $15, search = $16
		WHERE id = $1`, userValues(u)...)
}

// Staff lists the accounts that run the site, by role and address.
func (q *queries) Staff(ctx context.Context) ([]paywall.User, error) {
	return queryAll(ctx, q.read, "Staff", userPlaces, `SELECT `+userColumns+` FROM users u
		WHERE u.role <> 'member' AND u.deleted_at = 0
		ORDER BY CASE u.role WHEN 'owner' THEN 1 WHEN 'support' THEN 2 WHEN 'editor' THEN 3 ELSE 4 END, u.email`)
}

// CountOwners counts the owners who can sign in.
func (q *queries) CountOwners(ctx context.Context) (int, error) {
	return queryOne(ctx, q.read, "CountOwners", place[int],
		`SELECT COUNT(*) FROM (SELECT id FROM users
			WHERE role = 'owner' AND disabled_at = 0 AND deleted_at = 0`+q.lock+`) AS owners`)
}
