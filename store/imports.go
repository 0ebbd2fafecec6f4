package store

import (
	"context"
	"time"

	"usher/paywall"
)

const supplyColumns = `key, target_id, title, poster, poster_id, duration_seconds, taken_at`

func supplyPlaces(s *paywall.Supply) []any {
	return []any{&s.Key, &s.TargetID, &s.Title, &s.Poster, &s.PosterID, (*seconds)(&s.Duration), (*instant)(&s.TakenAt)}
}

// Supplies lists all by key.
func (q *queries) Supplies(ctx context.Context) ([]paywall.Supply, error) {
	return queryAll(ctx, q.read, "Supplies", supplyPlaces, `SELECT `+supplyColumns+` FROM supplies ORDER BY key`)
}

// SupplyByKey finds one.
func (q *queries) SupplyByKey(ctx context.Context, key string) (paywall.Supply, error) {
	return queryOne(ctx, q.read, "SupplyByKey", supplyPlaces, `SELECT `+supplyColumns+` FROM supplies WHERE key = $1`, key)
}

// ItemOfSource finds the id of an item that is played from there.
func (q *queries) ItemOfSource(ctx context.Context, ref paywall.SupplierRef) (string, error) {
	return queryOne(ctx, q.read, "ItemOfSource", place[string], `
		SELECT item_id FROM sources WHERE ref = $1 AND kind = $2 AND channel = $3 ORDER BY id LIMIT 1`,
		ref.Ref, string(ref.Kind), ref.Channel)
}

// LastPosition is the highest position of an item.
func (q *queries) LastPosition(ctx context.Context) (int, error) {
	return queryOne(ctx, q.read, "LastPosition", place[int], `SELECT COALESCE(MAX(position), 0) FROM items`)
}

// PutSupply stores or replaces the one with its key.
func (q *queries) PutSupply(ctx context.Context, s paywall.Supply) error {
	_, err := exec(ctx, q.write, "PutSupply", `
		INSERT INTO supplies (key, target_id, title, poster, poster_id, duration_seconds, taken_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (key) DO UPDATE SET target_id = excluded.target_id, title = excluded.title, poster = excluded.poster,
			poster_id = excluded.poster_id, duration_seconds = excluded.duration_seconds, taken_at = excluded.taken_at`,
		s.Key, s.TargetID, s.Title, s.Poster, s.PosterID, seconds(s.Duration), instant(s.TakenAt))
	return err
}

// DropSupplies forgets what a target was made of.
func (q *queries) DropSupplies(ctx context.Context, targetID string) error {
	_, err := exec(ctx, q.write, "DropSupplies", `DELETE FROM supplies WHERE target_id = $1`, targetID)
	return err
}

// Holdings finds the account as it was last read.
func (q *queries) Holdings(ctx context.Context) ([]byte, error) {
	places := func(b *[]byte) []any { return []any{(*blob)(b)} }
	return queryOne(ctx, q.read, "Holdings", places, `SELECT body FROM holdings WHERE id = 1`)
}

// PutHoldings keeps the account as it was read.
func (q *queries) PutHoldings(ctx context.Context, body []byte, at time.Time) error {
	_, err := exec(ctx, q.write, "PutHoldings", `
		INSERT INTO holdings (id, body, read_at) VALUES (1, $1, $2)
		ON CONFLICT (id) DO UPDATE SET body = excluded.body, read_at = excluded.read_at`, blob(body), instant(at))
	return err
}

const (
	runColumns = `id, kind, state, actor_id, report, done, total, created_at, ended_at, claimed_by, claimed_until_at`
	wholeRun   = `SELECT ` + runColumns + `, work FROM import_runs `
)

func runPlaces(r *paywall.ImportRun) []any {
	return []any{
		&r.ID, (*string)(&r.Kind), (*string)(&r.State), &r.ActorID, (*blob)(&r.Report), &r.Done, &r.Total,
		(*instant)(&r.CreatedAt), (*instant)(&r.EndedAt), &r.ClaimedBy, (*instant)(&r.ClaimedUntil),
	}
}

