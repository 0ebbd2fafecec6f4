package sandbox

import (
	"cmp"
	_ "embed" // the page below
	"html/template"
	"net/http"
	"slices"
)

var (
	//go:embed index.html
	indexHTML string
	indexPage = template.Must(template.New("index").Parse(indexHTML))
)

// indexView fills the page at /. It never holds the API token.
type indexView struct {
	Things []indexThing
	Modes  []Mode
	Mode   Mode
}

// indexThing is one line of the list.
type indexThing struct {
	Kind, Ref, Title, Address string
	Protected                 bool
}

// serveIndex serves GET /: what is here, for people.
func (s *Sandbox) serveIndex(w http.ResponseWriter, _ *http.Request) {
	view := indexView{Modes: modes, Mode: s.mode()}
	s.mu.Lock()
	for ref, t := range s.things {
		view.Things = append(view.Things, indexThing{
			Kind: string(t.kind), Ref: ref, Title: t.title(),
			Address: t.address(), Protected: t.shields(s.options.Now()),
		})
	}
	s.mu.Unlock()
	slices.SortFunc(view.Things, func(a, b indexThing) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Ref, b.Ref))
	})
	writePage(w, http.StatusOK, indexPage, view)
}
