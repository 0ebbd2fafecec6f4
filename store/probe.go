package store

import (
	"context"
	"time"

	"usher/paywall"
)

// probeTarget is what paywall asks for a source, as a text. What is known of
// another target is no longer about the source.
const probeTarget = `(s.kind || ' ' || s.url || ' ' || s.ref || ' ' || s.channel)`

// probeState is a source's state as far as it is about the source as it is now.
const probeState = `(CASE WHEN p.target = ` + probeTarget + ` THEN p.state ELSE 'grey' END)`

// worstFirst orders by state.
const worstFirst = `(CASE ` + probeState + ` WHEN 'red' THEN 0 WHEN 'amber' THEN 1 WHEN 'grey' THEN 2 ELSE 3 END)`

// probeColumns stand on the empty side of an outer join, hence COALESCE.
const probeColumns = `COALESCE(p.target, ''), COALESCE(p.state, ''), COALESCE(p.cause, ''),
	COALESCE(p.since_at, 0), COALESCE(p.checked_at, 0), COALESCE(p.green_at, 0), COALESCE(p.detail, ''),
	COALESCE(p.bare, ''), COALESCE(p.token, ''), COALESCE(p.token_at, 0), COALESCE(p.trouble, ''),
	COALESCE(p.told, ''), COALESCE(p.told_since_at, 0), COALESCE(p.folder, ''), COALESCE(p.switched_at, 0),
	COALESCE(p.ambers, 0), COALESCE(p.alarm, ''), COALESCE(p.mailed, ''), COALESCE(p.asked_at, 0), COALESCE(p.due_at, 0)`

func probePlaces(p *paywall.Probe) []any {
	return []any{
		&p.Target, (*string)(&p.State), (*string)(&p.Cause),
		(*instant)(&p.SinceAt), (*instant)(&p.CheckedAt), (*instant)(&p.GreenAt), &p.Detail,
		(*string)(&p.Bare), (*string)(&p.Token), (*instant)(&p.TokenAt), &p.Trouble,
		(*string)(&p.Told), (*instant)(&p.ToldSince), &p.Folder, (*instant)(&p.SwitchedAt),
		&p.Ambers, (*string)(&p.Alarm), (*string)(&p.Mailed), (*instant)(&p.AskedAt), (*instant)(&p.DueAt),
	}
}

// probed joins what a check and the owner's list need.
const (
	probed = ` FROM sources s JOIN items i ON i.id = s.item_id LEFT JOIN probes p ON p.source_id = s.id `

	selectProbed = `SELECT ` + itemColumns + `, ` + sourceColumns + `, ` + probeColumns + probed
)

func probedPlaces(t *paywall.ProbeTask) []any {
	return append(append(itemPlaces(&t.Item), sourcePlaces(&t.Source)...), probePlaces(&t.Probe)...)
}

// probedRows reads the rows of selectProbed.
func (q *queries) probedRows(ctx context.Context, op, where string, args ...any) ([]paywall.ProbeTask, error) {
	tasks, err := queryAll(ctx, q.read, op, probedPlaces, selectProbed+where, args...)
	for n := range tasks {
		tasks[n].Source.ItemID, tasks[n].Probe.SourceID = tasks[n].Item.ID, tasks[n].Source.ID
	}
	return tasks, err
}

// DueProbes lists sources whose check is due and that nobody is checking, the
// worst first.
func (q *queries) DueProbes(ctx context.Context, now time.Time, limit int) ([]paywall.ProbeTask, error) {
	return q.probedRows(ctx, "DueProbes", `
		WHERE (p.source_id IS NULL OR p.due_at <= $1 OR p.target <> `+probeTarget+`)
			AND COALESCE(p.claimed_until_at, 0) <= $1
		ORDER BY `+worstFirst+`, COALESCE(p.due_at, 0), s.id LIMIT $2`, instant(now), limit)
}

// ProbeOf finds one source with what is known of it. In a transaction nobody
// else changes it before the end.
func (q *queries) ProbeOf(ctx context.Context, sourceID string) (paywall.ProbeTask, error) {
	where := `WHERE s.id = $1`
	if q.lock != "" {
		where += q.lock + ` OF s` // the other sides of an outer join cannot be locked
	}
	tasks, err := q.probedRows(ctx, "ProbeOf", where, sourceID)
	if err != nil {
		return paywall.ProbeTask{}, err
	}
	if len(tasks) == 0 {
		return paywall.ProbeTask{}, paywall.ErrNotFound
	}
	return tasks[0], nil
}

// probeOrders are the orders of the owner's list.
var probeOrders = map[paywall.ProbeOrder]string{
	paywall.ProbesByState:   worstFirst + `, lower(i.title), s.position, s.id`,
	paywall.ProbesByTitle:   `lower(i.title), s.position, s.id`,
	paywall.ProbesByChecked: `COALESCE(p.checked_at, 0) DESC, s.id`,
	paywall.ProbesBySince:   `COALESCE(p.since_at, 0) DESC, s.id`,
}

