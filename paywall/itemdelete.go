package paywall

import "context"

// Parting is what an owner should know before an item or a collection goes.
type Parting struct {
	Grants   int // live grants that open it and nothing else
	Vouchers int // batches with codes left that open it and nothing else
	Items    int // of a collection
}

// ItemParting tells what goes with an item.
func (c *Catalogue) ItemParting(ctx context.Context, id string) (Parting, error) {
	return c.parting(ctx, ScopeItem, id)
}

// parting tells what would open nothing any more.
func (c *Catalogue) parting(ctx context.Context, scope GrantScope, id string) (p Parting, err error) {
	if p.Grants, err = c.store.CountGrantsOn(ctx, scope, id, c.clock()); err != nil {
		return Parting{}, err
	}
	p.Vouchers, err = c.store.CountBatchesOn(ctx, scope, id, c.clock())
	return p, err
}

// Delete removes an item with its sources. Grants on it stay as they are, for the
// books; there is nothing left that they could open.
func (c *Catalogue) Delete(ctx context.Context, actor Actor, id string) error {
	return c.store.InTx(ctx, func(tx Store) error {
		item, err := tx.ItemByID(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.DropSupplies(ctx, id); err != nil {
			return err
		}
		if err := tx.DeleteItem(ctx, id); err != nil {
			return err
		}
		return audit(ctx, tx, c.clock, actor, "item.delete", id, present(itemFacts(item, nil))...)
	})
}
