package paywall

import "context"

// SetPoster shows a picture of Pictures.Make as an item's poster.
func (c *Catalogue) SetPoster(ctx context.Context, actor Actor, id string, picture Picture) error {
	return c.changePoster(ctx, actor, id, picture.ID, func(tx Store) error { return tx.PutPicture(ctx, picture) })
}

// RemovePoster takes an item's poster away.
func (c *Catalogue) RemovePoster(ctx context.Context, actor Actor, id string) error {
	return c.changePoster(ctx, actor, id, "", func(Store) error { return nil })
}

// changePoster is no change of what a form of the item holds, so that it does
// not count as one.
func (c *Catalogue) changePoster(ctx context.Context, actor Actor, id, pictureID string, put func(tx Store) error) error {
	return c.store.InTx(ctx, func(tx Store) error {
		item, err := tx.ItemByID(ctx, id)
		if err != nil {
			return err
		}
		if err := put(tx); err != nil {
			return err
		}
		if err := tx.SetItemPoster(ctx, id, pictureID, c.clock()); err != nil {
			return err
		}
		return audit(ctx, tx, c.clock, actor, "item.poster", id, pictureChange(LabelPoster, item.PosterID, pictureID))
	})
}
