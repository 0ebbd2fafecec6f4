package paywall

import (
	"context"
	"slices"
	"time"
)

// Step is one thing that makes a site ready for its listeners.
type Step string

// The steps of the first run, in their order, and those that can wait.
const (
	StepOwner      Step = "owner"
	StepSite       Step = "site" // name, languages, zone, logo, colour
	StepConnection Step = "connection"
	StepMail       Step = "mail"
	StepItems      Step = "items"
	StepProtection Step = "protection"
	StepSignUp     Step = "sign_up"
	StepInvite     Step = "invite"
	StepListen     Step = "listen"

	StepTexts  Step = "texts"
	StepFactor Step = "factor"
	StepDeputy Step = "deputy"
)

// FirstSteps are those of the first run, LaterSteps what can wait.
var (
	FirstSteps = []Step{
		StepOwner, StepSite, StepConnection, StepMail, StepItems, StepProtection, StepSignUp, StepInvite, StepListen,
	}
	LaterSteps = []Step{StepTexts, StepFactor, StepDeputy}
)

// StepState is how far a step is, told from facts.
type StepState string

// The states of a step.
const (
	StepDone    StepState = "done"
	StepOpen    StepState = "open"    // nothing was done yet
	StepTrouble StepState = "trouble" // it was done and does not work
)

// Todo is one step and the fact that tells how far it is.
type Todo struct {
	Step  Step
	State StepState
	// Key is the catalogue key of the fact in words, with its Args and, for a
	// number, its Count; At is when it was so, zero if that is not told.
	Key   string
	Args  []any
	Count int
	At    time.Time
	// Stops tells that nobody can play anything as long as it is so.
	Stops bool
	// SkippedAt is when the owner skipped the step; zero: not skipped.
	SkippedAt time.Time
}

// Skipped tells whether the owner does without the step. What was done after all
// is no longer skipped.
func (t Todo) Skipped() bool { return !t.SkippedAt.IsZero() && t.State != StepDone }

// Settled tells whether nothing is left to do: it is done, or skipped.
func (t Todo) Settled() bool { return t.State == StepDone || t.Skipped() }

// Todos are steps in their order.
type Todos []Todo

// Done counts the steps that are done.
func (t Todos) Done() int {
	return t.count(func(todo Todo) bool { return todo.State == StepDone })
}

// Skipped counts those that the owner does without.
func (t Todos) Skipped() int { return t.count(Todo.Skipped) }

// Left counts those that are neither.
func (t Todos) Left() int { return len(t) - t.Done() - t.Skipped() }

func (t Todos) count(is func(Todo) bool) int {
	n := 0
	for _, todo := range t {
		if is(todo) {
			n++
		}
	}
	return n
}

// Ready tells whether listeners can come: no step is left, and what was skipped
// keeps nobody from playing.
func (t Todos) Ready() bool {
	return !slices.ContainsFunc(t, func(todo Todo) bool { return !todo.Settled() || todo.Stops })
}

// Next is the first step that is left; false when there is none.
func (t Todos) Next() (Todo, bool) {
	for _, todo := range t {
		if !todo.Settled() {
			return todo, true
		}
	}
	return Todo{}, false
}

// Of finds a step.
func (t Todos) Of(step Step) (Todo, bool) {
	n := slices.IndexFunc(t, func(todo Todo) bool { return todo.Step == step })
	if n < 0 {
		return Todo{}, false
	}
	return t[n], true
}

// ChecklistDeps is what the checklist looks at beside the store.
type ChecklistDeps struct {
	Store Store
	Clock Clock
	// Connection is the login at the supplier.
	Connection *Connection
	// MailOff tells that no mail server is set.
	MailOff bool
	// Front is what the site shows of itself.
	Front *Front
	// Named tells that the operator named the site.
	Named bool
}

// Checklist tells what is still to do until a site is ready. A step's state
// comes from facts, never from a page having been opened.
type Checklist struct{ ChecklistDeps }

// NewChecklist makes the service.
func NewChecklist(deps ChecklistDeps) *Checklist { return &Checklist{deps} }

// First is how far the first run is.
func (c *Checklist) First(ctx context.Context) (Todos, error) { return c.list(ctx, FirstSteps) }

// Later is how far what can wait is.
func (c *Checklist) Later(ctx context.Context) (Todos, error) { return c.list(ctx, LaterSteps) }

// Guided tells whether the owner is being led through the first run.
func (c *Checklist) Guided(ctx context.Context) (bool, error) {
	state, err := c.Store.Setup(ctx)
	if KindOf(err) == KindNotFound {
		return false, nil
	}
	return state.Guided, err
}

// Guide begins or ends leading the owner through the first run.
func (c *Checklist) Guide(ctx context.Context, actor Actor, on bool) error {
	return c.Store.InTx(ctx, func(tx Store) error {
		if err := tx.GuideSetup(ctx, on); err != nil {
			return err
		}
		action := "site.guide_off"
		if on {
			action = "site.guide_on"
		}
		return audit(ctx, tx, c.Clock, actor, action, "")
	})
}

// Skip notes that the owner does without a step, or not after all.
func (c *Checklist) Skip(ctx context.Context, actor Actor, step Step, skip bool) error {
	if step == StepOwner || !slices.Contains(FirstSteps, step) && !slices.Contains(LaterSteps, step) {
		return ErrNotFound
	}
	return c.Store.InTx(ctx, func(tx Store) (err error) {
		action := "site.step_resume"
		if skip {
			action, err = "site.step_skip", tx.SkipStep(ctx, step, c.Clock())
		} else {
			err = tx.ResumeStep(ctx, step)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, c.Clock, actor, action, string(step))
	})
}

func (c *Checklist) list(ctx context.Context, steps []Step) (Todos, error) {
	skipped, err := c.Store.SkippedSteps(ctx)
	if err != nil {
		return nil, err
	}
	facts := c.facts()
	todos := make(Todos, 0, len(steps))
	for _, step := range steps {
		find, ok := facts[step]
		if !ok {
			continue
		}
		todo, err := find(ctx)
		if err != nil {
			return nil, err
		}
		todo.Step, todo.SkippedAt = step, skipped[step]
		todos = append(todos, todo)
	}
	return todos, nil
}
