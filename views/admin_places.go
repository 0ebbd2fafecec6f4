package views

// The places of the owner area; each has its name in the menu under "admin.nav.".
const (
	placeOverview    = "overview"
	placeItems       = "items"
	placeCollections = "collections"
	placeMembers     = "members"
	placeGrants      = "grants"
	placeHealth      = "health"
	placeVouchers    = "vouchers"
	placeWhy         = "why"
	placePreview     = "preview"
	placeMails       = "mails"
	placeRecord      = "record"
	placeTeam        = "team"
	placeTexts       = "texts"
	placeLook        = "look"
	placeSettings    = "settings"
	placeSetup       = "setup"
)

// adminPlace is an entry of the menu.
type adminPlace struct {
	name, path string
	open       func(Rights) bool
}

// adminGroup is a part of the menu; its name stands in the catalogues under
// "admin.nav.group.". The first part needs none.
type adminGroup struct {
	name   string
	places []adminPlace
}

// adminMenu is the menu of the owner area.
var adminMenu = []adminGroup{
	{"", []adminPlace{
		{placeOverview, "/admin", func(r Rights) bool { return r.Staff }},
		{placeHealth, "/admin/health", func(r Rights) bool { return r.Staff }},
		{placeSetup, "/admin/setup", func(r Rights) bool { return r.Run }},
	}},
	{"catalogue", []adminPlace{
		{placeItems, "/admin/items", func(r Rights) bool { return r.SeeItems }},
		{placeCollections, "/admin/collections", func(r Rights) bool { return r.SeeItems }},
		{placePreview, "/admin/preview", func(r Rights) bool { return r.SeeItems }},
	}},
	{"people", []adminPlace{
		{placeMembers, "/admin/members", func(r Rights) bool { return r.SeePeople }},
		{placeGrants, "/admin/grants", func(r Rights) bool { return r.SeePeople }},
		{placeVouchers, "/admin/vouchers", func(r Rights) bool { return r.SeePeople }},
		{placeWhy, "/admin/why", func(r Rights) bool { return r.SeePeople }},
		{placeMails, "/admin/mails", func(r Rights) bool { return r.SeePeople }},
	}},
	{"site", []adminPlace{
		{placeTexts, "/admin/texts", func(r Rights) bool { return r.Run }},
		{placeLook, "/admin/settings/look", func(r Rights) bool { return r.Run }},
		{placeTeam, "/admin/team", func(r Rights) bool { return r.Run }},
		{placeSettings, "/admin/settings", func(r Rights) bool { return r.Run }},
		{placeRecord, "/admin/audit", func(r Rights) bool { return r.SeeRecord }},
	}},
}

// openTo is what a visitor may open of the menu, without parts that are empty.
func openTo(rights Rights) []adminGroup {
	var menu []adminGroup
	for _, group := range adminMenu {
		left := adminGroup{name: group.name}
		for _, place := range group.places {
			if place.open(rights) {
				left.places = append(left.places, place)
			}
		}
		if len(left.places) > 0 {
			menu = append(menu, left)
		}
	}
	return menu
}

// finds tells whether the visitor finds the page of an item: that of a draft
// opens to those alone who keep the catalogue.
func (p Page) finds(published bool) bool { return published || p.Viewer.Rights.EditItems }
