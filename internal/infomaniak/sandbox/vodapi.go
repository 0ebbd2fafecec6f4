package sandbox

import (
	"cmp"
	"net/http"
	"strconv"
	"time"
)

const (
	// clipSeconds is the length of both films.
	clipSeconds = 20.0
	// stateReady is Infomaniak's bits for playable (64) and complete (128).
	stateReady = 192
)

// longAgo is when everything in a catalogue was made.
var longAgo = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC).Format(time.RFC3339)

type channelJSON struct {
	ID          int    `json:"id"`
	Slug        string `json:"slug"`
	ChannelName string `json:"channel_name"`
	MediasCount int    `json:"medias_count"`
	Uploaded    int    `json:"medias_uploaded"`
}

// channelV2JSON is a channel in the list of an account.
type channelV2JSON struct {
	ID         int    `json:"id"`
	UniqueID   string `json:"unique_id"`
	Name       string `json:"name"`
	MediaCount int    `json:"media_count"`
}

type mediaJSON struct {
	ID            string      `json:"id"`
	Name          string      `json:"name"`
	Description   string      `json:"description"`
	Duration      float64     `json:"duration"` // seconds
	State         int         `json:"state"`
	KeyRestricted bool        `json:"key_restricted"`
	Folder        *folderJSON `json:"folder,omitempty"`
	Shares        []shareRef  `json:"shares,omitempty"`
	Poster        *linkJSON   `json:"poster,omitempty"`
	CreatedAt     string      `json:"created_at"`
	DiscardedAt   *string     `json:"discarded_at"`
}

type linkJSON struct {
	URL string `json:"url"`
}

type folderJSON struct {
	ID            string `json:"id"`
	Path          string `json:"path"`
	KeyRestricted bool   `json:"key_restricted"`
}

type shareRef struct {
	ID string `json:"id"`
}

// showAccountChannels serves GET /2/vod/accounts/{account}/channels.
func (s *Sandbox) showAccountChannels(r *http.Request) (any, error) {
	if r.PathValue("account") != s.accountID() {
		return nil, vodDenied
	}
	out := []channelV2JSON{}
	for _, ch := range s.channels {
		out = append(out, channelV2JSON{ch.id, derivedID("channel", strconv.Itoa(ch.id)), ch.name, len(ch.media)})
	}
	return paged(r, out)
}

// showChannels serves GET /1/vod/channel.
func (s *Sandbox) showChannels(r *http.Request) (any, error) {
	out := []channelJSON{}
	for _, ch := range s.channels {
		out = append(out, ch.json())
	}
	return paged(r, out)
}

// showChannel serves GET /1/vod/channel/{channel}.
func (s *Sandbox) showChannel(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	return ch.json(), nil
}

// showMediaList serves GET /1/vod/channel/{channel}/media, the trash included.
func (s *Sandbox) showMediaList(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	with, err := mediaRelations(r)
	if err != nil {
		return nil, err
	}
	out := []mediaJSON{}
	for _, m := range ch.media {
		out = append(out, m.json(r, ch, with))
	}
	return paged(r, out)
}

// showMedia serves GET /1/vod/channel/{channel}/media/{media}.
func (s *Sandbox) showMedia(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	with, err := mediaRelations(r)
	if err != nil {
		return nil, err
	}
	m := ch.mediaByID(r.PathValue("media"))
	if m == nil {
		return nil, vodNotFound
	}
	return m.json(r, ch, with), nil
}

func mediaRelations(r *http.Request) (map[string]bool, error) {
	return relations(r, "shares", "poster", "thumbnail", "state", "progress", "folder", "playbacks", "encodings")
}

// showFolders serves GET /1/vod/channel/{channel}/folder, without the root.
func (s *Sandbox) showFolders(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	out := []folderJSON{}
	for _, f := range ch.folders {
		out = append(out, f.json())
	}
	return paged(r, out)
}

// showRootFolder serves GET /1/vod/channel/{channel}/folder/root.
func (s *Sandbox) showRootFolder(r *http.Request) (any, error) {
	ch, err := s.channel(r)
	if err != nil {
		return nil, err
	}
	return ch.root.json(), nil
}

// channel is the channel that the path names.
func (s *Sandbox) channel(r *http.Request) (*channel, error) {
	ch := s.channelByID(r.PathValue("channel"))
	if ch == nil {
		return nil, vodNotFound
	}
	return ch, nil
}

func (ch *channel) json() channelJSON {
	return channelJSON{ID: ch.id, Slug: strconv.Itoa(ch.id), ChannelName: ch.name,
		MediasCount: len(ch.media), Uploaded: len(ch.media)}
}

func (f *folder) json() folderJSON {
	return folderJSON{ID: f.id, Path: f.path(), KeyRestricted: f.restricted()}
}

func (m *media) json(r *http.Request, ch *channel, with map[string]bool) mediaJSON {
	out := mediaJSON{
		ID: m.ID, Name: m.Name, Description: m.Description, Duration: m.seconds(),
		State: cmp.Or(m.State, stateReady), KeyRestricted: m.restricted(), CreatedAt: longAgo,
	}
	if m.Trashed {
		out.DiscardedAt = &longAgo
	}
	if with["folder"] {
		in := m.folder.json()
		out.Folder = &in
	}
	if with["poster"] && !m.NoPoster {
		out.Poster = &linkJSON{"http://" + r.Host + "/1/vod/thumbnail/" + m.ID + ".jpg"}
	}
	if with["shares"] {
		for _, sh := range ch.sharesOf(m) {
			out.Shares = append(out.Shares, shareRef{sh.id})
		}
	}
	return out
}

// seconds is the length that the catalogue tells.
func (m *media) seconds() float64 {
	if m.Duration > 0 {
		return m.Duration.Seconds()
	}
	return clipSeconds
}
