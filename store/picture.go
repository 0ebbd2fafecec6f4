package store

import (
	"context"
	"time"

	"usher/paywall"
)

// PutPicture stores a picture; one that is there already counts as made now.
func (q *queries) PutPicture(ctx context.Context, p paywall.Picture) error {
	_, err := exec(ctx, q.write, "PutPicture", `
		INSERT INTO pictures (id, type, width, height, bytes, small, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at`,
		p.ID, p.Type, p.Width, p.Height, blob(p.Bytes), blob(p.Small), instant(p.CreatedAt))
	return err
}

// PictureBytes finds the type and the bytes of a picture, or those for lists.
func (q *queries) PictureBytes(ctx context.Context, id string, small bool) (string, []byte, error) {
	type file struct {
		contentType string
		body        []byte
	}
	query := `SELECT type, bytes FROM pictures WHERE id = $1`
	if small {
		query = `SELECT type, small FROM pictures WHERE id = $1`
	}
	places := func(f *file) []any { return []any{&f.contentType, (*blob)(&f.body)} }
	found, err := queryOne(ctx, q.read, "PictureBytes", places, query, id)
	return found.contentType, found.body, err
}

// DeleteUnusedPictures removes pictures made before an instant that nothing shows.
// A setting that shows a picture holds its id and nothing else.
func (q *queries) DeleteUnusedPictures(ctx context.Context, before time.Time) error {
	_, err := exec(ctx, q.write, "DeleteUnusedPictures", `
		DELETE FROM pictures WHERE created_at < $1
			AND NOT EXISTS (SELECT 1 FROM items i WHERE i.poster_id = pictures.id)
			AND NOT EXISTS (SELECT 1 FROM collections c WHERE c.poster_id = pictures.id)
			AND NOT EXISTS (SELECT 1 FROM settings s WHERE s.value = pictures.id)`, instant(before))
	return err
}
