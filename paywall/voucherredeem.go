package paywall

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
)

// RedeemInput is a code as somebody typed it.
type RedeemInput struct {
	Code string
	// Item is the slug of the item that the person wants to play; may be empty.
	Item string
}

// Redeemed is what a code turned into.
type Redeemed struct {
	Grant Grant
	// Path is where to go on: the item, if the code opens it, else the account.
	Path string
}

// errVoucher is the one answer for a code that is wrong, used up, void, ended or not
// valid yet, so that nobody learns which codes exist.
func errVoucher() *Error { return invalidField("code", "voucher.error.code") }

// Try refuses a code that a stranger cannot redeem now, with one answer for all
// causes. It uses nothing up. It is counted as redeeming is, before the look-up.
func (v *Vouchers) Try(ctx context.Context, c Caller, typed string) error {
	code := readCode(typed)
	if code == "" {
		return errVoucher()
	}
	if err := v.limits.strangerVoucher(ctx, c); err != nil {
		return err
	}
	voucher, batch, err := v.Store.VoucherByMark(ctx, v.mark(code))
	if errors.Is(err, ErrNotFound) || err == nil && !voucher.usable(batch, v.Clock()) {
		return errVoucher().Because(err)
	}
	return err
}

// Redeem turns a code into a grant for the viewer. It is counted against limits
// before the code is looked up.
func (v *Vouchers) Redeem(ctx context.Context, c Caller, viewer Viewer, in RedeemInput) (Redeemed, error) {
	if !viewer.SignedIn() {
		return Redeemed{}, E(KindUnauthenticated, "error.sign_in")
	}
	code := readCode(in.Code)
	if code == "" {
		return Redeemed{}, errVoucher()
	}
	if err := v.limits.voucher(ctx, c, viewer.User.ID); err != nil {
		return Redeemed{}, err
	}
	var done Redeemed
	err := v.Store.InTx(ctx, func(tx Store) (err error) {
		done, err = v.redeem(ctx, tx, c, viewer, code, in.Item)
		return err
	})
	return done, err
}

func (v *Vouchers) redeem(ctx context.Context, tx Store, c Caller, viewer Viewer, code, slug string) (Redeemed, error) {
	user, err := tx.UserByID(ctx, viewer.User.ID) // one code of a person at a time
	if err != nil {
		return Redeemed{}, err
	}
	if user.Disabled() {
		return Redeemed{}, E(KindForbidden, "error.forbidden")
	}
	voucher, batch, err := tx.VoucherByMark(ctx, v.mark(code))
	if errors.Is(err, ErrNotFound) {
		return Redeemed{}, errVoucher().Because(err)
	}
	if err != nil {
		return Redeemed{}, err
	}
	if err := v.mayUse(ctx, tx, user, voucher, batch); err != nil {
		return Redeemed{}, err
	}
	err = tx.UseVoucher(ctx, voucher.ID, v.Clock())
	if errors.Is(err, ErrNotFound) {
		return Redeemed{}, errVoucher().Because(err)
	}
	if err != nil {
		return Redeemed{}, err
	}
	return v.turn(ctx, tx, c, user, voucher, batch, slug)
}

// mayUse refuses a code that this person cannot use. Only who used it is told so.
func (v *Vouchers) mayUse(ctx context.Context, tx Store, user User, voucher Voucher, batch VoucherBatch) error {
	before, err := tx.RedemptionsOf(ctx, batch.ID, user.ID)
	if err != nil {
		return err
	}
	usable := voucher.usable(batch, v.Clock())
	for _, r := range before {
		if r.VoucherID == voucher.ID && (!usable || !batch.Again) {
			return invalidField("code", "voucher.error.yours")
		}
	}
	switch {
	case !usable:
		return errVoucher()
	case len(before) > 0 && !batch.Again:
		return invalidField("code", "voucher.error.once")
	}
	return nil
}

// turn makes the grant, in the transaction that used the code.
func (v *Vouchers) turn(ctx context.Context, tx Store, c Caller, user User, voucher Voucher, batch VoucherBatch, slug string) (Redeemed, error) {
	now := v.Clock()
	grant := batch.grant(now, user.ID)
	title, path, err := v.Grants.target(ctx, tx, grant)
	if KindOf(err) == KindInvalid {
		return Redeemed{}, invalidField("code", "voucher.error.gone").Because(err)
	}
	if err != nil {
		return Redeemed{}, err
	}
	if err := tx.CreateGrant(ctx, grant); err != nil {
		return Redeemed{}, err
	}
	err = tx.CreateRedemption(ctx, Redemption{
		ID: NewID(), VoucherID: voucher.ID, BatchID: batch.ID, UserID: user.ID, GrantID: grant.ID, Again: batch.Again, At: now,
	})
	if err != nil {
		return Redeemed{}, err
	}
	if !user.QuietAccess {
		letter := letterTo(user, c.Language, MailRedeemed, MailParams{Opens: title, Path: path, Until: grant.Until})
		if err := v.Outbox.Put(ctx, tx, letter); err != nil {
			return Redeemed{}, err
		}
	}
	err = auditGrant(ctx, tx, v.Clock, c.actor(user), "voucher.redeem", user, grant,
		moment(LabelUntil, grant.Until), Fact{LabelBatch, batch.Name}, number(LabelCode, voucher.Number))
	if err != nil {
		return Redeemed{}, err
	}
	next, err := v.goOn(ctx, tx, grant, slug, path)
	return Redeemed{Grant: grant, Path: next}, err
}

// goOn is where somebody goes on after redeeming: to the item that they came
// from if it is open now, else to the one item that was opened, else to the list
// of what is theirs.
func (v *Vouchers) goOn(ctx context.Context, tx Store, grant Grant, slug, path string) (string, error) {
	const account = "/account"
	if slug != "" {
		item, err := tx.ItemBySlug(ctx, slug)
		switch {
		case err == nil && item.Published && grant.Opens(item):
			return item.Path(), nil
		case err != nil && !errors.Is(err, ErrNotFound):
			return "", err
		}
	}
	if grant.Scope == ScopeItem && path != "/" {
		return path, nil
	}
	return account, nil
}

// keptPlace is what a typed code is sealed for while somebody signs in.
const keptPlace = "voucher kept"

// Keep seals what was typed, for the address of a page: it goes through the
// sign-in and lies in the database as the place to come back to.
func (v *Vouchers) Keep(in RedeemInput) string {
	sealed := v.Vault.Seal(keptPlace, []byte(in.Code+"\n"+in.Item))
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// Kept opens what Keep sealed; empty for anything else.
func (v *Vouchers) Kept(text string) RedeemInput {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return RedeemInput{}
	}
	opened, err := v.Vault.Open(keptPlace, sealed)
	if err != nil {
		return RedeemInput{}
	}
	code, item, _ := strings.Cut(string(opened), "\n")
	return RedeemInput{Code: code, Item: item}
}
