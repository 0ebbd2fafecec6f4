package paywall

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Collections lists all collections in their order.
func (c *Catalogue) Collections(ctx context.Context) ([]Collection, error) {
	return c.store.Collections(ctx)
}

// Collection finds one by its id, for the owner.
func (c *Catalogue) Collection(ctx context.Context, id string) (Collection, error) {
	return c.store.CollectionByID(ctx, id)
}

// CollectionOn finds a collection by its slug and the items in it that are on; a
// collection without any is not there for visitors.
func (c *Catalogue) CollectionOn(ctx context.Context, slug string) (Collection, []Item, error) {
	collection, err := c.store.CollectionBySlug(ctx, slug)
	if err != nil {
		return Collection{}, nil, err
	}
	all, err := c.WhatIsOn(ctx)
	if err != nil {
		return Collection{}, nil, err
	}
	items := slices.DeleteFunc(all, func(i Item) bool { return i.CollectionID != collection.ID })
	if len(items) == 0 {
		return Collection{}, nil, ErrNotFound
	}
	return collection, items, nil
}

// CreateCollection makes a collection, the last one in order.
func (c *Catalogue) CreateCollection(ctx context.Context, actor Actor, title string) (Collection, error) {
	var made Collection
	err := c.store.InTx(ctx, func(tx Store) (err error) {
		made, err = newCollection(ctx, tx, c.clock, title)
		if err != nil {
			return err
		}
		return audit(ctx, tx, c.clock, actor, "collection.create", made.ID, Fact{LabelTitle, made.Title})
	})
	return made, err
}

// newCollection stores a collection with a slug of its own.
func newCollection(ctx context.Context, tx Store, clock Clock, title string) (Collection, error) {
	title = strings.TrimSpace(title)
	all, err := tx.Collections(ctx)
	if err != nil {
		return Collection{}, err
	}
	now := clock()
	made := Collection{ID: NewID(), Title: title, Version: 1, CreatedAt: now, UpdatedAt: now}
	proposed := ProposeSlug(title)
	if proposed == "" {
		proposed = strings.ToLower(made.ID)
	}
	made.Slug = proposed
	for n := 2; slices.ContainsFunc(all, func(o Collection) bool { return o.Slug == made.Slug }); n++ {
		made.Slug = proposed + "-" + strconv.Itoa(n)
	}
	for _, o := range all {
		made.Position = max(made.Position, o.Position+1)
	}
	if err := made.Validate(); err != nil {
		return Collection{}, err
	}
	return made, tx.CreateCollection(ctx, made)
}

// UpdateCollection changes a collection. Somebody who edited an older version is
// told so with ErrChanged, and nothing is lost.
func (c *Catalogue) UpdateCollection(ctx context.Context, actor Actor, id string, in CollectionInput) error {
	err := c.store.InTx(ctx, func(tx Store) error {
		old, err := tx.CollectionByID(ctx, id)
		if err != nil {
			return err
		}
		changed := in.fill(old)
		if err := changed.Validate(); err != nil {
			return err
		}
		changed.Version, changed.UpdatedAt = in.Version, c.clock()
		if err := tx.UpdateCollection(ctx, changed); err != nil {
			return err
		}
		return audit(ctx, tx, c.clock, actor, "collection.update", id, collectionChanges(old, changed)...)
	})
	return slugTaken(err)
}

// SetCollectionPoster shows a picture of Pictures.Make as a collection's poster;
// the empty picture takes it away.
func (c *Catalogue) SetCollectionPoster(ctx context.Context, actor Actor, id string, picture Picture) error {
	return c.store.InTx(ctx, func(tx Store) error {
		old, err := tx.CollectionByID(ctx, id)
		if err != nil {
			return err
		}
		if picture.ID != "" {
			if err := tx.PutPicture(ctx, picture); err != nil {
				return err
			}
		}
		if err := tx.SetCollectionPoster(ctx, id, picture.ID, c.clock()); err != nil {
			return err
		}
		return audit(ctx, tx, c.clock, actor, "collection.poster", id, pictureChange(LabelPoster, old.PosterID, picture.ID))
	})
}

// MoveCollection puts a collection one place up or down.
func (c *Catalogue) MoveCollection(ctx context.Context, actor Actor, id string, up bool) error {
	return c.store.InTx(ctx, func(tx Store) error {
		all, err := tx.Collections(ctx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(o Collection) bool { return o.ID == id })
		if at < 0 {
			return ErrNotFound
		}
		to := at + 1
		if up {
			to = at - 1
		}
		if to < 0 || to == len(all) {
			return nil
		}
		all[at], all[to] = all[to], all[at]
		for n, o := range all {
			if o.Position == n+1 {
				continue
			}
			if err := tx.SetCollectionPosition(ctx, o.ID, n+1); err != nil {
				return err
			}
		}
		return audit(ctx, tx, c.clock, actor, "collection.move", id, movedFact(up))
	})
}

// CollectionParting tells what goes with a collection.
func (c *Catalogue) CollectionParting(ctx context.Context, id string) (Parting, error) {
	p, err := c.parting(ctx, ScopeCollection, id)
	if err != nil {
		return Parting{}, err
	}
	_, p.Items, err = c.store.ListItems(ctx, ItemFilter{CollectionID: id, Limit: 1})
	return p, err
}

// DeleteCollection removes a collection. One with items goes only when they are
// to be set free: they stay, alone.
func (c *Catalogue) DeleteCollection(ctx context.Context, actor Actor, id string, free bool) error {
	return c.store.InTx(ctx, func(tx Store) error {
		old, err := tx.CollectionByID(ctx, id)
		if err != nil {
			return err
		}
		freed, err := tx.FreeItems(ctx, id, c.clock())
		if err != nil {
			return err
		}
		if freed > 0 && !free {
			return E(KindConflict, "collection.error.not_empty")
		}
		if err := tx.DropSupplies(ctx, id); err != nil {
			return err
		}
		if err := tx.DeleteCollection(ctx, id); err != nil {
			return err
		}
		return audit(ctx, tx, c.clock, actor, "collection.delete", id, append(collectionFacts(old), number(LabelFreed, freed))...)
	})
}

// checkCollection refuses a collection that does not exist.
func checkCollection(ctx context.Context, tx Store, id string) error {
	if id == "" {
		return nil
	}
	_, err := tx.CollectionByID(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return invalidField("collection", "item.error.collection")
	}
	return err
}

// collectionFacts are a collection in the record, but for its description.
func collectionFacts(c Collection) []Fact {
	return []Fact{{LabelTitle, c.Title}, {LabelSlug, c.Slug}}
}

func collectionChanges(old, now Collection) []Fact {
	changed := changes(collectionFacts(old), collectionFacts(now))
	return append(changed, rewritten(LabelDescription, old.Description, now.Description)...)
}
