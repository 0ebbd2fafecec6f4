package sandbox

import (
	"image/jpeg"
	"net/http"
	"testing"
	"time"
)

func put(s *Sandbox, target, body string) int {
	return do(s, http.MethodPut, target, apiToken, body).Code
}

// A change through the API is told at once and holds when it has spread.
func TestStreams_SwitchedByTheAPI(t *testing.T) {
	s, c := newTest(t)
	s.SetSpread(2 * time.Minute)
	const stream = "/2/radios/4601/stations/9101/streams"
	w := do(s, http.MethodPut, stream+"/91010", apiToken, `{"is_hash_restriction":false}`)
	var done struct{ Data bool }
	decode(t, w.Body, &done)
	var streams struct{ Data []streamJSON }
	decode(t, getAPI(s, stream).Body, &streams)
	if !done.Data || streams.Data[0].IsHashRestriction || !streams.Data[1].IsHashRestriction {
		t.Fatalf("answer %v, streams %+v", done, streams.Data)
	}
	if head := do(s, http.MethodHead, "/ice/"+mount, "", ""); head.Code != http.StatusForbidden {
		t.Errorf("before the change has spread: %d", head.Code)
	}
	c.advance(2 * time.Minute)
	if head := do(s, http.MethodHead, "/ice/"+mount, "", ""); head.Code != http.StatusOK {
		t.Errorf("after it has spread: %d", head.Code)
	}
	if put(s, "/2/radios/4601/stations/9101/hls_stream", `{"is_hash_restriction":false}`) != http.StatusOK || s.Calls().Switched != 2 {
		t.Errorf("calls %+v", s.Calls())
	}
	for _, path := range []string{stream + "/1", "/2/radios/4601/stations/9102/hls_stream", "/2/radios/1/stations/9101/hls_stream"} {
		if got := put(s, path, `{"is_hash_restriction":false}`); got != http.StatusNotFound {
			t.Errorf("%s: %d", path, got)
		}
	}
}

func bigTest(t *testing.T) (*Sandbox, *clock, Catalogue) {
	t.Helper()
	big, c := BigCatalogue(), newClock()
	s := New(Options{APIToken: apiToken, Now: c.now, Catalogue: big})
	t.Cleanup(s.Close)
	return s, c, big
}

// A folder holds the switch of its media, and of the folders that take their rules from it.
func TestFolder_SwitchedByTheAPI(t *testing.T) {
	s, _, big := bigTest(t)
	parent, heir, own := big.Channels[0].Folders[0], big.Channels[0].Folders[1], big.Channels[0].Folders[2]
	restricted := func(id string) bool {
		var in struct{ Data folderRulesJSON }
		decode(t, getAPI(s, "/2/vod/folders/"+id).Body, &in)
		return in.Data.KeyRestricted
	}
	if put(s, "/2/vod/folders/"+parent.ID, `{"key_restricted":false}`) != http.StatusOK {
		t.Fatal("the folder cannot be switched")
	}
	if restricted(parent.ID) || restricted(heir.ID) || !restricted(own.ID) {
		t.Errorf("parent %v, heir %v, one with rules of its own %v", restricted(parent.ID), restricted(heir.ID), restricted(own.ID))
	}
	if put(s, "/2/vod/folders/"+heir.ID, `{"key_restricted":true}`); restricted(heir.ID) {
		t.Error("a folder that inherits has a switch of its own")
	}
	if put(s, "/2/vod/folders/"+heir.ID, `{"key_restricted":true,"inherits_restrictions":false}`); !restricted(heir.ID) {
		t.Error("a folder that inherits no longer cannot be protected")
	}
	if put(s, "/2/vod/folders/1jnope", `{"key_restricted":true}`) != http.StatusNotFound {
		t.Error("there is a folder that is not there")
	}
}

