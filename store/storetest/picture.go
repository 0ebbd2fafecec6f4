package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

func testPictures(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	put := func(id string, at time.Time) paywall.Picture {
		t.Helper()
		p := paywall.Picture{
			ID: id, Type: "image/png", Width: 3, Height: 2, Bytes: []byte("large " + id), Small: []byte("small " + id), CreatedAt: at,
		}
		must(t, s.PutPicture(ctx, p))
		return p
	}
	missing := func(id string) {
		t.Helper()
		_, _, err := s.PictureBytes(ctx, id, false)
		wantErr(t, err, paywall.ErrNotFound)
	}
	kept := func(id string) {
		t.Helper()
		for small, want := range map[bool]string{false: "large " + id, true: "small " + id} {
			contentType, body, err := s.PictureBytes(ctx, id, small)
			must(t, err)
			wantSame(t, contentType, "image/png")
			wantSame(t, string(body), want)
		}
	}
	missing("none")
	put("poster", start)
	item := NewItem("shown")
	item.PosterID = "poster"
	addItem(t, s, item)
	put("logo", start)
	must(t, s.PutSetting(ctx, "some.picture", "logo", start))
	put("loose", start)
	put("again", start)
	put("again", start.Add(time.Hour)) // chosen once more
	put("young", start.Add(time.Hour))

	must(t, s.DeleteUnusedPictures(ctx, start.Add(time.Minute)))
	for _, id := range []string{"poster", "logo", "again", "young"} {
		kept(id)
	}
	missing("loose")
}
