package paywall

import "slices"

// Role is what an account may do beside playing.
type Role string

// The roles. All but RoleMember are staff: they see the owner area.
const (
	RoleMember  Role = "member"
	RoleOwner   Role = "owner"   // everything
	RoleSupport Role = "support" // helps people: no money, no keys
	RoleEditor  Role = "editor"  // keeps the catalogue and nothing else
	RoleReader  Role = "reader"  // sees, changes nothing
)

// StaffRoles are the roles of people who run the site, the widest first.
var StaffRoles = []Role{RoleOwner, RoleSupport, RoleEditor, RoleReader}

// Right is something that staff may do in the owner area.
type Right int

// The rights. A role has those that rightsOf lists and no others.
const (
	RightStaff      Right = iota + 1 // open the owner area: overview and health
	RightSeeItems                    // look at the catalogue
	RightEditItems                   // change it, and try what it plays
	RightSeePeople                   // look at members, grants, vouchers and mails
	RightEditPeople                  // help them
	RightSeeRecord                   // read who changed what
	RightRun                         // keys, money, settings, team, exports
)

var rightsOf = map[Role][]Right{
	RoleOwner: {
		RightStaff, RightSeeItems, RightEditItems, RightSeePeople, RightEditPeople, RightSeeRecord, RightRun,
	},
	RoleSupport: {RightStaff, RightSeeItems, RightSeePeople, RightEditPeople},
	RoleEditor:  {RightStaff, RightSeeItems, RightEditItems},
	RoleReader:  {RightStaff, RightSeeItems, RightSeePeople, RightSeeRecord},
}

// May tells whether the role has a right. An unknown role has none.
func (r Role) May(right Right) bool { return slices.Contains(rightsOf[r], right) }

// Staff tells whether the role runs the site, wholly or in part.
func (r Role) Staff() bool { return r.May(RightStaff) }
