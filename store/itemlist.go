package store

import (
	"context"
	"time"

	"usher/paywall"
)

// itemOrders are the orders of a list of items; nothing else is ever put there.
var itemOrders = map[paywall.ItemSort]string{
	paywall.SortPosition: `i.position, lower(i.title), i.id`,
	paywall.SortTitle:    `lower(i.title), i.id`,
	paywall.SortState:    `i.published, lower(i.title), i.id`,
	paywall.SortAccess:   `i.access, lower(i.title), i.id`,
	paywall.SortChanged:  `i.updated_at DESC, i.id`,
}

// itemFilter takes the items of a paywall.ItemFilter: $1 the text as a pattern,
// $2 the collection, $3 the state.
const itemFilter = `
	WHERE (lower(i.title) LIKE lower($1) ESCAPE '!' OR lower(i.summary) LIKE lower($1) ESCAPE '!' OR i.slug LIKE lower($1) ESCAPE '!')
	AND (CAST($2 AS TEXT) = '' OR COALESCE(i.collection_id, '-') = $2)
	AND (CAST($3 AS TEXT) = ''
		OR ($3 = 'published' AND i.published) OR ($3 = 'draft' AND NOT i.published)
		OR ($3 = 'trouble' AND EXISTS (SELECT 1 FROM sources t WHERE t.item_id = i.id AND t.trouble <> ''))
		OR ($3 = 'bare' AND NOT EXISTS (SELECT 1 FROM sources t WHERE t.item_id = i.id)))`

// ListItems finds items with their sources, without descriptions, and how many
// the filter takes in all.
func (q *queries) ListItems(ctx context.Context, f paywall.ItemFilter) ([]paywall.Item, int, error) {
	order, known := itemOrders[f.Sort]
	if !known {
		order = itemOrders[paywall.SortPosition]
	}
	chosen := []any{contains(f.Text), f.CollectionID, string(f.State)}
	total, err := queryOne(ctx, q.read, "ListItems", place[int], `SELECT COUNT(*) FROM items i`+itemFilter, chosen...)
	if err != nil {
		return nil, 0, err
	}
	rows, err := queryAll(ctx, q.read, "ListItems", itemRowPlaces, `
		SELECT `+listColumns+`, `+sourceColumns+`
		FROM (SELECT i.* FROM items i`+itemFilter+` ORDER BY `+order+` LIMIT $4 OFFSET $5) i
		LEFT JOIN sources s ON s.item_id = i.id ORDER BY `+order+`, s.position, s.id`,
		append(chosen, f.Limit, f.Offset)...)
	return gather(rows), total, err
}

// ItemSpots lists where all items stand, in order.
func (q *queries) ItemSpots(ctx context.Context) ([]paywall.ItemSpot, error) {
	places := func(s *paywall.ItemSpot) []any {
		return []any{&s.ID, (*string)(&s.Kind), &s.CollectionID, &s.Position}
	}
	return queryAll(ctx, q.read, "ItemSpots", places, `
		SELECT i.id, i.kind, COALESCE(i.collection_id, ''), i.position FROM items i
		ORDER BY `+itemOrders[paywall.SortPosition])
}

// SetItemPosition moves an item.
func (q *queries) SetItemPosition(ctx context.Context, id string, position int) error {
	return execOne(ctx, q.write, "SetItemPosition", `UPDATE items SET position = $2 WHERE id = $1`, id, position)
}

// SetItemPoster changes what an item shows.
func (q *queries) SetItemPoster(ctx context.Context, id, pictureID string, at time.Time) error {
	return execOne(ctx, q.write, "SetItemPoster",
		`UPDATE items SET poster_id = $2, updated_at = $3 WHERE id = $1`, id, pictureID, instant(at))
}

// DeleteItem removes an item, its sources and its old slugs.
func (q *queries) DeleteItem(ctx context.Context, id string) error {
	return execOne(ctx, q.write, "DeleteItem", `DELETE FROM items WHERE id = $1`, id)
}

// KeepOldSlug remembers that an item had a slug.
func (q *queries) KeepOldSlug(ctx context.Context, slug, itemID string, at time.Time) error {
	_, err := exec(ctx, q.write, "KeepOldSlug", `
		INSERT INTO item_slugs (slug, item_id, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (slug) DO UPDATE SET item_id = excluded.item_id, created_at = excluded.created_at`,
		slug, itemID, instant(at))
	return err
}

// DropOldSlug forgets a slug, whoever had it.
func (q *queries) DropOldSlug(ctx context.Context, slug string) error {
	_, err := exec(ctx, q.write, "DropOldSlug", `DELETE FROM item_slugs WHERE slug = $1`, slug)
	return err
}

// MovedItem finds the id of the item that had a slug.
func (q *queries) MovedItem(ctx context.Context, slug string) (string, error) {
	return queryOne(ctx, q.read, "MovedItem", place[string], `SELECT item_id FROM item_slugs WHERE slug = $1`, slug)
}

// CountGrantsOn counts the grants on one item or collection that are live or will
// be.
func (q *queries) CountGrantsOn(ctx context.Context, scope paywall.GrantScope, targetID string, now time.Time) (int, error) {
	return queryOne(ctx, q.read, "CountGrantsOn", place[int], `
		SELECT COUNT(*) FROM grants WHERE scope = $1 AND target_id = $2 AND target_id <> ''
			AND (until_at = 0 OR until_at > $3) AND (revoked_at = 0 OR revoked_at > $3)`,
		string(scope), targetID, instant(now))
}
