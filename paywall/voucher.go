package paywall

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of a batch of vouchers.
const (
	MaxVoucherCodes = 10_000
	MaxVoucherUses  = 100_000
	MaxVoucherDays  = 3660
)

// VoucherBatch is a set of codes that open the same.
type VoucherBatch struct {
	ID       string
	Name     string
	Prefix   string // of each code; may be empty
	Codes    int    // how many were made
	Uses     int    // how often each can be used
	Again    bool   // one person may use several codes, or one several times
	Scope    GrantScope
	TargetID string // the collection or item; empty for everything
	// Days count from redeeming, Until is fixed; without both it opens for ever.
	Days  int
	Until time.Time
	// ValidFrom and ValidUntil say when codes can be redeemed; zero: no bound.
	ValidFrom  time.Time
	ValidUntil time.Time // exclusive
	Note       string
	CreatedAt  time.Time
}

// Over tells whether no code of the batch can be redeemed any more.
func (b VoucherBatch) Over(now time.Time) bool {
	return !b.ValidUntil.IsZero() && !now.Before(b.ValidUntil) || !b.Until.IsZero() && !now.Before(b.Until)
}

// Begun tells whether codes can be redeemed already.
func (b VoucherBatch) Begun(now time.Time) bool { return !now.Before(b.ValidFrom) }

// grantUntil is the end of what a code opens that is redeemed now.
func (b VoucherBatch) grantUntil(now time.Time) time.Time {
	if b.Days > 0 {
		return now.Add(days(b.Days))
	}
	return b.Until
}

// Voucher is one code. The code itself is sealed.
type Voucher struct {
	ID         string
	BatchID    string
	Number     int    // in its batch, from 1
	Mark       []byte // keyed hash of the code
	Sealed     []byte // the code, for the place voucherPlace
	Uses, Used int
	VoidAt     time.Time // zero: not voided
	AssignedAt time.Time // zero: not mailed to anybody
}

// Spent tells whether the code was used as often as it can be.
func (v Voucher) Spent() bool { return v.Used >= v.Uses }

// usable tells whether the code can be redeemed now.
func (v Voucher) usable(batch VoucherBatch, now time.Time) bool {
	return v.VoidAt.IsZero() && !v.Spent() && batch.Begun(now) && !batch.Over(now)
}

// VoucherLine is a code with whom it was mailed to.
type VoucherLine struct {
	Voucher Voucher
	SentTo  string // empty: nobody
}

// VoucherTally counts the uses of a batch's codes. They add up to Codes times
// Uses of the batch.
type VoucherTally struct {
	Used int
	Left int // can still be redeemed, now or from ValidFrom on
	Void int
	Gone int // not used before the batch ended
}

// VoucherBatchLine is a batch with its counts. The store fills Used, Void and
// Left; what has ended is known to the service.
type VoucherBatchLine struct {
	Batch VoucherBatch
	Tally VoucherTally
}

// VoucherMail says who got which code by mail.
type VoucherMail struct {
	VoucherID, BatchID string
	UserID             string // empty: an address without an account
	Recipient          string
	CreatedAt          time.Time
}

// Redemption is one use of a code.
type Redemption struct {
	ID                 string
	VoucherID, BatchID string
	UserID, GrantID    string
	Again              bool // as the batch said
	At                 time.Time
}

// RedemptionLine is a use of a code with its person, for the owner's list.
type RedemptionLine struct {
	Redemption Redemption
	Email      string
	Number     int // of the code
}

// VoucherSort is an order of the list of batches.
type VoucherSort string

// The orders of batches.
const (
	VoucherSortNewest VoucherSort = "newest"
	VoucherSortName   VoucherSort = "name"
	VoucherSortEnds   VoucherSort = "ends" // those that end first; without an end last
)

// VoucherSorts are all orders, the default first.
var VoucherSorts = []VoucherSort{VoucherSortNewest, VoucherSortName, VoucherSortEnds}

