package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"usher/paywall"
)

const batchColumns = `b.id, b.name, b.prefix, b.codes, b.uses, b.again, b.scope, b.target_id, b.days, b.until_at,
	b.valid_from_at, b.valid_until_at, b.note, b.created_at`

func batchPlaces(b *paywall.VoucherBatch) []any {
	return []any{
		&b.ID, &b.Name, &b.Prefix, &b.Codes, &b.Uses, &b.Again, (*string)(&b.Scope), &b.TargetID, &b.Days, (*instant)(&b.Until),
		(*instant)(&b.ValidFrom), (*instant)(&b.ValidUntil), &b.Note, (*instant)(&b.CreatedAt),
	}
}

// tallyColumns count the uses of a batch's codes, straight from the codes.
const tallyColumns = `
	(SELECT CAST(COALESCE(SUM(v.used), 0) AS BIGINT) FROM vouchers v WHERE v.batch_id = b.id),
	(SELECT CAST(COALESCE(SUM(v.uses - v.used), 0) AS BIGINT) FROM vouchers v WHERE v.batch_id = b.id AND v.void_at = 0),
	(SELECT CAST(COALESCE(SUM(v.uses - v.used), 0) AS BIGINT) FROM vouchers v WHERE v.batch_id = b.id AND v.void_at <> 0)`

func batchLinePlaces(l *paywall.VoucherBatchLine) []any {
	return append(batchPlaces(&l.Batch), &l.Tally.Used, &l.Tally.Left, &l.Tally.Void)
}

const voucherColumns = `v.id, v.batch_id, v.number, v.mark, v.sealed, v.uses, v.used, v.void_at, v.assigned_at`

func voucherPlaces(v *paywall.Voucher) []any {
	return []any{
		&v.ID, &v.BatchID, &v.Number, (*blob)(&v.Mark), (*blob)(&v.Sealed), &v.Uses, &v.Used,
		(*instant)(&v.VoidAt), (*instant)(&v.AssignedAt),
	}
}

