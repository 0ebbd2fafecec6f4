package views

// AdminConnectionPage shows and changes the way to Infomaniak. Field names:
// token, account, vod_style, anyway. The token itself is never part of it.
type AdminConnectionPage struct {
	Page
	// Fresh tells that the owner proved who they are a short while ago: only then
	// anything can be typed. ProveURL is where to do that.
	Fresh    bool
	ProveURL string
	// State tells whether there is a token, and Verdict what the last test found.
	State   string
	Verdict HealthBadge
	Changed string // "Last change: …, by …"; may be empty
	// ByOperator tells that all comes from the server's configuration.
	ByOperator bool
	Set        bool // there is a token
	CanTest    bool // and it opens
	FormFirst  bool // there is something to do before a test makes sense
	// Anyway offers to save what Infomaniak refused, and More shows what is only
	// needed when the test asks for it.
	Anyway, More bool
	Account      string
	Styles       []Choice
	Report       ConnectionReport
	Errors       map[string]string
	Error        string
}

// ConnectionReport is a test in words. Points is empty when there was none.
type ConnectionReport struct {
	When     string
	Headline string
	Open     bool   // it found nothing out
	Missed   string // a later test found nothing out; may be empty
	Points   []ConnectionPoint
}

// ConnectionPoint is one finding of a test.
type ConnectionPoint struct {
	Finding, Text string
	Good          bool
	Cause, Detail string // why not, and Infomaniak's own words; may be empty
}

// tokenField is where a token is pasted: it never has a value.
func (p AdminConnectionPage) tokenField() input {
	field := input{
		ID: "token", Name: "token", Type: "password", Label: p.L.T("admin.connection.token"),
		Help: p.L.T("admin.connection.token.help"), Error: p.Errors["token"], Autocomplete: "off",
	}
	if p.CanTest {
		field.Label = p.L.T("admin.connection.token.new")
		field.Help += " " + p.L.T("admin.connection.token.keep")
	}
	return field
}
