package paywall

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"
)

// MemberImports makes accounts and grants of an uploaded list: first it is stored, then
// checked without changing anything, then run; it can be taken back for a while.
type MemberImports struct {
	store     Store
	grants    *Grants
	outbox    *Outbox
	clock     Clock
	zone      func() *time.Location
	languages []string
}

// NewMemberImports makes the service. Dates in a list are days of the site's zone, and the
// languages are those that the site speaks.
func NewMemberImports(store Store, grants *Grants, outbox *Outbox, clock Clock, zone func() *time.Location, languages []string) *MemberImports {
	return &MemberImports{store: store, grants: grants, outbox: outbox, clock: clock, zone: zone, languages: languages}
}

// storedAtOnce is how many lines of an upload are stored in one transaction.
const storedAtOnce = 500

// Upload stores a list and answers the job that will read it. Nobody is changed.
func (s *MemberImports) Upload(ctx context.Context, actor Actor, name string, file io.Reader) (Job, error) {
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
		err = invalidField("file", "people.import.error.empty")
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
		return audit(ctx, tx, s.clock, actor, "list.upload", job.ID, Fact{LabelFile, name}, number(LabelLines, total))
	})
}

// storeLines stores the lines of a list in pieces.
func (s *MemberImports) storeLines(ctx context.Context, job Job, lines *sheet) (plan ListPlan, total int, err error) {
	var rows []ListRow
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
		if total+len(rows) >= maxListRows {
			return plan, 0, invalidField("file", "people.import.error.rows")
		}
		row := ListRow{Number: number, Cells: cells, Problem: broken}
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

// ListPlanOf is how an import is read.
func ListPlanOf(job Job) (plan ListPlan, err error) {
	err = json.Unmarshal([]byte(job.Detail), &plan)
	return plan, err
}

// Rows lists lines of an import after a number, those of a verdict or all.
func (s *MemberImports) Rows(ctx context.Context, jobID string, verdict RowVerdict, after, limit int) ([]ListRow, error) {
	return s.store.ImportRows(ctx, jobID, verdict, after, limit)
}

// Check lets the workers find out what a run with this plan would do.
func (s *MemberImports) Check(ctx context.Context, id string, fields []ListField, stopAtBad, tell bool) error {
	return s.move(ctx, id, func(job *Job) error {
		if job.State != JobUploaded && job.State != JobChecked {
			return E(KindInvalid, "people.import.error.state")
		}
		plan, err := ListPlanOf(*job)
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
func (s *MemberImports) Start(ctx context.Context, actor Actor, id string) error {
	return s.move(ctx, id, func(job *Job) error {
		plan, err := ListPlanOf(*job)
		switch {
		case err != nil:
			return err
		case job.State != JobChecked:
			return E(KindInvalid, "people.import.error.state")
		case plan.StopAtBad && job.Counts[CountBad] > 0:
			return E(KindInvalid, "people.import.error.bad_rows")
		}
		job.begin(JobRunning, s.clock())
		job.Counts = JobCounts{}
		return nil
	}, func(tx Store, job Job) error {
		return s.note(ctx, tx, actor, "list.start", job)
	})
}

// Undo takes an import back that ended a while ago: the grants it gave end, and
// the accounts that it made and nobody has used since go.
func (s *MemberImports) Undo(ctx context.Context, actor Actor, id string) error {
	return s.move(ctx, id, func(job *Job) error {
		if job.State != JobDone && job.State != JobStopped || job.StartedAt.IsZero() {
			return E(KindInvalid, "people.import.error.state")
		}
		job.begin(JobUndoing, s.clock())
		return nil
	}, func(tx Store, job Job) error {
		return s.note(ctx, tx, actor, "list.undo", job)
	})
}

// Delete forgets an upload that was not run.
func (s *MemberImports) Delete(ctx context.Context, actor Actor, id string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		job, err := tx.JobByID(ctx, id)
		if err != nil {
			return err
		}
		if job.Kind != JobImport || (job.State != JobUploaded && job.State != JobChecked) {
			return E(KindInvalid, "people.import.error.state")
		}
		if err := tx.DeleteJob(ctx, id); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, "list.delete", job)
	})
}

func (s *MemberImports) note(ctx context.Context, tx Store, actor Actor, action string, job Job) error {
	plan, err := ListPlanOf(job)
	if err != nil {
		return err
	}
	return audit(ctx, tx, s.clock, actor, action, job.ID, Fact{LabelFile, plan.File}, number(LabelLines, job.Total))
}

// move changes the state of an import, if nobody else did meanwhile.
func (s *MemberImports) move(ctx context.Context, id string, change func(*Job) error, also func(Store, Job) error) error {
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
