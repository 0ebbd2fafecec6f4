package paywall

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// importing is the work of a run that makes items.
type importing struct {
	Keys   []string
	Choice ImportChoice
}

// Start makes items of what is chosen, in the background. What is here already
// stays as it is.
func (m *Imports) Start(ctx context.Context, actor Actor, choice ImportChoice) (ImportRun, error) {
	plan, err := m.Plan(ctx, choice)
	if err != nil {
		return ImportRun{}, err
	}
	here, err := stockOf(ctx, m.store)
	if err != nil {
		return ImportRun{}, err
	}
	work := importing{Choice: choice}
	work.Choice.Picks = nil // they are told by the keys
	for _, line := range plan.Lines {
		_, tied := here.supplies[line.Key]
		if line.State == PlanNew || line.ItemID != "" && !tied {
			work.Keys = append(work.Keys, line.Key)
		}
	}
	if len(work.Keys) == 0 {
		return ImportRun{}, E(KindInvalid, "import.error.nothing_new")
	}
	return m.start(ctx, actor, RunImport, work, len(work.Keys), number(LabelThings, len(work.Keys)), Fact{LabelAccess, string(choice.Access)})
}

// importAll goes through what was chosen from where the run stands.
func (w *importWork) importAll(ctx context.Context) error {
	var work importing
	if err := json.Unmarshal(w.run.Work, &work); err != nil {
		return err
	}
	held, err := w.Holdings(ctx)
	if err != nil {
		return err
	}
	if err := w.freshShares(ctx, &held, work.Keys[min(w.run.Done, len(work.Keys)):]); err != nil {
		return err
	}
	for w.run.Done < len(work.Keys) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.importOne(ctx, held, work.Keys[w.run.Done], work.Choice); err != nil {
			return err
		}
	}
	return nil
}

// freshShares reads the shares once more of the channels for which shares would be
// made: one may have been made since, also by this run before it was broken off.
func (w *importWork) freshShares(ctx context.Context, held *Holdings, keys []string) error {
	for i := range held.Channels {
		channel := &held.Channels[i]
		needed := slices.ContainsFunc(channel.Media, func(m SupplierMedia) bool {
			return len(channel.Shares[m.ID]) == 0 && slices.Contains(keys, MediaKey(channel.Channel.ID, m.ID))
		})
		if !needed {
			continue
		}
		shares, err := patiently(ctx, w, func() ([]SupplierShare, error) { return w.supplier.Shares(ctx, channel.Channel.ID) })
		if err != nil {
			return err
		}
		channel.Shares = lastingShares(shares)
	}
	return nil
}

// importOne takes one thing over and moves the run on. Trouble with that thing
// alone stands in the report; trouble with the supplier ends the run.
func (w *importWork) importOne(ctx context.Context, held Holdings, key string, choice ImportChoice) error {
	made, err := w.draft(ctx, held, key, choice)
	if err != nil {
		if passing(err) || TroubleOf(err) == "" && KindOf(err) == KindInternal || TroubleOf(err) == TroubleToken || TroubleOf(err) == TroubleNoToken {
			return err
		}
		w.report.problem(made.item.Title, troubleKey(err))
		return w.advance(ctx)
	}
	return w.step(ctx, func(tx Store) error { return w.keep(ctx, tx, made) })
}

// step does one thing and moves the run on in the same transaction, so that it is
// never done twice.
func (w *importWork) step(ctx context.Context, do func(tx Store) error) error {
	report, done := w.report, w.run.Done
	err := w.store.InTx(ctx, func(tx Store) error {
		w.report, w.run.Done = report, done
		if err := do(tx); err != nil {
			return err
		}
		w.run.Done++
		return w.save(ctx, tx)
	})
	if err != nil {
		w.report, w.run.Done = report, done
	}
	return err
}

// drafted is an item that is about to be stored.
type drafted struct {
	item    Item
	supply  Supply
	folder  *Supply // of its collection; nil for none
	picture Picture
}