// VoucherStore keeps vouchers.
type VoucherStore interface {
	CreateVoucherBatch(ctx context.Context, b VoucherBatch) error
	// CreateVouchers stores codes, many at a time.
	CreateVouchers(ctx context.Context, all []Voucher) error
	// VoucherBatch finds a batch with its counts. In a transaction nobody else
	// changes it, or assigns its codes, before the end.
	VoucherBatch(ctx context.Context, id string) (VoucherBatchLine, error)
	// VoucherBatches lists batches whose name, prefix or note holds a text, and
	// tells how many there are in all.
	VoucherBatches(ctx context.Context, text string, sort VoucherSort, limit, offset int) ([]VoucherBatchLine, int, error)
	// CountBatchesOn counts the batches for one item or collection with codes that
	// can be redeemed, now or later.
	CountBatchesOn(ctx context.Context, scope GrantScope, targetID string, now time.Time) (int, error)
	// AnyVoucher tells whether any code can be redeemed now.
	AnyVoucher(ctx context.Context, now time.Time) (bool, error)
	// SetVoucherEnd changes until when a batch's codes can be redeemed.
	SetVoucherEnd(ctx context.Context, id string, until time.Time) error

	// Vouchers lists the codes of a batch by number.
	Vouchers(ctx context.Context, batchID string, limit, offset int) ([]VoucherLine, error)
	// VoucherByID finds a code of a batch.
	VoucherByID(ctx context.Context, batchID, id string) (Voucher, error)
	// VoucherByMark finds a code in any state by its keyed hash, with its batch.
	VoucherByMark(ctx context.Context, mark []byte) (Voucher, VoucherBatch, error)
	// UseVoucher counts one use of a code if it has one left, is not void and its
	// batch is valid now; else it answers ErrNotFound.
	UseVoucher(ctx context.Context, id string, now time.Time) error
	// VoidVoucher voids a code; ErrNotFound when it is void or has no uses left.
	VoidVoucher(ctx context.Context, batchID, id string, at time.Time) error
	// VoidVouchers voids all codes of a batch with uses left and counts them.
	VoidVouchers(ctx context.Context, batchID string, at time.Time) (int, error)

	// FreeVouchers lists codes of a batch that nobody used or was mailed, those
	// with high numbers first.
	FreeVouchers(ctx context.Context, batchID string, limit int) ([]Voucher, error)
	// SendVoucher keeps who was mailed a code; ErrNotFound when the code is not
	// free any more, ErrExists when the address has one of the batch.
	SendVoucher(ctx context.Context, m VoucherMail) error
	// HasVoucherMail tells whether an address was mailed a code of a batch.
	HasVoucherMail(ctx context.Context, batchID, recipient string) (bool, error)
	// DeleteOldVoucherMails forgets who was mailed codes before an instant, of the
	// batches of which no code can be redeemed any more.
	DeleteOldVoucherMails(ctx context.Context, now, before time.Time) error

	// CreateRedemption keeps a use; ErrExists when the person used a code of the
	// batch before and it allows no other.
	CreateRedemption(ctx context.Context, r Redemption) error
	// RedemptionsOf lists a person's uses of codes of a batch, oldest first.
	RedemptionsOf(ctx context.Context, batchID, userID string) ([]Redemption, error)
	// Redemptions lists the uses of a batch, newest first, and counts them.
	Redemptions(ctx context.Context, batchID string, limit, offset int) ([]RedemptionLine, int, error)
}

// codeAlphabet has no two characters that look alike: no I, L, O, U.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	// codeBytes are the random bits of a code beside its prefix: 80.
	codeBytes = 10
	// codeLength is how many characters they make.
	codeLength = 16
	codeGroup  = 4
	// maxPrefix is the longest prefix.
	maxPrefix = 12
)

var (
	codeEncoding = base32.NewEncoding(codeAlphabet).WithPadding(base32.NoPadding)
	prefixForm   = regexp.MustCompile(`^[A-Z0-9]{0,12}$`)
)