func wholeRunPlaces(r *paywall.ImportRun) []any { return append(runPlaces(r), (*blob)(&r.Work)) }

// CreateImportRun stores a run; ErrExists while another one is running.
func (q *queries) CreateImportRun(ctx context.Context, r paywall.ImportRun) error {
	_, err := exec(ctx, q.write, "CreateImportRun", `
		INSERT INTO import_runs (`+runColumns+`, work) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.ID, string(r.Kind), string(r.State), r.ActorID, blob(r.Report), r.Done, r.Total,
		instant(r.CreatedAt), instant(r.EndedAt), r.ClaimedBy, instant(r.ClaimedUntil), blob(r.Work))
	return err
}

// ImportRunning tells whether a run is on.
func (q *queries) ImportRunning(ctx context.Context) (bool, error) {
	n, err := queryOne(ctx, q.read, "ImportRunning", place[int], `SELECT COUNT(*) FROM import_runs WHERE state = 'running'`)
	return n > 0, err
}

// ImportRunByID finds a run.
func (q *queries) ImportRunByID(ctx context.Context, id string) (paywall.ImportRun, error) {
	return queryOne(ctx, q.read, "ImportRunByID", wholeRunPlaces, wholeRun+`WHERE id = $1`, id)
}

// ImportRuns lists the latest, newest first, without their work.
func (q *queries) ImportRuns(ctx context.Context, limit int) ([]paywall.ImportRun, error) {
	return queryAll(ctx, q.read, "ImportRuns", runPlaces,
		`SELECT `+runColumns+` FROM import_runs ORDER BY created_at DESC, id DESC LIMIT $1`, limit)
}

// ClaimImportRun takes the running run for a worker.
func (q *queries) ClaimImportRun(ctx context.Context, worker string, now, until time.Time) (paywall.ImportRun, error) {
	var run paywall.ImportRun
	err := q.atomic(ctx, func(q *queries) (err error) {
		n, err := exec(ctx, q.write, "ClaimImportRun", `
			UPDATE import_runs SET claimed_by = $1, claimed_until_at = $3
			WHERE state = 'running' AND (claimed_until_at <= $2 OR claimed_by = $1)`, worker, instant(now), instant(until))
		if err != nil {
			return err
		}
		if n == 0 {
			return paywall.ErrNotFound
		}
		run, err = queryOne(ctx, q.read, "ClaimImportRun", wholeRunPlaces, wholeRun+`WHERE state = 'running' AND claimed_by = $1`, worker)
		return err
	})
	return run, err
}

// SaveImportRun keeps state, report, progress and claim, if the worker still holds
// the run and it still runs.
func (q *queries) SaveImportRun(ctx context.Context, r paywall.ImportRun) error {
	n, err := exec(ctx, q.write, "SaveImportRun", `
		UPDATE import_runs SET state = $3, report = $4, done = $5, total = $6, ended_at = $7, claimed_until_at = $8
		WHERE id = $1 AND claimed_by = $2 AND state = 'running'`,
		r.ID, r.ClaimedBy, string(r.State), blob(r.Report), r.Done, r.Total, instant(r.EndedAt), instant(r.ClaimedUntil))
	if err == nil && n == 0 {
		return paywall.ErrChanged
	}
	return err
}

// StopImportRun ends a running run, whoever holds it.
func (q *queries) StopImportRun(ctx context.Context, id string, at time.Time) error {
	return execOne(ctx, q.write, "StopImportRun",
		`UPDATE import_runs SET state = 'stopped', ended_at = $2 WHERE id = $1 AND state = 'running'`, id, instant(at))
}

// DeleteImportRuns removes runs that ended before an instant.
func (q *queries) DeleteImportRuns(ctx context.Context, before time.Time) error {
	_, err := exec(ctx, q.write, "DeleteImportRuns",
		`DELETE FROM import_runs WHERE state <> 'running' AND created_at < $1 AND ended_at < $1`, instant(before))
	return err
}
