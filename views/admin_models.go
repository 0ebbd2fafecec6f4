package views

// AdminItemsPage lists all items for the owner.
type AdminItemsPage struct {
	Page
	Items []AdminItemRow
}

// AdminItemRow is one item in the owner's list.
type AdminItemRow struct {
	Title, Kind, Access string
	State               string // "Published", "Draft", "Opens on ..."
	Published           bool
	Sources             int
	EditURL, ShowURL    string
	Trouble             string // why it does not play; empty when all is well
}

// AdminItemPage is the form to create or edit an item. Field names are those of
// the form: title, slug, kind, summary, access, collection, opens_at, closes_at,
// position, version, and for each source source_id, source_kind, source_address,
// source_channel, source_label, source_window (minutes).
type AdminItemPage struct {
	Page
	New         bool
	Action      string // where the form posts to
	PublishURL  string // posts published=true or false; empty when New
	ShowURL     string
	Published   bool
	Fields      ItemFields
	Collections []Option
	Kinds       []Option
	Accesses    []Option
	SourceKinds []Option
	Sources     []SourceFields // the stored ones, then an empty one to add
	Errors      map[string]string
	Error       string // above the form; empty when all is well
	Zone        string // name of the zone in which times are typed
}

// ItemFields are the form's values as typed.
type ItemFields struct {
	Title, Slug, Kind, Summary, Access, Collection string
	OpensAt, ClosesAt                              string // datetime-local
	Position, Version                              string
}

// SourceFields are one source's values as typed.
type SourceFields struct {
	ID, Kind, Address, Channel, Label, Window string
	Errors                                    map[string]string
	Trouble                                   string
}

// Option is one choice of a select element.
type Option struct {
	Value, Label string
	Selected     bool
}

// AdminCollectionsPage lists and creates collections. Field name: title.
type AdminCollectionsPage struct {
	Page
	Collections []Option
	Title       string
	Errors      map[string]string
}
