package paywall

import (
	"context"
	"time"
)

// MaxUpload bounds the file of a picture that somebody uploads, in bytes.
const MaxUpload = 8 << 20

// Picture is an image that was checked and drawn anew, without anything that a
// camera wrote into it.
type Picture struct {
	// ID is a hash of Bytes, fit for an address: a picture never changes.
	ID            string
	Type          string // "image/jpeg" or "image/png"
	Width, Height int    // of Bytes, in pixels
	Bytes         []byte
	Small         []byte // the same for lists, at most 480 pixels long
	CreatedAt     time.Time
}

// PictureMaker makes a picture of an uploaded file of at most MaxUpload bytes.
// What it does not take it refuses with KindInvalid and the field "picture".
type PictureMaker interface {
	MakePicture(ctx context.Context, upload []byte) (Picture, error)
}

// PictureStore keeps pictures.
type PictureStore interface {
	// PutPicture stores a picture. If it is there already, it only counts as made
	// now, so that it is not swept away before something shows it.
	PutPicture(ctx context.Context, p Picture) error
	// PictureBytes finds the type and the bytes of a picture, or those for lists.
	PictureBytes(ctx context.Context, id string, small bool) (contentType string, body []byte, err error)
	// DeleteUnusedPictures removes pictures made before an instant that no item,
	// collection or setting shows.
	DeleteUnusedPictures(ctx context.Context, before time.Time) error
}

// Pictures makes and finds pictures.
type Pictures struct {
	store Store
	maker PictureMaker
	clock Clock
}

// NewPictures makes the service.
func NewPictures(store Store, maker PictureMaker, clock Clock) *Pictures {
	return &Pictures{store: store, maker: maker, clock: clock}
}

// Make makes a picture of an upload. It is not stored: whoever uses it does that
// with PutPicture, in the transaction that writes its id down.
func (p *Pictures) Make(ctx context.Context, upload []byte) (Picture, error) {
	if len(upload) == 0 {
		return Picture{}, invalidField("picture", "picture.error.none")
	}
	picture, err := p.maker.MakePicture(ctx, upload)
	picture.CreatedAt = p.clock()
	return picture, err
}

// Bytes finds the type and the bytes of a stored picture, or those for lists.
func (p *Pictures) Bytes(ctx context.Context, id string, small bool) (contentType string, body []byte, err error) {
	return p.store.PictureBytes(ctx, id, small)
}
