package views

// Preview stands above a page at which staff look as somebody else. Forms and the
// frame of the page do nothing then.
type Preview struct {
	Text string // as whom and when
	Note string // what else there is to know; may be empty
	// Tabs lead to other previews, and Back to where one came from.
	Tabs          []PreviewTab
	Label         string // what the tabs choose
	BackURL, Back string
}

// PreviewTab is one other preview.
type PreviewTab struct {
	URL, Label string
	Current    bool
}

// to is where a link of a page leads: nowhere on a preview.
func (p Page) to(path string) string {
	if p.Preview != nil {
		return "#content"
	}
	return path
}

// AdminPreviewPage chooses what to look at, and as whom. Field names: item, as;
// and email, item, at.
type AdminPreviewPage struct {
	Page
	Items, PersonItems []Option
	Kinds              []Option
	Email, At, Zone    string
	Errors             map[string]string
	Meant              *MeantPeople
}
