package mail

import (
	"maps"
	"slices"
)

// layout says what a kind of mail is made of, beside its subject, its first
// paragraph and the details that it was given. Empty keys stand for nothing.
type layout struct {
	title   string // heading; else the subject is
	code    bool   // shows a code, and says what never to do with it
	button  string // its words; shown when there is a page to open
	unasked string // what to do if it was somebody else
	footer  string // why one gets it
	typed   bool   // staff wrote subject and text
	access  bool   // tells what is open and until when, also "everything" and "for ever"
}

// Words that several kinds share.
const (
	check  = "mail.common.account"
	report = "mail.common.report"
	asked  = "mail.footer.asked"
	safety = "mail.footer.safety"
	choice = "mail.footer.choice"
)

// layouts is the one table of the kinds; their names are those of the domain.
var layouts = map[string]layout{
	"confirm": {code: true, title: "mail.confirm.title", button: "mail.confirm.button", footer: asked},
	"sign_in": {code: true, title: "mail.sign_in.title", button: "mail.sign_in.button",
		unasked: "mail.sign_in.unasked", footer: asked},
	"reset": {code: true, title: "mail.reset.title", button: "mail.reset.button",
		unasked: "mail.reset.unasked", footer: asked},
	"new_address": {code: true, title: "mail.new_address.title", button: "mail.new_address.button",
		unasked: "mail.new_address.unasked", footer: asked},
	"prove": {code: true, title: "mail.prove.title", unasked: "mail.prove.unasked", footer: safety},

	"exists":        {button: "mail.exists.button", unasked: "mail.exists.unasked", footer: asked},
	"no_account":    {button: "mail.no_account.button", footer: asked},
	"disabled":      {footer: asked},
	"address_taken": {button: "mail.address_taken.button", footer: asked},
	"invite":        {button: "mail.invite.button", footer: "mail.footer.invite"},
	"voucher":       {button: "mail.voucher.button", footer: "mail.footer.voucher", access: true},
	"test":          {footer: "mail.footer.test"},

	"address_changed":  {button: check, unasked: "mail.address_changed.unasked", footer: safety},
	"password":         {button: check, unasked: report, footer: safety},
	"factor_on":        {button: check, unasked: report, footer: safety},
	"factor_off":       {button: check, unasked: report, footer: safety},
	"recovery_used":    {button: check, unasked: report, footer: safety},
	"passkey_added":    {button: check, unasked: report, footer: safety},
	"passkey_removed":  {button: check, unasked: report, footer: safety},
	"identity_added":   {button: check, unasked: report, footer: safety},
	"identity_removed": {button: check, unasked: report, footer: safety},
	"new_device":       {button: check, unasked: report, footer: choice},
	"access":           {button: "mail.access.button", footer: choice, access: true},
	"welcome":          {button: "mail.welcome.button", footer: "mail.footer.member"},
	"notice":           {typed: true, footer: "mail.footer.member"},
	"redeemed":         {button: "mail.access.button", unasked: "mail.redeemed.unasked", footer: choice, access: true},
	"health":           {button: "mail.health.button", footer: "mail.footer.health"},
	"deleted":          {unasked: "mail.deleted.unasked", footer: "mail.footer.deleted"},
}

// Kinds are the kinds of mail that can be written, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(layouts)) }
