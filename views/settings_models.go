package views

// AdminSettingsPage is the index of the settings.
type AdminSettingsPage struct {
	Page
	Sections []SettingsSection
}

// SettingsSection is a page of settings and what it holds.
type SettingsSection struct {
	Title, Lead string
	URL         string
	Rows        []SettingRow
}

// SettingRow is one setting as it stands.
type SettingRow struct {
	Label, Value string
	// Default is the value of a site where nobody chose; Changed tells who chose
	// last and when. Both may be empty.
	Default, Changed string
	// Env is the environment variable by which the operator sets it; empty for
	// what owners set.
	Env string
}

// SettingsForm is what all pages with a form of settings have in common.
type SettingsForm struct {
	Page
	Title, Lead string
	Action      string
	// Fresh tells that the owner proved who they are a short while ago: only then
	// anything can be typed. ProveURL is where to do that.
	Fresh    bool
	ProveURL string
	Rows     []SettingRow // what is set now
	Errors   map[string]string
	Error    string
}

// SettingsSignUpPage says who can make an account. Field names: sign_up.
type SettingsSignUpPage struct {
	SettingsForm
	Modes []Choice
	// Previews lead to the sign-up page as a visitor sees it in each mode.
	Previews []Option
}

// SettingsSafetyPage says how the people who run the site sign in. Field names:
// owners_need_factor.
type SettingsSafetyPage struct {
	SettingsForm
	// NeedFactor keeps owners out who signed in with one step, as this one did
	// when NoFactor is set.
	NeedFactor, NoFactor bool
}

// SettingsKeepingPage says how long things are kept. Field names: keep_networks,
// keep_mails, keep_plays.
type SettingsKeepingPage struct {
	SettingsForm
	KeepNetworks, KeepMails, KeepPlays string
}

// SettingsMailPage shows how mails leave the site, and tries it.
type SettingsMailPage struct {
	Page
	Rows []SettingRow
	// Example is what whoever runs the server has to set; empty when mails leave.
	Example string
	TestTo  string // whom the test mail goes to
	// Test is the newest test mail; its Kind is empty when there is none.
	Test AdminMailRow
	// Waits tells that its fate is not known yet: the page comes back by itself.
	Waits bool
	// MailboxURL is where visitors of a demo read their mails; else empty.
	MailboxURL string
}

// SettingsServerPage shows what the operator set.
type SettingsServerPage struct {
	Page
	Rows []SettingRow
}
