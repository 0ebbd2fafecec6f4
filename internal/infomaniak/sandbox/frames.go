package sandbox

import (
	"errors"
	"fmt"
	"time"
)

// loop is a clip cut into codec frames. Frames are the smallest pieces a decoder takes, so a
// stream that jumps from the last to the first one plays on without a seam.
type loop struct {
	frames      [][]byte
	samples     int64 // in one frame
	rate        int64 // samples in a second
	contentType string
}

var errFrame = errors.New("sandbox: not a codec frame")

// frameHeader is what the start of a frame tells.
type frameHeader struct {
	size    int // bytes, header included
	samples int64
	rate    int64
}

// parseLoop cuts a clip; header reads the start of one frame. All frames must agree.
func parseLoop(clip []byte, contentType string, header func([]byte) (frameHeader, error)) (*loop, error) {
	l := &loop{contentType: contentType}
	for at := 0; at < len(clip); {
		h, err := header(clip[at:])
		if err != nil {
			return nil, fmt.Errorf("at byte %d: %w", at, err)
		}
		if at+h.size > len(clip) || len(l.frames) > 0 && (h.samples != l.samples || h.rate != l.rate) {
			return nil, fmt.Errorf("at byte %d: cut or changing frame: %w", at, errFrame)
		}
		l.samples, l.rate = h.samples, h.rate
		l.frames = append(l.frames, clip[at:at+h.size:at+h.size])
		at += h.size
	}
	if len(l.frames) == 0 {
		return nil, fmt.Errorf("empty clip: %w", errFrame)
	}
	return l, nil
}

// mp3Header reads MPEG-1 Layer III (ISO 11172-3, 2.4.2.3), the only kind that make.sh produces.
func mp3Header(b []byte) (frameHeader, error) {
	if len(b) < 4 || b[0] != 0xFF || b[1]&0xFE != 0xFA {
		return frameHeader{}, errFrame
	}
	kbit := [...]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}[b[2]>>4]
	rate := [...]int{44100, 48000, 32000, 0}[b[2]>>2&3]
	if kbit == 0 || rate == 0 {
		return frameHeader{}, errFrame
	}
	padding := int(b[2] >> 1 & 1)
	return frameHeader{size: 144*kbit*1000/rate + padding, samples: 1152, rate: int64(rate)}, nil
}

// adtsHeader reads AAC in ADTS (ISO 14496-3, 1.A.2.2) with one block of 1024 samples in a frame.
func adtsHeader(b []byte) (frameHeader, error) {
	const headerSize = 7
	if len(b) < headerSize || b[0] != 0xFF || b[1]&0xF6 != 0xF0 || b[6]&3 != 0 {
		return frameHeader{}, errFrame
	}
	rates := [16]int64{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}
	rate := rates[b[2]>>2&15]
	size := int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5
	if rate == 0 || size < headerSize {
		return frameHeader{}, errFrame
	}
	return frameHeader{size: size, samples: 1024, rate: rate}, nil
}

// frame is the frame with a number counted from any origin; numbers go round the loop.
func (l *loop) frame(number int64) []byte {
	n := int64(len(l.frames))
	return l.frames[(number%n+n)%n]
}

// join is the bytes of the frames from (included) to to (excluded).
func (l *loop) join(from, to int64) []byte {
	var out []byte
	for i := from; i < to; i++ {
		out = append(out, l.frame(i)...)
	}
	return out
}

// framesIn is the number of whole frames that fit into a span. Seconds are taken apart so that
// spans as long as the age of the Unix clock do not overflow.
func (l *loop) framesIn(d time.Duration) int64 {
	seconds, rest := int64(d/time.Second), int64(d%time.Second)
	return (seconds*l.rate + rest*l.rate/int64(time.Second)) / l.samples
}
