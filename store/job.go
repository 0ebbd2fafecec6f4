package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"usher/paywall"
)

const jobColumns = `id, kind, state, actor_id, actor_name, detail, counts, problem, total, done, reached,
	created_at, started_at, ended_at, claim, claimed_until_at`

func jobPlaces(j *paywall.Job) []any {
	return []any{
		&j.ID, (*string)(&j.Kind), (*string)(&j.State), &j.Actor.UserID, &j.Actor.Name, &j.Detail, jsonPlace{&j.Counts},
		&j.Problem, &j.Total, &j.Done, &j.Reached, (*instant)(&j.CreatedAt), (*instant)(&j.StartedAt), (*instant)(&j.EndedAt),
		&j.Claim, (*instant)(&j.ClaimedUntil),
	}
}

// jsonPlace reads a column of JSON into what it points to, made anew for each
// row.
type jsonPlace struct{ into any }

// Scan reads the column.
func (p jsonPlace) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("JSON cannot be read from %T", src)
	}
	switch into := p.into.(type) {
	case *paywall.JobCounts:
		*into = nil
	case *[]string:
		*into = nil
	}
	return json.Unmarshal([]byte(text), p.into)
}

func toJSON(value any) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}

// CreateJob stores a job.
func (q *queries) CreateJob(ctx context.Context, j paywall.Job) error {
	counts, err := toJSON(j.Counts)
	if err != nil {
		return err
	}
	_, err = exec(ctx, q.write, "CreateJob", `INSERT INTO jobs (`+jobColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		j.ID, string(j.Kind), string(j.State), j.Actor.UserID, j.Actor.Name, j.Detail, counts, j.Problem, j.Total, j.Done, j.Reached,
		instant(j.CreatedAt), instant(j.StartedAt), instant(j.EndedAt), j.Claim, instant(j.ClaimedUntil))
	return err
}

// JobByID finds a job.
func (q *queries) JobByID(ctx context.Context, id string) (paywall.Job, error) {
	return queryOne(ctx, q.read, "JobByID", jobPlaces, `SELECT `+jobColumns+` FROM jobs WHERE id = $1`, id)
}

// Jobs lists jobs, newest first.
func (q *queries) Jobs(ctx context.Context, limit int) ([]paywall.Job, error) {
	return queryAll(ctx, q.read, "Jobs", jobPlaces,
		`SELECT `+jobColumns+` FROM jobs ORDER BY created_at DESC, id DESC LIMIT $1`, limit)
}

// UpdateJob keeps everything of a job that can change, if its state and its claim
// are still those of old.
func (q *queries) UpdateJob(ctx context.Context, old, next paywall.Job) error {
	counts, err := toJSON(next.Counts)
	if err != nil {
		return err
	}
	err = execOne(ctx, q.write, "UpdateJob", `
		UPDATE jobs SET state = $4, detail = $5, counts = $6, problem = $7, total = $8, done = $9, reached = $10,
			started_at = $11, ended_at = $12, claim = $13, claimed_until_at = $14
		WHERE id = $1 AND state = $2 AND claim = $3`,
		old.ID, string(old.State), old.Claim, string(next.State), next.Detail, counts, next.Problem, next.Total, next.Done, next.Reached,
		instant(next.StartedAt), instant(next.EndedAt), next.Claim, instant(next.ClaimedUntil))
	if errors.Is(err, paywall.ErrNotFound) {
		return paywall.ErrChanged
	}
	return err
}

// ClaimJob takes the oldest job that has something to do. It looks first, because
// most of the time there is none. Of two workers that see the same one, the
// second finds the claim of the first.
func (q *queries) ClaimJob(ctx context.Context, now, until time.Time, claim string) (paywall.Job, error) {
	const op = "ClaimJob"
	id, err := queryOne(ctx, q.read, op, place[string], `SELECT id FROM jobs
		WHERE state IN ('checking', 'running', 'undoing') AND claimed_until_at <= $1 ORDER BY created_at, id LIMIT 1`, instant(now))
	if err != nil {
		return paywall.Job{}, err
	}
	err = execOne(ctx, q.write, op, `UPDATE jobs SET claim = $3, claimed_until_at = $4
		WHERE id = $1 AND state IN ('checking', 'running', 'undoing') AND claimed_until_at <= $2`,
		id, instant(now), claim, instant(until))
	if err != nil {
		return paywall.Job{}, err
	}
	return q.JobByID(ctx, id)
}

