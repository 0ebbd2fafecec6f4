package store

import (
	"context"
	"time"

	"usher/paywall"
)

const collectionColumns = `id, slug, title, description, poster_id, position, version, created_at, updated_at`

func collectionPlaces(c *paywall.Collection) []any {
	return []any{
		&c.ID, &c.Slug, &c.Title, &c.Description, &c.PosterID, &c.Position, &c.Version,
		(*instant)(&c.CreatedAt), (*instant)(&c.UpdatedAt),
	}
}

// CreateCollection stores a collection.
func (q *queries) CreateCollection(ctx context.Context, c paywall.Collection) error {
	_, err := exec(ctx, q.write, "CreateCollection", `
		INSERT INTO collections (`+collectionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.ID, c.Slug, c.Title, c.Description, c.PosterID, c.Position, c.Version, instant(c.CreatedAt), instant(c.UpdatedAt))
	return err
}

// Collections lists all by position and title.
func (q *queries) Collections(ctx context.Context) ([]paywall.Collection, error) {
	return queryAll(ctx, q.read, "Collections", collectionPlaces,
		`SELECT `+collectionColumns+` FROM collections ORDER BY position, lower(title), id`)
}

// CollectionByID finds a collection.
func (q *queries) CollectionByID(ctx context.Context, id string) (paywall.Collection, error) {
	return queryOne(ctx, q.read, "CollectionByID", collectionPlaces,
		`SELECT `+collectionColumns+` FROM collections WHERE id = $1`, id)
}

// CollectionBySlug finds a collection by its slug, or by its id.
func (q *queries) CollectionBySlug(ctx context.Context, slug string) (paywall.Collection, error) {
	return queryOne(ctx, q.read, "CollectionBySlug", collectionPlaces,
		`SELECT `+collectionColumns+` FROM collections WHERE (slug = $1 AND slug <> '') OR id = $1`, slug)
}

// UpdateCollection replaces a collection if c.Version is the stored version, and
// raises the version by one.
func (q *queries) UpdateCollection(ctx context.Context, c paywall.Collection) error {
	n, err := exec(ctx, q.write, "UpdateCollection", `
		UPDATE collections SET slug = $2, title = $3, description = $4, updated_at = $5, version = version + 1
		WHERE id = $1 AND version = $6`, c.ID, c.Slug, c.Title, c.Description, instant(c.UpdatedAt), c.Version)
	if err != nil || n > 0 {
		return err
	}
	if _, err := q.CollectionByID(ctx, c.ID); err != nil {
		return err
	}
	return paywall.ErrChanged
}

// SetCollectionPosition moves a collection.
func (q *queries) SetCollectionPosition(ctx context.Context, id string, position int) error {
	return execOne(ctx, q.write, "SetCollectionPosition", `UPDATE collections SET position = $2 WHERE id = $1`, id, position)
}

// SetCollectionPoster changes what a collection shows.
func (q *queries) SetCollectionPoster(ctx context.Context, id, pictureID string, at time.Time) error {
	return execOne(ctx, q.write, "SetCollectionPoster",
		`UPDATE collections SET poster_id = $2, updated_at = $3 WHERE id = $1`, id, pictureID, instant(at))
}

// FreeItems takes all items out of a collection and tells how many there were.
func (q *queries) FreeItems(ctx context.Context, collectionID string, at time.Time) (int, error) {
	n, err := exec(ctx, q.write, "FreeItems", `
		UPDATE items SET collection_id = NULL, version = version + 1, updated_at = $2
		WHERE collection_id = $1`, collectionID, instant(at))
	return int(n), err
}

// DeleteCollection removes a collection without items.
func (q *queries) DeleteCollection(ctx context.Context, id string) error {
	return execOne(ctx, q.write, "DeleteCollection", `DELETE FROM collections WHERE id = $1`, id)
}