// newVoucherCode makes a code as it is read: "FEST-7K3M-9QRT-04XA-HW2C".
func newVoucherCode(prefix string) string {
	random := make([]byte, codeBytes)
	_, _ = rand.Read(random) // never fails, see crypto/rand
	text := codeEncoding.EncodeToString(random)
	groups := make([]string, 0, 1+codeLength/codeGroup)
	if prefix != "" {
		groups = append(groups, prefix)
	}
	for ; text != ""; text = text[codeGroup:] {
		groups = append(groups, text[:codeGroup])
	}
	return strings.Join(groups, "-")
}

// readCode forgives how a code is typed: case, spaces and dashes, and characters
// that look like those meant. It answers "" for what cannot be a code.
func readCode(typed string) string {
	if len(typed) > 200 {
		return ""
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch {
		case r == 'O':
			r = '0'
		case r == 'I' || r == 'L':
			r = '1'
		case r == 'U':
			r = 'V'
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
		case strings.ContainsRune(" -.\t\r\n_\u00a0\u2010\u2011\u2012\u2013\u2014\u2212", r):
			continue
		default:
			return ""
		}
		b.WriteRune(r)
	}
	if b.Len() < codeLength || b.Len() > codeLength+maxPrefix {
		return ""
	}
	return b.String()
}

// LooksLikeCode tells whether a text could be a code at all.
func LooksLikeCode(typed string) bool { return readCode(typed) != "" }

// MaskCode hides a code but for its prefix and last group.
func MaskCode(code string) string {
	groups := strings.Split(code, "-")
	for i := max(0, len(groups)-codeLength/codeGroup); i < len(groups)-1; i++ {
		groups[i] = strings.Repeat("•", codeGroup)
	}
	return strings.Join(groups, "-")
}

// voucherPlace is what a code is sealed for.
func voucherPlace(id string) string { return "voucher " + id }

// VoucherInput is what an owner sets of a batch.
type VoucherInput struct {
	Name, Prefix, Note    string
	Codes, Uses           int
	Again                 bool
	Scope                 GrantScope
	TargetID              string
	Days                  int
	Until                 time.Time
	ValidFrom, ValidUntil time.Time
}

func (in VoucherInput) batch(now time.Time) VoucherBatch {
	return VoucherBatch{
		ID: NewID(), Name: strings.TrimSpace(in.Name), Prefix: strings.ToUpper(strings.TrimSpace(in.Prefix)),
		Codes: in.Codes, Uses: in.Uses, Again: in.Again, Scope: in.Scope, TargetID: in.TargetID, Days: in.Days,
		Until: in.Until, ValidFrom: in.ValidFrom, ValidUntil: in.ValidUntil, Note: strings.TrimSpace(in.Note), CreatedAt: now,
	}
}

// validate names every field that breaks a rule.
func (b VoucherBatch) validate(now time.Time) error {
	fields := map[string]string{}
	bad := func(wrong bool, field, key string) {
		if wrong {
			fields[field] = key
		}
	}
	n := utf8.RuneCountInString(b.Name)
	bad(n == 0 || n > MaxTitle || hasControl(b.Name), "name", "voucher.error.name")
	bad(!prefixForm.MatchString(b.Prefix), "prefix", "voucher.error.prefix")
	bad(b.Codes < 1 || b.Codes > MaxVoucherCodes, "codes", "voucher.error.codes")
	bad(b.Uses < 1 || b.Uses > MaxVoucherUses, "uses", "voucher.error.uses")
	bad(b.Days < 0 || b.Days > MaxVoucherDays, "days", "voucher.error.days")
	bad(b.Days != 0 && !b.Until.IsZero(), "until", "voucher.error.both")
	bad(!b.Until.IsZero() && (!b.Until.After(now) || !b.Until.After(b.ValidFrom)), "until", "grant.error.until")
	bad(!b.ValidUntil.IsZero() && (!b.ValidUntil.After(now) || !b.ValidUntil.After(b.ValidFrom)), "valid_until", "voucher.error.valid_until")
	bad(utf8.RuneCountInString(b.Note) > MaxNote || hasControl(b.Note), "note", "grant.error.note")
	return invalidFields(fields)
}
