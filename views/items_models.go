package views

// AdminItemsPage lists items for the owner. Field names of the search: q,
// collection, state, sort; of the bulk form: id, act.
type AdminItemsPage struct {
	Page
	Items []AdminItemRow
	// Any tells that there are items at all, whatever the search finds.
	Any                        bool
	Query                      string
	Total                      string // "214 items"
	Collections, States, Sorts []Option
	Acts                       []Option // what can be done to the chosen ones
	PickAllURL                 string   // the same page with all rows chosen
	PrevURL, NextURL           string
	Error                      string
	// Moves tells that the list is in the order that can be changed.
	Moves bool
}

// AdminItemRow is one item in the owner's list.
type AdminItemRow struct {
	ID                  string
	Title, Kind, Access string
	State               string // "Published", "Draft", "Opens on ..."
	Published           bool
	Collection, Changed string
	Length              string
	Sources             int
	EditURL, ShowURL    string
	Trouble             string // why it does not play; empty when all is well
	Art                 Art
	Picked              bool
	Health              HealthBadge // what the last checks of the sources found
}

// AdminItemPage is the form to create or edit an item. Field names are those of
// the form: title, slug, kind, summary, description, access, collection, opens_at,
// closes_at, duration, position, position_was, version, and for each source
// source_id, source_kind, source_address, source_channel, source_label,
// source_window (minutes).
type AdminItemPage struct {
	Page
	New         bool
	Action      string // where the form posts to
	PublishURL  string // posts published=true or false; empty when New
	ShowURL     string
	DeleteURL   string
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
	Poster      PosterField
	// Conflict is set when somebody else saved the item meanwhile.
	Conflict *EditConflict
}

// ItemFields are the form's values as typed.
type ItemFields struct {
	Title, Slug, Kind, Summary, Description, Access, Collection string
	OpensAt, ClosesAt                                           string // datetime-local
	Duration                                                    string // "1:23:45"
	Position, PositionWas, Version                              string
}

// SourceFields are one source's values as typed.
type SourceFields struct {
	ID, Kind, Address, Channel, Label, Window string
	Errors                                    map[string]string
	Trouble                                   string
}

// PageLink is a way to another page.
type PageLink struct{ URL, Label string }

// PosterField uploads, shows and removes a poster. Field name: picture.
type PosterField struct {
	UploadURL, RemoveURL string
	Art                  Art // without a picture the drawn one
	Error                string
}

// EditConflict tells who saved what while this form was open.
type EditConflict struct {
	Text string // "Olivia saved ... on ..."
	Rows []DifferenceRow
	// TheirsURL shows what is stored and forgets the form.
	TheirsURL string
}

// DifferenceRow is one field that two people filled in differently.
type DifferenceRow struct{ Label, Mine, Theirs string }

// AdminCollectionsPage lists and creates collections. Field name: title.
type AdminCollectionsPage struct {
	Page
	Collections []CollectionRow
	Title       string
	Errors      map[string]string
}

// CollectionRow is one collection in the owner's list.
type CollectionRow struct {
	Title, URL, MoveURL string
	Items               string // "12 items, 3 of them drafts"
	First, Last         bool
	Art                 Art
}

// AdminCollectionPage edits a collection. Field names: title, slug, description,
// version.
type AdminCollectionPage struct {
	Page
	Action                            string
	ShowURL, DeleteURL, NewItemURL    string
	Title, Slug, Description, Version string
	Items                             []AdminItemRow
	Poster                            PosterField
	Errors                            map[string]string
	Error                             string
	Conflict                          *EditConflict
}

// AdminDeletePage asks before something goes.
type AdminDeletePage struct {
	Page
	OfCollection      bool
	Heading, Question string
	Facts             []string // what goes with it
	Action, BackURL   string
	Button            string
	// Free is posted when the items of a collection are to be set free.
	Free bool
}
