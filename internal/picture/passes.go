package picture

import (
	"bytes"
	"image/color"
)

const (
	// mostProgressive is the memory that a JPEG in passes may take unpacked: all its
	// coefficients are kept beside the picture, so 16 megapixels in colour.
	mostProgressive = 256_000_000
	// mostPasses is how often a file may go over the whole picture. Programs write
	// about ten; a pass costs a few bytes in the file and much time here.
	mostPasses = 100
)

// wearsOut tells whether a JPEG that is small by its size in pixels would still
// take too much memory or time to unpack.
func wearsOut(file []byte, model color.Model, pixels int) bool {
	if !progressive(file) {
		return false
	}
	colours := 3
	switch model {
	case color.GrayModel:
		colours = 1
	case color.CMYKModel:
		colours = 4
	}
	// A byte for each point and colour, and a coefficient of four.
	return 5*colours*pixels > mostProgressive || bytes.Count(file, []byte{0xff, 0xda}) > mostPasses
}

// progressive tells whether a JPEG comes in passes. It finds the head of the
// picture where image/jpeg does, which forgives what lies between the segments.
func progressive(file []byte) bool {
	rest := file[min(2, len(file)):] // the mark of a JPEG
	for {
		at := bytes.IndexByte(rest, 0xff)
		if at < 0 {
			return false
		}
		for rest = rest[at:]; len(rest) > 0 && rest[0] == 0xff; {
			rest = rest[1:]
		}
		if len(rest) < 3 {
			return false
		}
		kind, size := rest[0], int(rest[1])<<8|int(rest[2])
		switch {
		case kind == 0xc2:
			return true
		case kind == 0xc0, kind == 0xc1, kind == 0xd9:
			return false
		case kind == 0, kind >= 0xd0 && kind <= 0xd7:
			rest = rest[1:] // marks without a body
			continue
		case len(rest) < 1+size:
			return false
		}
		rest = rest[1+size:]
	}
}
