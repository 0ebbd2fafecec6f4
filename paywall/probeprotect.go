package paywall

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// mostProbed bounds how many sources are looked at in one question about their
// protection.
const mostProbed = 20_000

// againEvery and againBurst bound how often it is asked out of turn, because
// something seen does not fit to what the supplier said.
const (
	againEvery = 5 * time.Minute
	againBurst = 3
)

// switchPatience bounds a switch and its reading back, for which somebody waits.
// With probePatience after it, it is less than a request may take.
const switchPatience = 4 * time.Second

// AskProtections asks the supplier how all sources are protected and keeps the
// answer. It is meant to be called every minute: it asks at long intervals, and
// on one node only.
func (p *Probes) AskProtections(ctx context.Context) error {
	if p.Supplier == nil {
		return nil
	}
	free, err := p.Store.Take(ctx, "probe protections", p.Clock(), toldEvery, 1)
	if err != nil || !free {
		return err
	}
	tasks, _, err := p.Store.Probes(ctx, ProbeFilter{}, mostProbed, 0)
	if err != nil || len(tasks) == 0 {
		return err
	}
	return p.note(ctx, tasks)
}

// askAgain asks about sources whose protection seems to be another one than the
// supplier said last. Its lists cost calls, so it does not do so often.
func (p *Probes) askAgain(ctx context.Context, turned []ProbeTask) error {
	if len(turned) == 0 {
		return nil
	}
	free, err := p.Store.Take(ctx, "probe protections again", p.Clock(), againEvery, againBurst)
	if err != nil || !free {
		return err
	}
	return p.askSupplier(ctx, turned...)
}

// askSupplier asks how these sources are protected.
func (p *Probes) askSupplier(ctx context.Context, tasks ...ProbeTask) error {
	if p.Supplier == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, toldPatience)
	defer cancel()
	return p.note(ctx, tasks)
}

// note keeps what the supplier tells of these sources. A token that may not read
// it makes it unknown; an outage changes nothing.
func (p *Probes) note(ctx context.Context, tasks []ProbeTask) error {
	refs := make([]SupplierRef, len(tasks))
	for n, task := range tasks {
		refs[n] = task.Source.Supplied()
	}
	told, err := p.Supplier.Protections(ctx, refs)
	if err != nil && !MayNotList(err) {
		slog.DebugContext(ctx, "protection not read", "error", err)
		return nil
	}
	var failures []error
	for _, task := range tasks {
		known := task.about()
		if next := p.told(known, told[task.Source.Supplied()]); next.Told != known.Told || next.Folder != known.Folder {
			failures = append(failures, p.keep(ctx, task.Source, false, func(now Probe) Probe {
				return p.told(now, told[task.Source.Supplied()])
			}))
		}
	}
	return errors.Join(failures...)
}

// told lays what the supplier says over what is known.
func (p *Probes) told(known Probe, protection Protection) Probe {
	finding := FoundUnknown
	switch {
	case protection.Known && protection.On:
		finding = FoundYes
	case protection.Known:
		finding = FoundNo
	}
	if known.Told == "" {
		known.Told = FoundUnknown
	}
	if known.Told == FoundNo && finding == FoundYes {
		known.ToldSince = p.Clock() // switched on since the last time
	}
	known.Told, known.Folder = finding, protection.Folder
	return known
}

// CanProtect tells whether the protection of a source can be switched on from
// here: it is not proved to be on, and not meant to be off.
func (p *Probes) CanProtect(task ProbeTask) bool {
	return p.Supplier != nil && task.Item.Access != AccessOpen && task.about().State == ProbeRed
}

// Protect switches the token protection of a source on, or that of the folder
// which holds a video, and reads it back. A supplier that says "done" and does
// nothing is told of. Whether it holds is proved by the next checks: a change
// takes some minutes to spread.
func (p *Probes) Protect(ctx context.Context, actor Actor, sourceID string) error {
	task, err := p.Store.ProbeOf(ctx, sourceID)
	if err != nil {
		return err
	}
	if p.Supplier == nil || task.Item.Access == AccessOpen {
		return E(KindInvalid, "probe.error.protect")
	}
	ref := task.Source.Supplied()
	// What comes after it needs time too: a switch that was made is recorded, and
	// one that failed is told of.
	asking, cancel := context.WithTimeout(ctx, switchPatience)
	defer cancel()
	if err := p.Supplier.SetProtection(asking, ref, true); err != nil {
		return errors.Join(refusedSwitch(err), p.noteDoubt(ctx, actor, task, err))
	}
	told, err := p.Supplier.Protections(asking, []SupplierRef{ref})
	if err != nil {
		slog.WarnContext(ctx, "protection not read back", "source", sourceID, "error", err)
	}
	found := p.told(Probe{}, told[ref])
	if err := p.noteSwitch(ctx, actor, task, found); err != nil {
		return err
	}
	if found.Told == FoundNo {
		return E(KindInvalid, "probe.error.no_effect")
	}
	_, err = p.CheckNow(ctx, sourceID)
	return err
}

// refusedSwitch is a failed switch in words for the owner. That the supplier had
// enough of our calls is the same to them as that our own pace let none out.
func refusedSwitch(err error) error {
	switch key := TroubleOf(err); key {
	case "":
		return err
	case TroubleLimit:
		return E(KindInvalid, TroubleBusy).Because(err)
	default:
		return E(KindInvalid, key).Because(err)
	}
}

// noteDoubt keeps that somebody tried to switch the protection on and that the
// answer did not come or made no sense: the supplier may have done it.
func (p *Probes) noteDoubt(ctx context.Context, actor Actor, task ProbeTask, err error) error {
	switch TroubleOf(err) {
	case TroubleTimeout, TroubleDown, TroubleGarbage:
	default:
		return nil // refused, or never sent
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), switchNoteTime)
	defer cancel()
	return audit(ctx, p.Store, p.Clock, actor, "source.protect", task.Item.ID, switchFacts(task, FoundUnknown)...)
}

// switchFacts tell what was switched on, and what was read back.
func switchFacts(task ProbeTask, told Found) []Fact {
	return []Fact{{LabelSource, task.Name()}, oldToNew(LabelProtection, factOff, factOn), {LabelReadBack, string(told)}}
}

// switchNoteTime is how long writing a switch down may take.
const switchNoteTime = 3 * time.Second

// noteSwitch keeps that somebody switched the protection on, and what was read
// back. The switch is done by now: it stands in the record also when the time that
// the request had is over.
func (p *Probes) noteSwitch(ctx context.Context, actor Actor, task ProbeTask, found Probe) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), switchNoteTime)
	defer cancel()
	err := p.Store.InTx(ctx, func(tx Store) error {
		return audit(ctx, tx, p.Clock, actor, "source.protect", task.Item.ID, switchFacts(task, found.Told)...)
	})
	if err != nil {
		return err
	}
	return p.keep(ctx, task.Source, false, func(now Probe) Probe {
		now.Told, now.Folder = found.Told, found.Folder
		if found.Told != FoundNo {
			now.SwitchedAt = p.Clock()
		}
		return now
	})
}
