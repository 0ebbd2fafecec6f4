package sandbox

import "time"

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

// Catalogue is what an account owns: radio products with their stations, and VOD channels.
// Mountpoints, streams and shares are addressed by their reference alone, which must be unique.
type Catalogue struct {
	Account  int // organisation id
	Radio    int // id of the radio product that has Stations
	Stations []Station
	Products []Product // further radio products
	Channels []Channel
}

// Product is one radio product.
type Product struct {
	ID       int
	Name     string
	Stations []Station
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
	ID      int
	Name    string
	Folders []Folder // parents before their children
	Media   []Media
	Shares  []Share
}

// Folder holds media, and the switch of their protection.
type Folder struct {
	ID     string
	Parent string // id; empty below the root
	Name   string
	// Open plays its media without a token.
	Open bool
	// Inherits takes the protection of the parent and leaves Open aside.
	Inherits bool
}

// Media is one video.
type Media struct {
	ID          string
	Folder      string // id; empty in the root
	Name        string
	Description string
	Duration    time.Duration // what the catalogue says; that of the clip when zero
	State       int           // Infomaniak's bits; ready when zero
	Clip        Clip          // ClipConcert when empty
	Trashed     bool
	NoPoster    bool
}

// Share is one published form of a video, the thing for which a VOD token is made.
type Share struct {
	ID     string    // 13 characters, lower-case letters and digits
	Media  string    // id; when empty, the share brings a media and a folder of its own
	Title  string    // of its own media
	Clip   Clip      // of its own media
	EndsAt time.Time // zero: never
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
