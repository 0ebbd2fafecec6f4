package paywall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// RunKind is what an ImportRun does.
type RunKind string

// The kinds of run.
const (
	RunRead   RunKind = "read"   // reads the account
	RunImport RunKind = "import" // makes items of what was chosen
	RunStep   RunKind = "step"   // takes chosen differences over
)

// RunState is how far an ImportRun is.
type RunState string

// The states of a run.
const (
	RunRunning RunState = "running"
	RunDone    RunState = "done"
	RunFailed  RunState = "failed"  // it gave up; Report.Trouble says why
	RunStopped RunState = "stopped" // somebody stopped it
)

// ImportRun is one piece of work at the supplier that goes on in the background.
// What it has done stays when it ends early, and a node that dies leaves it to
// the next.
type ImportRun struct {
	ID           string
	Kind         RunKind
	State        RunState
	ActorID      string // who started it
	Work         []byte // what is to be done, as JSON
	Report       []byte // RunReport as JSON
	Done, Total  int
	CreatedAt    time.Time
	EndedAt      time.Time // zero while it runs
	ClaimedBy    string    // the worker that holds it
	ClaimedUntil time.Time
}

// RunReport is what a run did.
type RunReport struct {
	Created, Changed, Same int
	Collections            int // made
	Shares                 int // made at the supplier
	Problems               []RunProblem
	More                   int    // problems beyond those
	Trouble                string // why it gave up; a catalogue key
}

// RunProblem is something that went wrong with one thing; the run went on.
type RunProblem struct {
	Title string
	Key   string // catalogue key
}

// mostProblems is how many problems a report lists.
const mostProblems = 100

func (r *RunReport) problem(title, key string) {
	if len(r.Problems) == mostProblems {
		r.More++
		return
	}
	r.Problems = append(r.Problems, RunProblem{Title: title, Key: key})
}

// ReportOf reads a run's report.
func (r ImportRun) ReportOf() RunReport {
	var report RunReport
	_ = json.Unmarshal(r.Report, &report) // an empty one, then
	return report
}

// Imports takes over what the owner has at the supplier.
type Imports struct {
	store    Store
	supplier Supplier
	pictures *Pictures
	hosts    MediaHosts
	clock    Clock
	worker   string
	retry    time.Duration
}

// NewImports makes the service.
func NewImports(store Store, supplier Supplier, pictures *Pictures, hosts MediaHosts, clock Clock) *Imports {
	return &Imports{
		store: store, supplier: supplier, pictures: pictures, hosts: hosts, clock: clock, worker: NewID(), retry: 5 * time.Second,
	}
}

const (
	// claimLife is how long a worker may be silent before another takes its run
	// over. One call to the supplier may wait for two minutes.
	claimLife = 4 * time.Minute
	// mostTries is how often a call to a supplier in trouble is tried.
	mostTries = 4
	// keepRuns is how long ended runs can be looked at.
	keepRuns = 90 * 24 * time.Hour
)

// Holdings is the account as it was last read; ErrNotFound before that.
func (m *Imports) Holdings(ctx context.Context) (Holdings, error) {
	return heldBy(ctx, m.store)
}

func heldBy(ctx context.Context, store Store) (Holdings, error) {
	var held Holdings
	body, err := store.Holdings(ctx)
	if err != nil {
		return held, err
	}
	return held, json.Unmarshal(body, &held)
}

// Run finds a run.
func (m *Imports) Run(ctx context.Context, id string) (ImportRun, error) {
	return m.store.ImportRunByID(ctx, id)
}

// Runs lists the latest runs, newest first.
func (m *Imports) Runs(ctx context.Context, limit int) ([]ImportRun, error) {
	return m.store.ImportRuns(ctx, limit)
}

// Stop ends a run. What it did stays.
func (m *Imports) Stop(ctx context.Context, actor Actor, id string) error {
	return m.store.InTx(ctx, func(tx Store) error {
		if err := tx.StopImportRun(ctx, id, m.clock()); err != nil {
			return err
		}
		return audit(ctx, tx, m.clock, actor, "imports.stop", id)
	})
}

// start stores a run for the next worker that looks.
func (m *Imports) start(ctx context.Context, actor Actor, kind RunKind, work any, total int, facts ...Fact) (ImportRun, error) {
	body, err := json.Marshal(work)
	if err != nil {
		return ImportRun{}, err
	}
	run := ImportRun{
		ID: NewID(), Kind: kind, State: RunRunning, ActorID: actor.UserID, Work: body, Total: total, CreatedAt: m.clock(),
	}
	err = m.store.InTx(ctx, func(tx Store) error {
		if err := tx.CreateImportRun(ctx, run); err != nil {
			return err
		}
		return audit(ctx, tx, m.clock, actor, "imports.start", run.ID, append([]Fact{{LabelRun, string(kind)}}, facts...)...)
	})
	if errors.Is(err, ErrExists) {
		err = E(KindConflict, "import.error.running").Because(err)
	}
	return run, err
}