// draft prepares an item: everything that asks the supplier, and nothing that
// writes here.
func (w *importWork) draft(ctx context.Context, held Holdings, key string, choice ImportChoice) (drafted, error) {
	now := w.clock()
	made := drafted{
		item:   Item{ID: NewID(), Access: choice.Access, Published: choice.Publish, Version: 1, CreatedAt: now, UpdatedAt: now},
		supply: Supply{Key: key, TakenAt: now},
	}
	if station, ok := held.Station(key); ok {
		return made, w.draftStation(ctx, &made, station)
	}
	media, channel, ok := held.Media(key)
	if !ok {
		made.item.Title = key
		return made, E(KindNotFound, "import.error.gone")
	}
	if choice.Collections {
		title := folderTitle(channel, channel.Folder(media.FolderID))
		made.folder = &Supply{Key: FolderKey(channel.Channel.ID, media.FolderID), Title: title, TakenAt: now}
	}
	return made, w.draftMedia(ctx, &made, channel, media)
}

func (w *importWork) draftStation(ctx context.Context, made *drafted, station SupplierStation) error {
	made.item.Kind, made.item.Title = KindRadio, suppliedTitle(station.Name, station.ID)
	made.supply.Title, made.supply.Poster = made.item.Title, station.Thumbnail
	sources, refused := suppliedSources(station, w.hosts)
	if refused > 0 {
		w.report.problem(made.item.Title, "import.error.stream_left_out")
	}
	if len(sources) == 0 {
		return E(KindInvalid, "import.error.no_stream")
	}
	made.item.Sources = sources
	return w.draftPoster(ctx, made, station.Thumbnail)
}

func (w *importWork) draftMedia(ctx context.Context, made *drafted, channel HeldChannel, media SupplierMedia) error {
	says := statedOfMedia(media)
	made.item.Kind, made.item.Title, made.item.Summary = KindVideo, says.title, suppliedText(media.Description)
	made.item.Duration = min(says.duration, MaxDuration)
	made.supply.Title, made.supply.Poster, made.supply.Duration = says.title, says.poster, says.duration
	share, err := w.shareOf(ctx, channel, media)
	if err != nil {
		return err
	}
	source, err := NewSource(SourceVOD, share, channel.Channel.ID, w.hosts)
	if err != nil {
		return err
	}
	made.item.Sources = []Source{source}
	return w.draftPoster(ctx, made, media.Poster)
}

// shareOf is a share of a media that is there, or else a new one. None is made for
// an item that is here already.
func (w *importWork) shareOf(ctx context.Context, channel HeldChannel, media SupplierMedia) (string, error) {
	if shares := channel.Shares[media.ID]; len(shares) > 0 {
		return shares[0], nil
	}
	if supply, err := w.store.SupplyByKey(ctx, MediaKey(channel.Channel.ID, media.ID)); err == nil {
		if item, err := w.store.ItemByID(ctx, supply.TargetID); err == nil && len(item.Sources) > 0 {
			return item.Sources[0].Ref, nil
		}
	} else if !errors.Is(err, ErrNotFound) {
		return "", err
	}
	share, err := patiently(ctx, w, func() (SupplierShare, error) { return w.supplier.CreateShare(ctx, channel.Channel.ID, media.ID) })
	if err != nil {
		return "", err
	}
	channel.Shares[media.ID] = []string{share.ID}
	w.report.Shares++
	return share.ID, nil
}

// draftPoster fetches a poster. An item without one is better than none.
func (w *importWork) draftPoster(ctx context.Context, made *drafted, address string) error {
	if address == "" {
		return nil
	}
	picture, err := w.poster(ctx, address)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		w.report.problem(made.item.Title, "import.error.poster")
		made.supply.Poster = "" // tried again when things are kept in step
		return nil
	}
	made.picture, made.item.PosterID, made.supply.PosterID = picture, picture.ID, picture.ID
	return nil
}

