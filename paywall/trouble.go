package paywall

import "context"

// InTrouble lists the published items with a source whose last mint failed, each
// with that source alone, the newest trouble first. An item with several such
// sources is there several times.
func (c *Catalogue) InTrouble(ctx context.Context, limit int) ([]Item, error) {
	return c.store.ItemsInTrouble(ctx, limit)
}
