package views

// AdminTeamPage lists who runs the site. Field names: email, role to appoint
// somebody; role to change one.
type AdminTeamPage struct {
	Page
	// Fresh tells that the owner proved who they are a short while ago: only then
	// roles can be changed. ProveURL is where to do that.
	Fresh    bool
	ProveURL string
	Rows     []TeamRow
	Email    string
	Roles    []Choice
	Errors   map[string]string
	Error    string
}

// TeamRow is one person of the team.
type TeamRow struct {
	Email, Name, Role, State, URL string
	Active                        bool
	Own                           bool // the owner who looks
	RoleURL                       string
	Roles                         []Option
}
