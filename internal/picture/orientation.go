package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientationTag is where EXIF keeps how the camera was held: 1 upright, 2 to 8
// the seven other ways to lay a picture down (CIPA DC-008, table 4).
const orientationTag = 0x0112

// orientation reads it from a JPEG file; 1 when the file does not tell. Only the
// head of the file is looked at, and nothing in it is believed to fit.
func orientation(file []byte) int {
	rest := file[min(2, len(file)):] // the mark of a JPEG
	for len(rest) >= 4 && rest[0] == 0xff {
		kind, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if kind == 0xda || size < 2 || len(rest) < 2+size {
			break // the picture itself begins, or nothing sensible does
		}
		if exif, ok := bytes.CutPrefix(rest[4:2+size], []byte("Exif\x00\x00")); ok && kind == 0xe1 {
			return fromExif(exif)
		}
		rest = rest[2+size:]
	}
	return 1
}

// fromExif reads the first directory of a TIFF structure.
func fromExif(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == orientationTag {
			if value := int(order.Uint16(entries[8:])); value >= 1 && value <= 8 {
				return value
			}
			break
		}
		entries = entries[12:]
	}
	return 1
}

// turned lays a picture the way it was seen.
func turned(p *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return p
	}
	width, height := p.Rect.Dx(), p.Rect.Dy()
	if orientation >= 5 {
		width, height = height, width
	}
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			fromX, fromY := origin(orientation, x, y, width-1, height-1)
			copy(to.Pix[to.PixOffset(x, y):][:4], p.Pix[p.PixOffset(fromX, fromY):][:4])
		}
	}
	return to
}

// origin is where a pixel of the upright picture, whose last ones are right and
// bottom, comes from.
func origin(orientation, x, y, right, bottom int) (fromX, fromY int) {
	switch orientation {
	case 2:
		return right - x, y
	case 3:
		return right - x, bottom - y
	case 4:
		return x, bottom - y
	case 5:
		return y, x
	case 6:
		return y, right - x
	case 7:
		return bottom - y, right - x
	case 8:
		return bottom - y, x
	}
	return x, y
}
