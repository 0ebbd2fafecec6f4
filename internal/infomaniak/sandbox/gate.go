package sandbox

import "net/http"

// open says whether the request may have the thing: it is not protected, or the token is good.
func (s *Sandbox) open(t thing, r *http.Request) bool {
	return !s.isProtected(t.ref) || s.signer.valid(t, rawToken(r))
}

// refuseMedia answers 403 and counts it. The status of a refused radio stream is documented
// nowhere; for VOD it is (FAQ 1366).
func (s *Sandbox) refuseMedia(w http.ResponseWriter) {
	s.count(func(c *Calls) { c.StreamsRefused++ })
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "403 Forbidden", http.StatusForbidden)
}

// allowAnyOrigin lets scripts of other sites read the answer, as players that fetch media need.
func allowAnyOrigin(w http.ResponseWriter) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
}
