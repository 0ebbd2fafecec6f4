package paywall

import (
	"context"
	"strconv"
)

// itemFacts are an item in the record, but for its texts. Of two items they have
// the same labels; titles names the collections.
func itemFacts(i Item, titles map[string]string) []Fact {
	state, length := factDraft, ""
	if i.Published {
		state = factPublished
	}
	if i.Duration > 0 {
		length = i.Duration.String()
	}
	return []Fact{
		{LabelTitle, i.Title}, {LabelSlug, i.Slug}, {LabelKind, string(i.Kind)}, {LabelAccess, string(i.Access)}, {LabelState, state},
		{LabelCollection, orNone(titles[i.CollectionID])}, {LabelSources, strconv.Itoa(len(i.Sources))},
		moment(LabelOpensAt, i.OpensAt), moment(LabelClosesAt, i.ClosesAt), {LabelLength, orNone(length)},
	}
}

// auditItem adds a line about what changed of an item; of a new one, old is the
// zero Item, it tells all.
func auditItem(ctx context.Context, tx Store, clock Clock, actor Actor, action string, old, item Item) error {
	titles, err := tx.NamesOf(ctx, collectionsOf(old, item))
	if err != nil {
		return err
	}
	facts := itemFacts(item, titles)
	if old.ID == "" {
		facts = present(facts)
	} else {
		facts = itemChanges(old, item, titles)
	}
	return audit(ctx, tx, clock, actor, action, item.ID, facts...)
}

func collectionsOf(items ...Item) (ids []string) {
	for _, i := range items {
		if i.CollectionID != "" {
			ids = append(ids, i.CollectionID)
		}
	}
	return ids
}

// itemChanges tell of sources and texts only that they changed: addresses are for
// nobody who may not play, and texts would fill the record.
func itemChanges(old, item Item, titles map[string]string) []Fact {
	changed := changes(itemFacts(old, titles), itemFacts(item, titles))
	if old.Title == item.Title {
		changed = append([]Fact{{LabelTitle, item.Title}}, changed...) // so that it is found by its title
	}
	if len(old.Sources) == len(item.Sources) && !sameSources(old.Sources, item.Sources) {
		changed = append(changed, Fact{LabelSources, factChanged})
	}
	if old.Summary != item.Summary {
		changed = append(changed, rewritten(LabelSummary, old.Summary, item.Summary)[0])
	}
	return append(changed, rewritten(LabelDescription, old.Description, item.Description)...)
}

func sameSources(old, now []Source) bool {
	for n, s := range now {
		o := old[n]
		if o.Kind != s.Kind || o.URL != s.URL || o.Ref != s.Ref || o.Channel != s.Channel || o.Label != s.Label || o.Window != s.Window {
			return false
		}
	}
	return true
}
