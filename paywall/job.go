package paywall

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"time"
)

// JobKind is what a job does.
type JobKind string

// The kinds of job. All but the last are acts on many people.
const (
	JobExtend  JobKind = "extend"
	JobGive    JobKind = "give"
	JobRevoke  JobKind = "revoke"
	JobBlock   JobKind = "block"
	JobUnblock JobKind = "unblock"
	JobMail    JobKind = "mail"
	JobImport  JobKind = "import"
)

// JobState is how far a job is.
type JobState string

// The states of a job. An import is uploaded, checked without changing anything,
// run, and perhaps taken back; an act on many people only runs.
const (
	JobUploaded JobState = "uploaded"
	JobChecking JobState = "checking"
	JobChecked  JobState = "checked"
	JobRunning  JobState = "running"
	JobDone     JobState = "done"
	JobStopped  JobState = "stopped"
	JobUndoing  JobState = "undoing"
	JobUndone   JobState = "undone"
)

// Working tells whether a worker has something to do.
func (s JobState) Working() bool { return s == JobChecking || s == JobRunning || s == JobUndoing }

// JobCounts is what became of the people of a job, by name.
type JobCounts map[string]int

// The names of the counts.
const (
	CountPeople  = "people"  // accounts that something was done with
	CountGrants  = "grants"  // grants that were given, extended or taken back
	CountMails   = "mails"   // mails that were written
	CountSkipped = "skipped" // accounts with which nothing could be done
	CountNew     = "new"     // lines of an import that make an account
	CountKnown   = "known"   // lines about an account that exists, which gets a grant
	CountNothing = "nothing" // lines that change nothing
	CountBad     = "bad"     // lines with a mistake
	CountTaken   = "taken"   // grants that taking an import back ended
	CountRemoved = "removed" // accounts that it removed
	CountKept    = "kept"    // accounts that it could not remove
)

// Job is work on many people. It goes on after a restart where it was.
type Job struct {
	ID        string
	Kind      JobKind
	State     JobState
	Actor     Actor  // who asked for it; its network is not kept
	Detail    string // JSON of a PeopleAct or an ListPlan
	Counts    JobCounts
	Problem   string // message key of why it stopped
	Total     int    // accounts or lines
	Done      int    // of them; for an import the number of the last line
	Reached   string // id of the last account
	CreatedAt time.Time
	StartedAt time.Time
	EndedAt   time.Time // of the last step; zero: under way
	// Claim is the worker at work, until ClaimedUntil.
	Claim        string
	ClaimedUntil time.Time
}

// KeepJobs is how long a job is kept after its end, and an import can be taken
// back. KeepDrafts is how long an upload waits to be begun.
const (
	KeepJobs   = 30 * 24 * time.Hour
	KeepDrafts = 24 * time.Hour
)

const (
	// claimJob is how long a worker has a job without a sign of life.
	claimJob = 30 * time.Second
	// jobChunk is how many people or lines are worked on in one transaction: few,
	// because everybody else waits for its end.
	jobChunk = 100
)

// count adds to a count.
func (j *Job) count(name string, n int) {
	if j.Counts == nil {
		j.Counts = JobCounts{}
	}
	if n != 0 {
		j.Counts[name] += n
	}
}

// nextMail is when the mail to the next person of a job may go out: one after the
// other, or they would stand before everybody's codes for hours.
func (j *Job) nextMail() time.Time { return j.StartedAt.Add(time.Duration(j.Done) * mailPace) }

// finish ends the work of a job for now.
func (j *Job) finish(state JobState, now time.Time) {
	j.State, j.EndedAt = state, now
	j.Claim, j.ClaimedUntil = "", time.Time{}
}

// begin hands a job to the workers.
func (j *Job) begin(state JobState, now time.Time) {
	j.State, j.StartedAt, j.EndedAt, j.Problem = state, now, time.Time{}, ""
	j.Claim, j.ClaimedUntil, j.Done, j.Reached = "", time.Time{}, 0, ""
}

// chunk does the next piece of a job in a transaction, and notes in next how far
// it got.
type chunk func(ctx context.Context, tx Store, next *Job) error

// Jobs does the work of jobs, piece by piece. Any number of workers on any number
// of nodes may run: a job is claimed, and each piece commits only while its claim
// stands.
type Jobs struct {
	store   Store
	clock   Clock
	bulk    *Bulk
	imports *MemberImports
}

