package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type shareJSON struct {
	ID         string         `json:"id"`
	TargetID   string         `json:"target_id"`
	TargetType string         `json:"target_type"`
	Validity   int            `json:"validity"` // seconds; 0 never ends
	ValidUntil *string        `json:"valid_until"`
	DeletedAt  *string        `json:"deleted_at"`
	Links      map[string]any `json:"links"`
}

// publicShareJSON is what anybody may read about a share.
type publicShareJSON struct {
	Title      string            `json:"title"`
	Duration   float64           `json:"duration"` // seconds
	Thumbnails []string          `json:"thumbnails"`
	Media      []publicMediaJSON `json:"media"`
	ValidUntil *string           `json:"valid_until"`
}

type publicMediaJSON struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Source *string `json:"source"` // null while protected
}

// showShares serves GET /1/vod/channel/{channel}/share in pages, ended ones too.
func (s *Sandbox) showShares(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	out := []shareJSON{}
	for _, sh := range ch.shares {
		out = append(out, sh.json(r))
	}
	return paged(r, out)
}

// showShare serves GET /1/vod/channel/{channel}/share/{share}.
func (s *Sandbox) showShare(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	sh := ch.shareByID(r.PathValue("share"))
	if sh == nil {
		return nil, vodNotFound
	}
	return sh.json(r), nil
}

// postShare serves POST /1/vod/channel/{channel}/share. Like the real service it makes a second
// share of a media without a word.
func (s *Sandbox) postShare(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Target   string `json:"target"`
		Validity int64  `json:"validity"` // seconds
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Target == "" {
		return nil, invalid(invalidField("target", "required", "The target field is required"))
	}
	if in.Validity < 0 || in.Validity > maxWindow {
		return nil, invalid(invalidField("validity", "between", "The validity must be between 0 and 31536000"))
	}
	m := ch.mediaByID(in.Target)
	if m == nil || m.Trashed {
		return nil, vodNotFound
	}
	s.made++
	sh := &heldShare{
		id:    derivedID("made", in.Target+" "+strconv.Itoa(s.made)),
		media: m, validity: time.Duration(in.Validity) * time.Second,
	}
	if sh.validity > 0 {
		sh.endsAt = s.options.Now().Add(sh.validity)
	}
	s.addShare(ch, sh)
	s.calls.SharesMade++
	return sh.json(r), nil
}

// showPublicShare serves GET /2/vod/res/shares/{share}.json and {share}.preload.jpeg, which ask for
// no credential.
func (s *Sandbox) showPublicShare(w http.ResponseWriter, r *http.Request) {
	file := r.PathValue("file")
	ref, isPoster := strings.CutSuffix(file, ".preload.jpeg")
	ref, isJSON := strings.CutSuffix(ref, ".json")
	t, ok := s.find(kindShare, ref)
	switch {
	case !ok || isPoster == isJSON || isPoster && t.media.NoPoster:
		writeRefusal(w, vodNotFound)
		return
	case isPoster:
		writePoster(w, t.media.ID)
		return
	}
	allowAnyOrigin(w)
	media := publicMediaJSON{ID: t.media.ID, Title: t.title()}
	if !s.isProtected(ref) {
		source := "http://" + r.Host + "/clip/" + ref + ".mp4"
		media.Source = &source
	}
	writeData(w, publicShareJSON{Title: t.title(), Duration: t.media.seconds(),
		Thumbnails: []string{}, Media: []publicMediaJSON{media}, ValidUntil: stamp(t.endsAt)})
}

func (sh *heldShare) json(r *http.Request) shareJSON {
	url := map[string]string{"url": "http://" + r.Host + "/embed/" + sh.id}
	return shareJSON{
		ID: sh.id, TargetID: sh.media.ID, TargetType: "media",
		Validity: int(sh.validity / time.Second), ValidUntil: stamp(sh.endsAt),
		Links: map[string]any{"embed": map[string]any{"html": url}},
	}
}

// stamp is an instant as the API writes it; nil for the zero time.
func stamp(at time.Time) *string {
	if at.IsZero() {
		return nil
	}
	text := at.UTC().Format(time.RFC3339)
	return &text
}
