package handlers

import (
	"hash/maphash"
	"log/slog"
	"math/bits"
	"net/http"
	"net/netip"
	"sync"

	"github.com/labstack/echo/v4"
)

const (
	// watched is how many page views are remembered.
	watched = 100
	// leastBrowsers is how many different ones make a crowd, and leastViews how
	// many views say something about where visitors come from.
	leastBrowsers = 5
	leastViews    = 20
)

// proxyWatch notices that visitors' addresses are not theirs, because a proxy in
// front is not trusted or does not tell them: limits then count everybody as one.
// It remembers the last page views in memory and nothing of them elsewhere.
type proxyWatch struct {
	trusted []netip.Prefix
	log     *slog.Logger
	seed    maphash.Seed

	mu                   sync.Mutex
	views                [watched]pageView
	seen                 int // in all
	toldProxy, toldAlone bool
}

// pageView is what is remembered of one.
type pageView struct {
	peer, from netip.Addr // who is connected, and who asks as far as we know
	browser    uint64
	// forwarded tells that a peer which is not trusted says whom it asks for.
	forwarded bool
}

func newProxyWatch(trusted []netip.Prefix, log *slog.Logger) *proxyWatch {
	return &proxyWatch{trusted: trusted, log: log, seed: maphash.MakeSeed()}
}

// watching feeds the watch with a page view.
func (h *Handlers) watching(c echo.Context) {
	if r := c.Request(); isPageView(r) {
		h.watch.note(r, c.RealIP())
	}
}

// note remembers a page view. It runs for each of them, so it does little.
func (w *proxyWatch) note(r *http.Request, realIP string) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return // no TCP connection: nothing to say
	}
	view := pageView{peer: peer.Addr().Unmap(), browser: w.browser(r.Header)}
	view.from, _ = netip.ParseAddr(realIP)
	view.forwarded = forwarded(r.Header) && !w.trusts(view.peer)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.views[w.seen%watched] = view
	w.seen++
	if w.seen%watched == 0 || view.forwarded && isInside(view.peer) {
		w.warn()
	}
}

// browser tells browsers apart, more or less.
func (w *proxyWatch) browser(header http.Header) uint64 {
	agent := maphash.String(w.seed, header.Get("User-Agent"))
	return agent ^ bits.RotateLeft64(maphash.String(w.seed, header.Get("Accept-Language")), 1)
}

// forwarded tells that a proxy says whom it asks for.
func forwarded(header http.Header) bool {
	return len(header["X-Forwarded-For"]) > 0 || len(header["Forwarded"]) > 0 || len(header["X-Real-Ip"]) > 0
}

func (w *proxyWatch) trusts(peer netip.Addr) bool {
	for _, network := range w.trusted {
		if network.Contains(peer) {
			return true
		}
	}
	return false
}

// isInside tells an address of this machine or its own network, from which no
// visitor comes with the headers of a proxy.
func isInside(peer netip.Addr) bool {
	return peer.IsLoopback() || peer.IsPrivate() || peer.IsLinkLocalUnicast()
}

// warn logs what was noticed, once. Addresses stay out of the log.
func (w *proxyWatch) warn() {
	if !w.toldProxy && w.findProxy().IsValid() {
		w.toldProxy = true
		w.log.Warn("visitors come through a proxy that is not trusted: limits count them as one; set USHER_TRUSTED_PROXIES")
	}
	if !w.toldAlone && w.allFromOne() {
		w.toldAlone = true
		w.log.Warn("all visitors seem to come from one address: limits count them as one; see USHER_TRUSTED_PROXIES")
	}
}

// proxy is the address of the proxy that is not trusted; empty when there seems
// to be none.
func (w *proxyWatch) proxy() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if found := w.findProxy(); found.IsValid() {
		return found.String()
	}
	return ""
}

// findProxy believes one view from inside. Anybody outside can send the headers
// of a proxy, and companies' own proxies do, so there it takes most of the views.
func (w *proxyWatch) findProxy() netip.Addr {
	views := w.views[:min(w.seen, watched)]
	counts := map[netip.Addr]int{}
	for _, view := range views {
		if !view.forwarded {
			continue
		}
		counts[view.peer]++
		if isInside(view.peer) || len(views) >= leastViews && 2*counts[view.peer] > len(views) {
			return view.peer
		}
	}
	return netip.Addr{}
}

// alone tells that many browsers seem to be at one address.
func (w *proxyWatch) alone() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.allFromOne()
}

func (w *proxyWatch) allFromOne() bool {
	if w.seen < watched {
		return false
	}
	browsers := map[uint64]bool{}
	for _, view := range w.views {
		if view.from != w.views[0].from {
			return false
		}
		browsers[view.browser] = true
	}
	return len(browsers) >= leastBrowsers
}
