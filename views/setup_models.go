package views

// SetupPage makes the first owner's account. Field names: email, name, password.
type SetupPage struct {
	Page
	Action      string // where the form goes; it holds the secret
	Email, Name string
	Errors      map[string]string
	Error       string
}

// AdminSetupPage is everything that makes the site ready.
type AdminSetupPage struct {
	Page
	Done, Of int
	Progress string // "6 done, 2 skipped, 1 to do"
	// Next is the step to go on with; its URL is empty when none is left. The
	// title then says whether listeners can come.
	Next         SetupStep
	First, Later []SetupStep
	// Guided tells that pages of steps carry the guide.
	Guided bool
}

// SetupStep is one step and how far it is.
type SetupStep struct {
	Title, Why, Time string
	// State is "done", "open" or "trouble", and Label its word.
	State, Label string
	Fact, When   string
	Skipped      bool
	Without      string // what does not work as long as it is not done; may be empty
	URL          string // where it is done
	SkipURL      string // where to skip it; empty: it is done, or cannot be skipped
}

// Guide leads through the first run. It stands above the page of a step.
type Guide struct {
	Step     SetupStep
	Position string // "Step 3 of 9:"
	Settled  bool
	// AfterURL leads on, and Next says where to; it is empty when no other step is
	// left.
	AfterURL, Next string
}

// SetupInvitePage invites the first listener. Field names: email, opens, how
// ("mail" or "link").
type SetupInvitePage struct {
	Page
	Email  string
	Opens  []Option
	Closed bool // nobody can be invited by mail, as the settings are
	// Link signs the person in once; it is shown in one answer only.
	Link, LinkText string
	AccountURL     string // the page of the account that has the address already
	Errors         map[string]string
	Error          string
	Waiting        []InvitationRow
}

// SetupListenPage leads to the first item.
type SetupListenPage struct {
	Page
	// Title is the item's; URL its page. Both are empty when nothing is on.
	Title, URL string
	ItemsURL   string
}
