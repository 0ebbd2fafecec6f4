package paywall

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// VoucherDeps is what Vouchers works with.
type VoucherDeps struct {
	Store  Store
	Vault  *Vault
	Outbox *Outbox
	Grants *Grants
	Limits Limits
	Clock  Clock
}

// Vouchers makes codes that turn into grants, and redeems them.
type Vouchers struct {
	VoucherDeps
	limits *limiter
}

// NewVouchers makes the service.
func NewVouchers(deps VoucherDeps) *Vouchers {
	return &Vouchers{VoucherDeps: deps, limits: &limiter{deps.Limits, deps.Store, deps.Vault, deps.Clock}}
}

// Create makes a batch and its codes.
func (v *Vouchers) Create(ctx context.Context, actor Actor, in VoucherInput) (VoucherBatch, error) {
	now := v.Clock()
	batch := in.batch(now)
	if err := batch.validate(now); err != nil {
		return VoucherBatch{}, err
	}
	// What it opens is checked as a grant of today would be.
	if err := batch.grant(now, "").validate(now); err != nil {
		return VoucherBatch{}, err
	}
	codes := make([]Voucher, batch.Codes)
	for n := range codes {
		codes[n] = v.newVoucher(batch, n+1)
	}
	err := v.Store.InTx(ctx, func(tx Store) error {
		if _, _, err := v.Grants.target(ctx, tx, batch.grant(now, "")); err != nil {
			return err
		}
		if err := tx.CreateVoucherBatch(ctx, batch); err != nil {
			return err
		}
		if err := tx.CreateVouchers(ctx, codes); err != nil {
			return err
		}
		facts, err := batchFacts(ctx, tx, batch)
		if err != nil {
			return err
		}
		return audit(ctx, tx, v.Clock, actor, "voucher.create", batch.ID, facts...)
	})
	return batch, err
}

func (v *Vouchers) newVoucher(batch VoucherBatch, number int) Voucher {
	code, id := newVoucherCode(batch.Prefix), NewID()
	return Voucher{
		ID: id, BatchID: batch.ID, Number: number, Uses: batch.Uses,
		Mark: v.mark(readCode(code)), Sealed: v.Vault.Seal(voucherPlace(id), []byte(code)),
	}
}

// mark is how a code is found that readCode has read.
func (v *Vouchers) mark(code string) []byte { return v.Vault.Mark("voucher", code) }

// grant is what a code of the batch turns into for somebody.
func (b VoucherBatch) grant(now time.Time, userID string) Grant {
	return Grant{
		ID: NewID(), UserID: userID, Scope: b.Scope, TargetID: b.TargetID, From: now, Until: b.grantUntil(now),
		Origin: OriginVoucher, Note: b.Name, CreatedAt: now,
	}
}

// Code opens the code of a voucher, for whoever may read it. One that was made
// with another key is refused with words for the owner.
func (v *Vouchers) Code(voucher Voucher) (string, error) {
	text, err := v.Vault.Open(voucherPlace(voucher.ID), voucher.Sealed)
	if err != nil {
		return "", E(KindInvalid, "admin.vouchers.sealed").Because(err)
	}
	return string(text), nil
}

// Batch finds a batch with its counts.
func (v *Vouchers) Batch(ctx context.Context, id string) (VoucherBatchLine, error) {
	line, err := v.Store.VoucherBatch(ctx, id)
	return line.at(v.Clock()), err
}

// Batches lists batches whose name, prefix or note holds a text, and tells how
// many there are in all.
func (v *Vouchers) Batches(ctx context.Context, text string, sort VoucherSort, limit, offset int) ([]VoucherBatchLine, int, error) {
	lines, total, err := v.Store.VoucherBatches(ctx, text, sort, limit, offset)
	now := v.Clock()
	for i := range lines {
		lines[i] = lines[i].at(now)
	}
	return lines, total, err
}

// at moves the uses that are left to those that are gone once the batch is over.
func (l VoucherBatchLine) at(now time.Time) VoucherBatchLine {
	if l.Batch.Over(now) {
		l.Tally.Gone, l.Tally.Left = l.Tally.Left, 0
	}
	return l
}

// Any tells whether there is any code to redeem now.
func (v *Vouchers) Any(ctx context.Context) (bool, error) { return v.Store.AnyVoucher(ctx, v.Clock()) }

// Find looks for a whole code that somebody in the owner area holds in hand;
// ErrNotFound for none.
func (v *Vouchers) Find(ctx context.Context, typed string) (Voucher, error) {
	code := readCode(typed)
	if code == "" {
		return Voucher{}, ErrNotFound
	}
	voucher, _, err := v.Store.VoucherByMark(ctx, v.mark(code))
	return voucher, err
}

// List gives the codes of a batch by number.
func (v *Vouchers) List(ctx context.Context, batchID string, limit, offset int) ([]VoucherLine, error) {
	return v.Store.Vouchers(ctx, batchID, limit, offset)
}

