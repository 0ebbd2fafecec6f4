package paywall

import (
	"context"
	"errors"
)

// BulkAct is what is done to many items at once.
type BulkAct string

// The acts on many items.
const (
	BulkPublish    BulkAct = "publish"
	BulkUnpublish  BulkAct = "unpublish"
	BulkAccess     BulkAct = "access"     // Value is an Access
	BulkCollection BulkAct = "collection" // Value is the id of one, or "" for none
)

// MaxBulk is how many items one act may change.
const MaxBulk = 500

// BulkChange is one act on many items.
type BulkChange struct {
	IDs   []string
	Act   BulkAct
	Value string
}

// BulkDone tells what an act did: how many items it changed, how many were so
// already, and the titles of those that it could not change.
type BulkDone struct {
	Changed, Same int
	// Bare are items without a source, which cannot be published.
	Bare []string
}

// Bulk changes many items in one transaction. Items that are gone are left out.
func (c *Catalogue) Bulk(ctx context.Context, actor Actor, change BulkChange) (BulkDone, error) {
	var done BulkDone
	if err := change.check(); err != nil {
		return done, err
	}
	err := c.store.InTx(ctx, func(tx Store) error {
		done = BulkDone{}
		if change.Act == BulkCollection {
			if err := checkCollection(ctx, tx, change.Value); KindOf(err) == KindInvalid {
				return E(KindInvalid, "item.error.collection")
			} else if err != nil {
				return err
			}
		}
		for _, id := range change.IDs {
			item, err := tx.ItemByID(ctx, id)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if err := c.bulkOne(ctx, tx, actor, item, change, &done); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}

func (b BulkChange) check() error {
	switch {
	case len(b.IDs) == 0:
		return E(KindInvalid, "item.error.none_chosen")
	case len(b.IDs) > MaxBulk:
		return E(KindInvalid, "item.error.too_many")
	case b.Act == BulkAccess && !Access(b.Value).valid():
		return E(KindInvalid, "item.error.access")
	case b.Act == BulkPublish, b.Act == BulkUnpublish, b.Act == BulkAccess, b.Act == BulkCollection:
		return nil
	}
	return E(KindInvalid, "item.error.act")
}

func (c *Catalogue) bulkOne(ctx context.Context, tx Store, actor Actor, old Item, change BulkChange, done *BulkDone) error {
	item := old
	switch change.Act {
	case BulkPublish:
		item.Published = true
	case BulkUnpublish:
		item.Published = false
	case BulkAccess:
		item.Access = Access(change.Value)
	case BulkCollection:
		item.CollectionID = change.Value
	}
	switch {
	case item.Published == old.Published && item.Access == old.Access && item.CollectionID == old.CollectionID:
		done.Same++
		return nil
	case item.Published && len(item.Sources) == 0:
		done.Bare = append(done.Bare, item.Title)
		return nil
	}
	item.UpdatedAt = c.clock()
	if err := tx.UpdateItem(ctx, item); err != nil {
		return err
	}
	done.Changed++
	return auditItem(ctx, tx, c.clock, actor, "item.bulk", old, item)
}