// Probes lists sources for the owner, and tells how many there are in all.
func (q *queries) Probes(ctx context.Context, f paywall.ProbeFilter, limit, offset int) ([]paywall.ProbeTask, int, error) {
	const where = `
		WHERE ($1 = '' OR ` + probeState + ` = $1)
			AND lower(i.title || ' ' || s.label || ' ' || s.ref) LIKE lower(CAST($2 AS TEXT)) ESCAPE '!'`
	order, ok := probeOrders[f.Order]
	if !ok {
		order = probeOrders[paywall.ProbesByState]
	}
	args := []any{string(f.State), contains(f.Text)}
	total, err := queryOne(ctx, q.read, "Probes", place[int], `SELECT COUNT(*)`+probed+where, args...)
	if err != nil {
		return nil, 0, err
	}
	tasks, err := q.probedRows(ctx, "Probes", where+` ORDER BY `+order+` LIMIT $3 OFFSET $4`, append(args, limit, offset)...)
	return tasks, total, err
}

// ProbesOf is what is known of the sources of one item, or of all items when the
// id is empty.
func (q *queries) ProbesOf(ctx context.Context, itemID string) ([]paywall.ProbeTask, error) {
	return q.probedRows(ctx, "ProbesOf", `WHERE ($1 = '' OR s.item_id = $1) ORDER BY s.item_id, s.position, s.id`, itemID)
}

type stateCount struct {
	state   string
	count   int
	waiting int
}

// ProbeCounts counts the sources by state, and those with a check that somebody
// wanted and that is still to come.
func (q *queries) ProbeCounts(ctx context.Context) (paywall.ProbeCounts, error) {
	counts := paywall.ProbeCounts{States: map[paywall.ProbeState]int{}}
	rows, err := queryAll(ctx, q.read, "ProbeCounts",
		func(c *stateCount) []any { return []any{&c.state, &c.count, &c.waiting} }, `
		SELECT `+probeState+`, COUNT(*), CAST(SUM(CASE WHEN p.asked_at > p.checked_at THEN 1 ELSE 0 END) AS BIGINT)
		`+probed+` GROUP BY 1`)
	for _, row := range rows {
		counts.States[paywall.ProbeState(row.state)] = row.count
		counts.Total += row.count
		counts.Waiting += row.waiting
	}
	return counts, err
}

// TokenTries tells of each family of sources how the tries with a token went.
func (q *queries) TokenTries(ctx context.Context) ([]paywall.TokenTry, error) {
	places := func(t *paywall.TokenTry) []any {
		return []any{(*string)(&t.Family), (*instant)(&t.LastAt), &t.Refused, &t.Waiting}
	}
	return queryAll(ctx, q.read, "TokenTries", places, `
		SELECT CASE WHEN s.kind = 'vod' THEN 'vod' ELSE 'radio' END, MAX(COALESCE(p.token_at, 0)),
			COUNT(CASE WHEN p.trouble IN ($1, $2, $3, $4, $5) THEN 1 END) > 0,
			COUNT(CASE WHEN COALESCE(p.cause, 'never') IN ('never', 'half') THEN 1 END)
		`+probed+` GROUP BY 1 ORDER BY 1`,
		paywall.TroubleNoToken, paywall.TroubleSealed, paywall.TroubleToken, paywall.TroubleRights, paywall.TroubleAccount)
}

// alarmed picks the sources of published items with an alarm that is about them
// as they are now.
const alarmed = `WHERE p.alarm <> '' AND i.published AND p.target = ` + probeTarget

// CountProbeAlarms counts the sources of published items with an alarm.
func (q *queries) CountProbeAlarms(ctx context.Context) (red, amber int, err error) {
	counts, err := queryOne(ctx, q.read, "CountProbeAlarms",
		func(c *[2]int) []any { return []any{&c[0], &c[1]} }, `
		SELECT COUNT(CASE WHEN p.alarm = 'red' THEN 1 END), COUNT(CASE WHEN p.alarm = 'amber' THEN 1 END)
		`+probed+alarmed)
	return counts[0], counts[1], err
}

// UnmailedProbes lists those with an alarm that no mail told of yet, the worst
// first.
func (q *queries) UnmailedProbes(ctx context.Context) ([]paywall.ProbeTask, error) {
	return q.probedRows(ctx, "UnmailedProbes", alarmed+`
		AND (p.mailed = '' OR p.alarm = 'red' AND p.mailed = 'amber') ORDER BY `+worstFirst+`, lower(i.title), s.id`)
}

// MarkProbeMailed keeps that a mail told of a source's alarm.
func (q *queries) MarkProbeMailed(ctx context.Context, sourceID string) error {
	return execOne(ctx, q.write, "MarkProbeMailed", `UPDATE probes SET mailed = alarm WHERE source_id = $1`, sourceID)
}

