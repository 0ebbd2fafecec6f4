package store

import (
	"context"
	"time"

	"usher/paywall"
)

func devicePlaces(d *paywall.Device) []any {
	return []any{&d.ID, &d.UserID, (*blob)(&d.SecretHash), (*instant)(&d.CreatedAt), (*instant)(&d.SeenAt)}
}

// CreateDevice stores a browser that has signed in.
func (q *queries) CreateDevice(ctx context.Context, d paywall.Device) error {
	_, err := exec(ctx, q.write, "CreateDevice", `
		INSERT INTO devices (id, user_id, secret_hash, created_at, seen_at) VALUES ($1, $2, $3, $4, $5)`,
		d.ID, d.UserID, blob(d.SecretHash), instant(d.CreatedAt), instant(d.SeenAt))
	return err
}

// DeviceByID finds a browser that has signed in.
func (q *queries) DeviceByID(ctx context.Context, id string) (paywall.Device, error) {
	return queryOne(ctx, q.read, "DeviceByID", devicePlaces,
		`SELECT id, user_id, secret_hash, created_at, seen_at FROM devices WHERE id = $1`, id)
}

// TouchDevice moves "last seen".
func (q *queries) TouchDevice(ctx context.Context, id string, seen time.Time) error {
	return execOne(ctx, q.write, "TouchDevice", `UPDATE devices SET seen_at = $2 WHERE id = $1`, id, instant(seen))
}

// CountDevices counts the browsers a person has signed in with.
func (q *queries) CountDevices(ctx context.Context, userID string) (int, error) {
	return queryOne(ctx, q.read, "CountDevices", place[int],
		`SELECT COUNT(*) FROM devices WHERE user_id = $1`, userID)
}

// DeleteDevicesOf forgets all devices of a person but the one with keepID.
func (q *queries) DeleteDevicesOf(ctx context.Context, userID, keepID string) error {
	_, err := exec(ctx, q.write, "DeleteDevicesOf",
		`DELETE FROM devices WHERE user_id = $1 AND id <> $2`, userID, keepID)
	return err
}

// DeleteIdleDevices forgets those unseen since an instant.
func (q *queries) DeleteIdleDevices(ctx context.Context, before time.Time) error {
	_, err := exec(ctx, q.write, "DeleteIdleDevices", `DELETE FROM devices WHERE seen_at < $1`, instant(before))
	return err
}
