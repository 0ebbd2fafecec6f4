package paywall

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
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

// Collections lists all collections.
func (c *Catalogue) Collections(ctx context.Context) ([]Collection, error) {
	return c.store.Collections(ctx)
}

// ItemInput is what an owner sets of an item.
type ItemInput struct {
	Title, Slug, Summary string
	Kind                 ItemKind
	Access               Access
	CollectionID         string
	OpensAt, ClosesAt    time.Time
	Position             int
	Version              int64 // the version that was edited; not used for a new item
	Sources              []SourceInput
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
	item, err := c.fill(Item{ID: NewID(), Version: 1, CreatedAt: now, UpdatedAt: now}, in)
	if err != nil {
		return Item{}, err
	}
	err = c.store.InTx(ctx, func(tx Store) error {
		if err := checkCollection(ctx, tx, item.CollectionID); err != nil {
			return err
		}
		if err := tx.CreateItem(ctx, item); err != nil {
			return err
		}
		return audit(ctx, tx, c.clock, actor, "item.create", item.ID, describe(item))
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
		item.Version++ // as the store did
		return audit(ctx, tx, c.clock, actor, "item.update", id, describe(old)+" -> "+describe(item))
	})
	return item, slugTaken(err)
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
		old := describe(item)
		item.Published, item.UpdatedAt = on, c.clock()
		if err := tx.UpdateItem(ctx, item); err != nil {
			return err
		}
		return audit(ctx, tx, c.clock, actor, "item.publish", id, old+" -> "+describe(item))
	})
}

// CreateCollection makes a collection.
func (c *Catalogue) CreateCollection(ctx context.Context, actor Actor, title string) (Collection, error) {
	title = strings.TrimSpace(title)
	if n := utf8.RuneCountInString(title); n == 0 || n > MaxTitle || hasControl(title) {
		return Collection{}, invalidField("title", "collection.error.title")
	}
	collection := Collection{ID: NewID(), Title: title, CreatedAt: c.clock()}
	return collection, c.store.InTx(ctx, func(tx Store) error {
		if err := tx.CreateCollection(ctx, collection); err != nil {
			return err
		}
		return audit(ctx, tx, c.clock, actor, "collection.create", collection.ID, title)
	})
}

// fill lays the input over an item and checks all rules at once, so that an
// owner sees every field to mend in one go.
func (c *Catalogue) fill(item Item, in ItemInput) (Item, error) {
	old := item.Sources
	item.Title, item.Slug = strings.TrimSpace(in.Title), strings.TrimSpace(in.Slug)
	item.Summary, item.Kind, item.Access = strings.TrimSpace(in.Summary), in.Kind, in.Access
	item.CollectionID, item.Position = in.CollectionID, in.Position
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

// checkCollection refuses a collection that does not exist.
func checkCollection(ctx context.Context, tx Store, id string) error {
	if id == "" {
		return nil
	}
	_, err := findCollection(ctx, tx, id)
	if errors.Is(err, ErrNotFound) {
		return invalidField("collection", "item.error.collection")
	}
	return err
}

// findCollection looks a collection up; there are few of them.
func findCollection(ctx context.Context, tx Store, id string) (Collection, error) {
	all, err := tx.Collections(ctx)
	if err != nil {
		return Collection{}, err
	}
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	return Collection{}, ErrNotFound
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

// describe is an item in one audit line.
func describe(i Item) string {
	state := "draft"
	if i.Published {
		state = "published"
	}
	collection := i.CollectionID
	if collection == "" {
		collection = "-"
	}
	return fmt.Sprintf("%s %s %q %s %s, collection %s, %d sources, opens %s, closes %s",
		i.Kind, i.Slug, i.Title, i.Access, state, collection, len(i.Sources), instant(i.OpensAt), instant(i.ClosesAt))
}

func instant(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}
