package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed catalogues
var files embed.FS

// languages are the site's languages in the order in which they are offered;
// the first is the default. A further one is a line here, a folder of catalogues
// and a date style.
var languages = []struct {
	tag, name string
	dates     dateStyle
}{
	{"en", "English", english},
	{"fr", "Français", french},
	{"de", "Deutsch", german},
	{"it", "Italiano", italian},
	{"es", "Español", spanish},
}

var (
	reference = mustRead(languages[0].tag) // by its keys the others are measured
	locales   = load()
)

// All are the site's languages in the order in which they are offered.
func All() []*Locale { return slices.Clone(locales) }

// Default is the language for visitors whose own we do not speak: English.
func Default() *Locale { return locales[0] }

// Lookup finds the language with exactly this tag.
func Lookup(tag string) (*Locale, bool) {
	for _, l := range locales {
		if l.tag == tag {
			return l, true
		}
	}
	return nil, false
}

// load reads the embedded catalogues. They are part of the program, so a broken
// one stops the start; the tests see to it that none is.
func load() []*Locale {
	bundle := goi18n.NewBundle(language.English)
	all := make([]*Locale, 0, len(languages))
	for _, lang := range languages {
		entries := mustRead(lang.tag)
		texts := make(map[string]message, len(entries))
		for key, raw := range entries {
			var text string
			if json.Unmarshal(raw, &text) == nil {
				texts[key] = parseMessage(text)
			}
		}
		for _, content := range mustFiles(lang.tag) {
			bundle.MustParseMessageFileBytes(content, lang.tag+".json")
		}
		all = append(all, &Locale{tag: lang.tag, name: lang.name, texts: texts, dates: lang.dates})
	}
	for _, l := range all {
		l.localizer = goi18n.NewLocalizer(bundle, l.tag)
	}
	return all
}

// mustFiles are the contents of a language's folder, a file for each area of the
// site.
func mustFiles(tag string) [][]byte {
	names, err := fs.Glob(files, "catalogues/"+tag+"/*.json")
	if err != nil || len(names) == 0 {
		panic(fmt.Sprintf("i18n: no catalogue %s: %v", tag, err))
	}
	contents := make([][]byte, len(names))
	for i, name := range names {
		if contents[i], err = files.ReadFile(name); err != nil {
			panic(fmt.Sprintf("i18n: %v", err))
		}
	}
	return contents
}

// mustRead is a catalogue with its values as they stand: a text, or an object
// with one text for each plural form.
func mustRead(tag string) map[string]json.RawMessage {
	entries := map[string]json.RawMessage{}
	for _, content := range mustFiles(tag) {
		if err := json.Unmarshal(content, &entries); err != nil {
			panic(fmt.Sprintf("i18n: catalogue %s: %v", tag, err))
		}
	}
	return entries
}

// Keys are the keys of the default catalogue, sorted. They are for tests.
func Keys() []string {
	return slices.Sorted(maps.Keys(reference))
}

// Has tells whether a key exists, for texts that not everything has.
func Has(key string) bool {
	_, ok := reference[key]
	return ok
}
