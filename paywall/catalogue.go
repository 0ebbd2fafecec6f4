package paywall

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// MaxSources is how many sources an item may have.
const MaxSources = 8

// Catalogue lists what is on and lets the owner change it.
type Catalogue struct {
	store Store
	hosts MediaHosts
	clock Clock
}

// NewCatalogue makes the service.
func NewCatalogue(store Store, hosts MediaHosts, clock Clock) *Catalogue {
	return &Catalogue{store: store, hosts: hosts, clock: clock}
}

// WhatIsOn lists the published items whose window is not over.
func (c *Catalogue) WhatIsOn(ctx context.Context) ([]Item, error) {
	all, err := c.store.PublishedItems(ctx)
	if err != nil {
		return nil, err
	}
	now := c.clock()
	on := make([]Item, 0, len(all))
	for _, item := range all {
		if !item.Closed(now) {
			on = append(on, item)
		}
	}
	return on, nil
}

// All lists every item with its sources, for the owner.
func (c *Catalogue) All(ctx context.Context) ([]Item, error) { return c.store.AllItems(ctx) }

// ByID finds one item with its sources, for the owner.
func (c *Catalogue) ByID(ctx context.Context, id string) (Item, error) {
	return c.store.ItemByID(ctx, id)
}

// BySlug finds what is on by its name in the address; a draft is not found.
func (c *Catalogue) BySlug(ctx context.Context, slug string) (Item, error) {
	item, err := c.store.ItemBySlug(ctx, slug)
	if err == nil && !item.Published {
		return Item{}, ErrNotFound
	}
	return item, err
}

// ItemInput is what an owner sets of an item.
type ItemInput struct {
	Title, Summary    string
	Slug              string // "": made of the title
	Description       string // Markdown
	Kind              ItemKind
	Access            Access
	Duration          time.Duration // 0: not told
	CollectionID      string
	OpensAt, ClosesAt time.Time
	// Position is taken over if it differs from PositionWas, which is what the form
	// showed: so an order that somebody else changed meanwhile stays.
	Position, PositionWas int
	Version               int64 // the version that was edited; not used for a new item
	Sources               []SourceInput
}

// SourceInput is what an owner sets of a source. A stored source is removed by
// emptying its address; a new one that is blank does not count.
type SourceInput struct {
	ID      string // empty for a new one
	Kind    SourceKind
	Address string
	Channel string
	Label   string
	Window  time.Duration
}

func (s SourceInput) absent() bool {
	blank := strings.TrimSpace(s.Channel+s.Label) == "" && s.Window == 0
	return strings.TrimSpace(s.Address) == "" && (s.ID != "" || blank)
}

// Create makes a draft.
func (c *Catalogue) Create(ctx context.Context, actor Actor, in ItemInput) (Item, error) {
	now := c.clock()
	item := Item{ID: NewID(), Version: 1, CreatedAt: now, UpdatedAt: now}
	err := c.store.InTx(ctx, func(tx Store) (err error) {
		if strings.TrimSpace(in.Slug) == "" {
			if in.Slug, err = freeSlug(ctx, tx, in.Title, strings.ToLower(item.ID)); err != nil {
				return err
			}
		}
		if item, err = c.fill(item, in); err != nil {
			return err
		}
		if err := tx.DropOldSlug(ctx, item.Slug); err != nil {
			return err
		}
		if err := checkCollection(ctx, tx, item.CollectionID); err != nil {
			return err
		}
		if err := tx.CreateItem(ctx, item); err != nil {
			return err
		}
		return auditItem(ctx, tx, c.clock, actor, "item.create", Item{}, item)
	})
	return item, slugTaken(err)
}

// Update changes an item. Somebody who edited an older version is told so with
// ErrChanged, and nothing is lost.
func (c *Catalogue) Update(ctx context.Context, actor Actor, id string, in ItemInput) (Item, error) {
	var item Item
	err := c.store.InTx(ctx, func(tx Store) error {
		old, err := tx.ItemByID(ctx, id)
		if err != nil {
			return err
		}
		if item, err = c.fill(old, in); err != nil {
			return err
		}
		item.Version, item.UpdatedAt = in.Version, c.clock()
		if item.Published && len(item.Sources) == 0 {
			return E(KindInvalid, "item.error.no_source")
		}
		if err := checkCollection(ctx, tx, item.CollectionID); err != nil {
			return err
		}
		if err := tx.UpdateItem(ctx, item); err != nil {
			return err
		}
		if err := c.keepSlug(ctx, tx, old, item); err != nil {
			return err
		}
		item.Version++ // as the store did
		return auditItem(ctx, tx, c.clock, actor, "item.update", old, item)
	})
	return item, slugTaken(err)
}

