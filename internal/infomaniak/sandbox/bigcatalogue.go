package sandbox

import (
	"fmt"
	"time"
)

// What BigCatalogue holds, for tests that count.
const (
	BigStations = 3
	BigStreams  = 8 // six mountpoints and two HLS streams
	BigChannels = 2
	BigFolders  = 40  // roots not counted
	BigMedia    = 600 // those in the trash not counted
	BigTrashed  = 6
	BigShares   = 700
	// BigShared media have a live share, BigEnded have only one that has ended, and BigUnshared
	// have none at all.
	BigShared   = 540
	BigEnded    = 10
	BigUnshared = 50
)

// BigCatalogue is the account of a broadcaster with years of recordings: two radio products, nested
// folders, media with two shares, with one and with none.
func BigCatalogue() Catalogue {
	c := Catalogue{
		Account: 48213, Radio: 4601,
		Stations: []Station{
			{ID: 9201, Name: "Grand Large", Subdomain: "grandlarge", HLS: "grandlarge", Mountpoints: []Mountpoint{
				{File: "grandlarge-320.mp3", Codec: MP3, Bitrate: 320},
				{File: "grandlarge-128.mp3", Codec: MP3, Bitrate: 128},
				{File: "grandlarge-64.aac", Codec: AAC, Bitrate: 64},
			}},
			{ID: 9202, Name: "Grand Large Jazz", Subdomain: "grandlargejazz", HLS: "grandlargejazz", Mountpoints: []Mountpoint{
				{File: "grandlargejazz-128.mp3", Codec: MP3, Bitrate: 128, Tune: TuneStudio},
				{File: "grandlargejazz-64.aac", Codec: AAC, Bitrate: 64},
			}},
		},
		Products: []Product{{ID: 4602, Name: "Événements", Stations: []Station{
			{ID: 9203, Name: "Festival", Subdomain: "festival", Mountpoints: []Mountpoint{
				{File: "festival-128.mp3", Codec: MP3, Bitrate: 128, Tune: TunePromo},
			}},
		}}},
	}
	const perChannel = BigMedia / BigChannels
	for n := range BigChannels {
		ch := Channel{ID: 7301 + n, Name: []string{"Concerts", "Conférences"}[n]}
		ch.Folders = bigFolders(n)
		for i := range perChannel + BigTrashed/BigChannels {
			m := bigMedia(n, i, ch.Folders)
			m.Trashed = i >= perChannel
			ch.Media = append(ch.Media, m)
			if !m.Trashed {
				ch.Shares = append(ch.Shares, bigShares(n, i)...)
			}
		}
		c.Channels = append(c.Channels, ch)
	}
	return c
}

// bigFolders are five folders with three below each. Two in five stand open; half of those below
// take their rules from above.
func bigFolders(channel int) []Folder {
	var all []Folder
	for top := range 5 {
		parent := Folder{ID: bigID("folder", channel, top), Name: fmt.Sprintf("Saison %d", 2022+top), Open: top == 3}
		all = append(all, parent)
		for sub := range 3 {
			all = append(all, Folder{
				ID: bigID("sub", channel, top*3+sub), Parent: parent.ID,
				Name: []string{"Automne", "Hiver", "Printemps"}[sub], Inherits: sub != 1, Open: sub == 1 && top == 4,
			})
		}
	}
	return all
}

func bigMedia(channel, i int, folders []Folder) Media {
	m := Media{
		ID: bigID("media", channel, i), Name: fmt.Sprintf("%s n° %d", []string{"Concert", "Conférence"}[channel], i+1),
		Duration: time.Duration(300+i*17)*time.Second + 620*time.Millisecond,
		NoPoster: i%10 == 9,
	}
	if i%7 != 6 { // the others lie in the root
		m.Folder = folders[i%len(folders)].ID
	}
	if i%3 == 0 {
		m.Description = fmt.Sprintf("Enregistré au studio %d.\nAvec entracte.", i%4+1)
	}
	if i%2 == 1 {
		m.Clip = ClipBackstage
	}
	return m
}

// bigShares are the shares of a media. Of every sixty media five have none, one has only an ended
// one, and fifteen have two, of which one may have ended.
func bigShares(channel, i int) []Share {
	media, place := bigID("media", channel, i), i%60
	one := Share{ID: bigID("share", channel, i), Media: media}
	ended := Share{ID: bigID("ended", channel, i), Media: media, EndsAt: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)}
	switch {
	case place < 5:
		return nil
	case place == 5:
		return []Share{ended}
	case place < 16:
		return []Share{one, {ID: bigID("second", channel, i), Media: media}}
	case place < 21:
		return []Share{ended, one}
	}
	return []Share{one}
}

func bigID(what string, channel, i int) string {
	return derivedID("big "+what, fmt.Sprintf("%d/%d", channel, i))
}
