package sandbox

import (
	"net/http"
	"strconv"
)

// hashKey stands where the real service answers a secret of the stream. A client must not keep it.
const hashKey = "sandbox-hash-key-do-not-store"

// radioJSON, stationJSON, streamJSON and hlsJSON have the fields of the OpenAPI file that matter
// to a player page; relations are always included.
type radioJSON struct {
	ID        int           `json:"id"`
	AccountID int           `json:"account_id"`
	Name      string        `json:"customer_name"`
	Stations  []stationJSON `json:"stations"`
}

type stationJSON struct {
	ID        int          `json:"id"`
	UUID      string       `json:"uuid"`
	Name      string       `json:"name"`
	Subdomain string       `json:"subdomain"`
	Thumbnail *string      `json:"thumbnail"`
	IsEnabled bool         `json:"is_enabled"`
	Listeners int          `json:"listeners"`
	Streams   []streamJSON `json:"streams"`
	HLSStream *hlsJSON     `json:"hls_stream"`
}

type streamJSON struct {
	ID                int    `json:"id"`
	UUID              string `json:"uuid"`
	Mountpoint        string `json:"mountpoint"` // with a leading slash, unlike in the token API
	Codec             int    `json:"codec"`
	Bitrate           int    `json:"bitrate"`
	URL               string `json:"url"` // without scheme
	HashKey           string `json:"hash_key"`
	IsHashRestriction bool   `json:"is_hash_restriction"`
	IsUp              bool   `json:"is_up"`
	IsEnabled         bool   `json:"is_enabled"`
	IsFallback        bool   `json:"is_fallback"`
}

type hlsJSON struct {
	Name              string   `json:"name"`
	URL               string   `json:"url"` // without scheme
	Bitrates          []int    `json:"bitrates"`
	BufferSize        int      `json:"buffer_size"` // seconds
	HashKey           string   `json:"hash_key"`
	IsHashRestriction bool     `json:"is_hash_restriction"`
	Domains           []string `json:"domains"`
	IsUp              bool     `json:"is_up"`
}

// showProfile serves GET /2/profile, the cheapest test of a token.
func (s *Sandbox) showProfile(*http.Request) (any, error) {
	return map[string]any{
		"id": s.options.Catalogue.Account, "display_name": "Sandbox", "email": "sandbox@example.com",
		"current_account_id": s.options.Catalogue.Account,
	}, nil
}

// showRadios serves GET /2/radios?account_id=.
func (s *Sandbox) showRadios(r *http.Request) (any, error) {
	c := s.options.Catalogue
	account := r.URL.Query().Get("account_id")
	if account == "" {
		return nil, invalid(invalidField("account_id", "required", "The account id field is required"))
	}
	if account != strconv.Itoa(c.Account) {
		return nil, notYours
	}
	return []radioJSON{{ID: c.Radio, AccountID: c.Account, Name: "Radio", Stations: s.stations(r)}}, nil
}

// showStations serves GET /2/radios/{radio}/stations.
func (s *Sandbox) showStations(r *http.Request) (any, error) {
	if !s.isRadio(r) {
		return nil, radioNotFound
	}
	return s.stations(r), nil
}

// showStreams serves GET /2/radios/{radio}/stations/{station}/streams.
func (s *Sandbox) showStreams(r *http.Request) (any, error) {
	st, ok := s.station(r)
	if !ok {
		return nil, radioNotFound
	}
	return s.streams(r, st), nil
}

// showHLSStream serves GET /2/radios/{radio}/stations/{station}/hls_stream.
func (s *Sandbox) showHLSStream(r *http.Request) (any, error) {
	st, ok := s.station(r)
	if !ok || st.HLS == "" {
		return nil, radioNotFound
	}
	return s.hlsStream(r, st), nil
}

func (s *Sandbox) isRadio(r *http.Request) bool {
	return r.PathValue("radio") == strconv.Itoa(s.options.Catalogue.Radio)
}

// station is the station that the path names.
func (s *Sandbox) station(r *http.Request) (Station, bool) {
	for _, st := range s.options.Catalogue.Stations {
		if s.isRadio(r) && strconv.Itoa(st.ID) == r.PathValue("station") {
			return st, true
		}
	}
	return Station{}, false
}

func (s *Sandbox) stations(r *http.Request) []stationJSON {
	out := []stationJSON{}
	for _, st := range s.options.Catalogue.Stations {
		out = append(out, stationJSON{
			ID: st.ID, UUID: derivedID("station", st.Name), Name: st.Name, Subdomain: st.Subdomain,
			IsEnabled: true, Streams: s.streams(r, st), HLSStream: s.hlsStream(r, st),
		})
	}
	return out
}

func (s *Sandbox) streams(r *http.Request, st Station) []streamJSON {
	out := []streamJSON{}
	for i, m := range st.Mountpoints {
		out = append(out, streamJSON{
			ID: st.ID*10 + i, UUID: derivedID("stream", m.File), Mountpoint: "/" + m.File,
			Codec: codecNumber(m.Codec), Bitrate: m.Bitrate, URL: r.Host + "/ice/" + m.File,
			HashKey: hashKey, IsHashRestriction: s.isProtected(m.File), IsUp: true, IsEnabled: true,
		})
	}
	return out
}

// hlsStream is nil for a station without HLS.
func (s *Sandbox) hlsStream(r *http.Request, st Station) *hlsJSON {
	if st.HLS == "" {
		return nil
	}
	return &hlsJSON{
		Name: st.HLS, URL: r.Host + "/hls/" + st.HLS + "/" + masterFile, Bitrates: []int{64},
		BufferSize: int(liveSegments * segmentSpan().Seconds()), HashKey: hashKey,
		IsHashRestriction: s.isProtected(st.HLS), Domains: []string{}, IsUp: true,
	}
}

// codecNumber is ours: the OpenAPI file says that the field is a number, not what it means.
func codecNumber(c Codec) int {
	if c == AAC {
		return 2
	}
	return 1
}
