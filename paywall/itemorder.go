package paywall

import (
	"context"
	"slices"
)

// Move puts an item one place up or down among its neighbours: the items of the
// same kind in the same collection. At the end of a row nothing happens.
func (c *Catalogue) Move(ctx context.Context, actor Actor, id string, up bool) error {
	return c.store.InTx(ctx, func(tx Store) error {
		spots, err := tx.ItemSpots(ctx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(spots, func(s ItemSpot) bool { return s.ID == id })
		if at < 0 {
			return ErrNotFound
		}
		to := neighbour(spots, at, up)
		if to < 0 {
			return nil
		}
		moved := spots[at]
		spots = slices.Insert(slices.Delete(spots, at, at+1), to, moved)
		if err := renumber(ctx, tx, spots); err != nil {
			return err
		}
		return audit(ctx, tx, c.clock, actor, "item.move", id, movedFact(up))
	})
}

// movedFact tells which way something went in its order.
func movedFact(up bool) Fact {
	if up {
		return Fact{LabelMoved, factUp}
	}
	return Fact{LabelMoved, factDown}
}

// neighbour is the place of the next item of the same row; -1 at its end.
func neighbour(spots []ItemSpot, at int, up bool) int {
	step := 1
	if up {
		step = -1
	}
	for to := at + step; to >= 0 && to < len(spots); to += step {
		if spots[to].Kind == spots[at].Kind && spots[to].CollectionID == spots[at].CollectionID {
			return to
		}
	}
	return -1
}

// renumber writes the order down. It is no change of an item: who has one open
// in a form must not be told so.
func renumber(ctx context.Context, tx Store, spots []ItemSpot) error {
	for n, spot := range spots {
		if spot.Position == n+1 {
			continue
		}
		if err := tx.SetItemPosition(ctx, spot.ID, n+1); err != nil {
			return err
		}
	}
	return nil
}
