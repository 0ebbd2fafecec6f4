package paywall

import "context"

// ItemState is a filter of the owner's list of items.
type ItemState string

// The filters by state; the empty one takes all items.
const (
	ItemsPublished ItemState = "published"
	ItemsDraft     ItemState = "draft"
	ItemsTroubled  ItemState = "trouble" // the last token for a source failed
	ItemsBare      ItemState = "bare"    // without a source
)

// ItemSort orders the owner's list of items.
type ItemSort string

// The orders of a list of items; unknown ones count as SortPosition.
const (
	SortPosition ItemSort = "position"
	SortTitle    ItemSort = "title"
	SortState    ItemSort = "state"
	SortAccess   ItemSort = "access"
	SortChanged  ItemSort = "changed" // last changed first
)

// NoCollection in ItemFilter.CollectionID takes the items that stand alone.
const NoCollection = "-"

// ItemFilter chooses and orders items for the owner.
type ItemFilter struct {
	Text         string // a part of the title, the summary or the address
	CollectionID string // "" for all
	State        ItemState
	Sort         ItemSort
	Limit        int
	Offset       int
}

// ItemSpot is where an item stands in the programme.
type ItemSpot struct {
	ID           string
	Kind         ItemKind
	CollectionID string
	Position     int
}

// List finds the items of one page of the owner's list, without descriptions, and
// how many there are in all.
func (c *Catalogue) List(ctx context.Context, f ItemFilter) ([]Item, int, error) {
	return c.store.ListItems(ctx, f)
}

// InCollection lists the items of a collection in their order, drafts too.
func (c *Catalogue) InCollection(ctx context.Context, id string) ([]Item, error) {
	items, _, err := c.store.ListItems(ctx, ItemFilter{CollectionID: id, Limit: mostInCollection})
	return items, err
}

// mostInCollection bounds what one page of a collection shows to its owner.
const mostInCollection = 1000

// History lists what was done to an item or a collection, newest first.
func (c *Catalogue) History(ctx context.Context, id string, limit int) ([]AuditEntry, error) {
	return c.store.AuditOf(ctx, id, limit)
}

// CollectionSizes counts the items of each collection, drafts too.
func (c *Catalogue) CollectionSizes(ctx context.Context) (map[string]int, error) {
	spots, err := c.store.ItemSpots(ctx)
	sizes := map[string]int{}
	for _, spot := range spots {
		sizes[spot.CollectionID]++
	}
	return sizes, err
}
