package views

// AdminHealthPage tells whether the paywall holds and how the program is. Field
// names of the search: q, state, sort; of the interval: minutes.
type AdminHealthPage struct {
	Page
	Total    string // "12 sources"
	States   []HealthCount
	Problems []HealthRow // the worst sources, at most a few
	More     string      // "and 12 more", with MoreURL to see them
	MoreURL  string
	// Waiting tells of checks that are still to come; empty when there are none.
	Waiting string
	Vitals  []Vital

	Query            string
	StateChoices     []Option
	Sorts            []Option
	Rows             []HealthRow
	PrevURL, NextURL string

	Intervals     []Option
	IntervalError string
}

// HealthCount tells how many sources are in a state.
type HealthCount struct {
	Badge HealthBadge
	Count int
	URL   string
}

// HealthBadge is the state of a source in a word, with an icon.
type HealthBadge struct {
	State string // "green", "red", "amber" or "grey"
	Word  string
}

// HealthRow is one source in the list.
type HealthRow struct {
	URL, Name, Kind string
	Draft           string // a word for sources of items that are not published; else empty
	Badge           HealthBadge
	Cause, Todo     string
	Link            HealthLink
	Since, Checked  string
	CheckURL        string
}

// HealthLink leads to where something is mended; without a URL there is none.
type HealthLink struct{ URL, Text string }

// Vital is one line about the program.
type Vital struct {
	Label, Value string
	Bad          bool
	Link         HealthLink
}

// AdminSourcePage is one source and what was seen of it.
type AdminSourcePage struct {
	Page
	Badge       HealthBadge
	Cause, Todo string
	Link        HealthLink
	Waiting     bool // a check goes on
	Facts       []Fact
	CheckURL    string
	// ProtectURL switches the protection on, after Ask; empty when that cannot be
	// done. Fresh tells that the visitor proved who they are; else ProveURL is
	// where to do that.
	ProtectURL, Ask string
	Fresh           bool
	ProveURL        string
	History         []HealthChange
	Error           string
}

// HealthChange is a change of a source's state.
type HealthChange struct {
	When          string
	Old, New      HealthBadge
	Cause, Detail string
}
