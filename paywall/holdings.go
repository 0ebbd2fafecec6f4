package paywall

import (
	"slices"
	"strings"
	"time"
)

// Holdings are what the owner's account at Infomaniak held when it was read.
type Holdings struct {
	ReadAt     time.Time
	Radio, VOD HoldingsPart
	Stations   []SupplierStation
	Channels   []HeldChannel
}

// HoldingsPart tells how the radio half or the video half was read.
type HoldingsPart struct {
	// Trouble is why the token could not list it, one of the Trouble constants;
	// empty when it could.
	Trouble string
	// Whole tells that nothing was left out: what is not here is not there.
	Whole bool
	// KeptAt is when the part of it was read that the token could not read now;
	// zero when nothing is left of an earlier reading.
	KeptAt time.Time
}

// HeldChannel is a VOD channel with what is in it.
type HeldChannel struct {
	Channel SupplierChannel
	Typed   bool // the owner gave its number
	Folders []SupplierFolder
	Media   []SupplierMedia
	// Shares are the shares of each media that play and never end.
	Shares map[string][]string
}

// keepStations keeps the stations of a radio product that were read before; of all
// products when none is named.
func (h *Holdings) keepStations(before Holdings, product string) {
	for _, s := range before.Stations {
		if product == "" || s.Product == product {
			h.Stations = append(h.Stations, s)
			h.Radio.KeptAt = before.Radio.oldest(before.ReadAt)
		}
	}
}

// keepChannel keeps a channel that was read before.
func (h *Holdings) keepChannel(before Holdings, id string) {
	for _, c := range before.Channels {
		if c.Channel.ID == id {
			h.Channels = append(h.Channels, c)
			h.VOD.KeptAt = before.VOD.oldest(before.ReadAt)
		}
	}
}

// oldest is when the oldest of it was read.
func (p HoldingsPart) oldest(readAt time.Time) time.Time {
	if p.KeptAt.IsZero() {
		return readAt
	}
	return p.KeptAt
}

// StationKey, MediaKey and FolderKey name things at Infomaniak for as long as
// they exist there.
func StationKey(s SupplierStation) string { return "station/" + s.Product + "/" + s.ID }

// MediaKey names a media of a channel.
func MediaKey(channelID, mediaID string) string { return "media/" + channelID + "/" + mediaID }

// FolderKey names a folder of a channel; its root is a folder too.
func FolderKey(channelID, folderID string) string { return "folder/" + channelID + "/" + folderID }

// Station finds a station by its key.
func (h Holdings) Station(key string) (SupplierStation, bool) {
	at := slices.IndexFunc(h.Stations, func(s SupplierStation) bool { return StationKey(s) == key })
	if at < 0 {
		return SupplierStation{}, false
	}
	return h.Stations[at], true
}

// Media finds a media and its channel by its key.
func (h Holdings) Media(key string) (SupplierMedia, HeldChannel, bool) {
	for _, c := range h.Channels {
		prefix := MediaKey(c.Channel.ID, "")
		id, inside := strings.CutPrefix(key, prefix)
		if !inside {
			continue
		}
		if at := slices.IndexFunc(c.Media, func(m SupplierMedia) bool { return m.ID == id }); at >= 0 {
			return c.Media[at], c, true
		}
	}
	return SupplierMedia{}, HeldChannel{}, false
}

// Folder finds a folder of the channel by its id; the root if there is no other.
func (c HeldChannel) Folder(id string) SupplierFolder {
	for _, f := range c.Folders {
		if f.ID == id {
			return f
		}
	}
	return SupplierFolder{ID: id}
}

// In lists the media of a folder.
func (c HeldChannel) In(folderID string) (media []SupplierMedia) {
	for _, m := range c.Media {
		if m.FolderID == folderID {
			media = append(media, m)
		}
	}
	return media
}

// Playable tells whether there is something to play by now.
func (m SupplierMedia) Playable() bool {
	return m.State != MediaWaiting && m.State != MediaFailed
}

// lastingShares are the shares of each media that play and never end.
func lastingShares(all []SupplierShare) map[string][]string {
	shares := map[string][]string{}
	for _, s := range all {
		if s.EndsAt.IsZero() && s.Kind != "playlist" && s.MediaID != "" {
			shares[s.MediaID] = append(shares[s.MediaID], s.ID)
		}
	}
	return shares
}

// suppliedTitle is a name at Infomaniak as a title of ours.
func suppliedTitle(name, id string) string {
	title := strings.TrimSpace(cleaned(name, MaxTitle, controls))
	if title == "" {
		return id
	}
	return title
}

// suppliedText is a description at Infomaniak as a summary of ours.
func suppliedText(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.TrimSpace(cleaned(text, MaxSummary, func(r rune) bool { return controls(r) && r != '\n' && r != '\t' }))
}

// cleaned makes valid text of at most so many characters, with spaces for what
// must not stand in it.
func cleaned(text string, most int, bad func(rune) bool) string {
	text = strings.Map(func(r rune) rune {
		if bad(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// suppliedSources are the streams of a station as sources, the best for most
// listeners first: MP3 plays everywhere, HLS needs a script in most browsers.
// refused counts those whose address lies outside the allow-list.
func suppliedSources(station SupplierStation, hosts MediaHosts) (sources []Source, refused int) {
	streams := slices.DeleteFunc(slices.Clone(station.Streams), func(s SupplierStream) bool { return !s.Enabled })
	slices.SortStableFunc(streams, func(a, b SupplierStream) int {
		if rank := streamRank(a) - streamRank(b); rank != 0 {
			return rank
		}
		return b.Bitrate - a.Bitrate
	})
	for _, s := range streams {
		source, err := NewSource(s.Kind, s.URL, "", hosts)
		if err != nil || source.Ref != s.Ref || len(sources) == MaxSources {
			refused++
			continue
		}
		source.Label, source.Position = StreamLabel(s), len(sources)
		sources = append(sources, source)
	}
	return sources, refused
}

func streamRank(s SupplierStream) int {
	switch {
	case s.Kind == SourceHLS:
		return 2
	case s.Codec == "aac":
		return 1
	}
	return 0
}
