package sandbox

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestDemoCatalogue_Shape(t *testing.T) {
	c := DemoCatalogue()
	id := regexp.MustCompile(`^[a-z0-9]{13}$`)
	if len(c.Channels) != 1 || c.Channels[0].ID != 1227 || len(c.Channels[0].Shares) != 4 {
		t.Fatalf("channels %+v", c.Channels)
	}
	for _, sh := range c.Channels[0].Shares {
		if !id.MatchString(sh.ID) || !id.MatchString(mediaID(sh.ID)) || mediaID(sh.ID) == encodingID(sh.ID) {
			t.Errorf("share %q, media %q, encoding %q", sh.ID, mediaID(sh.ID), encodingID(sh.ID))
		}
	}
	if got := len(newHoldings(c).things); got != 4+1+4 {
		t.Errorf("%d things: references are not unique", got)
	}
}

func TestCatalogue_NeedsBearer(t *testing.T) {
	s, _ := newTest(t)
	for path, code := range map[string]string{
		"/2/profile": "not_authorized", "/2/radios?account_id=48213": "not_authorized",
		"/1/vod/channel/1227": "vod_not_authorized", "/1/vod/channel/1227/share": "vod_not_authorized",
	} {
		wantRefusal(t, get(s, path), http.StatusUnauthorized, code)
		wantRefusal(t, do(s, http.MethodDelete, path, apiToken, ""), http.StatusMethodNotAllowed, "method_not_allowed")
		wantStatus(t, getAPI(s, path), http.StatusOK)
	}
	if c := s.Calls(); c.Refused != 0 {
		t.Errorf("catalogue calls count as refused token calls: %+v", c)
	}
}

func TestCatalogue_Radio(t *testing.T) {
	s, _ := newTest(t)
	wantRefusal(t, getAPI(s, "/2/radios"), 422, "validation_failed")
	wantRefusal(t, getAPI(s, "/2/radios?account_id=1"), 403, "not_authorized")
	wantRefusal(t, getAPI(s, "/2/radios/1/stations"), 404, "object_not_found")
	wantRefusal(t, getAPI(s, "/2/radios/4601/stations/1/streams"), 404, "object_not_found")
	wantRefusal(t, getAPI(s, "/2/radios/4601/stations/9102/hls_stream"), 404, "object_not_found")

	var radios struct{ Data []radioJSON }
	decode(t, getAPI(s, "/2/radios?account_id=48213&with=stations").Body, &radios)
	var stations struct{ Data []stationJSON }
	decode(t, getAPI(s, "/2/radios/4601/stations").Body, &stations)
	if len(radios.Data) != 1 || len(radios.Data[0].Stations) != 3 || len(stations.Data) != 3 {
		t.Fatalf("radios %+v, stations %+v", radios, stations)
	}
	_ = s.SetProtected(aacMt, false)
	_ = s.SetProtected(hls, false)
	var streams struct{ Data []streamJSON }
	decode(t, getAPI(s, "/2/radios/4601/stations/9101/streams").Body, &streams)
	mp3, aac := streams.Data[0], streams.Data[1]
	if mp3.Mountpoint != "/"+mount || !mp3.IsHashRestriction || mp3.URL != "example.com/ice/"+mount || aac.IsHashRestriction {
		t.Errorf("streams %+v", streams.Data)
	}
	var stream struct{ Data hlsJSON }
	decode(t, getAPI(s, "/2/radios/4601/stations/9101/hls_stream").Body, &stream)
	if stream.Data.Name != hls || stream.Data.IsHashRestriction || stations.Data[1].HLSStream != nil {
		t.Errorf("hls %+v", stream.Data)
	}
}

func TestCatalogue_VOD(t *testing.T) {
	s, _ := newTest(t)
	_ = s.SetProtected(other, false)
	for _, path := range []string{"", "/media", "/folder", "/share"} {
		wantRefusal(t, getAPI(s, "/1/vod/channel/1"+path), 404, "vod_model_not_found")
	}
	var channel struct{ Data channelJSON }
	decode(t, getAPI(s, "/1/vod/channel/1227?account=48213").Body, &channel)
	if channel.Data.MediasCount != 4 {
		t.Errorf("channel %+v", channel.Data)
	}
	var media struct{ Data []mediaJSON }
	decode(t, getAPI(s, "/1/vod/channel/1227/media?with=shares,folder").Body, &media)
	var folders struct{ Data []folderJSON }
	decode(t, getAPI(s, "/1/vod/channel/1227/folder").Body, &folders)
	for i, m := range media.Data {
		want := m.Shares[0].ID != other
		if m.KeyRestricted != want || *m.Folder != folders.Data[i] || folders.Data[i].KeyRestricted != want {
			t.Errorf("media %+v, folder %+v", m, folders.Data[i])
		}
	}
}

