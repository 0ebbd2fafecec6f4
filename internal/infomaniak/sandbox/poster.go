package sandbox

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"strings"
)

// The size of a poster in pixels.
const (
	posterWidth  = 640
	posterHeight = 360
)

// servePoster serves GET /1/vod/thumbnail/{media}.jpg, which asks for no credential.
func (s *Sandbox) servePoster(w http.ResponseWriter, r *http.Request) {
	id, isPicture := strings.CutSuffix(r.PathValue("file"), ".jpg")
	s.mu.Lock()
	known := false
	for _, ch := range s.channels {
		m := ch.mediaByID(id)
		known = known || m != nil && !m.NoPoster
	}
	s.mu.Unlock()
	if !known || !isPicture {
		http.NotFound(w, r)
		return
	}
	writePoster(w, id)
}

// writePoster answers the poster of a media: a slope between two colours of its own.
func writePoster(w http.ResponseWriter, id string) {
	sum := sha256.Sum256([]byte(id))
	picture := image.NewRGBA(image.Rect(0, 0, posterWidth, posterHeight))
	for y := range posterHeight {
		for x := range posterWidth {
			share := (x + y) * 255 / (posterWidth + posterHeight)
			picture.SetRGBA(x, y, color.RGBA{
				R: mixed(sum[0], sum[3], share), G: mixed(sum[1], sum[4], share), B: mixed(sum[2], sum[5], share), A: 255,
			})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=3600")
	writeBytes(w, "image/jpeg", b.Bytes())
}

// mixed is a colour between two; share goes from 0 to 255.
func mixed(from, to byte, share int) byte {
	return byte((int(from)*(255-share) + int(to)*share) / 255)
}
