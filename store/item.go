package store

import (
	"context"

	"usher/paywall"
)

// listColumns are those of an item in a list, which leaves long texts out.
const (
	shortColumns = `i.id, i.slug, i.kind, i.title, i.summary, COALESCE(i.collection_id, ''),
		i.access, i.published, i.opens_at, i.closes_at, i.position, i.version, i.created_at, i.updated_at,
		i.poster_id, i.duration_seconds`
	itemColumns = shortColumns + `, i.description`
	listColumns = shortColumns + `, ''`
)

func itemPlaces(i *paywall.Item) []any {
	return []any{
		&i.ID, &i.Slug, (*string)(&i.Kind), &i.Title, &i.Summary, &i.CollectionID,
		(*string)(&i.Access), &i.Published, (*instant)(&i.OpensAt), (*instant)(&i.ClosesAt),
		&i.Position, &i.Version, (*instant)(&i.CreatedAt), (*instant)(&i.UpdatedAt),
		&i.PosterID, (*seconds)(&i.Duration), &i.Description,
	}
}

func itemValues(i paywall.Item) []any {
	return []any{
		i.ID, i.Slug, string(i.Kind), i.Title, i.Summary, i.CollectionID,
		string(i.Access), i.Published, instant(i.OpensAt), instant(i.ClosesAt),
		i.Position, i.Version, instant(i.UpdatedAt), i.PosterID, seconds(i.Duration), i.Description,
	}
}

// An item comes with its sources in one query; an item without a source gives
// one row with an empty source.
const (
	itemsWithSources = `SELECT ` + itemColumns + `, ` + sourceColumns + `
		FROM items i LEFT JOIN sources s ON s.item_id = i.id`
	listWithSources = `SELECT ` + listColumns + `, ` + sourceColumns + `
		FROM items i LEFT JOIN sources s ON s.item_id = i.id`
	itemBySlug = itemsWithSources + ` WHERE i.slug = $1 ORDER BY s.position, s.id`
	itemByID   = itemsWithSources + ` WHERE i.id = $1 ORDER BY s.position, s.id`
)

type itemRow struct {
	item   paywall.Item
	source paywall.Source
}

func itemRowPlaces(r *itemRow) []any {
	return append(itemPlaces(&r.item), sourcePlaces(&r.source)...)
}

// gather makes items out of rows in which the rows of an item stand together.
func gather(rows []itemRow) []paywall.Item {
	var items []paywall.Item
	for _, row := range rows {
		if n := len(items); n == 0 || items[n-1].ID != row.item.ID {
			items = append(items, row.item)
		}
		if row.source.ID != "" {
			last := &items[len(items)-1]
			row.source.ItemID = last.ID
			last.Sources = append(last.Sources, row.source)
		}
	}
	return items
}

// ItemBySlug finds an item of any state, with its sources in order.
func (q *queries) ItemBySlug(ctx context.Context, slug string) (paywall.Item, error) {
	return q.item(ctx, "ItemBySlug", itemBySlug, slug)
}

// ItemByID is ItemBySlug by id.
func (q *queries) ItemByID(ctx context.Context, id string) (paywall.Item, error) {
	return q.item(ctx, "ItemByID", itemByID, id)
}

func (q *queries) item(ctx context.Context, op, query, key string) (paywall.Item, error) {
	rows, err := queryAll(ctx, q.read, op, itemRowPlaces, query, key)
	if err != nil {
		return paywall.Item{}, err
	}
	if len(rows) == 0 {
		return paywall.Item{}, paywall.ErrNotFound
	}
	return gather(rows)[0], nil
}

// PublishedItems lists what is on, by position and title, without sources.
func (q *queries) PublishedItems(ctx context.Context) ([]paywall.Item, error) {
	return queryAll(ctx, q.read, "PublishedItems", itemPlaces, `
		SELECT `+listColumns+` FROM items i
		WHERE i.published ORDER BY i.position, lower(i.title), i.id`)
}

// AllItems lists drafts too, with their sources, by position and title.
func (q *queries) AllItems(ctx context.Context) ([]paywall.Item, error) {
	rows, err := queryAll(ctx, q.read, "AllItems", itemRowPlaces,
		listWithSources+` ORDER BY i.position, lower(i.title), i.id, s.position, s.id`)
	return gather(rows), err
}

// CreateItem stores an item and its sources.
func (q *queries) CreateItem(ctx context.Context, i paywall.Item) error {
	return q.atomic(ctx, func(q *queries) error {
		_, err := exec(ctx, q.write, "CreateItem", `
			INSERT INTO items (id, slug, kind, title, summary, collection_id, access, published,
				opens_at, closes_at, position, version, updated_at, poster_id, duration_seconds, description, created_at)
			VALUES ($1, $2, $3, $4, $5, NULLIF($6, ''), $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
			append(itemValues(i), instant(i.CreatedAt))...)
		if err != nil {
			return err
		}
		return q.replaceSources(ctx, i)
	})
}

// UpdateItem replaces an item and its sources if i.Version is the stored
// version, and raises the version by one. The instant of creation stays.
func (q *queries) UpdateItem(ctx context.Context, i paywall.Item) error {
	return q.atomic(ctx, func(q *queries) error {
		n, err := exec(ctx, q.write, "UpdateItem", `
			UPDATE items SET slug = $2, kind = $3, title = $4, summary = $5,
				collection_id = NULLIF($6, ''), access = $7, published = $8, opens_at = $9,
				closes_at = $10, position = $11, version = version + 1, updated_at = $13,
				poster_id = $14, duration_seconds = $15, description = $16
			WHERE id = $1 AND version = $12`, itemValues(i)...)
		if err != nil {
			return err
		}
		if n == 0 {
			return q.whyNotUpdated(ctx, i.ID)
		}
		return q.replaceSources(ctx, i)
	})
}

func (q *queries) whyNotUpdated(ctx context.Context, id string) error {
	if _, err := q.ItemByID(ctx, id); err != nil {
		return err
	}
	return paywall.ErrChanged
}
