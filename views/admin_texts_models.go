package views

// AdminTextsPage lists the site's own texts.
type AdminTextsPage struct {
	Page
	Rows []TextRow
}

// TextRow is one text in all languages.
type TextRow struct {
	Title, About string
	State        string // "Missing: Italiano, Español"; empty when nothing is
	Empty        bool   // in no language is anything written
	Languages    []LanguageTab
}

// LanguageTab is a way to a text in a language.
type LanguageTab struct {
	Tag, Name, URL string
	Current        bool
	// Missing tells that nothing is written in it, and Mark says so.
	Missing bool
	Mark    string
}

// AdminTextPage is one text in one language. Field names: body, version.
type AdminTextPage struct {
	Page
	Title, About string
	Tabs         []LanguageTab
	URL          string
	Language     string // tag of the text's language
	Label        string // "Text in English"
	Body         string
	Version      string // the one that is edited
	State        string // "Changed on ..."; may be empty
	// Fallback says what visitors see in its place while it is empty.
	Fallback string
	// ShowURL is the page of the site where it stands; may be empty.
	ShowURL string
	// Preview tells that the text is shown below without being saved: as it stands
	// on pages, or as plain lines where it goes into mails.
	Preview bool
	Shown   OwnText
	Plain   string
	// Theirs is what somebody else saved meanwhile; empty: nobody did.
	Theirs string
	Errors map[string]string
	Error  string
}