func TestCatalogue_PublicShare(t *testing.T) {
	s, _ := newTest(t)
	var in struct{ Data publicShareJSON }
	decode(t, get(s, "/2/vod/res/shares/"+share+".json").Body, &in)
	if in.Data.Title != "Le concert" || in.Data.Media[0].Source != nil {
		t.Errorf("protected share %+v", in.Data)
	}
	_ = s.SetProtected(share, false)
	decode(t, get(s, "/2/vod/res/shares/"+share+".json").Body, &in)
	if in.Data.Media[0].Source == nil {
		t.Error("open share without source")
	}
	wantRefusal(t, get(s, "/2/vod/res/shares/nope.json"), 404, "vod_model_not_found")
	wantRefusal(t, get(s, "/2/vod/res/shares/nope.preload.jpeg"), 404, "vod_model_not_found")
	wantRefusal(t, get(s, "/2/vod/res/shares/"+share+".gif"), 404, "vod_model_not_found")
}

func TestCatalogue_SharePages(t *testing.T) {
	var shares []Share
	for i := range 32 {
		shares = append(shares, Share{ID: fmt.Sprintf("1jhvl2uqc%04d", i), Title: "x"})
	}
	s := New(Options{APIToken: apiToken, Catalogue: Catalogue{Channels: []Channel{{ID: 5, Shares: shares}}}})
	ask := func(query string) (p struct {
		Total, Page, Pages int
		ItemsPerPage       int `json:"items_per_page"`
		Data               []shareJSON
	}) {
		decode(t, getAPI(s, "/1/vod/channel/5/share"+query).Body, &p)
		return p
	}
	if p := ask(""); p.Total != 32 || p.Page != 1 || p.Pages != 3 || p.ItemsPerPage != 15 || len(p.Data) != 15 {
		t.Errorf("first page %+v", p)
	}
	if p := ask("?page=3"); len(p.Data) != 2 || p.Data[1].ID != shares[31].ID || p.Data[0].TargetID == "" {
		t.Errorf("last page %+v", p)
	}
	if p := ask("?page=4"); len(p.Data) != 0 || p.Data == nil {
		t.Errorf("page behind the last %+v", p)
	}
	if p := ask("?per_page=500"); len(p.Data) != 32 || p.Pages != 1 {
		t.Errorf("one big page %+v", p)
	}
	for _, query := range []string{"?page=0", "?page=x", "?per_page=-1", "?per_page=99999999", "?limit=5"} {
		wantRefusal(t, getAPI(s, "/1/vod/channel/5/share"+query), 422, "validation_failed")
	}
}

func TestNowPlaying_ChangesWithTheClock(t *testing.T) {
	s, c := newTest(t)
	ask := func(name string) (p struct{ Data []playedJSON }) {
		decode(t, get(s, "/api/radio/"+name+"/metadata").Body, &p)
		return p
	}
	first := ask("radiolumiere").Data
	newest := first[len(first)-1]
	if len(first) != historyLength || newest.Date > c.now().Unix() || newest.Date <= first[0].Date {
		t.Fatalf("history %+v", first)
	}
	if byID := ask("9101").Data; byID[0] != first[0] {
		t.Error("id and subdomain tell different titles")
	}
	if studio := ask("studioouvert").Data; studio[4].Title == newest.Title {
		t.Error("two stations play the same title")
	}
	c.advance(songLength)
	if next := ask("radiolumiere").Data; next[4].Title == newest.Title || next[3] != newest {
		t.Errorf("three minutes later %+v", next)
	}
	wantRefusal(t, get(s, "/api/radio/nope/metadata"), 404, "object_not_found")
}

func TestIndex_ListsWithoutTheToken(t *testing.T) {
	s, _ := newTest(t)
	body := get(s, "/").Body.String()
	for ref, th := range s.things {
		if !strings.Contains(body, ref) || !strings.Contains(body, `href="`+th.address()+`"`) {
			t.Errorf("%s is not listed", ref)
		}
	}
	if strings.Contains(body, apiToken) {
		t.Error("the API token is shown")
	}
}

func TestNew_Defaults(t *testing.T) {
	s := New(Options{})
	if got := s.options.Now(); time.Since(got) > time.Minute {
		t.Errorf("clock says %v", got)
	}
	if err := s.SetProtected("nope", true); err == nil {
		t.Error("an unknown thing can be protected")
	}
	if err := s.SetMode("nope"); err == nil {
		t.Error("an unknown mode can be set")
	}
}
