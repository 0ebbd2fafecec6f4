package views

import "strconv"

// AdminOverviewPage is the first page of the owner area: what needs somebody, and
// what was counted.
type AdminOverviewPage struct {
	Page
	Problems []AdminNotice
	Counted  string // when, and in which zone the days are
	Plays    []Figure
	// People and MemberChart are empty for who may not see people.
	People      []Figure
	PlayChart   *Chart
	MemberChart *Chart
	MostPlayed  []RankedRow
	Listening   []RankedRow
	Refusals    []RankedRow
	Version     string
}

// Figure is one number with what it counts.
type Figure struct{ Label, Value, Note, URL string }

// RankedRow is one line of a list with the largest first.
type RankedRow struct{ Name, URL, Amount string }

// Chart is a number for each day, as bars and as a table.
type Chart struct {
	ID, Title, Desc string
	Count           string // what the numbers are
	Highest         string
	Empty           bool // nothing was counted
	Bars            []Bar
}

// Bar is one day. Height is a part of BarRoom.
type Bar struct {
	Day, Long, Amount string
	X                 string
	Height            int
}

// The sizes of a chart in its own units: the browser stretches it. A bar is as
// wide as BarStep without the gap to the next.
const (
	BarStep  = 10
	BarRoom  = 100
	BarLeast = 2
	barWidth = "8"
)

func (b Bar) height() string { return strconv.Itoa(b.Height) }
func (b Bar) top() string    { return strconv.Itoa(BarRoom - b.Height) }

func (c Chart) viewBox() string {
	return "0 0 " + strconv.Itoa(len(c.Bars)*BarStep) + " " + strconv.Itoa(BarRoom)
}

// AdminRecordPage is the record of changes. Field names of the search: q, actor,
// action, subject, from, to (dates).
type AdminRecordPage struct {
	Page
	Query, From, To  string
	Zone             string
	Actors, Actions  []Option
	Sorts            []Option
	Subject          string // what the lines are about, in words; empty for all
	SubjectID        string
	Total            string
	Searched         string // how far a text was looked for; empty without one
	AboutURL, ByURL  string // all lines about, and by, the account that was typed
	About            string
	Rows             []RecordRow
	PrevURL, NextURL string
	Filtered         bool
	Errors           map[string]string
	// Fresh tells whether the export is offered; else ProveURL leads there.
	Fresh    bool
	ProveURL string
}

// RecordRow is one line of the record.
type RecordRow struct {
	When, Who, Action, Detail, From string
	WhoURL                          string // all that they did
	Subject                         string // what was changed, in words
	SubjectURL                      string // where it is; may be empty
	LinesURL                        string // all lines about it
}

// exported are the fields of the search as the export takes them.
func (p AdminRecordPage) exported() []Fact {
	return []Fact{
		{"q", p.Query}, {"actor", chosen(p.Actors)}, {"action", chosen(p.Actions)}, {"subject", p.SubjectID},
		{"from", p.From}, {"to", p.To},
	}
}

// chosen is the value of the option that is selected.
func chosen(options []Option) string {
	for _, o := range options {
		if o.Selected {
			return o.Value
		}
	}
	return ""
}