func (m *Imports) poster(ctx context.Context, address string) (Picture, error) {
	file, err := m.supplier.Poster(ctx, address)
	if err != nil {
		return Picture{}, err
	}
	return m.pictures.Make(ctx, file)
}

// keep stores what was drafted, unless it is here by now: then it is only tied to
// its original.
func (w *importWork) keep(ctx context.Context, tx Store, made drafted) error {
	itemID, tied, err := w.here(ctx, tx, made)
	if err != nil {
		return err
	}
	if itemID != "" {
		w.report.Same++
		if tied {
			return nil
		}
		if err := w.tie(ctx, tx, made.supply, itemID); err != nil {
			return err
		}
		return audit(ctx, tx, w.clock, w.actor, "item.import", itemID, Fact{LabelSupplied, made.supply.Title})
	}
	if made.item.CollectionID, err = w.collection(ctx, tx, made.folder); err != nil {
		return err
	}
	if made.item.Slug, err = freeSlug(ctx, tx, made.item.Title, strings.ToLower(made.item.ID)); err != nil {
		return err
	}
	if made.item.Position, err = tx.LastPosition(ctx); err != nil {
		return err
	}
	made.item.Position++
	if err := made.item.Validate(); err != nil {
		return err
	}
	made.supply.TargetID = made.item.ID
	if err := w.storeItem(ctx, tx, made); err != nil {
		return err
	}
	w.report.Created++
	return auditItem(ctx, tx, w.clock, w.actor, "item.import", Item{}, made.item)
}

// tie notes of an item that somebody made by hand what it is at the supplier. What
// it lacks counts as news, what it has as the owner's own.
func (w *importWork) tie(ctx context.Context, tx Store, supply Supply, itemID string) error {
	item, err := tx.ItemByID(ctx, itemID)
	if err != nil {
		return err
	}
	supply.TargetID, supply.PosterID = itemID, ""
	if item.PosterID == "" {
		supply.Poster = ""
	}
	if item.Duration == 0 {
		supply.Duration = 0
	}
	return tx.PutSupply(ctx, supply)
}

// here tells which item a thing is here by now, and whether that is known already.
func (w *importWork) here(ctx context.Context, tx Store, made drafted) (itemID string, tied bool, err error) {
	supply, err := tx.SupplyByKey(ctx, made.supply.Key)
	if !errors.Is(err, ErrNotFound) {
		return supply.TargetID, err == nil, err
	}
	for _, source := range made.item.Sources {
		id, err := tx.ItemOfSource(ctx, source.Supplied())
		if !errors.Is(err, ErrNotFound) {
			return id, false, err
		}
	}
	return "", false, nil
}

func (w *importWork) storeItem(ctx context.Context, tx Store, made drafted) error {
	if made.picture.ID != "" {
		if err := tx.PutPicture(ctx, made.picture); err != nil {
			return err
		}
	}
	if err := tx.CreateItem(ctx, made.item); err != nil {
		return err
	}
	return tx.PutSupply(ctx, made.supply)
}

// collection finds the collection of a folder, or makes it.
func (w *importWork) collection(ctx context.Context, tx Store, folder *Supply) (string, error) {
	if folder == nil {
		return "", nil
	}
	supply, err := tx.SupplyByKey(ctx, folder.Key)
	if !errors.Is(err, ErrNotFound) {
		return supply.TargetID, err
	}
	made, err := newCollection(ctx, tx, w.clock, folder.Title)
	if err != nil {
		return "", err
	}
	folder.TargetID = made.ID
	if err := tx.PutSupply(ctx, *folder); err != nil {
		return "", err
	}
	w.report.Collections++
	return made.ID, audit(ctx, tx, w.clock, w.actor, "collection.create", made.ID, Fact{LabelTitle, made.Title}, Fact{LabelSupplied, folder.Title})
}