// Work takes the run that waits, if there is one, and works on it until it ends
// or the context does.
func (m *Imports) Work(ctx context.Context) error {
	if running, err := m.store.ImportRunning(ctx); err != nil || !running {
		return err // looking costs less than taking
	}
	now := m.clock()
	run, err := m.store.ClaimImportRun(ctx, m.worker, now, now.Add(claimLife))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	w := &importWork{Imports: m, run: run, report: run.ReportOf()}
	if w.actor, err = m.actorOf(ctx, run); err == nil {
		err = w.do(ctx)
	}
	switch {
	case errors.Is(err, ErrChanged):
		return nil // it was stopped, or another worker has it
	case ctx.Err() != nil:
		return w.letGo(context.WithoutCancel(ctx))
	case err != nil:
		slog.Warn("import failed", "run", run.ID, "kind", run.Kind, "error", err)
		w.report.Trouble = troubleKey(err)
		return w.end(ctx, RunFailed)
	}
	return w.end(ctx, RunDone)
}

// troubleKey says in a catalogue key why something at the supplier failed.
func troubleKey(err error) string {
	if key := TroubleOf(err); key != "" {
		return key
	}
	if KindOf(err) == KindInvalid {
		return problemKey(err)
	}
	return "import.error.failed"
}

// actorOf is who started a run, as audit lines name them.
func (m *Imports) actorOf(ctx context.Context, run ImportRun) (Actor, error) {
	user, err := m.store.UserByID(ctx, run.ActorID)
	if errors.Is(err, ErrNotFound) {
		return Actor{UserID: run.ActorID, Name: "import"}, nil
	}
	return Actor{UserID: user.ID, Name: user.Email}, err
}

// importWork is a run in the hands of a worker.
type importWork struct {
	*Imports
	run    ImportRun
	report RunReport
	actor  Actor
}

func (w *importWork) do(ctx context.Context) error {
	switch w.run.Kind {
	case RunRead:
		return w.readAll(ctx)
	case RunImport:
		return w.importAll(ctx)
	case RunStep:
		return w.stepAll(ctx)
	}
	return fmt.Errorf("import: unknown kind %q", w.run.Kind)
}

// save keeps how far the run is, in a transaction of its own or in one that is
// given, and holds it for longer.
func (w *importWork) save(ctx context.Context, store Store) error {
	return w.saveFor(ctx, store, claimLife)
}

// saveFor is save with how long the run is held.
func (w *importWork) saveFor(ctx context.Context, store Store, hold time.Duration) error {
	report, err := json.Marshal(w.report)
	if err != nil {
		return err
	}
	w.run.Report, w.run.ClaimedUntil = report, w.clock().Add(hold)
	return store.SaveImportRun(ctx, w.run)
}

// advance is save after one more thing.
func (w *importWork) advance(ctx context.Context) error {
	w.run.Done = min(w.run.Done+1, w.run.Total)
	return w.save(ctx, w.store)
}

func (w *importWork) end(ctx context.Context, state RunState) error {
	w.run.State, w.run.EndedAt = state, w.clock()
	err := w.save(ctx, w.store)
	if errors.Is(err, ErrChanged) {
		return nil
	}
	return err
}

// letGo gives the run to whoever looks next, because this node stops.
func (w *importWork) letGo(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return w.saveFor(ctx, w.store, 0)
}

// patiently tries a call to the supplier again while that is in trouble that may
// pass.
func patiently[T any](ctx context.Context, w *importWork, call func() (T, error)) (T, error) {
	for try := 1; ; try++ {
		got, err := call()
		if err == nil || try == mostTries || !passing(err) {
			return got, err
		}
		if err := w.save(ctx, w.store); err != nil {
			return got, err
		}
		pause := time.NewTimer(w.retry * time.Duration(try))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return got, ctx.Err()
		}
	}
}

// passing tells whether trouble may be over soon.
func passing(err error) bool {
	switch TroubleOf(err) {
	case TroubleLimit, TroubleBusy, TroubleTimeout, TroubleBreaker, TroubleDown, TroubleGarbage:
		return true
	}
	return false
}
