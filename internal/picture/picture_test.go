package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"usher/internal/picture"
	"usher/paywall"
)

// halves is red at the left and blue at the right.
func halves(width, height int, right color.Color) image.Image {
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			if x < width/2 {
				p.Set(x, y, color.NRGBA{200, 0, 0, 255})
			} else {
				p.Set(x, y, right)
			}
		}
	}
	return p
}

var blue = color.NRGBA{0, 0, 200, 255}

func asJPEG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, jpeg.Encode(&out, p, nil))
	return out.Bytes()
}

func asPNG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, png.Encode(&out, p))
	return out.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func unpack(t testing.TB, file []byte) image.Image {
	t.Helper()
	p, _, err := image.Decode(bytes.NewReader(file))
	must(t, err)
	return p
}

func reddish(c color.Color) bool { r, _, b, _ := c.RGBA(); return r > 2*b }

func TestMakePicture(t *testing.T) {
	var moving bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.Black, color.NRGBA{200, 0, 0, 255}})
	must(t, gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{9, 9}}))
	clear := color.NRGBA{0, 0, 0, 0}
	for name, c := range map[string]struct {
		upload        []byte
		contentType   string
		width, height int
		smallWidth    int
	}{
		"large photo":    {asJPEG(t, halves(2000, 1000, blue)), "image/jpeg", 1280, 640, 480},
		"high":           {asJPEG(t, halves(300, 3000, blue)), "image/jpeg", 128, 1280, 48},
		"small photo":    {asJPEG(t, halves(60, 40, blue)), "image/jpeg", 60, 40, 60},
		"opaque png":     {asPNG(t, halves(60, 40, blue)), "image/jpeg", 60, 40, 60},
		"see-through":    {asPNG(t, halves(1600, 1600, clear)), "image/png", 1280, 1280, 480},
		"gif that moves": {moving.Bytes(), "image/jpeg", 40, 30, 40},
		"webp":           {tinyWebP, "image/png", 1, 1, 1},
		"a thin line":    {asPNG(t, halves(20000, 2, blue)), "image/jpeg", 1280, 1, 480},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := picture.New().MakePicture(t.Context(), c.upload)
			must(t, err)
			p, small := unpack(t, made.Bytes).Bounds(), unpack(t, made.Small).Bounds()
			if made.Type != c.contentType || p.Dx() != c.width || p.Dy() != c.height || small.Dx() != c.smallWidth {
				t.Errorf("%s %v, small %v", made.Type, p, small)
			}
			if made.Width != c.width || made.Height != c.height || len(made.ID) != 32 {
				t.Errorf("it says %d × %d, id %q", made.Width, made.Height, made.ID)
			}
			again, err := picture.New().MakePicture(t.Context(), c.upload)
			must(t, err)
			if again.ID != made.ID {
				t.Error("the same file has two ids")
			}
		})
	}
}

// tinyWebP is one pixel, lossless (the smallest file of the format).
var tinyWebP = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")

// withExif puts a head as cameras write it, with a place and a note, into a JPEG.
func withExif(t testing.TB, file []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	t.Helper()
	tiff := []byte("MM")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		tiff = []byte("II")
	}
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, entry := range [][2]uint16{{0x0100, 9}, {0x0112, orientation}} {
		tiff = order.AppendUint16(tiff, entry[0])
		tiff = order.AppendUint16(tiff, 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, entry[1])
		tiff = order.AppendUint16(tiff, 0)
	}
	body := "Exif\x00\x00" + string(tiff) + "SECRET PLACE"
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return append(append(append([]byte{}, file[:2]...), append(segment, body...)...), file[2:]...)
}

// TestMakePicture_Upright: red is at the left of the stored picture, so where it
// is seen follows from how the camera was held.
func TestMakePicture_Upright(t *testing.T) {
	for orientation, want := range map[uint16]string{
		0: "left", 1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom", 9: "left",
	} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			made, err := picture.New().MakePicture(t.Context(), withExif(t, asJPEG(t, halves(80, 40, blue)), order, orientation))
			must(t, err)
			p := unpack(t, made.Bytes)
			right, bottom := p.Bounds().Dx()-3, p.Bounds().Dy()-3
			corners := map[string]bool{
				"left": reddish(p.At(2, 2)) && reddish(p.At(2, bottom)), "right": reddish(p.At(right, 2)) && reddish(p.At(right, bottom)),
				"top": reddish(p.At(2, 2)) && reddish(p.At(right, 2)), "bottom": reddish(p.At(2, bottom)) && reddish(p.At(right, bottom)),
			}
			for side, red := range corners {
				if red != (side == want) {
					t.Errorf("orientation %d, %v: red at the %s is %v", orientation, order, side, red)
				}
			}
			if bytes.Contains(made.Bytes, []byte("SECRET")) || bytes.Contains(made.Bytes, []byte("Exif")) {
				t.Error("what the camera wrote is still there")
			}
		}
	}
}

// hugePNG says that it has many pixels and holds none.
func hugePNG(width, height uint32, depth byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, width)
	head = binary.BigEndian.AppendUint32(head, height)
	head = append(head, depth, 6, 0, 0, 0)
	chunk := append([]byte("IHDR"), head...)
	file := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(chunk))
}

func TestMakePicture_Refused(t *testing.T) {
	photo := asJPEG(t, halves(80, 40, blue))
	for name, c := range map[string]struct {
		upload []byte
		key    string
	}{
		"svg":            {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "picture.error.form"},
		"html":           {[]byte("<!DOCTYPE html><p>hello"), "picture.error.form"},
		"gif in name":    {[]byte("GIF89a"), "picture.error.form"},
		"too large":      {[]byte(strings.Repeat("x", paywall.MaxUpload+1)), "picture.error.size"},
		"too wide":       {hugePNG(65_000, 65_000, 8), "picture.error.pixels"},
		"overflow":       {hugePNG(1<<31-1, 1<<31-1, 8), "picture.error.form"},
		"too deep":       {hugePNG(6000, 6000, 16), "picture.error.pixels"},
		"nothing inside": {hugePNG(60, 60, 8), "picture.error.broken"},
		"cut off":        {photo[:len(photo)-20], "picture.error.broken"},
	} {
		_, err := picture.New().MakePicture(t.Context(), c.upload)
		var refused *paywall.Error
		if !errors.As(err, &refused) || refused.Kind != paywall.KindInvalid || refused.Fields["picture"] != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

// TestMakePicture_Turns: who left does not wait for a turn.
func TestMakePicture_Turns(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	maker, left := picture.New(), 0
	for range 20 {
		if _, err := maker.MakePicture(ctx, asPNG(t, halves(4, 4, blue))); errors.Is(err, context.Canceled) {
			left++
		}
	}
	if left == 0 {
		t.Error("a picture was made for somebody who left, each time")
	}
}

// FuzzMakePicture: no file makes it panic or give something large.
func FuzzMakePicture(f *testing.F) {
	f.Add(asJPEG(f, halves(80, 40, blue)))
	f.Add(withExif(f, asJPEG(f, halves(80, 40, blue)), binary.BigEndian, 6))
	f.Add(tinyWebP)
	f.Add(hugePNG(9, 9, 8))
	f.Fuzz(func(t *testing.T, upload []byte) {
		made, err := picture.New().MakePicture(t.Context(), upload)
		if err == nil && (made.Width > 1280 || made.Height > 1280 || len(made.Bytes) == 0) {
			t.Errorf("%d × %d, %d bytes", made.Width, made.Height, len(made.Bytes))
		}
	})
}
