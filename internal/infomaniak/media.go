package infomaniak

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"usher/paywall"
)

// The bits of a media's state.
const (
	bitDeleted   = 2
	bitEncoding  = 32
	bitAvailable = 64
	bitReady     = 128
	bitFatal     = 512
)

// mediaRow is a media in either version of the API.
type mediaRow struct {
	ID            label            `json:"id"`
	Name          label            `json:"name"`
	Description   label            `json:"description"`
	Duration      span             `json:"duration"`
	State         mediaState       `json:"state"`
	KeyRestricted flag             `json:"key_restricted"`
	Folder        folderRow        `json:"folder"` // first version
	Parent        folderRow        `json:"parent"` // second version
	Shares        rows[shareIDRow] `json:"shares"`
	Poster        link             `json:"poster"`
	Thumbnail     link             `json:"thumbnail"`
	Thumbnails    thumbnailRow     `json:"thumbnails"`
	CreatedAt     moment           `json:"created_at"`
	DiscardedAt   moment           `json:"discarded_at"`
	DeletedAt     moment           `json:"deleted_at"`
}

// thumbnailRow holds the pictures of the second version.
type thumbnailRow struct {
	Poster link `json:"poster"`
	Image  link `json:"image"`
}

// UnmarshalJSON reads pictures; an empty list stands for none.
func (r *thumbnailRow) UnmarshalJSON(raw []byte) error {
	type plain thumbnailRow
	*r = thumbnailRow{}
	_ = json.Unmarshal(raw, (*plain)(r))
	return nil
}

// shareIDRow is a share of which only the id counts.
type shareIDRow string

// UnmarshalJSON reads a share, or its id alone.
func (r *shareIDRow) UnmarshalJSON(raw []byte) error {
	var in struct {
		ID        label  `json:"id"`
		DeletedAt moment `json:"deleted_at"`
	}
	if json.Unmarshal(raw, &in) != nil {
		_ = in.ID.UnmarshalJSON(raw)
	}
	*r = shareIDRow(in.ID)
	if in.DeletedAt.told() {
		*r = ""
	}
	return nil
}

// mediaState is the state as bits (first version) or as a list of names.
type mediaState struct {
	told    bool
	bits    int
	deleted bool
}

var bitOfName = map[string]int{
	"deleted": bitDeleted, "encoding": bitEncoding, "available": bitAvailable, "ready": bitReady,
	"fatal_error": bitFatal, "error": bitFatal,
}

// UnmarshalJSON reads a state.
func (s *mediaState) UnmarshalJSON(raw []byte) error {
	*s = mediaState{}
	var bits number
	_ = bits.UnmarshalJSON(raw)
	var names rows[label]
	_ = names.UnmarshalJSON(raw)
	s.told, s.bits = bits.told || len(names) > 0, bits.whole()
	for _, name := range names {
		s.bits |= bitOfName[strings.ToLower(string(name))]
	}
	s.deleted = s.bits&bitDeleted != 0
	return nil
}

func (s mediaState) state() paywall.MediaState {
	switch {
	case !s.told:
		return paywall.MediaUnknown
	case s.bits&bitFatal != 0:
		return paywall.MediaFailed
	case s.bits&bitReady != 0:
		return paywall.MediaReady
	case s.bits&bitAvailable != 0:
		return paywall.MediaEncoding
	}
	return paywall.MediaWaiting
}

// gone tells that the media lies in the trash or is no more.
func (r mediaRow) gone() bool { return r.DiscardedAt.told() || r.DeletedAt.told() || r.State.deleted }

func (r mediaRow) media() paywall.SupplierMedia {
	folder := r.Folder
	if folder.ID == "" {
		folder = r.Parent
	}
	m := paywall.SupplierMedia{
		ID: string(r.ID), Name: string(r.Name), Description: string(r.Description), Duration: time.Duration(r.Duration),
		State: r.State.state(), FolderID: string(folder.ID), Folder: folder.path(), CreatedAt: r.CreatedAt.at(),
		Protection: paywall.Protection{Known: r.KeyRestricted.told, On: r.KeyRestricted.on, Folder: folder.path()},
	}
	if !m.Protection.Known {
		m.Protection = folder.protection()
	}
	for _, address := range []link{r.Poster, r.Thumbnails.Poster, r.Thumbnail, r.Thumbnails.Image} {
		if m.Poster == "" {
			m.Poster = string(address)
		}
	}
	for _, id := range r.Shares {
		if id != "" {
			m.Shares = append(m.Shares, string(id))
		}
	}
	return m
}

// mediaRelations are what a media is asked to come with.
const mediaRelations = "shares,poster,thumbnail,folder"

// Media implements paywall.Supplier.
func (c *Client) Media(ctx context.Context, channelID string) ([]paywall.SupplierMedia, error) {
	return withKey(ctx, c, func(ctx context.Context, key *credentials) ([]paywall.SupplierMedia, error) {
		return c.media(ctx, key, channelID)
	})
}

func (c *Client) media(ctx context.Context, key *credentials, channelID string) ([]paywall.SupplierMedia, error) {
	l, err := vodListing(key, channelID, "/media", "/media")
	if err != nil {
		return nil, err
	}
	l.with = mediaRelations
	found, err := listAll(ctx, c, key, l, func(r mediaRow) string { return string(r.ID) })
	var all []paywall.SupplierMedia
	for _, r := range found {
		if !r.gone() {
			all = append(all, r.media())
		}
	}
	return all, err
}
