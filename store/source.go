package store

import (
	"context"
	"slices"
	"time"

	"usher/paywall"
)

// sourceColumns stand on the empty side of an outer join, hence COALESCE.
const sourceColumns = `COALESCE(s.id, ''), COALESCE(s.kind, ''), COALESCE(s.label, ''),
	COALESCE(s.url, ''), COALESCE(s.ref, ''), COALESCE(s.channel, ''),
	COALESCE(s.window_seconds, 0), COALESCE(s.position, 0),
	COALESCE(s.trouble_at, 0), COALESCE(s.trouble, '')`

func sourcePlaces(s *paywall.Source) []any {
	return []any{
		&s.ID, (*string)(&s.Kind), &s.Label, &s.URL, &s.Ref, &s.Channel,
		(*seconds)(&s.Window), &s.Position, (*instant)(&s.TroubleAt), &s.Trouble,
	}
}

func sourceValues(itemID string, s paywall.Source) []any {
	return []any{
		s.ID, itemID, string(s.Kind), s.Label, s.URL, s.Ref, s.Channel,
		seconds(s.Window), s.Position, instant(s.TroubleAt), s.Trouble,
	}
}

const (
	insertSource = `
		INSERT INTO sources (id, item_id, kind, label, url, ref, channel, window_seconds,
			position, trouble_at, trouble)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	updateSource = `
		UPDATE sources SET kind = $3, label = $4, url = $5, ref = $6, channel = $7,
			window_seconds = $8, position = $9, trouble_at = $10, trouble = $11
		WHERE id = $1 AND item_id = $2`
)

// replaceSources brings the stored sources of an item to those of i. It looks
// at ids, so that a source that stays keeps its id and with it its links. An id
// that belongs to another item is refused by the primary key.
func (q *queries) replaceSources(ctx context.Context, i paywall.Item) error {
	const op = "replaceSources"
	stored, err := queryAll(ctx, q.read, op, func(id *string) []any { return []any{id} },
		`SELECT id FROM sources WHERE item_id = $1`, i.ID)
	if err != nil {
		return err
	}
	for _, id := range stored {
		if _, kept := i.Source(id); kept {
			continue
		}
		if err := execOne(ctx, q.write, op, `DELETE FROM sources WHERE id = $1`, id); err != nil {
			return err
		}
	}
	for _, s := range i.Sources {
		query := insertSource
		if slices.Contains(stored, s.ID) {
			query = updateSource
		}
		if err := execOne(ctx, q.write, op, query, sourceValues(i.ID, s)...); err != nil {
			return err
		}
	}
	return nil
}

// SetSourceTrouble keeps why the last mint failed; "" clears it.
func (q *queries) SetSourceTrouble(ctx context.Context, sourceID, trouble string, at time.Time) error {
	if trouble == "" {
		at = time.Time{}
	}
	return execOne(ctx, q.write, "SetSourceTrouble",
		`UPDATE sources SET trouble = $2, trouble_at = $3 WHERE id = $1`, sourceID, trouble, instant(at))
}