// DeleteJob removes a job with its rows.
func (q *queries) DeleteJob(ctx context.Context, id string) error {
	return q.atomic(ctx, func(q *queries) error {
		if err := q.DeleteImportRows(ctx, id); err != nil {
			return err
		}
		_, err := exec(ctx, q.write, "DeleteJob", `DELETE FROM jobs WHERE id = $1`, id)
		return err
	})
}

// DeleteOldJobs removes jobs that ended before an instant, and those made before
// another one and never begun.
func (q *queries) DeleteOldJobs(ctx context.Context, endedBefore, begunBefore time.Time) error {
	old, err := queryAll(ctx, q.read, "DeleteOldJobs", place[string], `
		SELECT id FROM jobs WHERE state IN ('done', 'stopped', 'undone') AND ended_at < $1
		UNION SELECT id FROM jobs WHERE state IN ('uploaded', 'checked') AND created_at < $2`,
		instant(endedBefore), instant(begunBefore))
	if err != nil {
		return err
	}
	for _, id := range old {
		if err := q.DeleteJob(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

const importRowColumns = `number, email, cells, verdict, problem, user_id, grant_id`

func importPlaces(r *paywall.ListRow) []any {
	return []any{&r.Number, &r.Email, jsonPlace{&r.Cells}, (*string)(&r.Verdict), &r.Problem, &r.UserID, &r.GrantID}
}

// rowsAtOnce is how many lines one statement stores.
const rowsAtOnce = 100

// AddImportRows stores lines of an uploaded list, many in one statement.
func (q *queries) AddImportRows(ctx context.Context, jobID string, rows []paywall.ListRow) error {
	return q.atomic(ctx, func(q *queries) error {
		for start := 0; start < len(rows); start += rowsAtOnce {
			if err := q.addRows(ctx, jobID, rows[start:min(start+rowsAtOnce, len(rows))]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (q *queries) addRows(ctx context.Context, jobID string, rows []paywall.ListRow) error {
	c := &conditions{}
	for _, r := range rows {
		cells, err := toJSON(r.Cells)
		if err != nil {
			return err
		}
		c.add(`(?, ?, ?, ?, ?, ?, ?, ?)`, jobID, r.Number, r.Email, cells, string(r.Verdict), r.Problem, r.UserID, r.GrantID)
	}
	_, err := exec(ctx, q.write, "AddImportRows",
		`INSERT INTO import_rows (job_id, `+importRowColumns+`) VALUES `+strings.Join(c.parts, ", "), c.args...)
	return err
}

// ImportRows lists the lines after a number that have a verdict, in order.
func (q *queries) ImportRows(ctx context.Context, jobID string, verdict paywall.RowVerdict, after, limit int) ([]paywall.ListRow, error) {
	c := &conditions{}
	c.add(`job_id = ? AND number > ?`, jobID, after)
	if verdict != "" {
		c.add(`verdict = ?`, string(verdict))
	}
	return queryAll(ctx, q.read, "ImportRows", importPlaces,
		`SELECT `+importRowColumns+` FROM import_rows WHERE `+c.where()+` ORDER BY number LIMIT `+c.value(limit), c.args...)
}

// UpdateImportRow keeps everything of a line but its cells.
func (q *queries) UpdateImportRow(ctx context.Context, jobID string, r paywall.ListRow) error {
	return execOne(ctx, q.write, "UpdateImportRow", `
		UPDATE import_rows SET email = $3, verdict = $4, problem = $5, user_id = $6, grant_id = $7
		WHERE job_id = $1 AND number = $2`, jobID, r.Number, r.Email, string(r.Verdict), r.Problem, r.UserID, r.GrantID)
}

// DeleteImportRows removes the lines of a job.
func (q *queries) DeleteImportRows(ctx context.Context, jobID string) error {
	_, err := exec(ctx, q.write, "DeleteImportRows", `DELETE FROM import_rows WHERE job_id = $1`, jobID)
	return err
}

// ImportGrants lists the grants that an import gave to a person.
func (q *queries) ImportGrants(ctx context.Context, jobID, userID string) ([]string, error) {
	return queryAll(ctx, q.read, "ImportGrants", place[string],
		`SELECT grant_id FROM import_rows WHERE user_id = $2 AND job_id = $1 AND grant_id <> '' ORDER BY number`, jobID, userID)
}
