package paywall

import "time"

// MailKind says what a mail is about; its words stand in the catalogues.
type MailKind string

// The kinds of mail. The first group answers what somebody asked for, the second
// tells the owner of an account what happened to it.
const (
	MailConfirm      MailKind = "confirm"       // code and link of a sign-up
	MailExists       MailKind = "exists"        // sign-up with the address of an account
	MailSignIn       MailKind = "sign_in"       // code and link to sign in
	MailReset        MailKind = "reset"         // code and link to choose a new password
	MailNoAccount    MailKind = "no_account"    // asked for an address without an account
	MailDisabled     MailKind = "disabled"      // asked for an account that is switched off
	MailNewAddress   MailKind = "new_address"   // code and link, to the new address
	MailAddressTaken MailKind = "address_taken" // to the new address, which has an account
	MailProve        MailKind = "prove"         // code to go on with something dangerous
	MailInvite       MailKind = "invite"        // link of an invitation
	MailTest         MailKind = "test"          // the owner tries the mail settings
	MailVoucher      MailKind = "voucher"       // a code that the owner gives away

	MailAddressChanged  MailKind = "address_changed"  // to the old address
	MailPassword        MailKind = "password"         // the password was changed
	MailFactorOn        MailKind = "factor_on"        // second factor switched on
	MailFactorOff       MailKind = "factor_off"       // second factor switched off
	MailRecoveryUsed    MailKind = "recovery_used"    // a recovery code was used
	MailPasskeyAdded    MailKind = "passkey_added"    //
	MailPasskeyRemoved  MailKind = "passkey_removed"  //
	MailIdentityAdded   MailKind = "identity_added"   // login of another service connected
	MailIdentityRemoved MailKind = "identity_removed" //
	MailNewDevice       MailKind = "new_device"       // signed in on an unknown device
	MailAccess          MailKind = "access"           // the owner gave access
	MailRedeemed        MailKind = "redeemed"         // a voucher was redeemed
	MailDeleted         MailKind = "deleted"          // the account was deleted
	MailWelcome         MailKind = "welcome"          // staff made the account
	MailNotice          MailKind = "notice"           // what staff wrote to many
	MailHealth          MailKind = "health"           // to owners: sources leak or cannot be played
)

// MailParams is what the words of a mail are filled with; most kinds use a few.
type MailParams struct {
	Code  string        `json:",omitempty"` // six digits
	Path  string        `json:",omitempty"` // of the page that the button opens, with its secret
	Valid time.Duration `json:",omitempty"` // how long the code works, or the button alone
	// LinkValid is how long the button works beside a code.
	LinkValid time.Duration `json:",omitempty"`
	Name      string        `json:",omitempty"` // of a passkey, or of another service
	Address   string        `json:",omitempty"` // the new e-mail address of an account
	Device    string        `json:",omitempty"` // "Firefox, Linux"
	At        time.Time     `json:",omitzero"`  // when it happened
	Opens     string        `json:",omitempty"` // what a grant opens; empty: everything
	Until     time.Time     `json:",omitzero"`  // until when; zero: for ever
	Zone      string        `json:",omitempty"` // IANA name; empty: the site's
	Subject   string        `json:",omitempty"` // what staff wrote
	Text      string        `json:",omitempty"` // the same; an empty line parts paragraphs
	Voucher   string        `json:",omitempty"` // a code to redeem
	Days      int           `json:",omitempty"` // how long it opens, from redeeming
	RedeemBy  time.Time     `json:",omitzero"`  // until when it can be redeemed
	// Leaks and Failing are sources that play without a token, and that nobody can
	// play; More is how many are not named.
	Leaks   []string `json:",omitempty"`
	Failing []string `json:",omitempty"`
	More    int      `json:",omitempty"`
}

// MailState is where a mail is on its way.
type MailState string

// The states of a mail.
const (
	MailQueued  MailState = "queued"
	MailSent    MailState = "sent"    // a server took it over, see Answer
	MailFailed  MailState = "failed"  // given up
	MailExpired MailState = "expired" // its link ended before it could be sent
)

// Mail is one letter in the outbox, and its line in the mail log. It has exactly
// one recipient: a stored address, never one as it was typed.
type Mail struct {
	ID       string // also makes the Message-ID, so that a repetition is recognised
	Kind     MailKind
	UserID   string // whose account it is about; may be empty
	To       string
	Language string // tag of the catalogue; empty: the site's own when it is sent
	// Sealed are the MailParams. They hold codes and links, so they are sealed
	// for the place "mail " and ID, and emptied when nobody needs them any more.
	Sealed    []byte
	CreatedAt time.Time
	// NotAfter is when the mail is worth nothing any more; it is not sent later.
	NotAfter time.Time
	State    MailState
	Attempts int
	NextAt   time.Time // the next attempt
	Answer   string    // what the server said last
	SentAt   time.Time
}
