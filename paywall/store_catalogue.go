package paywall

import (
	"context"
	"time"
)

// CatalogueStore is what the owner's pages of items and collections need beside
// ItemStore.
type CatalogueStore interface {
	// ListItems finds items with their sources, without descriptions, and how many
	// the filter takes in all.
	ListItems(ctx context.Context, f ItemFilter) ([]Item, int, error)
	// ItemSpots lists where all items stand, in order.
	ItemSpots(ctx context.Context) ([]ItemSpot, error)
	// SetItemPosition and SetItemPoster leave the version as it is.
	SetItemPosition(ctx context.Context, id string, position int) error
	SetItemPoster(ctx context.Context, id, pictureID string, at time.Time) error
	// DeleteItem removes an item, its sources and its old slugs.
	DeleteItem(ctx context.Context, id string) error

	// KeepOldSlug remembers that an item had a slug; DropOldSlug forgets a slug,
	// whoever had it. MovedItem finds the id of the item that had it.
	KeepOldSlug(ctx context.Context, slug, itemID string, at time.Time) error
	DropOldSlug(ctx context.Context, slug string) error
	MovedItem(ctx context.Context, slug string) (itemID string, err error)

	// CountGrantsOn counts the grants on one item or collection that are live or
	// will be.
	CountGrantsOn(ctx context.Context, scope GrantScope, targetID string, now time.Time) (int, error)

	CollectionByID(ctx context.Context, id string) (Collection, error)
	// CollectionBySlug finds a collection by its slug, or by its id.
	CollectionBySlug(ctx context.Context, slug string) (Collection, error)
	// UpdateCollection replaces a collection if c.Version is the stored version,
	// and raises the version by one; else it answers ErrChanged.
	UpdateCollection(ctx context.Context, c Collection) error
	// SetCollectionPosition and SetCollectionPoster leave the version as it is.
	SetCollectionPosition(ctx context.Context, id string, position int) error
	SetCollectionPoster(ctx context.Context, id, pictureID string, at time.Time) error
	// FreeItems takes all items out of a collection and tells how many there were.
	FreeItems(ctx context.Context, collectionID string, at time.Time) (int, error)
	// DeleteCollection removes a collection without items.
	DeleteCollection(ctx context.Context, id string) error
}
