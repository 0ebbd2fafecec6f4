package paywall

import "context"

// List gives sources with what is known of them, and tells how many there are.
func (p *Probes) List(ctx context.Context, filter ProbeFilter, limit, offset int) ([]ProbeTask, int, error) {
	tasks, total, err := p.Store.Probes(ctx, filter, limit, offset)
	return current(tasks), total, err
}

// Counts tells how many sources are in which state.
func (p *Probes) Counts(ctx context.Context) (ProbeCounts, error) { return p.Store.ProbeCounts(ctx) }

// Of finds one source with what is known of it, and its history, newest first.
func (p *Probes) Of(ctx context.Context, sourceID string) (ProbeTask, []ProbeChange, error) {
	task, err := p.Store.ProbeOf(ctx, sourceID)
	if err != nil {
		return ProbeTask{}, nil, err
	}
	changes, err := p.Store.ProbeChanges(ctx, sourceID)
	return current([]ProbeTask{task})[0], changes, err
}

// OfItem is what is known of the sources of an item, by source; of all items when
// the id is empty.
func (p *Probes) OfItem(ctx context.Context, itemID string) (map[string]Probe, error) {
	tasks, err := p.Store.ProbesOf(ctx, itemID)
	if err != nil {
		return nil, err
	}
	known := make(map[string]Probe, len(tasks))
	for _, task := range current(tasks) {
		known[task.Source.ID] = task.Probe
	}
	return known, nil
}

// current leaves out what is known of sources as they were before a change.
func current(tasks []ProbeTask) []ProbeTask {
	for n := range tasks {
		tasks[n].Probe = tasks[n].about()
	}
	return tasks
}

// Worst is the worst state of an item's sources, given what is known of them;
// empty when it has none.
func Worst(item Item, known map[string]Probe) ProbeState {
	found := map[ProbeState]bool{}
	for _, source := range item.Sources {
		state := known[source.ID].State
		if state == "" {
			state = ProbeGrey
		}
		found[state] = true
	}
	for _, state := range ProbeStates {
		if found[state] {
			return state
		}
	}
	return ""
}
