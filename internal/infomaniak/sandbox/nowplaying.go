package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

const (
	// songLength is how long each title stays, and historyLength how many are told.
	songLength    = 3 * time.Minute
	historyLength = 5
)

// songs are invented.
var songs = []string{
	"Les Passants - Lumière du matin", "Clara Voss - Harbour Lights", "Quartet Nord - Neige",
	"Ada & the Tides - Slow Tram", "Matteo Riva - Via dei Fiori", "Les Passants - Retour à quai",
	"Studio Ouvert - Interlude",
}

// playedJSON is one title with the instant at which it began (Unix seconds).
type playedJSON struct {
	Title string `json:"title"`
	Date  int64  `json:"date"`
}

// showNowPlaying serves GET /api/radio/{name}/metadata, where name is a station's id or
// subdomain. The last entry is the newest. There is no envelope and no credential.
func (s *Sandbox) showNowPlaying(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	i := int64(0)
	for _, p := range s.products {
		for _, st := range p.stations { // neither list ever changes
			if name == st.Subdomain || name == strconv.Itoa(st.ID) {
				allowAnyOrigin(w)
				writeJSON(w, http.StatusOK, map[string]any{"data": history(s.options.Now(), i)})
				return
			}
			i++
		}
	}
	writeRefusal(w, radioNotFound)
}

// history is the titles up to an instant; shift makes stations differ.
func history(now time.Time, shift int64) []playedJSON {
	length := int64(songLength / time.Second)
	current := now.Unix() / length
	var out []playedJSON
	for n := current - historyLength + 1; n <= current; n++ {
		title := songs[(n+2*shift)%int64(len(songs))]
		out = append(out, playedJSON{Title: title, Date: n * length})
	}
	return out
}
