package views

// AdminConnectionPage shows and changes the way to Infomaniak. Field names:
// token, account, vod_style. The token itself is never part of it.
type AdminConnectionPage struct {
	Page
	// Fresh tells that the owner proved who they are a short while ago: only then
	// anything can be typed. ProveURL is where to do that.
	Fresh    bool
	ProveURL string
	// State tells whether there is a token, and Good that it can be used.
	State   string
	Good    bool
	Changed string // "Last change: …, by …"; may be empty
	// ByOperator tells that all comes from the server's configuration.
	ByOperator bool
	CanForget  bool
	FormFirst  bool // there is something to do before a test makes sense
	Account    string
	Styles     []Choice
	Report     ConnectionReport
	Errors     map[string]string
	Error      string
}

// ConnectionReport is a test in words. Points is empty when there was none.
type ConnectionReport struct {
	When     string
	Headline string
	Points   []ConnectionPoint
}

// ConnectionPoint is one finding of a test.
type ConnectionPoint struct {
	Finding, Text string
	Good          bool
	Cause, Detail string // why not, and Infomaniak's own words; may be empty
}
