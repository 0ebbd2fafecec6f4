package views

// Provider is another service where one can sign in.
type Provider struct {
	ID, Name string
}

// LoginPage asks who is there.
type LoginPage struct {
	Page
	Email     string
	Next      string
	Error     string // in words; empty on the first visit
	Providers []Provider
	Passkeys  bool   // whether passkeys can work on this site
	SignUpURL string // empty where nobody can make an account
	ForgotURL string
}

// SignUpPage lets somebody make an account. Field names: email, password, next,
// code.
type SignUpPage struct {
	Page
	Open      bool // else Closed says why there is no form
	Closed    string
	Code      string // of the voucher that invites them; may be empty
	Email     string
	Next      string
	Terms     bool // whether there are terms to agree to
	Errors    map[string]string
	Error     string
	Providers []Provider
	SignInURL string
}

// ForgotPage asks for the address whose password was forgotten.
type ForgotPage struct {
	Page
	Email, Next string
	Errors      map[string]string
}

// CodePage asks for the code that was mailed. Field names: code and, where a new
// password is chosen, password.
type CodePage struct {
	Page
	Headline, Text string
	Password       bool // also asks for the new password
	Submit         string
	Errors         map[string]string
	Error          string
	// OtherURL leads back to type another address.
	OtherURL string
	Sender   string // address that the mail comes from
	// MailboxURL is where visitors of a demo read their mails; else empty.
	MailboxURL string
	Wait       int  // seconds until another mail can be asked for
	Here       bool // the mail has no link that works elsewhere
}

// help says how long and where the code works.
func (p CodePage) help() string {
	if p.Here {
		return p.L.T("code.help.here")
	}
	return p.L.T("code.help")
}

// LinkPage is where a mailed link leads: one button, so that a scanner that
// looks at the page uses nothing up. Field names: secret, and password.
type LinkPage struct {
	Page
	Headline, Text string
	Secret         string
	Submit         string
	// Password is "" (none), "new" (required) or "optional".
	Password string
	Terms    bool // whether the button agrees to terms that this browser has not shown
	// AgainURL is where a new link can be had when this one is over.
	AgainURL, Again string
	Errors          map[string]string
	Error           string
	Email           string
}

// FactorPage asks for the second factor at a login. Field names: ask, code.
type FactorPage struct {
	Page
	Ask    string
	Errors map[string]string
}

// GoPage leads to another service.
type GoPage struct {
	Page
	Name, URL string
}
