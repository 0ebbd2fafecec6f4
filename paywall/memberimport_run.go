package paywall

import (
	"context"
	"errors"
	"fmt"
)

// doer gives what does the next step of an import piece by piece.
func (s *MemberImports) doer(job Job) (chunk, error) {
	plan, err := ListPlanOf(job)
	if err != nil {
		return nil, err
	}
	switch job.State {
	case JobChecking:
		check := &rowCheck{imports: s, plan: plan, made: map[string]bool{}, given: map[string]bool{}}
		return check.next, nil
	case JobUndoing:
		return s.undoNext, nil
	}
	return func(ctx context.Context, tx Store, next *Job) error { return s.runNext(ctx, tx, next, plan) }, nil
}

// reader reads lines as of now.
func (s *MemberImports) reader(ctx context.Context, tx Store, plan ListPlan) (*rowReader, error) {
	return newRowReader(ctx, tx, plan, s.zone(), s.languages, s.clock())
}

// rowCheck finds out what lines would do. What earlier lines of the list would
// have done is known to it alone, so a check that is taken up by another worker
// begins anew.
type rowCheck struct {
	imports *MemberImports
	plan    ListPlan
	begun   bool
	reader  *rowReader
	made    map[string]bool // addresses of accounts to be
	given   map[string]bool // grants to be
}

// checkedAtOnce is how many lines are checked in one transaction.
const checkedAtOnce = 500

func (c *rowCheck) next(ctx context.Context, tx Store, job *Job) (err error) {
	if !c.begun {
		c.begun, job.Done, job.Counts = true, 0, JobCounts{}
		if c.reader, err = c.imports.reader(ctx, tx, c.plan); err != nil {
			return err
		}
	}
	rows, err := tx.ImportRows(ctx, job.ID, "", job.Done, checkedAtOnce)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := c.look(ctx, tx, &row); err != nil {
			return err
		}
		if err := tx.UpdateImportRow(ctx, job.ID, row); err != nil {
			return err
		}
		job.Done = row.Number
		job.count(string(row.Verdict), 1)
	}
	if len(rows) < checkedAtOnce {
		job.finish(JobChecked, c.imports.clock())
	}
	return nil
}

// look finds the verdict of one line.
func (c *rowCheck) look(ctx context.Context, tx Store, row *ListRow) error {
	if isFormProblem(row.Problem) {
		row.Verdict = RowBad
		return nil
	}
	w, err := c.reader.read(row.Cells)
	row.Email, row.UserID, row.Problem = w.email, "", ""
	if KindOf(err) == KindInvalid {
		row.Verdict, row.Problem = RowBad, problemKey(err)
		return nil
	}
	user, err := tx.UserByEmail(ctx, w.email)
	switch {
	case errors.Is(err, ErrNotFound) && !c.made[w.email]:
		row.Verdict, c.made[w.email] = RowNew, true
		c.given[w.key()] = true
		return nil
	case err != nil && !errors.Is(err, ErrNotFound):
		return err
	}
	row.Verdict, row.UserID = RowKnown, user.ID
	had, err := has(ctx, tx, user.ID, w, c.reader)
	if err != nil {
		return err
	}
	if had || c.given[w.key()] {
		row.Verdict = RowNothing
	}
	c.given[w.key()] = true
	return nil
}

// isFormProblem tells whether a line could not even be cut into cells.
func isFormProblem(key string) bool {
	return key == "people.import.error.quotes" || key == "people.import.error.cells" || key == "people.import.error.long"
}

// key tells wishes for the same person and access apart from all others.
func (w wish) key() string {
	return fmt.Sprint(w.email, " ", grantTarget(w.grant), " ", w.grant.From.UnixMilli(), " ", w.grant.Until.UnixMilli())
}

// has tells whether a person has what a line asks for.
func has(ctx context.Context, tx Store, userID string, w wish, r *rowReader) (bool, error) {
	if w.grant.Scope == "" {
		return true, nil
	}
	if userID == "" {
		return false, nil
	}
	grants, err := tx.GrantsOf(ctx, userID)
	for _, g := range grants {
		if w.equal(g, r.now) {
			return true, err
		}
	}
	return false, err
}

// importChunk is how many lines are run in one transaction: more than of other
// work, because new rows land all over the indexes, and each transaction writes
// the pages that it touched.
const importChunk = 400

// runNext does the next lines of a run. They are read anew: the world may have
// changed since the check.
func (s *MemberImports) runNext(ctx context.Context, tx Store, job *Job, plan ListPlan) error {
	reader, err := s.reader(ctx, tx, plan)
	if err != nil {
		return err
	}
	rows, err := tx.ImportRows(ctx, job.ID, "", job.Done, importChunk)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := s.runOne(ctx, tx, job, reader, &row); err != nil {
			return err
		}
		if row.Verdict == RowBad && plan.StopAtBad {
			return E(KindInvalid, "people.import.error.bad_rows")
		}
		if err := tx.UpdateImportRow(ctx, job.ID, row); err != nil {
			return err
		}
		job.Done = row.Number
		job.count(verdictCounts[row.Verdict], 1)
	}
	if len(rows) < importChunk {
		job.finish(JobDone, s.clock())
	}
	return nil
}

