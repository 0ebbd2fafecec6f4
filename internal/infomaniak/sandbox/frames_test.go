package sandbox

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

func TestLoops_OfEmbeddedClips(t *testing.T) {
	for name, c := range map[string]struct {
		clip   []byte
		loop   *loop
		frames int
	}{
		"lumiere.mp3": {lumiereMP3, loops()[TuneLumiere], 612},
		"studio.mp3":  {studioMP3, loops()[TuneStudio], 612},
		"promo.mp3":   {promoMP3, loops()[TunePromo], 306},
		"lumiere.aac": {lumiereAAC, aacLoop(), 768},
	} {
		if len(c.loop.frames) != c.frames {
			t.Errorf("%s: %d frames, want %d", name, len(c.loop.frames), c.frames)
		}
		if !bytes.Equal(c.loop.join(0, int64(c.frames)), c.clip) {
			t.Errorf("%s: the frames are not the clip", name)
		}
	}
}

// TestLoops_MP3FramesStandAlone checks what the seam rests on: no frame uses bytes of an earlier one.
func TestLoops_MP3FramesStandAlone(t *testing.T) {
	for tune, l := range loops() {
		for i, f := range l.frames {
			if mainDataBegin := int(f[4])<<1 | int(f[5])>>7; mainDataBegin != 0 {
				t.Fatalf("%s: frame %d borrows %d bytes", tune, i, mainDataBegin)
			}
		}
	}
}

func TestLoop_GoesRound(t *testing.T) {
	l := aacLoop()
	n := int64(len(l.frames))
	for _, number := range []int64{0, 1, n - 1} {
		for _, rounds := range []int64{-2, -1, 1, 5_000_000} {
			if !bytes.Equal(l.frame(number), l.frame(number+rounds*n)) {
				t.Errorf("frame %d differs %d rounds on", number, rounds)
			}
		}
	}
	if seam := l.join(n-1, n+1); !bytes.Equal(seam, append(bytes.Clone(l.frames[n-1]), l.frames[0]...)) {
		t.Error("the first frame does not follow the last")
	}
}

func TestLoop_FramesIn(t *testing.T) {
	l := loops()[TuneLumiere]
	if got := l.framesIn(26 * time.Millisecond); got != 0 {
		t.Errorf("26 ms hold %d frames of 26.12 ms", got)
	}
	if got := l.framesIn(1152 * time.Second); got != 44100 {
		t.Errorf("1152 s hold %d frames, want 44100", got)
	}
	if got := l.framesIn(60 * 365 * 24 * time.Hour); got != 60*365*24*3600*44100/1152 {
		t.Errorf("60 years hold %d frames", got)
	}
}

func TestParseLoop_RefusesBroken(t *testing.T) {
	mp3, aac := bytes.Clone(lumiereMP3[:2000]), bytes.Clone(lumiereAAC[:2000])
	mixed := append(bytes.Clone(loops()[TuneLumiere].frames[0]), mp3...)
	mixed[2] = mixed[2]&^0x0C | 0x04 // another sample rate, hence also another length
	for name, c := range map[string]struct {
		clip   []byte
		header func([]byte) (frameHeader, error)
	}{
		"nothing":         {nil, mp3Header},
		"cut mp3":         {mp3, mp3Header},
		"cut aac":         {aac, adtsHeader},
		"id3 tag":         {append([]byte("ID3\x04\x00\x00\x00\x00\x00\x00"), mp3...), mp3Header},
		"aac as mp3":      {aac, mp3Header},
		"mp3 as aac":      {mp3, adtsHeader},
		"free bitrate":    {[]byte{0xFF, 0xFB, 0x00, 0x00}, mp3Header},
		"short":           {[]byte{0xFF, 0xFB}, mp3Header},
		"adts without me": {[]byte{0xFF, 0xF1, 0x4C, 0x40, 0x00, 0x1F, 0xFC}, adtsHeader},
		"changing rate":   {mixed, mp3Header},
	} {
		if _, err := parseLoop(c.clip, "", c.header); !errors.Is(err, errFrame) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