// The control call opens one share and leaves its neighbours in the folder.
func TestProtection_OfOneShareInAFolder(t *testing.T) {
	s, _, big := bigTest(t)
	shares := big.Channels[0].Shares
	byFolder := map[string][]Share{}
	folderOf := map[string]string{}
	for _, m := range big.Channels[0].Media {
		folderOf[m.ID] = m.Folder
	}
	for _, sh := range shares {
		if sh.EndsAt.IsZero() {
			byFolder[folderOf[sh.Media]] = append(byFolder[folderOf[sh.Media]], sh)
		}
	}
	pair := byFolder[big.Channels[0].Folders[0].ID]
	one, neighbour := pair[0], pair[1]
	if one.Media == neighbour.Media {
		neighbour = pair[2]
	}
	if err := s.SetProtected(one.ID, false); err != nil {
		t.Fatal(err)
	}
	if get(s, "/embed/"+one.ID).Code != http.StatusOK || get(s, "/embed/"+neighbour.ID).Code != http.StatusForbidden {
		t.Errorf("opened %d, neighbour %d", get(s, "/embed/"+one.ID).Code, get(s, "/embed/"+neighbour.ID).Code)
	}
	put(s, "/2/vod/folders/"+folderOf[one.Media], `{"key_restricted":true}`)
	if get(s, "/embed/"+one.ID).Code != http.StatusForbidden {
		t.Error("switching the folder does not close the share")
	}
}

func TestShares_MadeAndEnded(t *testing.T) {
	s, c := newTest(t)
	target := mediaID(share)
	made := func(body string) shareJSON {
		w := post(s, "/1/vod/channel/1227/share", body)
		wantStatus(t, w, http.StatusOK)
		var in struct{ Data shareJSON }
		decode(t, w.Body, &in)
		return in.Data
	}
	forever, hour := made(`{"target":"`+target+`"}`), made(`{"target":"`+target+`","validity":3600}`)
	if forever.ID == hour.ID || forever.TargetID != target || forever.ValidUntil != nil || hour.ValidUntil == nil {
		t.Fatalf("shares %+v, %+v", forever, hour)
	}
	token := func(id string) int { return post(s, "/1/vod/channel/1227/share/"+id+"/token", "").Code }
	if token(forever.ID) != http.StatusOK || token(hour.ID) != http.StatusOK || s.Calls().SharesMade != 2 {
		t.Errorf("a new share gives no token; calls %+v", s.Calls())
	}
	c.advance(time.Hour)
	if token(forever.ID) != http.StatusOK || token(hour.ID) != http.StatusNotFound || get(s, "/embed/"+hour.ID).Code != http.StatusNotFound {
		t.Error("an ended share lives, or a lasting one ended")
	}
	for _, body := range []string{``, `{}`, `{"target":"` + target + `","validity":-1}`} {
		wantRefusal(t, post(s, "/1/vod/channel/1227/share", body), 422, "validation_failed")
	}
	wantRefusal(t, post(s, "/1/vod/channel/1227/share", `{"target":"1jnope"}`), 404, "vod_model_not_found")
	wantRefusal(t, getAPI(s, "/1/vod/channel/1227/share/1jnope"), 404, "vod_model_not_found")
}

func TestPoster(t *testing.T) {
	s, _ := newTest(t)
	var list struct{ Data []mediaJSON }
	decode(t, getAPI(s, "/1/vod/channel/1227/media?with=poster").Body, &list)
	if got, want := list.Data[0].Poster.URL, "http://example.com/1/vod/thumbnail/"+mediaID(share)+".jpg"; got != want {
		t.Fatalf("poster at %q, want %q", got, want)
	}
	for _, path := range []string{"/1/vod/thumbnail/" + mediaID(share) + ".jpg", "/2/vod/res/shares/" + share + ".preload.jpeg"} {
		w := get(s, path)
		picture, err := jpeg.Decode(w.Body)
		if err != nil || picture.Bounds().Dx() != posterWidth || w.Header().Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, path := range []string{"/1/vod/thumbnail/1jnope.jpg", "/1/vod/thumbnail/" + mediaID(share)} {
		if got := get(s, path).Code; got != http.StatusNotFound {
			t.Errorf("%s: %d", path, got)
		}
	}
}
