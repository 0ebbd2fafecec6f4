package sandbox

import "net/http"

// routes is everything the stand-in answers.
func (s *Sandbox) routes() {
	api := func(pattern string, h http.HandlerFunc) { s.mux.HandleFunc(pattern, s.moody(h)) }
	media := func(pattern string, h http.HandlerFunc) { s.mux.HandleFunc(pattern, readOnly(h)) }

	api("/1/radios/acl/streams/{ref}/token", s.mintRadio(kindMount))
	api("/1/radios/acl/hls_streams/{ref}/token", s.mintRadio(kindHLS))
	api("/1/vod/channel/{channel}/share/{share}/token", s.mintVOD())
	api("/api/pub/v1/channel/{channel}/share/{share}/token", s.mintVOD())

	api("/2/profile", s.lookup(radioFamily, s.showProfile))
	api("/2/radios", s.lookup(radioFamily, s.showRadios))
	api("/2/radios/{radio}/stations", s.lookup(radioFamily, s.showStations))
	api("/2/radios/{radio}/stations/{station}/streams", s.lookup(radioFamily, s.showStreams))
	api("/2/radios/{radio}/stations/{station}/hls_stream", s.lookup(radioFamily, s.showHLSStream))
	api("/1/vod/channel/{channel}", s.lookup(vodFamily, s.showChannel))
	api("/1/vod/channel/{channel}/media", s.lookup(vodFamily, s.showMedia))
	api("/1/vod/channel/{channel}/folder", s.lookup(vodFamily, s.showFolders))
	api("/1/vod/channel/{channel}/share", s.lookup(vodFamily, s.showShares))
	api("/2/vod/res/shares/{file}", readOnly(s.showPublicShare))
	api("/api/radio/{name}/metadata", readOnly(s.showNowPlaying))
	api("/", func(w http.ResponseWriter, _ *http.Request) { writeRefusal(w, routeNotFound) })

	media("/ice/{ref}", s.serveStream)
	media("/hls/{ref}/{file}", s.serveHLS)
	media("/embed/{share}", s.serveEmbed)
	media("/res/embed/{file}", s.serveEmbedFile)
	media("/clip/{file}", s.serveClip)
	media("/{$}", s.serveIndex)

	s.mux.HandleFunc("/_sandbox/", http.NotFound) // wrong method or name: never the moody answer
	s.mux.HandleFunc("GET /_sandbox/calls", s.controlCalls)
	s.mux.HandleFunc("POST /_sandbox/mode", s.controlMode)
	s.mux.HandleFunc("POST /_sandbox/protection", s.controlProtection)
}

// readOnly lets GET and HEAD pass.
func readOnly(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			writeRefusal(w, wrongMethod)
			return
		}
		next(w, r)
	}
}
