package views

// AdminWhyPage asks why somebody may play something, and answers. Field names:
// email ("-" for nobody), item (slug), at (datetime-local, may be empty).
type AdminWhyPage struct {
	Page
	Email, At, Zone string
	Nobody          bool // asked for somebody who is not signed in
	Meant           *MeantPeople
	Items           []Option
	Errors          map[string]string
	Answer          *WhyAnswer // nil until something was asked
}

// MeantPeople are those whom a typed name may mean, to choose one.
type MeantPeople struct {
	Text   string
	People []MeantPerson
}

// MeantPerson is one of them, with the question asked for them.
type MeantPerson struct{ Name, Email, URL string }

// WhyAnswer is the answer for one person, one item and one instant.
type WhyAnswer struct {
	Allowed         bool
	Verdict, Reason string // "Allowed", "A live grant opens it."
	Who, What, When string
	WhoURL, WhatURL string // may be empty
	Grants          []WhyGrant
	Person, Item    []Fact
	Steps           []WhyStep
	StepsLead       string
	Headline, Text  string // what the listener reads
	SeesNote        string // may be empty
	PreviewURL      string
	Warning         string // may be empty
}

// WhyGrant is one grant that was looked at.
type WhyGrant struct {
	Opens, Origin, From, Until, Giver, Note string
	Finding                                 string
	Decided, Counts                         bool
}

// WhyStep is something that must change; one of its changes is enough.
type WhyStep struct{ Changes []WhyChange }

// WhyChange is one change, and where it is made; URL may be empty.
type WhyChange struct{ Text, URL, Link string }
