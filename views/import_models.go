package views

// AdminImportPage shows what there is at Infomaniak to pick from. Field names: of
// the reading channels; of the picking pick, access, collections, publish; of the
// typing kind, address, channel, access.
type AdminImportPage struct {
	Page
	ReadAt     string // empty before the first reading
	RunningURL string // of the run that is on; empty for none
	Runs       []ImportRunRow
	// Radio and VOD say why nothing of a half can be picked, or only what was read
	// before; empty otherwise.
	Radio, VOD  string
	AllNew      string // the pick of everything new, in words; empty when that is little
	Stations    []ImportPick
	ChannelRows []ImportChannel
	Gone        []PageLink
	Accesses    []Option
	TypedKinds  []Option
	// Channels, Address and Channel are as typed.
	Channels, Address, Channel string
	Here                       *PageLink // the item that has what was typed; nil for none
	Errors                     map[string]string
	Error                      string
}

// ImportRunRow is one run in the list.
type ImportRunRow struct {
	URL, Kind, State, When string
	Good                   bool
}

// ImportChannel is a VOD channel with its folders.
type ImportChannel struct {
	Name, Number, Total string
	Folders             []ImportFolder
}

// ImportFolder is a folder with its media. Media is empty when there are too many
// on the page: then OpenURL leads to them.
type ImportFolder struct {
	Key, Name, Total string
	New              int
	NewText          string
	Protection       string // a warning; empty when all is well
	Media            []ImportPick
	OpenURL          string
}

// ImportPick is a station or a media.
type ImportPick struct {
	Key, Title, Length, State string
	New                       bool
	ItemURL                   string // of the item that it is here; may be empty
	Protection                string // a warning; empty when all is well
	Fields                    []string
}

// AdminImportPlanPage shows what an import would do. It carries the choice on in
// hidden fields of the same names.
type AdminImportPlanPage struct {
	Page
	Picks                []string
	Access               string
	Collections, Publish bool
	New, Here            int
	Facts                []Fact
	Open                 string // a warning; empty when all is well
	NewLines             []ImportPick
	Differing, Waiting   []ImportPick
	Gone                 []PageLink
}

// AdminImportRunPage shows how far a run is, or how it ended.
type AdminImportRunPage struct {
	Page
	Running, Good bool
	Read          bool // it read the account
	State         string
	Done, Total   int
	Progress      string
	Facts         []Fact
	Trouble       string
	Problems      []Fact
	More          string
	StopURL       string
}

// AdminImportChangesPage lists what Infomaniak says differently. Field names:
// pick, act ("take" or "keep").
type AdminImportChangesPage struct {
	Page
	ReadAt string // empty before the first reading
	Rows   []ImportDifference
	ByHand []ImportDifference
	Error  string
}

// ImportDifference is one field of an item or a collection.
type ImportDifference struct {
	ID, Title, URL, Field string
	Ours, Theirs          string
	OursPicture           string // of a poster; may be empty
}
