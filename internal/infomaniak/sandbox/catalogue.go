package sandbox

import (
	"fmt"
	"path"
)

// Codec is how the sound of a mountpoint is packed.
type Codec string

// The codecs that Infomaniak's radio mountpoints have.
const (
	MP3 Codec = "mp3"
	AAC Codec = "aac"
)

// Tune names the loop that a mountpoint plays, so that listeners can tell stations apart.
type Tune string

// The loops that exist as MP3. AAC mountpoints and HLS streams always play TuneLumiere.
const (
	TuneLumiere Tune = "lumiere"
	TuneStudio  Tune = "studio"
	TunePromo   Tune = "promo"
)

// Clip names the film that a share plays.
type Clip string

// The clips that exist, each about 20 seconds.
const (
	ClipConcert   Clip = "concert"
	ClipBackstage Clip = "backstage"
)

// Catalogue is what an account owns: one radio product with its stations, and VOD channels.
// Mountpoints, streams and shares are addressed by their reference alone, which must be unique.
type Catalogue struct {
	Account  int // organisation id
	Radio    int // radio product id
	Stations []Station
	Channels []Channel
}

// Station is one radio with the forms in which it can be heard.
type Station struct {
	ID          int
	Name        string
	Subdomain   string // the part before .ice.infomaniak.ch; also addresses the metadata
	Mountpoints []Mountpoint
	HLS         string // name of the HLS stream, empty when there is none
}

// Mountpoint is one MP3 or AAC stream.
type Mountpoint struct {
	File    string // file name with extension and without slash, as in the token API
	Codec   Codec
	Bitrate int  // kbit/s as the catalogue shows it
	Tune    Tune // TuneLumiere when empty
}

// Channel is one VOD channel.
type Channel struct {
	ID     int
	Name   string
	Shares []Share
}

// Share is one published form of a video, the thing for which a VOD token is made.
type Share struct {
	ID    string // 13 characters, lower-case letters and digits
	Title string
	Clip  Clip // ClipConcert when empty
}

// DemoCatalogue is the small broadcaster of the demo.
func DemoCatalogue() Catalogue {
	return Catalogue{
		Account: 48213, Radio: 4601,
		Stations: []Station{
			{ID: 9101, Name: "Radio Lumière", Subdomain: "radiolumiere", HLS: "radiolumiere", Mountpoints: []Mountpoint{
				{File: "radiolumiere-128.mp3", Codec: MP3, Bitrate: 128, Tune: TuneLumiere},
				{File: "radiolumiere-64.aac", Codec: AAC, Bitrate: 64},
			}},
			{ID: 9102, Name: "Studio Ouvert", Subdomain: "studioouvert", Mountpoints: []Mountpoint{
				{File: "studioouvert-128.mp3", Codec: MP3, Bitrate: 128, Tune: TuneStudio},
			}},
			{ID: 9103, Name: "Promo", Subdomain: "promo", Mountpoints: []Mountpoint{
				{File: "promo-128.mp3", Codec: MP3, Bitrate: 128, Tune: TunePromo},
			}},
		},
		Channels: []Channel{{ID: 1227, Name: "Lumière Vidéo", Shares: []Share{
			{ID: "1jhvl2uqconc1", Title: "Le concert", Clip: ClipConcert},
			{ID: "1jhvl2uqmake2", Title: "Making-of", Clip: ClipBackstage},
			{ID: "1jhvl2uqprem3", Title: "Première", Clip: ClipConcert},
			{ID: "1jhvl2uqbrou4", Title: "Brouillon", Clip: ClipBackstage},
		}}},
	}
}

// kind says which family of calls and addresses a thing belongs to.
type kind string

const (
	kindMount kind = "mountpoint"
	kindHLS   kind = "hls stream"
	kindShare kind = "share"
)

// thing is one playable reference together with the part of the catalogue that describes it.
type thing struct {
	kind    kind
	ref     string
	mount   Mountpoint
	channel int
	share   Share
}

// address is where the thing is played, without a token.
func (t thing) address() string {
	switch t.kind {
	case kindMount:
		return "/ice/" + t.ref
	case kindHLS:
		return path.Join("/hls", t.ref, "manifest.m3u8")
	default:
		return "/embed/" + t.ref
	}
}

// acl is the path that a VOD token opens: a media and one of its encodings.
func (t thing) acl() string {
	return fmt.Sprintf("/hls/%s/%s/*", mediaID(t.ref), encodingID(t.ref))
}

// things indexes everything playable by its reference.
func (c Catalogue) things() map[string]thing {
	all := map[string]thing{}
	for _, st := range c.Stations {
		for _, m := range st.Mountpoints {
			all[m.File] = thing{kind: kindMount, ref: m.File, mount: m}
		}
		if st.HLS != "" {
			all[st.HLS] = thing{kind: kindHLS, ref: st.HLS}
		}
	}
	for _, ch := range c.Channels {
		for _, sh := range ch.Shares {
			all[sh.ID] = thing{kind: kindShare, ref: sh.ID, channel: ch.ID, share: sh}
		}
	}
	return all
}

// find returns the thing of one kind with that reference.
func (s *Sandbox) find(k kind, ref string) (thing, bool) {
	t, ok := s.things[ref]
	return t, ok && t.kind == k
}
