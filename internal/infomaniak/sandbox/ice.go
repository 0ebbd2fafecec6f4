package sandbox

import (
	"context"
	"net/http"
	"time"
)

// sendEvery is how often a running stream gets the frames that have become due.
const sendEvery = 200 * time.Millisecond

// serveStream serves GET /ice/{mountpoint}: an endless stream. The token is checked when the
// listener comes and never again, as FAQ 2792 says.
func (s *Sandbox) serveStream(w http.ResponseWriter, r *http.Request) {
	allowAnyOrigin(w)
	t, ok := s.find(kindMount, r.PathValue("ref"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	if !s.open(t, r) {
		s.refuseMedia(w)
		return
	}
	l := loopOf(t.mount)
	w.Header().Set("Content-Type", l.contentType)
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	s.play(w, r, l)
}

// play sends the loop at real-time speed until the listener leaves or the Sandbox closes. The
// pace follows the machine's own clock, so that sound flows also when Options.Now stands still.
func (s *Sandbox) play(w http.ResponseWriter, r *http.Request, l *loop) {
	rc := http.NewResponseController(w)
	_ = rc.SetWriteDeadline(time.Time{}) // a writer that knows no deadlines needs none lifted
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	stop := context.AfterFunc(s.closing, func() {
		cancel()
		_ = rc.SetWriteDeadline(time.Unix(1, 0)) // frees a write to a listener that does not read
	})
	defer stop()

	p, began := newPacer(l, s.options.Now()), time.Now()
	tick := time.NewTicker(sendEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if _, err := w.Write(p.next(time.Since(began))); err != nil {
			return
		}
		if err := rc.Flush(); err != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}
