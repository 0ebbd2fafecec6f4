package store

import (
	"context"

	"usher/paywall"
)

func collectionPlaces(c *paywall.Collection) []any {
	return []any{&c.ID, &c.Title, (*instant)(&c.CreatedAt)}
}

// CreateCollection stores a collection.
func (q *queries) CreateCollection(ctx context.Context, c paywall.Collection) error {
	_, err := exec(ctx, q.write, "CreateCollection",
		`INSERT INTO collections (id, title, created_at) VALUES ($1, $2, $3)`,
		c.ID, c.Title, instant(c.CreatedAt))
	return err
}

// Collections lists all by title.
func (q *queries) Collections(ctx context.Context) ([]paywall.Collection, error) {
	return queryAll(ctx, q.read, "Collections", collectionPlaces,
		`SELECT id, title, created_at FROM collections ORDER BY lower(title), id`)
}
