package views

// AccountPage shows a member what is theirs.
type AccountPage struct {
	Page
	Email   string
	Grants  []GrantRow
	Profile ProfileFields
	Errors  map[string]string
}

// ProfileFields are what people set about themselves. Field names: name,
// language, zone, mail_devices, mail_access.
type ProfileFields struct {
	Name        string
	Languages   []Option
	Zones       []Option
	MailDevices bool
	MailAccess  bool
}

// GrantRow is one right, in words.
type GrantRow struct {
	Opens string // "Everything", "Radio Lumière"
	URL   string // the item's page; empty for wider grants
	Until string // "until ...", "for ever", "ended on ..."
	Live  bool
}

// SecurityPage shows the ways in and where one is signed in.
type SecurityPage struct {
	Page
	Email string
	// Fresh tells that the viewer proved who they are a short while ago: only
	// then the dangerous forms are shown. ProveURL is where to do that.
	Fresh    bool
	ProveURL string
	// NeedsFactor tells an owner that the owner's pages wait for a second factor.
	NeedsFactor bool
	HasPassword bool
	PasskeysOn  bool
	Passkeys    []PasskeyRow
	FactorOn    bool
	FactorSince string
	Recovery    string // "8 recovery codes are left"
	Identities  []IdentityRow
	Sessions    []SessionRow
	Errors      map[string]string
	Error       string
	NewEmail    string
}

// PasskeyRow is one passkey.
type PasskeyRow struct {
	Name, Added, Used    string
	RenameURL, RemoveURL string
}

// IdentityRow is another service, connected or not.
type IdentityRow struct {
	Name, Email string
	Connected   bool
	URL         string // where its form posts to
}

// SessionRow is one signed-in device.
type SessionRow struct {
	Device   string
	Network  string
	SignedIn string
	LastSeen string
	Current  bool
	EndURL   string
}

// EnrolPage sets a second factor up. Field name: code.
type EnrolPage struct {
	Page
	Picture string // path of the QR code
	Width   int    // of its square
	Secret  string // in groups, for typing
	URL     string // otpauth://, for the phone itself
	Errors  map[string]string
}

// RecoveryPage shows recovery codes, this once.
type RecoveryPage struct {
	Page
	Codes []string
}

// ProvePage asks who one is before something dangerous. Field names: password,
// next.
type ProvePage struct {
	Page
	Next        string
	HasPassword bool
	Passkeys    bool
	Email       string
	Errors      map[string]string
}

// DataPage shows what is held about a member. Field names: format, and sure.
type DataPage struct {
	Page
	Email    string
	Fresh    bool
	ProveURL string
	Topics   []DataTopic
	Consents []string
	Error    string
}

// DataTopic is one table, in words.
type DataTopic struct {
	Title, Why, After string
	// Columns and Secrets are the names of what is held; secrets are only named.
	Columns, Secrets string
}