// keepSlug lets the address that an item had lead to the one that it has.
func (c *Catalogue) keepSlug(ctx context.Context, tx Store, old, item Item) error {
	if old.Slug == item.Slug {
		return nil
	}
	if err := tx.DropOldSlug(ctx, item.Slug); err != nil {
		return err
	}
	return tx.KeepOldSlug(ctx, old.Slug, item.ID, c.clock())
}

// SetPublished puts an item on or takes it back to a draft.
func (c *Catalogue) SetPublished(ctx context.Context, actor Actor, id string, on bool) error {
	return c.store.InTx(ctx, func(tx Store) error {
		item, err := tx.ItemByID(ctx, id)
		if err != nil {
			return err
		}
		if on && len(item.Sources) == 0 {
			return E(KindInvalid, "item.error.no_source")
		}
		old := item
		item.Published, item.UpdatedAt = on, c.clock()
		if err := tx.UpdateItem(ctx, item); err != nil {
			return err
		}
		return auditItem(ctx, tx, c.clock, actor, "item.publish", old, item)
	})
}

// fill lays the input over an item and checks all rules at once, so that an
// owner sees every field to mend in one go.
func (c *Catalogue) fill(item Item, in ItemInput) (Item, error) {
	old := item.Sources
	item.Title, item.Slug = strings.TrimSpace(in.Title), strings.TrimSpace(in.Slug)
	item.Summary, item.Kind, item.Access = strings.TrimSpace(in.Summary), in.Kind, in.Access
	item.Description, item.Duration, item.CollectionID = strings.TrimSpace(in.Description), in.Duration, in.CollectionID
	if in.Position != in.PositionWas {
		item.Position = in.Position
	}
	if item.Slug == "" {
		item.Slug = ProposeSlug(item.Title)
	}
	item.OpensAt, item.ClosesAt = in.OpensAt, in.ClosesAt
	fields := map[string]string{}
	collectFields(fields, "", item.Validate())
	item.Sources = nil
	for n, s := range in.Sources {
		if s.absent() {
			continue
		}
		source, err := c.source(item, s, old)
		prefix := fmt.Sprintf("source_%d_", n)
		collectFields(fields, prefix, source.Validate(item.Kind))
		collectFields(fields, prefix, err)
		source.Position = len(item.Sources)
		item.Sources = append(item.Sources, source)
	}
	if len(item.Sources) > MaxSources {
		fields["sources"] = "item.error.sources"
	}
	if err := invalidFields(fields); err != nil {
		return Item{}, err
	}
	return item, nil
}

// source keeps the id of a stored source only if it belongs to this item and no
// other input took it, and the note of its trouble as long as that is about the
// same address.
func (c *Catalogue) source(item Item, in SourceInput, old []Source) (Source, error) {
	source, err := NewSource(in.Kind, in.Address, in.Channel, c.hosts)
	source.Kind = in.Kind // also when the rest is refused: then every mistake is named
	source.ItemID, source.Label, source.Window = item.ID, strings.TrimSpace(in.Label), in.Window
	_, taken := item.Source(in.ID)
	for _, o := range old {
		if o.ID != in.ID || taken {
			continue
		}
		source.ID = o.ID
		if o.Kind == source.Kind && o.URL == source.URL && o.Ref == source.Ref && o.Channel == source.Channel {
			source.TroubleAt, source.Trouble = o.TroubleAt, o.Trouble
		}
	}
	return source, err
}

func collectFields(into map[string]string, prefix string, err error) {
	var e *Error
	if !errors.As(err, &e) {
		return
	}
	for field, key := range e.Fields {
		into[prefix+field] = key
	}
}

func slugTaken(err error) error {
	if errors.Is(err, ErrExists) {
		return invalidField("slug", "item.error.slug_taken").Because(err)
	}
	return err
}