// CreateVoucherBatch stores a batch without its codes.
func (q *queries) CreateVoucherBatch(ctx context.Context, b paywall.VoucherBatch) error {
	_, err := exec(ctx, q.write, "CreateVoucherBatch", `
		INSERT INTO voucher_batches (id, name, prefix, codes, uses, again, scope, target_id, days, until_at,
			valid_from_at, valid_until_at, note, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		b.ID, b.Name, b.Prefix, b.Codes, b.Uses, b.Again, string(b.Scope), b.TargetID, b.Days, instant(b.Until),
		instant(b.ValidFrom), instant(b.ValidUntil), b.Note, instant(b.CreatedAt))
	return err
}

// vouchersAtOnce is how many codes one statement stores: each brings nine values,
// and a statement takes 32,766.
const vouchersAtOnce = 500

// CreateVouchers stores codes, many at a time.
func (q *queries) CreateVouchers(ctx context.Context, all []paywall.Voucher) error {
	return q.atomic(ctx, func(q *queries) error {
		for len(all) > 0 {
			n := min(len(all), vouchersAtOnce)
			if err := q.insertVouchers(ctx, all[:n]); err != nil {
				return err
			}
			all = all[n:]
		}
		return nil
	})
}

func (q *queries) insertVouchers(ctx context.Context, all []paywall.Voucher) error {
	const columns = 9
	rows, values := make([]string, 0, len(all)), make([]any, 0, columns*len(all))
	for _, v := range all {
		n := len(values)
		rows = append(rows, fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d)",
			n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+8, n+9))
		values = append(values, v.ID, v.BatchID, v.Number, blob(v.Mark), blob(v.Sealed), v.Uses, v.Used,
			instant(v.VoidAt), instant(v.AssignedAt))
	}
	_, err := exec(ctx, q.write, "CreateVouchers",
		`INSERT INTO vouchers (id, batch_id, number, mark, sealed, uses, used, void_at, assigned_at) VALUES `+strings.Join(rows, ", "),
		values...)
	return err
}

// VoucherBatch finds a batch with its counts.
func (q *queries) VoucherBatch(ctx context.Context, id string) (paywall.VoucherBatchLine, error) {
	if q.lock != "" {
		// The row is locked first: counts and free codes are read afterwards.
		_, err := queryOne(ctx, q.read, "VoucherBatch", place[string], `SELECT b.id FROM voucher_batches b WHERE b.id = $1`+q.lock, id)
		if err != nil {
			return paywall.VoucherBatchLine{}, err
		}
	}
	return queryOne(ctx, q.read, "VoucherBatch", batchLinePlaces,
		`SELECT `+batchColumns+`, `+tallyColumns+` FROM voucher_batches b WHERE b.id = $1`, id)
}

// voucherOrders are the orders of the list of batches.
var voucherOrders = map[paywall.VoucherSort]string{
	paywall.VoucherSortNewest: `b.created_at DESC, b.id DESC`,
	paywall.VoucherSortName:   `lower(b.name), b.id`,
	paywall.VoucherSortEnds:   `CASE WHEN b.valid_until_at = 0 THEN 1 ELSE 0 END, b.valid_until_at, b.id`,
}

// VoucherBatches lists batches whose name, prefix or note holds a text. An order
// that there is not is the newest first.
func (q *queries) VoucherBatches(ctx context.Context, text string, sort paywall.VoucherSort, limit, offset int) ([]paywall.VoucherBatchLine, int, error) {
	const op = "VoucherBatches"
	const where = `FROM voucher_batches b WHERE lower(b.name) LIKE lower(CAST($1 AS TEXT)) ESCAPE '!'
		OR lower(b.prefix) LIKE lower(CAST($1 AS TEXT)) ESCAPE '!' OR lower(b.note) LIKE lower(CAST($1 AS TEXT)) ESCAPE '!'`
	order, known := voucherOrders[sort]
	if !known {
		order = voucherOrders[paywall.VoucherSortNewest]
	}
	pattern := contains(text)
	total, err := queryOne(ctx, q.read, op, place[int], `SELECT COUNT(*) `+where, pattern)
	if err != nil {
		return nil, 0, err
	}
	lines, err := queryAll(ctx, q.read, op, batchLinePlaces,
		`SELECT `+batchColumns+`, `+tallyColumns+` `+where+` ORDER BY `+order+` LIMIT $2 OFFSET $3`, pattern, limit, offset)
	return lines, total, err
}

// CountBatchesOn counts the batches for one item or collection with codes that
// can be redeemed, now or later.
func (q *queries) CountBatchesOn(ctx context.Context, scope paywall.GrantScope, targetID string, now time.Time) (int, error) {
	return queryOne(ctx, q.read, "CountBatchesOn", place[int], `
		SELECT COUNT(*) FROM voucher_batches b WHERE b.scope = $1 AND b.target_id = $2 AND b.target_id <> ''
			AND (b.valid_until_at = 0 OR b.valid_until_at > $3) AND (b.until_at = 0 OR b.until_at > $3)
			AND EXISTS (SELECT 1 FROM vouchers v WHERE v.batch_id = b.id AND v.void_at = 0 AND v.used < v.uses)`,
		string(scope), targetID, instant(now))
}

// SetVoucherEnd changes until when a batch's codes can be redeemed.
func (q *queries) SetVoucherEnd(ctx context.Context, id string, until time.Time) error {
	return execOne(ctx, q.write, "SetVoucherEnd",
		`UPDATE voucher_batches SET valid_until_at = $2 WHERE id = $1`, id, instant(until))
}

// Vouchers lists the codes of a batch by number.
func (q *queries) Vouchers(ctx context.Context, batchID string, limit, offset int) ([]paywall.VoucherLine, error) {
	places := func(l *paywall.VoucherLine) []any { return append(voucherPlaces(&l.Voucher), &l.SentTo) }
	return queryAll(ctx, q.read, "Vouchers", places, `
		SELECT `+voucherColumns+`, COALESCE(m.recipient, '') FROM vouchers v LEFT JOIN voucher_mails m ON m.voucher_id = v.id
		WHERE v.batch_id = $1 ORDER BY v.number LIMIT $2 OFFSET $3`, batchID, limit, offset)
}

// VoucherByID finds a code of a batch.
func (q *queries) VoucherByID(ctx context.Context, batchID, id string) (paywall.Voucher, error) {
	return queryOne(ctx, q.read, "VoucherByID", voucherPlaces,
		`SELECT `+voucherColumns+` FROM vouchers v WHERE v.id = $1 AND v.batch_id = $2`, id, batchID)
}

type markedVoucher struct {
	voucher paywall.Voucher
	batch   paywall.VoucherBatch
}

// VoucherByMark finds a code in any state by its keyed hash, with its batch.
func (q *queries) VoucherByMark(ctx context.Context, mark []byte) (paywall.Voucher, paywall.VoucherBatch, error) {
	places := func(m *markedVoucher) []any { return append(voucherPlaces(&m.voucher), batchPlaces(&m.batch)...) }
	m, err := queryOne(ctx, q.read, "VoucherByMark", places, `
		SELECT `+voucherColumns+`, `+batchColumns+` FROM vouchers v JOIN voucher_batches b ON b.id = v.batch_id
		WHERE v.mark = $1`, blob(mark))
	return m.voucher, m.batch, err
}

// UseVoucher counts one use of a code, if it has one left. One statement decides
// and counts: of uses at the same time no more win than there are.
func (q *queries) UseVoucher(ctx context.Context, id string, now time.Time) error {
	return execOne(ctx, q.write, "UseVoucher", `
		UPDATE vouchers SET used = used + 1
		WHERE id = $1 AND used < uses AND void_at = 0 AND EXISTS (
			SELECT 1 FROM voucher_batches b WHERE b.id = vouchers.batch_id AND b.valid_from_at <= $2
				AND (b.valid_until_at = 0 OR b.valid_until_at > $2) AND (b.until_at = 0 OR b.until_at > $2))`,
		id, instant(now))
}

// VoidVoucher voids a code; ErrNotFound when it is void or has no uses left.
func (q *queries) VoidVoucher(ctx context.Context, batchID, id string, at time.Time) error {
	return execOne(ctx, q.write, "VoidVoucher",
		`UPDATE vouchers SET void_at = $3 WHERE id = $1 AND batch_id = $2 AND void_at = 0 AND used < uses`, id, batchID, instant(at))
}

// VoidVouchers voids all codes of a batch with uses left and counts them.
func (q *queries) VoidVouchers(ctx context.Context, batchID string, at time.Time) (int, error) {
	n, err := exec(ctx, q.write, "VoidVouchers",
		`UPDATE vouchers SET void_at = $2 WHERE batch_id = $1 AND void_at = 0 AND used < uses`, batchID, instant(at))
	return int(n), err
}

// FreeVouchers lists codes of a batch that nobody used or was mailed, those with
// high numbers first.
func (q *queries) FreeVouchers(ctx context.Context, batchID string, limit int) ([]paywall.Voucher, error) {
	return queryAll(ctx, q.read, "FreeVouchers", voucherPlaces, `
		SELECT `+voucherColumns+` FROM vouchers v
		WHERE v.batch_id = $1 AND v.used = 0 AND v.void_at = 0 AND v.assigned_at = 0
		ORDER BY v.number DESC LIMIT $2`, batchID, limit)
}

// SendVoucher keeps who was mailed a code.
func (q *queries) SendVoucher(ctx context.Context, m paywall.VoucherMail) error {
	const op = "SendVoucher"
	return q.atomic(ctx, func(q *queries) error {
		err := execOne(ctx, q.write, op, `
			UPDATE vouchers SET assigned_at = $3
			WHERE id = $1 AND batch_id = $2 AND used = 0 AND void_at = 0 AND assigned_at = 0`,
			m.VoucherID, m.BatchID, instant(m.CreatedAt))
		if err != nil {
			return err
		}
		_, err = exec(ctx, q.write, op, `
			INSERT INTO voucher_mails (voucher_id, batch_id, user_id, recipient, created_at) VALUES ($1, $2, $3, $4, $5)`,
			m.VoucherID, m.BatchID, m.UserID, m.Recipient, instant(m.CreatedAt))
		return err
	})
}

// AnyVoucher tells whether any code can be redeemed now.
func (q *queries) AnyVoucher(ctx context.Context, now time.Time) (bool, error) {
	n, err := queryOne(ctx, q.read, "AnyVoucher", place[int], `
		SELECT COUNT(*) FROM (
			SELECT 1 FROM voucher_batches b JOIN vouchers v ON v.batch_id = b.id
			WHERE b.valid_from_at <= $1 AND (b.valid_until_at = 0 OR b.valid_until_at > $1) AND (b.until_at = 0 OR b.until_at > $1)
				AND v.void_at = 0 AND v.used < v.uses
			LIMIT 1) AS found`, instant(now))
	return n > 0, err
}

// HasVoucherMail tells whether an address was mailed a code of a batch.
func (q *queries) HasVoucherMail(ctx context.Context, batchID, recipient string) (bool, error) {
	n, err := queryOne(ctx, q.read, "HasVoucherMail", place[int],
		`SELECT COUNT(*) FROM voucher_mails WHERE batch_id = $1 AND recipient = $2`, batchID, recipient)
	return n > 0, err
}

// DeleteOldVoucherMails forgets who was mailed codes before an instant, of the
// batches of which no code can be redeemed any more.
func (q *queries) DeleteOldVoucherMails(ctx context.Context, now, before time.Time) error {
	_, err := exec(ctx, q.write, "DeleteOldVoucherMails", `
		DELETE FROM voucher_mails WHERE created_at < $2 AND NOT EXISTS (
			SELECT 1 FROM voucher_batches b JOIN vouchers v ON v.batch_id = b.id
			WHERE b.id = voucher_mails.batch_id AND (b.valid_until_at = 0 OR b.valid_until_at > $1) AND v.void_at = 0 AND v.used < v.uses)`,
		instant(now), instant(before))
	return err
}
