package sandbox

import (
	_ "embed" // the clips below
	"sync"
)

// The clips are made by media/make.sh.
var (
	//go:embed media/lumiere.mp3
	lumiereMP3 []byte
	//go:embed media/studio.mp3
	studioMP3 []byte
	//go:embed media/promo.mp3
	promoMP3 []byte
	//go:embed media/lumiere.aac
	lumiereAAC []byte
	//go:embed media/concert.mp4
	concertMP4 []byte
	//go:embed media/backstage.mp4
	backstageMP4 []byte
)

// loops are the sounds of mountpoints, cut at first use.
var loops = sync.OnceValue(func() map[Tune]*loop {
	return map[Tune]*loop{
		TuneLumiere: mustLoop(lumiereMP3, "audio/mpeg", mp3Header),
		TuneStudio:  mustLoop(studioMP3, "audio/mpeg", mp3Header),
		TunePromo:   mustLoop(promoMP3, "audio/mpeg", mp3Header),
	}
})

// aacLoop is the sound of AAC mountpoints and HLS streams.
var aacLoop = sync.OnceValue(func() *loop {
	return mustLoop(lumiereAAC, "audio/aac", adtsHeader)
})

// mustLoop cuts an embedded clip, which a test has checked.
func mustLoop(clip []byte, contentType string, header func([]byte) (frameHeader, error)) *loop {
	l, err := parseLoop(clip, contentType, header)
	if err != nil {
		panic("sandbox: embedded clip: " + err.Error())
	}
	return l
}

// loopOf is the sound of a mountpoint.
func loopOf(m Mountpoint) *loop {
	if m.Codec == AAC {
		return aacLoop()
	}
	if l := loops()[m.Tune]; l != nil {
		return l
	}
	return loops()[TuneLumiere]
}

// filmOf is the clip of a media.
func filmOf(m *media) []byte {
	if m.Clip == ClipBackstage {
		return backstageMP4
	}
	return concertMP4
}
