package paywall

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// ImportChoice is what an owner chose to take over.
type ImportChoice struct {
	Picks       []string // keys of stations, media and whole folders, or PickEverything
	Access      Access
	Collections bool // a folder becomes a collection
	Publish     bool // else drafts
}

// PickEverything is the pick of all that is not here yet.
const PickEverything = "everything"

// MaxPicks is how many things one import may take over.
const MaxPicks = 20_000

// PlanState is what an import would do with one thing.
type PlanState string

// The states of a thing in a plan.
const (
	PlanNew     PlanState = "new"
	PlanHere    PlanState = "here"
	PlanDiffers PlanState = "differs"
	PlanWaiting PlanState = "waiting" // not playable yet
)

// PlanLine is one thing in a plan.
type PlanLine struct {
	Key        string
	Radio      bool
	Title      string
	Folder     string // path at the supplier, of a media
	State      PlanState
	ItemID     string // of the item that is here already
	NeedsShare bool   // one will be made
	Protection Protection
	Duration   time.Duration
	Streams    int
	Fields     []SupplyField // that differ
}

// Plan is what an import would do, before anything is done.
type Plan struct {
	Lines  []PlanLine
	Gone   []GoneLine // here, but no longer at the supplier
	Shares int        // that would be made
	Open   int        // of the new ones, those that play without a token
}

// GoneLine is an item whose original is no longer at the supplier.
type GoneLine struct{ ItemID, Title string }

// Count is how many lines have a state.
func (p Plan) Count(state PlanState) int {
	n := 0
	for _, line := range p.Lines {
		if line.State == state {
			n++
		}
	}
	return n
}

// stock is what the site has of the supplier's things.
type stock struct {
	supplies map[string]Supply // by key
	items    map[string]Item   // by id
	sources  map[SupplierRef]string
}

// stockOf reads it once for a plan.
func stockOf(ctx context.Context, store Store) (stock, error) {
	s := stock{supplies: map[string]Supply{}, items: map[string]Item{}, sources: map[SupplierRef]string{}}
	supplies, err := store.Supplies(ctx)
	if err != nil {
		return s, err
	}
	for _, supply := range supplies {
		s.supplies[supply.Key] = supply
	}
	items, err := store.AllItems(ctx)
	if err != nil {
		return s, err
	}
	for _, item := range items {
		s.items[item.ID] = item
		for _, source := range item.Sources {
			s.sources[source.Supplied()] = item.ID
		}
	}
	return s, nil
}

// find tells which item a thing is here: by the key, or by a source that it has.
func (s stock) find(key string, refs []SupplierRef) (item Item, tied, found bool) {
	if supply, ok := s.supplies[key]; ok {
		if item, ok := s.items[supply.TargetID]; ok {
			return item, true, true
		}
	}
	for _, ref := range refs {
		if id, ok := s.sources[ref]; ok {
			return s.items[id], false, true
		}
	}
	return Item{}, false, false
}

// refsOf are the ways in which a station is played.
func (s SupplierStation) refs() (refs []SupplierRef) {
	for _, stream := range s.Streams {
		refs = append(refs, stream.Supplied())
	}
	return refs
}

// refsOf are the ways in which a media of the channel is played.
func (c HeldChannel) refs(mediaID string) (refs []SupplierRef) {
	for _, share := range c.Shares[mediaID] {
		refs = append(refs, SupplierRef{Kind: SourceVOD, Ref: share, Channel: c.Channel.ID})
	}
	return refs
}

// Overview tells of everything that is held what an import would do with it.
func (m *Imports) Overview(ctx context.Context) (Holdings, Plan, error) {
	held, err := m.Holdings(ctx)
	if err != nil {
		return held, Plan{}, err
	}
	here, err := stockOf(ctx, m.store)
	if err != nil {
		return held, Plan{}, err
	}
	plan := Plan{Gone: here.gone(held)}
	for _, station := range held.Stations {
		plan.add(here.station(station))
	}
	for _, channel := range held.Channels {
		for _, media := range channel.Media {
			plan.add(here.media(channel, media))
		}
	}
	return held, plan, nil
}

