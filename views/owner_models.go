package views

// Choice is one radio button or checkbox with a sentence about its effect.
type Choice struct {
	Value, Label, Help string
	Selected           bool
}

// Fact is one line about something.
type Fact struct{ Label, Value string }

// AdminNotice is something the owner should know on every page of the area.
type AdminNotice struct {
	Text      string
	URL, Link string // where to see more; may be empty
	Todo      bool   // it is still to be done, and no fault
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
	Sealed         bool // with another key
	ProveURL       string
	ResendURL      string
	Error          string
}
