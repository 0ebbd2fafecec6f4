package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"usher/paywall"
)

const mailColumns = `id, kind, user_id, recipient, language, sealed, created_at, not_after_at, state,
	attempts, next_at, answer, sent_at`

func mailPlaces(m *paywall.Mail) []any {
	return []any{
		&m.ID, (*string)(&m.Kind), &m.UserID, &m.To, &m.Language, (*blob)(&m.Sealed), (*instant)(&m.CreatedAt),
		(*instant)(&m.NotAfter), (*string)(&m.State), &m.Attempts, (*instant)(&m.NextAt), &m.Answer, (*instant)(&m.SentAt),
	}
}

// AddMail puts a mail into the outbox.
func (q *queries) AddMail(ctx context.Context, m paywall.Mail) error {
	_, err := exec(ctx, q.write, "AddMail", `
		INSERT INTO mails (`+mailColumns+`, claimed_until_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)`,
		m.ID, string(m.Kind), m.UserID, m.To, m.Language, blob(m.Sealed), instant(m.CreatedAt), instant(m.NotAfter),
		string(m.State), m.Attempts, instant(m.NextAt), m.Answer, instant(m.SentAt))
	return err
}

// dueMails is the condition of what can be claimed.
const dueMails = `state = 'queued' AND next_at <= $1 AND claimed_until_at <= $1`

// ClaimMails takes queued mails that are due, oldest first, and counts the
// attempt. It looks first, because most of the time there is nothing to do and
// a look disturbs nobody who writes.
func (q *queries) ClaimMails(ctx context.Context, now, until time.Time, limit int) ([]paywall.Mail, error) {
	_, err := queryOne(ctx, q.read, "ClaimMails", place[string],
		`SELECT id FROM mails WHERE `+dueMails+` LIMIT 1`, instant(now))
	if errors.Is(err, paywall.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var claimed []paywall.Mail
	err = q.atomic(ctx, func(q *queries) (err error) {
		claimed, err = q.claimMails(ctx, now, until, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	// RETURNING keeps no order.
	slices.SortFunc(claimed, func(a, b paywall.Mail) int {
		return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.ID, b.ID))
	})
	return claimed, nil
}

// claimMails works behind the gate: on PostgreSQL two claims at once would lock
// the same rows in different orders, and stop each other. The condition stands
// twice because PostgreSQL checks only the outer one again after it waited for
// an UpdateMail; its CASE keeps it from being used to find the rows, which the
// ids do.
func (q *queries) claimMails(ctx context.Context, now, until time.Time, limit int) ([]paywall.Mail, error) {
	const op = "ClaimMails"
	if err := execOne(ctx, q.write, op, `UPDATE mail_gate SET turn = turn + 1 WHERE id = 1`); err != nil {
		return nil, err
	}
	return queryAll(ctx, q.read, op, mailPlaces, `
		UPDATE mails SET claimed_until_at = $2, attempts = attempts + 1
		WHERE id IN (SELECT id FROM mails WHERE `+dueMails+` ORDER BY next_at, id LIMIT $3)
			AND CASE WHEN `+dueMails+` THEN TRUE ELSE FALSE END
		RETURNING `+mailColumns, instant(now), instant(until), limit)
}

// UpdateMail keeps what became of a mail and ends the claim.
func (q *queries) UpdateMail(ctx context.Context, m paywall.Mail) error {
	return execOne(ctx, q.write, "UpdateMail", `
		UPDATE mails SET sealed = $2, state = $3, next_at = $4, answer = $5, sent_at = $6, not_after_at = $7,
			claimed_until_at = 0
		WHERE id = $1`,
		m.ID, blob(m.Sealed), string(m.State), instant(m.NextAt), m.Answer, instant(m.SentAt), instant(m.NotAfter))
}

// MailByID finds a mail.
func (q *queries) MailByID(ctx context.Context, id string) (paywall.Mail, error) {
	return queryOne(ctx, q.read, "MailByID", mailPlaces, `SELECT `+mailColumns+` FROM mails WHERE id = $1`, id)
}

// Mails lists mails by state whose recipient holds a text, newest first, and
// tells how many there are in all.
func (q *queries) Mails(ctx context.Context, state paywall.MailState, text string, limit, offset int) ([]paywall.Mail, int, error) {
	const where = `FROM mails WHERE ($1 = '' OR state = $1) AND recipient LIKE lower(CAST($2 AS TEXT)) ESCAPE '!'`
	total, err := queryOne(ctx, q.read, "Mails", place[int], `SELECT COUNT(*) `+where, string(state), contains(text))
	if err != nil {
		return nil, 0, err
	}
	mails, err := queryAll(ctx, q.read, "Mails", mailPlaces,
		`SELECT `+mailColumns+` `+where+` ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4`,
		string(state), contains(text), limit, offset)
	return mails, total, err
}

// MailTrouble tells how many mails failed since an instant, and how many are
// queued although they were tried.
func (q *queries) MailTrouble(ctx context.Context, since time.Time) (failed, stuck int, err error) {
	const op = "MailTrouble"
	failed, err = queryOne(ctx, q.read, op, place[int],
		`SELECT COUNT(*) FROM mails WHERE state = 'failed' AND created_at >= $1`, instant(since))
	if err != nil {
		return 0, 0, err
	}
	stuck, err = queryOne(ctx, q.read, op, place[int],
		`SELECT COUNT(*) FROM mails WHERE state = 'queued' AND attempts > 0 AND answer <> ''`)
	return failed, stuck, err
}

// SupersedeMails ends the queued mails of a kind to an address unsent, and
// forgets what they said.
func (q *queries) SupersedeMails(ctx context.Context, kind paywall.MailKind, to, answer string) error {
	_, err := exec(ctx, q.write, "SupersedeMails",
		`UPDATE mails SET state = 'expired', answer = $3, sealed = $4 WHERE recipient = $2 AND kind = $1 AND state = 'queued'`,
		string(kind), to, answer, []byte{})
	return err
}

// EmptyMails forgets the contents of mails that ended and are not queued.
func (q *queries) EmptyMails(ctx context.Context, now time.Time) error {
	_, err := exec(ctx, q.write, "EmptyMails",
		`UPDATE mails SET sealed = $2 WHERE not_after_at < $1 AND state <> 'queued' AND length(sealed) > 0`,
		instant(now), []byte{})
	return err
}

// DeleteMail removes a mail; removing one that is gone is no error.
func (q *queries) DeleteMail(ctx context.Context, id string) error {
	_, err := exec(ctx, q.write, "DeleteMail", `DELETE FROM mails WHERE id = $1`, id)
	return err
}

// DeleteOldMails removes mails made before an instant.
func (q *queries) DeleteOldMails(ctx context.Context, before time.Time) error {
	_, err := exec(ctx, q.write, "DeleteOldMails", `DELETE FROM mails WHERE created_at < $1`, instant(before))
	return err
}