// Redemptions lists who used codes of a batch, newest first, and counts them.
func (v *Vouchers) Redemptions(ctx context.Context, batchID string, limit, offset int) ([]RedemptionLine, int, error) {
	return v.Store.Redemptions(ctx, batchID, limit, offset)
}

// Sheet gives the codes of one page to print, and leaves a line about it.
func (v *Vouchers) Sheet(ctx context.Context, actor Actor, batchID string, limit, offset int) (lines []VoucherLine, err error) {
	err = v.Store.InTx(ctx, func(tx Store) error {
		line, err := tx.VoucherBatch(ctx, batchID)
		if err != nil {
			return err
		}
		if lines, err = tx.Vouchers(ctx, batchID, limit, offset); err != nil || len(lines) == 0 {
			return err
		}
		return audit(ctx, tx, v.Clock, actor, "voucher.print", batchID,
			Fact{LabelBatch, line.Batch.Name},
			Fact{LabelCodes, fmt.Sprintf("%d – %d", lines[0].Voucher.Number, lines[len(lines)-1].Voucher.Number)})
	})
	return lines, err
}

// Export gives all codes of a batch to take away, and leaves a line about it.
func (v *Vouchers) Export(ctx context.Context, actor Actor, batchID string) (batch VoucherBatch, lines []VoucherLine, err error) {
	err = v.Store.InTx(ctx, func(tx Store) error {
		line, err := tx.VoucherBatch(ctx, batchID)
		if err != nil {
			return err
		}
		batch = line.Batch
		if lines, err = tx.Vouchers(ctx, batchID, MaxVoucherCodes, 0); err != nil {
			return err
		}
		return audit(ctx, tx, v.Clock, actor, "voucher.export", batchID,
			Fact{LabelBatch, batch.Name}, number(LabelCodes, len(lines)))
	})
	return batch, lines, err
}

// Void takes what is left of one code away.
func (v *Vouchers) Void(ctx context.Context, actor Actor, batchID, id string) error {
	return v.Store.InTx(ctx, func(tx Store) error {
		voucher, err := tx.VoucherByID(ctx, batchID, id)
		if err != nil {
			return err
		}
		err = tx.VoidVoucher(ctx, batchID, id, v.Clock())
		if errors.Is(err, ErrNotFound) {
			return E(KindInvalid, "voucher.error.nothing_left").Because(err)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, v.Clock, actor, "voucher.void", batchID,
			number(LabelCode, voucher.Number), Fact{LabelUsed, fmt.Sprintf("%d / %d", voucher.Used, voucher.Uses)})
	})
}

// VoidAll takes what is left of all codes of a batch away, and counts them.
func (v *Vouchers) VoidAll(ctx context.Context, actor Actor, batchID string) (n int, err error) {
	err = v.Store.InTx(ctx, func(tx Store) error {
		line, err := tx.VoucherBatch(ctx, batchID)
		if err != nil {
			return err
		}
		if n, err = tx.VoidVouchers(ctx, batchID, v.Clock()); err != nil {
			return err
		}
		return audit(ctx, tx, v.Clock, actor, "voucher.void_all", batchID,
			Fact{LabelBatch, line.Batch.Name}, number(LabelCodes, n))
	})
	return n, err
}

// Extend changes until when the codes of a batch can be redeemed; zero: no end.
func (v *Vouchers) Extend(ctx context.Context, actor Actor, batchID string, until time.Time) error {
	return v.Store.InTx(ctx, func(tx Store) error {
		line, err := tx.VoucherBatch(ctx, batchID)
		if err != nil {
			return err
		}
		changed := line.Batch
		changed.ValidUntil = until
		if !until.IsZero() && (!until.After(v.Clock()) || !until.After(changed.ValidFrom)) {
			return invalidField("valid_until", "voucher.error.valid_until")
		}
		if err := tx.SetVoucherEnd(ctx, batchID, until); err != nil {
			return err
		}
		return audit(ctx, tx, v.Clock, actor, "voucher.extend", batchID,
			Fact{LabelBatch, changed.Name},
			oldToNew(LabelValidUntil, moment("", line.Batch.ValidUntil).Value, moment("", until).Value))
	})
}

// batchFacts are a new batch in the record.
func batchFacts(ctx context.Context, tx Store, b VoucherBatch) ([]Fact, error) {
	opens, err := openedFact(ctx, tx, grantTarget(Grant{Scope: b.Scope, TargetID: b.TargetID}))
	facts := []Fact{{LabelBatch, b.Name}, number(LabelCodes, b.Codes), number(LabelUses, b.Uses), opens}
	if b.Days > 0 {
		facts = append(facts, number(LabelDays, b.Days))
	} else {
		facts = append(facts, moment(LabelUntil, b.Until))
	}
	return append(facts, present([]Fact{moment(LabelValidFrom, b.ValidFrom), moment(LabelValidUntil, b.ValidUntil)})...), err
}