// blankProbe inserts a row about nothing; $2 is when it was asked for, and $3
// until when it is claimed.
const blankProbe = `INSERT INTO probes (source_id, target, state, cause, since_at, checked_at, green_at, detail,
	bare, token, token_at, trouble, told, told_since_at, folder, switched_at, ambers, alarm, mailed,
	asked_at, due_at, claimed_until_at) `

// ClaimProbe keeps other nodes from checking a source.
func (q *queries) ClaimProbe(ctx context.Context, sourceID string, known, now, until time.Time) (bool, error) {
	n, err := exec(ctx, q.write, "ClaimProbe", blankProbe+`
		SELECT id, '', 'grey', 'never', 0, 0, 0, '', '', '', 0, '', '', 0, '', 0, 0, '', '', 0, 0, CAST($2 AS BIGINT)
		FROM sources WHERE id = $1
		ON CONFLICT (source_id) DO UPDATE SET claimed_until_at = excluded.claimed_until_at
		WHERE probes.claimed_until_at <= $3 AND probes.checked_at = $4`,
		sourceID, instant(until), instant(now), instant(known))
	return n == 1, err
}

// SaveProbe stores or replaces a row and ends the claim.
func (q *queries) SaveProbe(ctx context.Context, p paywall.Probe) error {
	_, err := exec(ctx, q.write, "SaveProbe", blankProbe+`
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, '', 0, $19, 0)
		ON CONFLICT (source_id) DO UPDATE SET target = excluded.target, state = excluded.state,
			cause = excluded.cause, since_at = excluded.since_at, checked_at = excluded.checked_at,
			green_at = excluded.green_at, detail = excluded.detail, bare = excluded.bare, token = excluded.token,
			token_at = excluded.token_at, trouble = excluded.trouble, told = excluded.told,
			told_since_at = excluded.told_since_at, folder = excluded.folder, switched_at = excluded.switched_at,
			ambers = excluded.ambers, alarm = excluded.alarm,
			mailed = CASE WHEN excluded.state IN ('green', 'grey') THEN '' ELSE probes.mailed END,
			due_at = CASE WHEN probes.asked_at > excluded.checked_at THEN 0 ELSE excluded.due_at END,
			claimed_until_at = 0`,
		p.SourceID, p.Target, string(p.State), string(p.Cause), instant(p.SinceAt), instant(p.CheckedAt),
		instant(p.GreenAt), p.Detail, string(p.Bare), string(p.Token), instant(p.TokenAt), p.Trouble, string(p.Told),
		instant(p.ToldSince), p.Folder, instant(p.SwitchedAt), p.Ambers, string(p.Alarm), instant(p.DueAt))
	return err
}

// HurryProbes makes a check due that somebody wants.
func (q *queries) HurryProbes(ctx context.Context, sourceID string, at time.Time) error {
	_, err := exec(ctx, q.write, "HurryProbes", blankProbe+`
		SELECT id, '', 'grey', 'never', 0, 0, 0, '', '', '', 0, '', '', 0, '', 0, 0, '', '', CAST($2 AS BIGINT), 0, 0
		FROM sources WHERE $1 = '' OR id = $1
		ON CONFLICT (source_id) DO UPDATE SET asked_at = excluded.asked_at, due_at = 0`, sourceID, instant(at))
	return err
}

// AddProbeChange adds to a source's history and forgets all but the newest lines
// of it.
func (q *queries) AddProbeChange(ctx context.Context, c paywall.ProbeChange, keep int) error {
	return q.atomic(ctx, func(q *queries) error {
		const op = "AddProbeChange"
		_, err := exec(ctx, q.write, op, `
			INSERT INTO probe_changes (id, source_id, changed_at, old_state, new_state, cause, detail)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			c.ID, c.SourceID, instant(c.At), string(c.Old), string(c.New), string(c.Cause), c.Detail)
		if err != nil {
			return err
		}
		_, err = exec(ctx, q.write, op, `
			DELETE FROM probe_changes WHERE source_id = $1 AND id NOT IN (
				SELECT id FROM probe_changes WHERE source_id = $1 ORDER BY changed_at DESC, id DESC LIMIT $2)`,
			c.SourceID, keep)
		return err
	})
}

// ProbeChanges is a source's history, newest first.
func (q *queries) ProbeChanges(ctx context.Context, sourceID string) ([]paywall.ProbeChange, error) {
	places := func(c *paywall.ProbeChange) []any {
		return []any{&c.ID, &c.SourceID, (*instant)(&c.At), (*string)(&c.Old), (*string)(&c.New), (*string)(&c.Cause), &c.Detail}
	}
	return queryAll(ctx, q.read, "ProbeChanges", places, `
		SELECT id, source_id, changed_at, old_state, new_state, cause, detail FROM probe_changes
		WHERE source_id = $1 ORDER BY changed_at DESC, id DESC`, sourceID)
}
