package sandbox

import (
	"bytes"
	_ "embed" // the pages below
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"
)

var (
	//go:embed player.html
	playerHTML string
	//go:embed refused.html
	refusedHTML string

	playerPage  = template.Must(template.New("player").Parse(playerHTML))
	refusedPage = template.Must(template.New("refused").Parse(refusedHTML))
)

// playerView fills the player page.
type playerView struct {
	Title string
	Clip  string // whole address with token: html/template would escape a token that stands alone
}

// serveEmbedFile serves GET /res/embed/{share}.html, the address form of FAQ 1366.
func (s *Sandbox) serveEmbedFile(w http.ResponseWriter, r *http.Request) {
	share, ok := strings.CutSuffix(r.PathValue("file"), ".html")
	if !ok {
		http.NotFound(w, r)
		return
	}
	s.embed(w, r, share)
}

// serveEmbed serves GET /embed/{share}, the current address form.
func (s *Sandbox) serveEmbed(w http.ResponseWriter, r *http.Request) {
	s.embed(w, r, r.PathValue("share"))
}

// embed answers the player page. Without a good token it answers the documented 403 page, which
// still posts the misleading messages of the real player (a play and a timeupdate at zero were
// measured there), so that a caller that believes them is caught.
func (s *Sandbox) embed(w http.ResponseWriter, r *http.Request, share string) {
	t, ok := s.find(kindShare, share)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if !s.open(t, r) {
		s.count(func(c *Calls) { c.StreamsRefused++ })
		writePage(w, http.StatusForbidden, refusedPage, nil)
		return
	}
	writePage(w, http.StatusOK, playerPage, playerView{Title: t.title(), Clip: clipAddress(t, r)})
}

// clipAddress is the address of the film with the page's token and start offset. The offset is a
// media fragment, which works without a script.
func clipAddress(t thing, r *http.Request) string {
	address := "/clip/" + t.ref + ".mp4" + carried(r)
	if at, err := strconv.ParseUint(r.URL.Query().Get("t"), 10, 32); err == nil && at > 0 {
		address += "#t=" + strconv.FormatUint(at, 10)
	}
	return address
}

// serveClip serves GET /clip/{share}.mp4 with ranges.
func (s *Sandbox) serveClip(w http.ResponseWriter, r *http.Request) {
	share, isClip := strings.CutSuffix(r.PathValue("file"), ".mp4")
	t, ok := s.find(kindShare, share)
	if !ok || !isClip {
		http.NotFound(w, r)
		return
	}
	if !s.open(t, r) {
		s.refuseMedia(w)
		return
	}
	w.Header().Set("Content-Type", "video/mp4")
	w.Header().Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(filmOf(t.media)))
}

// writePage answers an HTML page. A template that fails is a fault of this package, so it is told.
func writePage(w http.ResponseWriter, status int, page *template.Template, view any) {
	var b bytes.Buffer
	if err := page.Execute(&b, view); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // only fails when the client has gone
}