// Plan tells what an import of what is chosen would do.
func (m *Imports) Plan(ctx context.Context, choice ImportChoice) (Plan, error) {
	if !choice.Access.valid() {
		return Plan{}, E(KindInvalid, "item.error.access")
	}
	held, all, err := m.Overview(ctx)
	if errors.Is(err, ErrNotFound) {
		return Plan{}, E(KindInvalid, "import.error.unread")
	}
	if err != nil {
		return Plan{}, err
	}
	chosen := held.expand(choice.Picks)
	plan := Plan{Gone: all.Gone}
	for _, line := range all.Lines {
		if chosen[line.Key] || chosen[PickEverything] && line.State == PlanNew {
			plan.add(line)
		}
	}
	if len(plan.Lines) == 0 || len(plan.Lines) > MaxPicks {
		return Plan{}, E(KindInvalid, "import.error.none_chosen")
	}
	return plan, nil
}

func (p *Plan) add(line PlanLine) {
	p.Lines = append(p.Lines, line)
	if line.State != PlanNew {
		return
	}
	if line.NeedsShare {
		p.Shares++
	}
	if line.Protection.Known && !line.Protection.On {
		p.Open++
	}
}

// expand turns chosen folders into the media in them.
func (h Holdings) expand(picks []string) map[string]bool {
	chosen := map[string]bool{}
	for _, pick := range picks {
		chosen[pick] = true
	}
	for _, c := range h.Channels {
		for _, media := range c.Media {
			if chosen[FolderKey(c.Channel.ID, media.FolderID)] {
				chosen[MediaKey(c.Channel.ID, media.ID)] = true
			}
		}
	}
	return chosen
}

func (s stock) station(station SupplierStation) PlanLine {
	line := PlanLine{
		Key: StationKey(station), Radio: true, Title: suppliedTitle(station.Name, station.ID), State: PlanNew, Streams: len(station.Streams),
		Protection: protectionOf(station),
	}
	item, _, found := s.find(line.Key, station.refs())
	if found {
		line.ItemID, line.State = item.ID, PlanHere
		if line.Fields = s.differing(line.Key, item, statedOf(station)); len(line.Fields) > 0 {
			line.State = PlanDiffers
		}
	} else if !slices.ContainsFunc(station.Streams, func(t SupplierStream) bool { return t.Enabled }) {
		line.State = PlanWaiting
	}
	return line
}

// protectionOf is that of the least protected stream of a station.
func protectionOf(station SupplierStation) Protection {
	all := Protection{Known: len(station.Streams) > 0, On: true}
	for _, stream := range station.Streams {
		switch {
		case !stream.Enabled:
		case stream.Protection.Known && !stream.Protection.On:
			return Protection{Known: true}
		case !stream.Protection.Known:
			all.Known = false
		}
	}
	return all
}

func (s stock) media(channel HeldChannel, media SupplierMedia) PlanLine {
	line := PlanLine{
		Key: MediaKey(channel.Channel.ID, media.ID), Title: suppliedTitle(media.Name, media.ID), Folder: media.Folder, State: PlanNew,
		Protection: media.Protection, Duration: media.Duration, NeedsShare: len(channel.Shares[media.ID]) == 0,
	}
	item, _, found := s.find(line.Key, channel.refs(media.ID))
	switch {
	case found:
		line.ItemID, line.State, line.NeedsShare = item.ID, PlanHere, false
		if line.Fields = s.differing(line.Key, item, statedOfMedia(media)); len(line.Fields) > 0 {
			line.State = PlanDiffers
		}
	case !media.Playable():
		line.State, line.NeedsShare = PlanWaiting, false
	}
	return line
}

// gone lists the items whose original is not held any more, where all was read.
func (s stock) gone(held Holdings) []GoneLine {
	var gone []GoneLine
	for key, supply := range s.supplies {
		item, here := s.items[supply.TargetID]
		if !here {
			continue
		}
		missing := false
		if strings.HasPrefix(key, "station/") {
			_, found := held.Station(key)
			missing = held.Radio.Whole && !found
		} else if strings.HasPrefix(key, "media/") {
			_, _, found := held.Media(key)
			missing = held.VOD.Whole && !found
		}
		if missing {
			gone = append(gone, GoneLine{ItemID: item.ID, Title: item.Title})
		}
	}
	slices.SortFunc(gone, func(a, b GoneLine) int { return strings.Compare(a.Title+a.ItemID, b.Title+b.ItemID) })
	return gone
}
