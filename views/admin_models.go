package views

// Option is one choice of a select element.
type Option struct {
	Value, Label string
	Selected     bool
}

// AdminGrantsPage gives and takes back grants. Field names: email, opens
// ("everything", "collection:ID", "item:ID"), until (date, may be empty), note.
type AdminGrantsPage struct {
	Page
	Email, Until, Note string
	Opens              []Option
	Errors             map[string]string
	Error              string
	Rows               []AdminGrantRow
	NextURL, PrevURL   string
	Zone               string
}

// AdminGrantRow is one grant with its holder.
type AdminGrantRow struct {
	Email, Opens, From, Until, Origin, Note string
	Live                                    bool
	RevokeURL                               string // empty when nothing is left to take back
}
