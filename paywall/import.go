package paywall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Imports makes accounts and grants of an uploaded list: first it is stored, then
// checked without changing anything, then run; it can be taken back for a while.
type Imports struct {
	store     Store
	grants    *Grants
	outbox    *Outbox
	clock     Clock
	zone      func() *time.Location
	languages []string
}

// NewImports makes the service. Dates in a list are days of the site's zone, and the
// languages are those that the site speaks.
func NewImports(store Store, grants *Grants, outbox *Outbox, clock Clock, zone func() *time.Location, languages []string) *Imports {
	return &Imports{store: store, grants: grants, outbox: outbox, clock: clock, zone: zone, languages: languages}
}

// storedAtOnce is how many lines of an upload are stored in one transaction.
const storedAtOnce = 500

// Upload stores a list and answers the job that will read it. Nobody is changed.
func (s *Imports) Upload(ctx context.Context, actor Actor, name string, file io.Reader) (Job, error) {
	name = cutTo(strings.TrimSpace(name), 100)
	lines, err := newSheet(file)
	if err != nil {
		return Job{}, err
	}
	job := Job{
		ID: NewID(), Kind: JobImport, State: JobUploaded, Counts: JobCounts{},
		Actor: Actor{UserID: actor.UserID, Name: actor.Name}, CreatedAt: s.clock(), Detail: "{}",
	}
	if err := s.store.CreateJob(ctx, job); err != nil {
		return Job{}, err
	}
	plan, total, err := s.storeLines(ctx, job, lines)
	if err == nil && total == 0 {
		err = invalidField("file", "import.error.empty")
	}
	if err != nil {
		return Job{}, errors.Join(err, s.store.DeleteJob(ctx, job.ID))
	}
	plan.File, plan.Comma, plan.Latin = name, string(lines.comma), lines.latin
	uploaded := job
	uploaded.Total = total
	if uploaded.Detail, err = asJSON(plan); err != nil {
		return Job{}, err
	}
	return uploaded, s.store.InTx(ctx, func(tx Store) error {
		if err := tx.UpdateJob(ctx, job, uploaded); err != nil {
			return err
		}
		return audit(ctx, tx, s.clock, actor, "import.upload", job.ID, fmt.Sprintf("%s, %d lines", name, total))
	})
}

// storeLines stores the lines of a list in pieces.
func (s *Imports) storeLines(ctx context.Context, job Job, lines *sheet) (plan ImportPlan, total int, err error) {
	var rows []ImportRow
	flush := func() error {
		err := s.store.AddImportRows(ctx, job.ID, rows)
		total, rows = total+len(rows), rows[:0]
		return err
	}
	for number := 1; ; number++ {
		cells, broken, err := lines.next()
		if errors.Is(err, io.EOF) {
			err := flush()
			return plan, total, err
		}
		if err != nil {
			return plan, 0, err
		}
		if plan.Fields == nil {
			plan.guess(cells)
			if !plan.NoHead {
				continue
			}
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" && broken == "" {
			continue
		}
		if total+len(rows) >= maxImportRows {
			return plan, 0, invalidField("file", "import.error.rows")
		}
		row := ImportRow{Number: number, Cells: cells, Problem: broken}
		if broken != "" {
			row.Verdict = RowBad
		}
		row.Email, _ = CanonicalEmail(plan.field(cells, FieldEmail)) // empty when it is none
		if rows = append(rows, row); len(rows) == storedAtOnce {
			if err := flush(); err != nil {
				return plan, 0, err
			}
		}
	}
}

// PlanOf is how an import is read.
func PlanOf(job Job) (plan ImportPlan, err error) {
	err = json.Unmarshal([]byte(job.Detail), &plan)
	return plan, err
}

// Rows lists lines of an import after a number, those of a verdict or all.
func (s *Imports) Rows(ctx context.Context, jobID string, verdict ImportVerdict, after, limit int) ([]ImportRow, error) {
	return s.store.ImportRows(ctx, jobID, verdict, after, limit)
}

// Check lets the workers find out what a run with this plan would do.
func (s *Imports) Check(ctx context.Context, id string, fields []ImportField, stopAtBad, tell bool) error {
	return s.move(ctx, id, func(job *Job) error {
		if job.State != JobUploaded && job.State != JobChecked {
			return E(KindInvalid, "import.error.state")
		}
		plan, err := PlanOf(*job)
		if err != nil {
			return err
		}
		plan.Fields, plan.StopAtBad, plan.Tell = fields, stopAtBad, tell
		if err := plan.validate(); err != nil {
			return err
		}
		if job.Detail, err = asJSON(plan); err != nil {
			return err
		}
		job.begin(JobChecking, s.clock())
		job.Counts = JobCounts{}
		return nil
	}, nil)
}

// Start lets the workers run an import that was checked.
func (s *Imports) Start(ctx context.Context, actor Actor, id string) error {
	return s.move(ctx, id, func(job *Job) error {
		plan, err := PlanOf(*job)
		switch {
		case err != nil:
			return err
		case job.State != JobChecked:
			return E(KindInvalid, "import.error.state")
		case plan.StopAtBad && job.Counts[CountBad] > 0:
			return E(KindInvalid, "import.error.bad_rows")
		}
		job.begin(JobRunning, s.clock())
		job.Counts = JobCounts{}
		return nil
	}, func(tx Store, job Job) error {
		return s.note(ctx, tx, actor, "import.start", job)
	})
}

// Undo takes an import back that ended a while ago: the grants it gave end, and
// the accounts that it made and nobody has used since go.
func (s *Imports) Undo(ctx context.Context, actor Actor, id string) error {
	return s.move(ctx, id, func(job *Job) error {
		if job.State != JobDone && job.State != JobStopped || job.StartedAt.IsZero() {
			return E(KindInvalid, "import.error.state")
		}
		job.begin(JobUndoing, s.clock())
		return nil
	}, func(tx Store, job Job) error {
		return s.note(ctx, tx, actor, "import.undo", job)
	})
}

// Delete forgets an upload that was not run.
func (s *Imports) Delete(ctx context.Context, actor Actor, id string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		job, err := tx.JobByID(ctx, id)
		if err != nil {
			return err
		}
		if job.Kind != JobImport || (job.State != JobUploaded && job.State != JobChecked) {
			return E(KindInvalid, "import.error.state")
		}
		if err := tx.DeleteJob(ctx, id); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, "import.delete", job)
	})
}

func (s *Imports) note(ctx context.Context, tx Store, actor Actor, action string, job Job) error {
	plan, err := PlanOf(job)
	if err != nil {
		return err
	}
	return audit(ctx, tx, s.clock, actor, action, job.ID, fmt.Sprintf("%s, %d lines", plan.File, job.Total))
}

// move changes the state of an import, if nobody else did meanwhile.
func (s *Imports) move(ctx context.Context, id string, change func(*Job) error, also func(Store, Job) error) error {
	return s.store.InTx(ctx, func(tx Store) error {
		job, err := tx.JobByID(ctx, id)
		if err != nil {
			return err
		}
		if job.Kind != JobImport {
			return ErrNotFound
		}
		next := job
		if err := change(&next); err != nil {
			return err
		}
		if err := tx.UpdateJob(ctx, job, next); err != nil {
			return err
		}
		if also == nil {
			return nil
		}
		return also(tx, next)
	})
}

// cutTo is a text of that many characters at most.
func cutTo(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(most, len(runes))])
}