// NewJobs makes the worker.
func NewJobs(store Store, clock Clock, bulk *Bulk, imports *MemberImports) *Jobs {
	return &Jobs{store: store, clock: clock, bulk: bulk, imports: imports}
}

// Recent lists jobs, newest first.
func (j *Jobs) Recent(ctx context.Context, limit int) ([]Job, error) { return j.store.Jobs(ctx, limit) }

// ByID finds a job.
func (j *Jobs) ByID(ctx context.Context, id string) (Job, error) { return j.store.JobByID(ctx, id) }

// Work does all that there is to do now, and ends when nothing is left.
func (j *Jobs) Work(ctx context.Context) error {
	for {
		now := j.clock()
		job, err := j.store.ClaimJob(ctx, now, now.Add(claimJob), NewID())
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := j.workOn(ctx, job); err != nil {
			return err
		}
	}
}

// workOn does the pieces of one job. A rule that is broken stops the job; a
// database that fails leaves it to the next worker.
func (j *Jobs) workOn(ctx context.Context, job Job) error {
	do, err := j.doer(job)
	for err == nil && job.State.Working() && ctx.Err() == nil {
		err = j.piece(ctx, &job, do)
	}
	switch {
	case errors.Is(err, ErrChanged), errors.Is(err, ErrNotFound):
		return nil // another worker has it, or it was removed
	case KindOf(err) == KindInvalid:
		slog.WarnContext(ctx, "a job was stopped", "job", job.ID, "kind", job.Kind, "error", err)
		stopped := job
		stopped.Problem = problemKey(err)
		stopped.finish(JobStopped, j.clock())
		return j.store.UpdateJob(ctx, job, stopped)
	}
	return errors.Join(err, ctx.Err())
}

// piece does one piece and stores how far it got, in one transaction: both are
// there or neither.
func (j *Jobs) piece(ctx context.Context, job *Job, do chunk) error {
	next := *job
	next.Counts = maps.Clone(job.Counts)
	next.ClaimedUntil = j.clock().Add(claimJob)
	err := j.store.InTx(ctx, func(tx Store) error {
		if err := do(ctx, tx, &next); err != nil {
			return err
		}
		return tx.UpdateJob(ctx, *job, next)
	})
	if err == nil {
		*job = next
	}
	return err
}

func (j *Jobs) doer(job Job) (chunk, error) {
	if job.Kind == JobImport {
		return j.imports.doer(job)
	}
	return j.bulk.doer(job)
}

// Stop ends a job that is running, where it is.
func (j *Jobs) Stop(ctx context.Context, actor Actor, id string) error {
	return j.store.InTx(ctx, func(tx Store) error {
		job, err := tx.JobByID(ctx, id)
		if err != nil {
			return err
		}
		if job.State != JobRunning {
			return E(KindInvalid, "job.error.not_running")
		}
		stopped := job
		stopped.finish(JobStopped, j.clock())
		stopped.Problem = "job.error.stopped"
		if err := tx.UpdateJob(ctx, job, stopped); err != nil { // the worker's next piece then fails
			return err
		}
		return audit(ctx, tx, j.clock, actor, "job.stop", job.ID, Fact{LabelWork, string(job.Kind)})
	})
}

// Resume lets a job that was stopped go on where it was.
func (j *Jobs) Resume(ctx context.Context, actor Actor, id string) error {
	return j.store.InTx(ctx, func(tx Store) error {
		job, err := tx.JobByID(ctx, id)
		if err != nil {
			return err
		}
		if job.State != JobStopped || job.StartedAt.IsZero() {
			return E(KindInvalid, "job.error.not_stopped")
		}
		next := job
		next.State, next.Problem, next.EndedAt = JobRunning, "", time.Time{}
		if err := tx.UpdateJob(ctx, job, next); err != nil {
			return err
		}
		return audit(ctx, tx, j.clock, actor, "job.resume", job.ID, Fact{LabelWork, string(job.Kind)})
	})
}

// problemKey is the message of a refusal, of its field if it is about one.
func problemKey(err error) string {
	var known *Error
	if !errors.As(err, &known) {
		return "error.page.internal.title"
	}
	for _, key := range known.Fields {
		return key
	}
	return known.Key
}

// asJSON writes what a job is about.
func asJSON(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}
