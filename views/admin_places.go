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

// adminPlaces is the menu of the owner area: what a visitor may open of it.
var adminPlaces = []struct {
	name, path string
	open       func(Rights) bool
}{
	{placeOverview, "/admin", func(r Rights) bool { return r.Staff }},
	{placeItems, "/admin/items", func(r Rights) bool { return r.SeeItems }},
	{placeCollections, "/admin/collections", func(r Rights) bool { return r.SeeItems }},
	{placeMembers, "/admin/members", func(r Rights) bool { return r.SeePeople }},
	{placeGrants, "/admin/grants", func(r Rights) bool { return r.SeePeople }},
	{placeVouchers, "/admin/vouchers", func(r Rights) bool { return r.SeePeople }},
	{placeHealth, "/admin/health", func(r Rights) bool { return r.Staff }},
	{placeWhy, "/admin/why", func(r Rights) bool { return r.SeePeople }},
	{placePreview, "/admin/preview", func(r Rights) bool { return r.SeeItems }},
	{placeMails, "/admin/mails", func(r Rights) bool { return r.SeePeople }},
	{placeRecord, "/admin/audit", func(r Rights) bool { return r.SeeRecord }},
	{placeTeam, "/admin/team", func(r Rights) bool { return r.Run }},
	{placeTexts, "/admin/texts", func(r Rights) bool { return r.Run }},
	{placeLook, "/admin/settings/look", func(r Rights) bool { return r.Run }},
	{placeSettings, "/admin/settings", func(r Rights) bool { return r.Run }},
	{placeSetup, "/admin/setup", func(r Rights) bool { return r.Run }},
}
