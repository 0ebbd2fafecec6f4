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

	s.catalogueRoutes(api)
	api("/api/radio/{name}/metadata", readOnly(s.showNowPlaying))
	api("/", func(w http.ResponseWriter, _ *http.Request) { writeRefusal(w, routeNotFound) })

	media("/ice/{ref}", s.serveStream)
	media("/hls/{ref}/{file}", s.serveHLS)
	media("/embed/{share}", s.serveEmbed)
	media("/res/embed/{file}", s.serveEmbedFile)
	media("/clip/{file}", s.serveClip)
	media("/1/vod/thumbnail/{file}", s.servePoster)
	media("/{$}", s.serveIndex)

	s.mux.HandleFunc("/_sandbox/", http.NotFound) // wrong method or name: never the moody answer
	s.mux.HandleFunc("GET /_sandbox/calls", s.controlCalls)
	s.mux.HandleFunc("POST /_sandbox/mode", s.controlMode)
	s.mux.HandleFunc("POST /_sandbox/protection", s.controlProtection)
	s.mux.HandleFunc("POST /_sandbox/spread", s.controlSpread)
	s.mux.HandleFunc("POST /_sandbox/token", s.controlToken)
}

// catalogueRoutes are what an owner's programs ask: accounts, radio products, VOD channels.
func (s *Sandbox) catalogueRoutes(api func(string, http.HandlerFunc)) {
	api("/2/profile", s.lookup(userFamily, s.showProfile))
	api("/1/accounts", s.lookup(accountFamily, s.showAccounts))
	api("/1/products", s.lookup(accountFamily, s.showProducts))

	api("/2/radios", s.lookup(radioFamily, s.showRadios))
	api("/2/radios/{radio}/stations", s.lookup(radioFamily, s.showStations))
	api("/2/radios/{radio}/stations/{station}/streams", s.lookup(radioFamily, s.showStreams))
	api("/2/radios/{radio}/stations/{station}/streams/{stream}", s.change(http.MethodPut, radioFamily, s.putStream))
	api("/2/radios/{radio}/stations/{station}/hls_stream", either(map[string]http.HandlerFunc{
		http.MethodGet: s.lookup(radioFamily, s.showHLSStream),
		http.MethodPut: s.change(http.MethodPut, radioFamily, s.putHLSStream),
	}))

	api("/2/vod/accounts/{account}/channels", s.lookup(vodFamily, s.showAccountChannels))
	api("/1/vod/channel", s.lookup(vodFamily, s.showChannels))
	api("/1/vod/channel/{channel}", s.lookup(vodFamily, s.showChannel))
	api("/1/vod/channel/{channel}/media", s.lookup(vodFamily, s.showMediaList))
	api("/1/vod/channel/{channel}/media/{media}", s.lookup(vodFamily, s.showMedia))
	api("/1/vod/channel/{channel}/folder", s.lookup(vodFamily, s.showFolders))
	api("/1/vod/channel/{channel}/folder/root", s.lookup(vodFamily, s.showRootFolder))
	api("/1/vod/channel/{channel}/share", either(map[string]http.HandlerFunc{
		http.MethodGet:  s.lookup(vodFamily, s.showShares),
		http.MethodPost: s.change(http.MethodPost, vodFamily, s.postShare),
	}))
	api("/1/vod/channel/{channel}/share/{share}", s.lookup(vodFamily, s.showShare))
	api("/2/vod/folders/{folder}", either(map[string]http.HandlerFunc{
		http.MethodGet: s.lookup(vodFamily, s.showFolderRules),
		http.MethodPut: s.change(http.MethodPut, vodFamily, s.putFolderRules),
	}))
	api("/2/vod/res/shares/{file}", readOnly(s.showPublicShare))
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
