// Package picture makes the pictures of the site out of files that people upload:
// it refuses what is too large before it is unpacked, turns it upright, scales it
// down and writes it anew, so that nothing of the file itself is ever served.
package picture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // the first picture of one
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // without movement

	"usher/paywall"
)

const (
	// mostPixels is what a picture may have, and mostUnpacked the memory that it
	// may take unpacked: 40 megapixels of four bytes, or half as many of eight.
	mostPixels   = 40_000_000
	mostUnpacked = 4 * mostPixels
	// longest and longestSmall are the sides of what is kept, in pixels.
	longest      = 1280
	longestSmall = 480
	// quality of a JPEG: below this, skies begin to show blocks.
	quality = 82
)

// Maker makes pictures, one at a time: unpacking a large one takes much memory.
type Maker struct{ turn chan struct{} }

var _ paywall.PictureMaker = (*Maker)(nil)

// New makes a Maker.
func New() *Maker { return &Maker{turn: make(chan struct{}, 1)} }

// MakePicture makes a picture of an uploaded JPEG, PNG, GIF or WebP file.
func (m *Maker) MakePicture(ctx context.Context, upload []byte) (paywall.Picture, error) {
	if len(upload) > paywall.MaxUpload {
		return paywall.Picture{}, refused("picture.error.size", nil)
	}
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		return paywall.Picture{}, ctx.Err()
	}
	upright, err := read(upload)
	if err != nil {
		return paywall.Picture{}, err
	}
	made := paywall.Picture{Type: "image/jpeg", Width: upright.Rect.Dx(), Height: upright.Rect.Dy()}
	if !upright.Opaque() {
		made.Type = "image/png"
	}
	if made.Bytes, err = write(upright); err == nil {
		made.Small, err = write(scaled(upright, longestSmall))
	}
	if err != nil {
		return paywall.Picture{}, fmt.Errorf("picture: %w", err)
	}
	sum := sha256.Sum256(made.Bytes)
	made.ID = base64.RawURLEncoding.EncodeToString(sum[:24])
	return made, nil
}

// read checks and unpacks a file, scales it down and turns it upright.
func read(upload []byte) (*image.RGBA, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(upload))
	if err != nil {
		return nil, refused("picture.error.form", err)
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > mostPixels/config.Height ||
		config.Width*config.Height*bytesPerPixel(config.ColorModel) > mostUnpacked {
		return nil, refused("picture.error.pixels", nil)
	}
	if format == "jpeg" && wearsOut(upload, config.ColorModel, config.Width*config.Height) {
		return nil, refused("picture.error.heavy", nil)
	}
	unpacked, _, err := image.Decode(bytes.NewReader(upload))
	if err != nil {
		return nil, refused("picture.error.broken", err)
	}
	small := scaled(unpacked, longest)
	if format == "jpeg" {
		return turned(small, orientation(upload)), nil
	}
	return small, nil
}

func bytesPerPixel(model color.Model) int {
	if model == color.RGBA64Model || model == color.NRGBA64Model {
		return 8
	}
	return 4
}

// scaled copies a picture so that no side is longer than that many pixels. A
// large one is first halved in a cheap way: the good one costs half a second for
// twelve megapixels.
func scaled(from image.Image, side int) *image.RGBA {
	width, height := fit(from.Bounds().Dx(), from.Bounds().Dy(), side)
	if wide, high := fit(from.Bounds().Dx(), from.Bounds().Dy(), 2*side); wide < from.Bounds().Dx() {
		half := image.NewRGBA(image.Rect(0, 0, wide, high))
		draw.ApproxBiLinear.Scale(half, half.Rect, from, from.Bounds(), draw.Src, nil)
		from = half
	}
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	if to.Rect.Size() == from.Bounds().Size() {
		draw.Copy(to, image.Point{}, from, from.Bounds(), draw.Src, nil)
		return to
	}
	draw.CatmullRom.Scale(to, to.Rect, from, from.Bounds(), draw.Src, nil)
	return to
}

// fit keeps the shape of a picture; a side is never less than a pixel.
func fit(width, height, side int) (wide, high int) {
	switch {
	case width <= side && height <= side:
		return width, height
	case width > height:
		return side, max(1, height*side/width)
	}
	return max(1, width*side/height), side
}

// write packs a picture: as PNG when something shines through it.
func write(p *image.RGBA) ([]byte, error) {
	var out bytes.Buffer
	if !p.Opaque() {
		err := png.Encode(&out, p)
		return out.Bytes(), err
	}
	err := jpeg.Encode(&out, p, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

func refused(key string, cause error) error {
	return &paywall.Error{
		Kind: paywall.KindInvalid, Key: "error.invalid", Fields: map[string]string{"picture": key}, Err: cause,
	}
}
