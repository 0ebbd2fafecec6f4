package paywall

import (
	"context"
	"errors"
	"strings"
	"time"
)

// MaxVoucherMails is how many addresses one mailing of codes takes.
const MaxVoucherMails = 1000

// mailPace lets a large mailing trickle out, so that a code to sign in is not
// held up behind it.
const mailPace = 200 * time.Millisecond

// AddressProblem says why an address got no code.
type AddressProblem struct {
	Address string // as typed
	Key     string // of the message
}

// Mailing is what became of a mailing of codes.
type Mailing struct {
	Sent     int
	Problems []AddressProblem
}

// Mail sends each of the addresses in a text one code of a batch that nobody has.
// Addresses stand on lines of their own, or with commas or semicolons between
// them. language is for addresses without an account that chose one.
func (v *Vouchers) Mail(ctx context.Context, actor Actor, batchID, addresses, language string) (Mailing, error) {
	list := splitAddresses(addresses)
	if len(list) == 0 || len(list) > MaxVoucherMails {
		return Mailing{}, invalidField("addresses", "voucher.error.addresses")
	}
	accounts, err := v.accounts(ctx, list)
	if err != nil {
		return Mailing{}, err
	}
	var done Mailing
	err = v.Store.InTx(ctx, func(tx Store) error {
		line, err := tx.VoucherBatch(ctx, batchID)
		if err != nil {
			return err
		}
		if line.Batch.Over(v.Clock()) {
			return E(KindInvalid, "voucher.error.over")
		}
		free, err := tx.FreeVouchers(ctx, batchID, len(list))
		if err != nil {
			return err
		}
		post := &voucherPost{Vouchers: v, tx: tx, batch: line.Batch, free: free, accounts: accounts, language: language, seen: map[string]bool{}}
		if err := post.sendAll(ctx, list); err != nil {
			return err
		}
		done = post.done
		return audit(ctx, tx, v.Clock, actor, "voucher.mail", batchID,
			Fact{LabelBatch, line.Batch.Name}, number(LabelCodes, done.Sent))
	})
	return done, err
}

// accounts are those at the addresses, by address. They are read before the
// transaction, which would lock them all.
func (v *Vouchers) accounts(ctx context.Context, list []string) (map[string]User, error) {
	found := map[string]User{}
	for _, typed := range list {
		email, err := CanonicalEmail(typed)
		if err != nil {
			continue
		}
		user, err := v.Store.UserByEmail(ctx, email)
		if errors.Is(err, ErrNotFound) {
			user, err = User{Email: email}, nil
		}
		if err != nil {
			return nil, err
		}
		found[email] = user
	}
	return found, nil
}

// splitAddresses also takes the form that mail programs copy: Anna <a@b.c>.
func splitAddresses(text string) []string {
	var all []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\r\n,;", r) }) {
		part = strings.TrimSpace(part)
		if open := strings.LastIndexByte(part, '<'); open >= 0 && strings.HasSuffix(part, ">") {
			part = strings.TrimSpace(part[open+1 : len(part)-1])
		}
		if part != "" {
			all = append(all, part)
		}
	}
	return all
}

// voucherPost is one mailing under way.
type voucherPost struct {
	*Vouchers
	tx       Store
	batch    VoucherBatch
	free     []Voucher
	accounts map[string]User
	language string
	title    string // of what the codes open
	seen     map[string]bool
	done     Mailing
}

func (p *voucherPost) sendAll(ctx context.Context, list []string) (err error) {
	p.title, _, err = p.Grants.target(ctx, p.tx, p.batch.grant(p.Clock(), ""))
	if KindOf(err) == KindInvalid {
		return E(KindInvalid, "admin.vouchers.gone").Because(err)
	}
	if err != nil {
		return err
	}
	for _, typed := range list {
		problem, err := p.send(ctx, typed)
		if err != nil {
			return err
		}
		if problem != "" {
			p.done.Problems = append(p.done.Problems, AddressProblem{Address: typed, Key: problem})
		}
	}
	return nil
}

// send mails one code, or answers the key of why not.
func (p *voucherPost) send(ctx context.Context, typed string) (problem string, err error) {
	email, err := CanonicalEmail(typed)
	if err != nil {
		return "user.error.email", nil //nolint:nilerr // told beside the address
	}
	if p.seen[email] {
		return "voucher.error.twice", nil
	}
	p.seen[email] = true
	has, err := p.tx.HasVoucherMail(ctx, p.batch.ID, email)
	switch {
	case err != nil:
		return "", err
	case has:
		return "voucher.error.had", nil
	case len(p.free) == 0:
		return "voucher.error.none_left", nil
	}
	voucher := p.free[0]
	p.free = p.free[1:]
	return "", p.put(ctx, voucher, email)
}

// put keeps who gets the code, and queues the letter.
func (p *voucherPost) put(ctx context.Context, voucher Voucher, email string) error {
	code, err := p.Code(voucher)
	if err != nil {
		return err
	}
	user, now := p.accounts[email], p.Clock()
	err = p.tx.SendVoucher(ctx, VoucherMail{
		VoucherID: voucher.ID, BatchID: p.batch.ID, UserID: user.ID, Recipient: email, CreatedAt: now,
	})
	if err != nil {
		return err
	}
	letter := letterTo(user, p.language, MailVoucher, MailParams{
		Voucher: code, Path: "/redeem/" + code, Opens: p.title, Days: p.batch.Days, Until: p.batch.Until, RedeemBy: p.batch.ValidUntil,
	})
	letter.NotBefore = now.Add(time.Duration(p.done.Sent) * mailPace)
	letter.NotAfter = now.Add(MailLife)
	if end := p.batch.ValidUntil; !end.IsZero() && end.Before(letter.NotAfter) {
		letter.NotAfter = end
	}
	p.done.Sent++
	return p.Outbox.Put(ctx, p.tx, letter)
}
