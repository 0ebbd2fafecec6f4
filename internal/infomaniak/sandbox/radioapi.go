package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// hashKey stands where the real service answers a secret of the stream. A client must not keep it.
const hashKey = "sandbox-hash-key-do-not-store"

// radioJSON, stationJSON, streamJSON and hlsJSON have the fields of the OpenAPI file that matter to
// a paywall. Relations are there only when the call asks for them.
type radioJSON struct {
	ID        int           `json:"id"`
	AccountID int           `json:"account_id"`
	Name      string        `json:"customer_name"`
	Stations  []stationJSON `json:"stations,omitempty"`
}

type stationJSON struct {
	ID        int          `json:"id"`
	UUID      string       `json:"uuid"`
	Name      string       `json:"name"`
	Subdomain string       `json:"subdomain"`
	Thumbnail *string      `json:"thumbnail"`
	IsEnabled bool         `json:"is_enabled"`
	Listeners int          `json:"listeners"`
	LogLogin  string       `json:"log_login"` // a secret of the real service
	Streams   []streamJSON `json:"streams,omitempty"`
	HLSStream *hlsJSON     `json:"hls_stream,omitempty"`
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

// showRadios serves GET /2/radios?account_id=.
func (s *Sandbox) showRadios(r *http.Request) (any, error) {
	if err := s.checkAccount(r); err != nil {
		return nil, err
	}
	with, err := relations(r, "pack", "listeners", "stations", "stations.streams", "stations.streams.is_up", "stations.hls_stream")
	if err != nil {
		return nil, err
	}
	out := []radioJSON{}
	for _, p := range s.products {
		one := radioJSON{ID: p.id, AccountID: s.account, Name: p.name}
		if with["stations"] {
			one.Stations = stationsJSON(r, p, with["stations.streams"], with["stations.hls_stream"])
		}
		out = append(out, one)
	}
	return paged(r, out)
}

// showStations serves GET /2/radios/{radio}/stations.
func (s *Sandbox) showStations(r *http.Request) (any, error) {
	with, err := relations(r, "listeners", "streams", "streams.is_up", "hls_stream")
	if err != nil {
		return nil, err
	}
	p := s.product(r)
	if p == nil {
		return nil, radioNotFound
	}
	return paged(r, stationsJSON(r, p, with["streams"], with["hls_stream"]))
}

// showStreams serves GET /2/radios/{radio}/stations/{station}/streams.
func (s *Sandbox) showStreams(r *http.Request) (any, error) {
	st := s.station(r)
	if st == nil {
		return nil, radioNotFound
	}
	return paged(r, streamsJSON(r, st))
}

// showHLSStream serves GET /2/radios/{radio}/stations/{station}/hls_stream.
func (s *Sandbox) showHLSStream(r *http.Request) (any, error) {
	st := s.station(r)
	if st == nil || st.hls == nil {
		return nil, radioNotFound
	}
	return toHLS(r, st), nil
}

// putStream serves PUT /2/radios/{radio}/stations/{station}/streams/{stream}.
func (s *Sandbox) putStream(r *http.Request) (any, error) {
	st := s.station(r)
	if st == nil {
		return nil, radioNotFound
	}
	one := first(st.streams, func(m *stream) bool { return strconv.Itoa(m.id) == r.PathValue("stream") })
	if one == nil {
		return nil, radioNotFound
	}
	return s.putRestriction(r, one)
}

// putHLSStream serves PUT /2/radios/{radio}/stations/{station}/hls_stream.
func (s *Sandbox) putHLSStream(r *http.Request) (any, error) {
	st := s.station(r)
	if st == nil || st.hls == nil {
		return nil, radioNotFound
	}
	return s.putRestriction(r, st.hls)
}

// putRestriction reads the only field that this stand-in changes.
func (s *Sandbox) putRestriction(r *http.Request, one *stream) (any, error) {
	var in struct {
		IsHashRestriction *bool `json:"is_hash_restriction"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, invalid(invalidField("is_hash_restriction", "boolean", "The body is not a valid JSON object"))
	}
	if in.IsHashRestriction != nil {
		s.turn(one.restrict, *in.IsHashRestriction)
	}
	return true, nil
}

// product is the radio product that the path names; nil for none.
func (s *Sandbox) product(r *http.Request) *product {
	return first(s.products, func(p *product) bool { return strconv.Itoa(p.id) == r.PathValue("radio") })
}

// station is the station that the path names; nil for none.
func (s *Sandbox) station(r *http.Request) *station {
	p := s.product(r)
	if p == nil {
		return nil
	}
	return first(p.stations, func(st *station) bool { return strconv.Itoa(st.ID) == r.PathValue("station") })
}

func stationsJSON(r *http.Request, p *product, withStreams, withHLS bool) []stationJSON {
	out := []stationJSON{}
	for _, st := range p.stations {
		one := stationJSON{
			ID: st.ID, UUID: derivedID("station", st.Name), Name: st.Name, Subdomain: st.Subdomain,
			IsEnabled: true, LogLogin: hashKey,
		}
		if withStreams {
			one.Streams = streamsJSON(r, st)
		}
		if withHLS && st.hls != nil {
			one.HLSStream = toHLS(r, st)
		}
		out = append(out, one)
	}
	return out
}

func streamsJSON(r *http.Request, st *station) []streamJSON {
	out := []streamJSON{}
	for _, m := range st.streams {
		out = append(out, streamJSON{
			ID: m.id, UUID: derivedID("stream", m.ref), Mountpoint: "/" + m.ref,
			Codec: codecNumber(m.mount.Codec), Bitrate: m.mount.Bitrate, URL: r.Host + "/ice/" + m.ref,
			HashKey: hashKey, IsHashRestriction: m.restrict.on, IsUp: true, IsEnabled: true,
		})
	}
	return out
}

func toHLS(r *http.Request, st *station) *hlsJSON {
	return &hlsJSON{
		Name: st.HLS, URL: r.Host + "/hls/" + st.HLS + "/" + masterFile, Bitrates: []int{64},
		BufferSize: int(liveSegments * segmentSpan().Seconds()), HashKey: hashKey,
		IsHashRestriction: st.hls.restrict.on, Domains: []string{}, IsUp: true,
	}
}

// codecNumber is ours: the OpenAPI file says that the field is a number, not what it means.
func codecNumber(c Codec) int {
	if c == AAC {
		return 2
	}
	return 1
}
