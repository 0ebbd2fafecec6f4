package views

// DemoMailboxPage is the page with the demo's mails.
type DemoMailboxPage struct {
	Page
	Mails []DemoMail // newest first
}

// DemoMail is one mail as its reader has it.
type DemoMail struct {
	Number  int
	Subject string
	To      string
	At      string
	Lines   []DemoLine
}

// DemoLine is a line of a mail's text.
type DemoLine struct {
	Text string
	URL  string // where the line leads, when it is an address
	Code bool   // the line is a code
}
