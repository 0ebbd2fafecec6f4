package paywall

import (
	"context"
	"slices"
	"strings"
	"time"
)

// SupplyField is something of an item or a collection that the supplier tells too.
type SupplyField string

// The fields that are kept in step.
const (
	FieldTitle    SupplyField = "title"
	FieldPoster   SupplyField = "poster"
	FieldDuration SupplyField = "duration"
)

// stated is what the supplier says of a thing.
type stated struct {
	title    string
	poster   string
	duration time.Duration
}

func statedOf(s SupplierStation) stated {
	return stated{title: suppliedTitle(s.Name, s.ID), poster: s.Thumbnail}
}

func statedOfMedia(m SupplierMedia) stated {
	return stated{title: suppliedTitle(m.Name, m.ID), poster: m.Poster, duration: m.Duration.Truncate(time.Second)}
}

// Difference is a field of which the supplier says something else than the site.
type Difference struct {
	Key   string // of the thing at the supplier
	Field SupplyField
	// ItemID or CollectionID tells what it is here.
	ItemID, CollectionID string
	Title                string // here
	Ours, Theirs         string // in words; of a poster, addresses
	OursLong, TheirsLong time.Duration
	// ByHand tells that the owner changed it here, and nobody there since.
	ByHand bool
}

// ID names the difference in a form.
func (d Difference) ID() string { return d.Key + "#" + string(d.Field) }

// differing are the fields of which the supplier says something new.
func (s stock) differing(key string, item Item, says stated) (fields []SupplyField) {
	supply, tied := s.supplies[key]
	if !tied {
		return nil // it was made by hand and not taken over yet
	}
	for _, d := range itemDifferences(key, item, supply, says) {
		if !d.ByHand {
			fields = append(fields, d.Field)
		}
	}
	return fields
}

// itemDifferences compares an item with what the supplier says now and said when
// it was last taken over.
func itemDifferences(key string, item Item, supply Supply, says stated) (all []Difference) {
	base := Difference{Key: key, ItemID: item.ID, Title: item.Title}
	if says.title != item.Title {
		d := base
		d.Field, d.Ours, d.Theirs, d.ByHand = FieldTitle, item.Title, says.title, says.title == supply.Title
		all = append(all, d)
	}
	if says.duration > 0 && says.duration != item.Duration {
		d := base
		d.Field, d.OursLong, d.TheirsLong, d.ByHand = FieldDuration, item.Duration, says.duration, says.duration == supply.Duration
		all = append(all, d)
	}
	if says.poster != "" && (says.poster != supply.Poster || supply.PosterID != item.PosterID) {
		d := base
		d.Field, d.Ours, d.Theirs, d.ByHand = FieldPoster, item.PosterID, says.poster, says.poster == supply.Poster
		all = append(all, d)
	}
	return all
}

// Differences lists what the supplier says differently of what was taken over,
// with what the owner changed by hand last.
func (m *Imports) Differences(ctx context.Context) ([]Difference, error) {
	held, err := m.Holdings(ctx)
	if err != nil {
		return nil, err
	}
	here, err := stockOf(ctx, m.store)
	if err != nil {
		return nil, err
	}
	collections, err := m.store.Collections(ctx)
	if err != nil {
		return nil, err
	}
	all := here.differences(held, collections)
	slices.SortStableFunc(all, func(a, b Difference) int {
		switch {
		case a.ByHand != b.ByHand && a.ByHand:
			return 1
		case a.ByHand != b.ByHand:
			return -1
		}
		return strings.Compare(a.Title+a.ID(), b.Title+b.ID())
	})
	return all, nil
}

func (s stock) differences(held Holdings, collections []Collection) (all []Difference) {
	for key, supply := range s.supplies {
		item, isItem := s.items[supply.TargetID]
		station, isStation := held.Station(key)
		media, _, isMedia := held.Media(key)
		switch {
		case isItem && isStation:
			all = append(all, itemDifferences(key, item, supply, statedOf(station))...)
		case isItem && isMedia:
			all = append(all, itemDifferences(key, item, supply, statedOfMedia(media))...)
		}
	}
	for _, channel := range held.Channels {
		for _, folder := range channel.Folders {
			key := FolderKey(channel.Channel.ID, folder.ID)
			supply, tied := s.supplies[key]
			at := slices.IndexFunc(collections, func(c Collection) bool { return tied && c.ID == supply.TargetID })
			if at < 0 {
				continue
			}
			if title := folderTitle(channel, folder); title != collections[at].Title {
				all = append(all, Difference{
					Key: key, Field: FieldTitle, CollectionID: collections[at].ID, Title: collections[at].Title,
					Ours: collections[at].Title, Theirs: title, ByHand: title == supply.Title,
				})
			}
		}
	}
	return all
}

// folderTitle is a folder as the title of a collection: with its path, because
// many folders are called alike.
func folderTitle(channel HeldChannel, folder SupplierFolder) string {
	name := strings.ReplaceAll(folder.Path, "/", " – ")
	if name == "" {
		name = channel.Channel.Name
	}
	return suppliedTitle(name, channel.Channel.ID)
}
