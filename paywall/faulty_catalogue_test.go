package paywall_test

import (
	"context"
	"time"

	"usher/paywall"
)

func (f faulty) CollectionByID(ctx context.Context, id string) (paywall.Collection, error) {
	return unlessGet(f.at("CollectionByID"), func() (paywall.Collection, error) { return f.Store.CollectionByID(ctx, id) })
}

func (f faulty) UpdateCollection(ctx context.Context, c paywall.Collection) error {
	return unless(f.at("UpdateCollection"), func() error { return f.Store.UpdateCollection(ctx, c) })
}

func (f faulty) SetCollectionPosition(ctx context.Context, id string, position int) error {
	return unless(f.at("SetCollectionPosition"), func() error { return f.Store.SetCollectionPosition(ctx, id, position) })
}

func (f faulty) SetCollectionPoster(ctx context.Context, id, pictureID string, at time.Time) error {
	return unless(f.at("SetCollectionPoster"), func() error { return f.Store.SetCollectionPoster(ctx, id, pictureID, at) })
}

func (f faulty) FreeItems(ctx context.Context, id string, at time.Time) (int, error) {
	return unlessGet(f.at("FreeItems"), func() (int, error) { return f.Store.FreeItems(ctx, id, at) })
}

func (f faulty) DeleteCollection(ctx context.Context, id string) error {
	return unless(f.at("DeleteCollection"), func() error { return f.Store.DeleteCollection(ctx, id) })
}

func (f faulty) ItemSpots(ctx context.Context) ([]paywall.ItemSpot, error) {
	return unlessGet(f.at("ItemSpots"), func() ([]paywall.ItemSpot, error) { return f.Store.ItemSpots(ctx) })
}

func (f faulty) SetItemPosition(ctx context.Context, id string, position int) error {
	return unless(f.at("SetItemPosition"), func() error { return f.Store.SetItemPosition(ctx, id, position) })
}

func (f faulty) SetItemPoster(ctx context.Context, id, pictureID string, at time.Time) error {
	return unless(f.at("SetItemPoster"), func() error { return f.Store.SetItemPoster(ctx, id, pictureID, at) })
}

func (f faulty) DeleteItem(ctx context.Context, id string) error {
	return unless(f.at("DeleteItem"), func() error { return f.Store.DeleteItem(ctx, id) })
}

func (f faulty) KeepOldSlug(ctx context.Context, slug, itemID string, at time.Time) error {
	return unless(f.at("KeepOldSlug"), func() error { return f.Store.KeepOldSlug(ctx, slug, itemID, at) })
}

func (f faulty) DropOldSlug(ctx context.Context, slug string) error {
	return unless(f.at("DropOldSlug"), func() error { return f.Store.DropOldSlug(ctx, slug) })
}
