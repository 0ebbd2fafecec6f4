package views

import "strings"

// MemberSearch is the form that finds members. Field names: q, state, role,
// access, target, from, until (dates), sort.
type MemberSearch struct {
	Query, From, Until                      string
	States, Roles, Accesses, Targets, Sorts []Option
	Narrowed                                bool // something is asked for
}

// Hidden is a value that a form carries along.
type Hidden struct{ Name, Value string }

// AdminMembersPage lists accounts and invitations. Field names: those of
// MemberSearch; id, scope, act to do something with many; email to invite
// somebody and to take an invitation back.
type AdminMembersPage struct {
	Page
	Search           MemberSearch
	Total            string // "214 accounts"
	All              string // "All 214 accounts that the search finds"
	Rows             []AdminMemberRow
	PrevURL, NextURL string
	// Hidden repeats the search in the form for many, and Acts are what that
	// offers: nothing to who may not change anything.
	Hidden []Hidden
	Acts   []Option
	// CanInvite tells that the settings let people make accounts.
	CanInvite   bool
	Email       string
	Invitations []InvitationRow
	Errors      map[string]string
}

// AdminMemberRow is one account in the list.
type AdminMemberRow struct {
	ID, URL, Email, Name, Role, Since, Seen string
	Access                                  string // "until …"
	State                                   string
	Active, Staff                           bool
}

// InvitationRow is an invitation that waits for an answer.
type InvitationRow struct {
	Email, Sent string
}

// GrantFields are the fields of a form that gives access, as typed. Field names:
// opens, until (date, may be empty; last_day among many), note.
type GrantFields struct {
	Opens             []Option
	Until, Note, Zone string
}

// AdminMemberPage is one account. Field names: reason to switch it off;
// staff_note; those of GrantFields to give access; days to extend a grant.
type AdminMemberPage struct {
	Page
	Email, Name string
	State       string
	Active      bool
	Owner       bool // an owner's account, which plays everything
	Facts, Ways []Fact
	Grants      []AdminGrantRow
	GrantForm   GrantFields
	// Timeline is a page of all that happened, newest first.
	Timeline         []MomentRow
	PrevURL, NextURL string
	// Own is the viewer's own account, which is changed elsewhere; MayChange tells
	// that the viewer may change this one.
	Own, MayChange bool
	// BaseURL is where the actions are, and Fresh tells whether the dangerous ones
	// are offered; else ProveURL is where to prove who one is.
	BaseURL            string
	Fresh              bool
	ProveURL           string
	Disabled, FactorOn bool
	BlockReason        string // why it is switched off
	Reason, Note       string
	// Link signs the person in once; it is shown in one answer only.
	Link, LinkUntil string
	Errors          map[string]string
	Error           string
}

// MomentRow is one line of a timeline. A mail has its State, a URL and may be
// sent once more.
type MomentRow struct {
	When, What, Detail, Who, From string
	Mail, Good                    bool
	State, URL, ResendURL         string
}

// AdminGrantsPage lists grants, gives and takes back. Field names: email, opens
// ("everything", "collection:ID", "item:ID"), until (date, may be empty), note;
// of the search q, state, origin, sort; days to extend one.
type AdminGrantsPage struct {
	Page
	Email, Until, Note     string
	Opens                  []Option
	Errors                 map[string]string
	Error                  string
	Query                  string
	States, Origins, Sorts []Option
	Total                  string
	Narrowed               bool
	Broad                  string // that the search finds too many; then there are no rows
	Rows                   []AdminGrantRow
	NextURL, PrevURL       string
	Zone                   string
}

// AdminGrantRow is one grant with its holder. The URLs are empty where nothing is
// left to do, or the viewer may not.
type AdminGrantRow struct {
	ID, Email, PersonURL, Opens, From, Until, Origin, Note string
	Live                                                   bool
	RevokeURL, ExtendURL, AgainURL                         string
}

// AdminBulkPage asks what an act on many needs, and then whether to do it. Field
// names: those that Hidden repeats; days, ended; opens, last_day, note; reason;
// subject, text; mark of an export; sure.
type AdminBulkPage struct {
	Page
	Act, Whom string
	Query     []Fact // whom the search finds; empty: everybody, or selected ones
	Lost      bool   // nobody is selected
	Fresh     bool
	ProveURL  string
	BackURL   string
	Hidden    []Hidden
	Days      string
	Ended     bool
	Grant     GrantFields
	Reason    string
	Subject   string
	Text      string
	// Confirm asks for the last word about Effect; Typed repeats what was typed.
	Confirm               bool
	Nothing               string // why the act would do nothing; empty when it would
	Effect, Skipped       string
	Typed                 []Hidden
	MailSubject, MailText string // how the mail will read
	MailOff               bool   // no mail server is set
	Errors                map[string]string
	Error                 string
}

// JobProgress is how far work on many people is.
type JobProgress struct {
	State, Progress, Done, Total    string
	Working, Good, Stopped, Running bool
	Problem                         string
	Counts, Facts                   []Fact
}

// AdminJobPage shows one act on many people.
type AdminJobPage struct {
	Page
	Job       JobProgress
	BaseURL   string
	MayChange bool
}

// AdminJobsPage lists work on many people.
type AdminJobsPage struct {
	Page
	Rows []JobRow
}

// JobRow is one line of work in a list; URL may be empty.
type JobRow struct {
	What, Who, When, State, Size, URL string
	Good                              bool
}

// AdminListsPage takes a list of members. Field name: file.
type AdminListsPage struct {
	Page
	Fresh          bool
	ProveURL, Zone string
	Most           string // megabytes
	Rows           []JobRow
	Errors         map[string]string
}

// Tab is one of several ways to look at a list.
type Tab struct {
	Label, URL string
	Current    bool
}

// ListColumn is a column of an uploaded list.
type ListColumn struct {
	Name, Head string
	Samples    []string
	Fields     []Option
}

// ListLine is a line of an uploaded list and what becomes of it.
type ListLine struct {
	Number           string
	Cells            []string
	Verdict, Problem string
	Bad              bool
}

// AdminListPage shows one import. Field names: column0 and so on, bad ("skip"
// or "stop"), tell.
type AdminListPage struct {
	Page
	Job                  JobProgress
	BaseURL, Size, Comma string
	Latin                bool
	Fresh                bool
	ProveURL             string
	Mapping, Checked     bool
	// Hindrance is why a list that was checked cannot be run; empty when it can.
	Hindrance       string
	CanUndo, Undone bool
	UndoUntil       string
	Columns         []ListColumn
	StopAtBad, Tell bool
	ErrorsURL       string
	Shows           []Tab
	Rows            []ListLine
	NextURL         string
	Errors          map[string]string
	Error           string
}

// lastPart is what stands behind the last slash of a path.
func lastPart(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
