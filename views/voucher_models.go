package views

import "strconv"

// AdminVouchersPage lists batches of vouchers. Field names of the search: q, sort.
type AdminVouchersPage struct {
	Page
	Query            string
	Sorts            []Option
	Total            string
	Rows             []VoucherBatchRow
	PrevURL, NextURL string
}

// VoucherBatchRow is one batch in the list. The counts are uses of its codes.
type VoucherBatchRow struct {
	URL, Name, Opens, Valid, State string
	Running                        bool
	Counts                         VoucherCounts
}

// VoucherCounts are the numbers of one batch, written out.
type VoucherCounts struct{ Codes, Used, Left, Void, Gone string }

// AdminVoucherFormPage makes a batch. Field names: name, prefix, codes, uses,
// again, opens, lasts ("days", "until", "ever"), days, until, valid_from,
// valid_until (dates), note.
type AdminVoucherFormPage struct {
	Page
	Fields VoucherFields
	Opens  []Option
	Lasts  []Choice
	Zone   string
	// MembersOnly tells here, and below, that nobody can make an account to redeem.
	MembersOnly bool
	Errors      map[string]string
	Error       string
}

// VoucherFields are the form's values as typed.
type VoucherFields struct {
	Name, Prefix, Codes, Uses, Days, Until, ValidFrom, ValidUntil, Note string
	Again                                                               bool
}

// AdminVoucherPage is one batch. Field names: valid_until to extend; addresses
// and language to mail codes.
type AdminVoucherPage struct {
	Page
	BaseURL string
	State   string
	Running bool
	Facts   []Fact
	Counts  VoucherCounts
	// Over tells that nothing can be redeemed any more, so nothing is mailed.
	Over        bool
	MembersOnly bool
	// Sealed says why codes cannot be read; empty when they can.
	Sealed string
	// Gone tells that what the codes open was deleted.
	Gone bool
	// Locked tells that codes are masked until the owner proves who they are.
	Locked   bool
	ProveURL string

	List             string // "codes" or "redeemed"
	CodesURL, UsedBy string // the two lists
	Rows             []VoucherRow
	Redemptions      []RedemptionRow
	PrevURL, NextURL string

	ValidUntil, Zone string
	Addresses        string
	Languages        []Option
	Mailed           string // what a mailing did; empty for none
	Problems         []Fact // an address, and why it got no code
	Errors           map[string]string
	Error            string
}

// VoucherRow is one code.
type VoucherRow struct {
	Number, Code, State, Uses, SentTo string
	Usable                            bool
	VoidURL                           string // empty when nothing is left to void
}

// RedemptionRow is one use of a code.
type RedemptionRow struct{ Number, Email, URL, When string }

// VoucherPrintPage is the sheet of cards to print and cut.
type VoucherPrintPage struct {
	Page
	BackURL          string
	Cards            []VoucherCard
	Opens, Lasts     string
	Valid            string // until when it can be redeemed; may be empty
	Address          string // where to type the code
	MembersOnly      bool
	PrevURL, NextURL string
}

// VoucherCard is one code on paper.
type VoucherCard struct {
	Code, Picture string // the picture is the path of an SVG
	Width         int
}

// box is the picture's view box, with the quiet zone that cameras need.
func (c VoucherCard) box() string {
	side := strconv.Itoa(c.Width + 8)
	return "-4 -4 " + side + " " + side
}

// RedeemPage asks for a code, or shows one with a button. Field names: code, item.
type RedeemPage struct {
	Page
	Code, Item string
	// Title is what the person wanted to play, and BackURL its page.
	Title, BackURL string
	// Next says to somebody signed out what comes before redeeming.
	Next   string
	Errors map[string]string
	Error  string
}
