package paywall

import (
	"context"
	"encoding/json"
	"errors"
)

// stepping is the work of a run that takes differences over.
type stepping struct {
	IDs  []string
	Keep bool // the owner's own values stay, and are not asked about again
}

// StartStep takes chosen differences over in the background, or with keep settles
// that they stay.
func (m *Imports) StartStep(ctx context.Context, actor Actor, ids []string, keep bool) (ImportRun, error) {
	all, err := m.Differences(ctx)
	if errors.Is(err, ErrNotFound) {
		return ImportRun{}, E(KindInvalid, "import.error.unread")
	}
	if err != nil {
		return ImportRun{}, err
	}
	chosen := map[string]bool{}
	for _, id := range ids {
		chosen[id] = true
	}
	work := stepping{Keep: keep}
	for _, d := range all {
		if chosen[d.ID()] {
			work.IDs = append(work.IDs, d.ID())
		}
	}
	if len(work.IDs) == 0 {
		return ImportRun{}, E(KindInvalid, "import.error.none_chosen")
	}
	return m.start(ctx, actor, RunStep, work, len(work.IDs),
		Fact{LabelKept, onOff(keep)}, number(LabelThings, len(work.IDs)))
}

// stepAll goes through the chosen differences from where the run stands. One that
// is none any more is left out.
func (w *importWork) stepAll(ctx context.Context) error {
	var work stepping
	if err := json.Unmarshal(w.run.Work, &work); err != nil {
		return err
	}
	all, err := w.Differences(ctx)
	if err != nil {
		return err
	}
	byID := map[string]Difference{}
	for _, d := range all {
		byID[d.ID()] = d
	}
	for w.run.Done < len(work.IDs) {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, still := byID[work.IDs[w.run.Done]]
		if !still {
			w.report.Same++
			if err := w.advance(ctx); err != nil {
				return err
			}
			continue
		}
		if err := w.stepOne(ctx, d, work.Keep); err != nil {
			return err
		}
	}
	return nil
}

func (w *importWork) stepOne(ctx context.Context, d Difference, keep bool) error {
	var picture Picture
	if d.Field == FieldPoster && !keep {
		var err error
		if picture, err = w.poster(ctx, d.Theirs); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			w.report.problem(d.Title, "import.error.poster")
			return w.advance(ctx)
		}
	}
	err := w.step(ctx, func(tx Store) error {
		supply, err := tx.SupplyByKey(ctx, d.Key)
		if errors.Is(err, ErrNotFound) {
			w.report.Same++ // deleted meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		switch d.Field {
		case FieldTitle:
			supply.Title = d.Theirs
		case FieldDuration:
			supply.Duration = d.TheirsLong
		case FieldPoster:
			supply.Poster, supply.PosterID = d.Theirs, picture.ID
		}
		supply.TakenAt = w.clock()
		if err := tx.PutSupply(ctx, supply); err != nil {
			return err
		}
		w.report.Changed++
		return w.takeOver(ctx, tx, d, picture, keep)
	})
	return err
}

// takeOver writes what the supplier says into the item or collection.
func (w *importWork) takeOver(ctx context.Context, tx Store, d Difference, picture Picture, keep bool) error {
	switch {
	case keep:
		return audit(ctx, tx, w.clock, w.actor, "item.step", d.ItemID+d.CollectionID, Fact{LabelKept, string(d.Field)})
	case d.CollectionID != "":
		return w.takeOverTitle(ctx, tx, d)
	}
	old, err := tx.ItemByID(ctx, d.ItemID)
	if err != nil {
		return err
	}
	item := old
	switch d.Field {
	case FieldTitle:
		item.Title = d.Theirs
	case FieldDuration:
		item.Duration = min(d.TheirsLong, MaxDuration)
	case FieldPoster:
		item.PosterID = picture.ID
		if err := tx.PutPicture(ctx, picture); err != nil {
			return err
		}
	}
	item.UpdatedAt = w.clock()
	if err := tx.UpdateItem(ctx, item); err != nil {
		return err
	}
	if d.Field == FieldPoster {
		return audit(ctx, tx, w.clock, w.actor, "item.step", item.ID, pictureChange(LabelPoster, old.PosterID, item.PosterID))
	}
	return auditItem(ctx, tx, w.clock, w.actor, "item.step", old, item)
}

func (w *importWork) takeOverTitle(ctx context.Context, tx Store, d Difference) error {
	old, err := tx.CollectionByID(ctx, d.CollectionID)
	if err != nil {
		return err
	}
	changed := old
	changed.Title, changed.UpdatedAt = d.Theirs, w.clock()
	if err := tx.UpdateCollection(ctx, changed); err != nil {
		return err
	}
	return audit(ctx, tx, w.clock, w.actor, "collection.step", old.ID, collectionChanges(old, changed)...)
}
