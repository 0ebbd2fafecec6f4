package views

// Choice is one radio button or checkbox with a sentence about its effect.
type Choice struct {
	Value, Label, Help string
	Selected           bool
}

// AdminMembersPage lists accounts and invitations. Field names: q of the search;
// email to invite somebody and to take an invitation back.
type AdminMembersPage struct {
	Page
	Query            string
	Total            string // "214 accounts"
	Rows             []AdminMemberRow
	PrevURL, NextURL string
	// CanInvite tells that the settings let people make accounts.
	CanInvite   bool
	Email       string
	Invitations []InvitationRow
	Errors      map[string]string
}

// AdminMemberRow is one account in the list.
type AdminMemberRow struct {
	URL, Email, Name, Role, Since string
	State                         string
	Active                        bool
}

// InvitationRow is an invitation that waits for an answer.
type InvitationRow struct {
	Email, Sent string
}

// AdminMemberPage is one account.
type AdminMemberPage struct {
	Page
	Email, Name string
	State       string
	Active      bool
	Owner       bool // an owner's account, which plays everything
	Facts, Ways []Fact
	Grants      []GrantRow
	GrantsURL   string
	History     []HistoryRow
	// Own is the owner's own account, which is changed elsewhere.
	Own bool
	// BaseURL is where the actions are, and Fresh tells whether the dangerous ones
	// are offered; else ProveURL is where to prove who one is.
	BaseURL            string
	Fresh              bool
	ProveURL           string
	Disabled, FactorOn bool
	// Link signs the person in once; it is shown in one answer only.
	Link, LinkUntil string
	Error           string
}

// Fact is one line about something.
type Fact struct{ Label, Value string }

// HistoryRow is one line of the record of changes.
type HistoryRow struct{ When, Who, Action, Detail, From string }

// AdminNotice is something the owner should know on every page of the area.
type AdminNotice struct {
	Text      string
	URL, Link string // where to see more; may be empty
}

// AdminMailsPage is the mail log. Field names of the search: q, state.
type AdminMailsPage struct {
	Page
	Query            string
	States           []Option
	Total            string
	Rows             []AdminMailRow
	PrevURL, NextURL string
	TestTo           string // whom the test mail goes to
}

// AdminMailRow is one mail in the log.
type AdminMailRow struct {
	URL, Kind, To, When, State, Attempts, Answer string
	Sent                                         bool
}

// AdminMailPage is one mail.
type AdminMailPage struct {
	Page
	Facts []Fact
	// Subject and Text are empty when the contents are forgotten, or Locked:
	// then ProveURL is where to prove who one is. Owners: for owners' eyes only.
	Subject, Text  string
	Locked, Owners bool
	ProveURL       string
	ResendURL      string
	Error          string
}
