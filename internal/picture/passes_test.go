package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"usher/internal/picture"
	"usher/paywall"
)

// progressiveJPEG says that it comes in many passes, each of which goes over all
// of a picture with a few bytes.
func progressiveJPEG(width, height, components, scans int) []byte {
	file := []byte{0xff, 0xd8}
	segment := func(kind byte, body ...byte) {
		file = append(file, 0xff, kind)
		file = append(binary.BigEndian.AppendUint16(file, uint16(len(body)+2)), body...)
	}
	segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...) // one table to unpack with
	frame := binary.BigEndian.AppendUint16([]byte{8}, uint16(height))
	frame = append(binary.BigEndian.AppendUint16(frame, uint16(width)), byte(components))
	for n := range components {
		frame = append(frame, byte(n+1), 0x11, 0)
	}
	segment(0xc2, frame...)
	// One code of one bit: the next 16,384 blocks and more hold nothing new.
	segment(0xc4, append(append([]byte{0x10, 1}, make([]byte, 15)...), 0xe0)...)
	blocks := (width + 7) / 8 * ((height + 7) / 8)
	pass := make([]byte, (blocks/16_384+1)*15/8+2)
	for n := range scans {
		segment(0xda, 1, byte(n%components+1), 0, 1, 63, 0)
		file = append(file, pass...)
	}
	return append(file, 0xff, 0xd9)
}

// TestMakePicture_Passes: a JPEG in many passes is a small file that takes an hour
// and most of a gigabyte to unpack.
func TestMakePicture_Passes(t *testing.T) {
	garbage := progressiveJPEG(5000, 5000, 3, 1) // what image/jpeg skips hides nothing
	garbage = slices.Insert(garbage, 2, 0, 0xff, 0, 0xff, 0xd0, 'x', 0xff)
	for name, c := range map[string]struct {
		upload []byte
		key    string
	}{
		"many passes":   {progressiveJPEG(1000, 1000, 1, 101), "picture.error.heavy"},
		"much memory":   {progressiveJPEG(5000, 5000, 3, 1), "picture.error.heavy"},
		"after garbage": {garbage, "picture.error.heavy"},
		"grey":          {progressiveJPEG(2000, 2000, 1, 10), ""},
		"in colour":     {progressiveJPEG(2000, 2000, 3, 10), ""},
	} {
		_, err := picture.New().MakePicture(t.Context(), c.upload)
		var refused *paywall.Error
		if errors.As(err, &refused); c.key == "" && err != nil || c.key != "" && (refused == nil || refused.Fields["picture"] != c.key) {
			t.Errorf("%s: %v, want %q", name, err, c.key)
		}
	}
}