// verdictCounts names the count of what a run did with a line.
var verdictCounts = map[RowVerdict]string{
	RowMade: CountNew, RowGiven: CountKnown, RowNothing: CountNothing, RowBad: CountBad,
}

func (s *MemberImports) runOne(ctx context.Context, tx Store, job *Job, reader *rowReader, row *ListRow) error {
	if isFormProblem(row.Problem) {
		row.Verdict = RowBad
		return nil
	}
	w, err := reader.read(row.Cells)
	if KindOf(err) == KindInvalid {
		row.Verdict, row.Problem = RowBad, problemKey(err)
		return nil
	}
	user, err := tx.UserByEmail(ctx, w.email)
	made := errors.Is(err, ErrNotFound)
	if made {
		user, err = s.makeAccount(ctx, tx, job, reader, w, row.Number)
	}
	if err != nil {
		return err
	}
	row.Email, row.UserID, row.Verdict, row.Problem = w.email, user.ID, RowGiven, ""
	if made {
		row.Verdict = RowMade
	}
	had, err := has(ctx, tx, user.ID, w, reader)
	if err != nil {
		return err
	}
	if had {
		if !made {
			row.Verdict = RowNothing
		}
		return s.welcome(ctx, tx, job, reader, user, made)
	}
	grant := w.grant
	grant.ID, grant.UserID = NewID(), user.ID
	row.GrantID = grant.ID
	if err := s.giveOne(ctx, tx, job, user, grant, reader.plan.Tell && !made); err != nil {
		return err
	}
	job.count(CountGrants, 1)
	return s.welcome(ctx, tx, job, reader, user, made)
}

// makeAccount makes an account whose owner the list vouches for: its address is
// confirmed, and the person signs in with a mailed code.
func (s *MemberImports) makeAccount(ctx context.Context, tx Store, job *Job, reader *rowReader, w wish, line int) (User, error) {
	user := User{
		ID: NewID(), Email: w.email, Name: w.name, Language: w.language, Role: RoleMember,
		CreatedAt: reader.now, ConfirmedAt: reader.now,
	}
	if err := tx.CreateUser(ctx, user); err != nil {
		return user, err
	}
	return user, audit(ctx, tx, s.clock, job.Actor, "user.import", user.ID,
		Fact{LabelPerson, user.Email}, Fact{LabelFile, reader.plan.File}, number(LabelLine, line))
}

func (s *MemberImports) giveOne(ctx context.Context, tx Store, job *Job, user User, grant Grant, tell bool) error {
	paced := s.grants.paced(job.nextMail())
	if tell {
		return paced.give(ctx, tx, job.Actor, user, grant)
	}
	if err := tx.CreateGrant(ctx, grant); err != nil {
		return err
	}
	return auditGrant(ctx, tx, s.clock, job.Actor, "grant.give", user, grant)
}

// welcome tells somebody that they have an account, if that is wanted.
func (s *MemberImports) welcome(ctx context.Context, tx Store, job *Job, reader *rowReader, user User, made bool) error {
	if !made || !reader.plan.Tell {
		return nil
	}
	job.count(CountMails, 1)
	letter := letterTo(user, "", MailWelcome, MailParams{Path: "/login", Address: user.Email})
	letter.NotBefore = job.nextMail()
	return s.outbox.Put(ctx, tx, letter)
}

// undoNext takes the next lines of a run back.
func (s *MemberImports) undoNext(ctx context.Context, tx Store, job *Job) error {
	rows, err := tx.ImportRows(ctx, job.ID, "", job.Done, importChunk)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := s.undoOne(ctx, tx, job, row); err != nil {
			return err
		}
		job.Done = row.Number
	}
	if len(rows) == importChunk {
		return nil
	}
	job.finish(JobUndone, s.clock())
	return tx.DeleteImportRows(ctx, job.ID)
}

func (s *MemberImports) undoOne(ctx context.Context, tx Store, job *Job, row ListRow) error {
	if row.UserID == "" || row.Verdict != RowMade && row.GrantID == "" {
		return nil
	}
	user, err := tx.UserByID(ctx, row.UserID)
	if errors.Is(err, ErrNotFound) {
		return nil // went with an earlier line
	}
	if err != nil {
		return err
	}
	if row.Verdict == RowMade {
		given, err := tx.ImportGrants(ctx, job.ID, user.ID)
		if err != nil {
			return err
		}
		gone, err := tx.DeleteUnusedMember(ctx, user, given, Tombstone)
		if err != nil {
			return err
		}
		if gone {
			job.count(CountRemoved, 1)
			job.count(CountTaken, len(given))
			return nil
		}
		job.count(CountKept, 1)
	}
	return s.takeBack(ctx, tx, job, user, row.GrantID)
}

func (s *MemberImports) takeBack(ctx context.Context, tx Store, job *Job, user User, grantID string) error {
	if grantID == "" {
		return nil
	}
	grant, err := tx.GrantByID(ctx, grantID)
	if errors.Is(err, ErrNotFound) || err == nil && !grant.RevokedAt.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	job.count(CountTaken, 1)
	return s.grants.revoke(ctx, tx, job.Actor, user, grant)
}
