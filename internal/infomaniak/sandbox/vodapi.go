package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// clipSeconds is the length of both films.
	clipSeconds = 20.0
	// stateReady is Infomaniak's bits for playable (64) and complete (128).
	stateReady = 192
)

type channelJSON struct {
	ID          int    `json:"id"`
	Slug        string `json:"slug"`
	ChannelName string `json:"channel_name"`
	MediasCount int    `json:"medias_count"`
	Uploaded    int    `json:"medias_uploaded"`
}

type mediaJSON struct {
	ID            string     `json:"id"`
	Name          string     `json:"name"`
	Duration      float64    `json:"duration"` // seconds
	State         int        `json:"state"`
	KeyRestricted bool       `json:"key_restricted"`
	Folder        folderJSON `json:"folder"`
	Shares        []shareRef `json:"shares"`
	CreatedAt     string     `json:"created_at"`
	DiscardedAt   *string    `json:"discarded_at"`
}

type folderJSON struct {
	ID            string `json:"id"`
	Path          string `json:"path"`
	KeyRestricted bool   `json:"key_restricted"`
}

type shareRef struct {
	ID string `json:"id"`
}

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

// showChannel serves GET /1/vod/channel/{channel}.
func (s *Sandbox) showChannel(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	return channelJSON{ID: ch.ID, Slug: strconv.Itoa(ch.ID), ChannelName: ch.Name,
		MediasCount: len(ch.Shares), Uploaded: len(ch.Shares)}, nil
}

// showMedia serves GET /1/vod/channel/{channel}/media: one media for each share, complete.
func (s *Sandbox) showMedia(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	out := []mediaJSON{}
	for _, sh := range ch.Shares {
		out = append(out, mediaJSON{
			ID: mediaID(sh.ID), Name: sh.Title, Duration: clipSeconds, State: stateReady,
			KeyRestricted: s.isProtected(sh.ID), Folder: s.folder(sh), Shares: []shareRef{{sh.ID}},
			CreatedAt: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC).Format(time.RFC3339),
		})
	}
	return out, nil
}

// showFolders serves GET /1/vod/channel/{channel}/folder.
func (s *Sandbox) showFolders(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	out := []folderJSON{}
	for _, sh := range ch.Shares {
		out = append(out, s.folder(sh))
	}
	return out, nil
}

// folder is a folder of the share's own: Infomaniak protects folders, the stand-in single shares,
// and so both tell the same.
func (s *Sandbox) folder(sh Share) folderJSON {
	return folderJSON{ID: derivedID("folder", sh.ID), Path: "/" + sh.Title, KeyRestricted: s.isProtected(sh.ID)}
}

// showShares serves GET /1/vod/channel/{channel}/share in pages.
func (s *Sandbox) showShares(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	out := []shareJSON{}
	for _, sh := range ch.Shares {
		url := map[string]string{"url": "http://" + r.Host + "/embed/" + sh.ID}
		out = append(out, shareJSON{ID: sh.ID, TargetID: mediaID(sh.ID), TargetType: "media",
			Links: map[string]any{"embed": map[string]any{"html": url}}})
	}
	return paged(r, out)
}

// showPublicShare serves GET /2/vod/res/shares/{share}.json, which asks for no credential.
func (s *Sandbox) showPublicShare(w http.ResponseWriter, r *http.Request) {
	share, isJSON := strings.CutSuffix(r.PathValue("file"), ".json")
	t, ok := s.find(kindShare, share)
	if !ok || !isJSON {
		writeRefusal(w, vodNotFound)
		return
	}
	allowAnyOrigin(w)
	media := publicMediaJSON{ID: mediaID(share), Title: t.share.Title}
	if !s.isProtected(share) {
		source := "http://" + r.Host + "/clip/" + share + ".mp4"
		media.Source = &source
	}
	writeData(w, publicShareJSON{Title: t.share.Title, Duration: clipSeconds,
		Thumbnails: []string{}, Media: []publicMediaJSON{media}})
}

// channel is the channel that the path names.
func (s *Sandbox) channel(r *http.Request) (Channel, error) {
	for _, ch := range s.options.Catalogue.Channels {
		if strconv.Itoa(ch.ID) == r.PathValue("channel") {
			return ch, nil
		}
	}
	return Channel{}, vodNotFound
}
