// Package sandbox is a stand-in for Infomaniak that behaves like it over real HTTP.
//
// It issues tokens in both documented URL styles, and refuses media without a valid one: endless
// MP3 and AAC streams at real-time speed, a live HLS stream, and a VOD player page with a clip.
// Switches make its API slow, down, rate-limited or talking nonsense, so that a caller can be
// tried against every mood of a supplier. It is meant for demos and tests on loopback, never for
// production: the control calls under /_sandbox/ ask for no credential.
//
// The facts it imitates come from Infomaniak's FAQ 2792 (radio tokens) and FAQ 1366 (VOD keys),
// from its developer site, and from its OpenAPI files.
package sandbox

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// DefaultPerMinute is the number of API calls a minute that Infomaniak's getting-started page allows.
const DefaultPerMinute = 60

// Options say what the stand-in pretends to be.
type Options struct {
	// APIToken is the bearer token that may do everything. When it is empty and no other is set,
	// every API call is refused. SetToken adds others, and takes rights away.
	APIToken string
	// Catalogue is what there is to hear and see. When it is empty, DemoCatalogue is used.
	Catalogue Catalogue
	// Now is the clock of tokens, rate limit, live playlist and now-playing; time.Now when nil.
	Now func() time.Time
	// PerMinute is the number of API calls answered in any sliding minute in ModeRateLimit;
	// DefaultPerMinute when not positive.
	PerMinute int
}

// Sandbox is one stand-in with its own key, counters and switches. It is an http.Handler and safe
// for concurrent use.
type Sandbox struct {
	options  Options
	signer   signer
	mux      *http.ServeMux
	closing  context.Context
	shutDown context.CancelFunc

	mu sync.Mutex // guards what follows
	*holdings
	tokens []Token
	spread time.Duration // of a change through the API
	made   int           // shares
	calls  Calls
	round  int // rotates the answers of ModeDown and ModeGarbage
	log    callLog
}

// New makes a stand-in in ModeOK in which everything is protected that the catalogue does not leave
// open. It panics on a catalogue that contradicts itself.
func New(o Options) *Sandbox {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.PerMinute <= 0 {
		o.PerMinute = DefaultPerMinute
	}
	if len(o.Catalogue.Stations) == 0 && len(o.Catalogue.Channels) == 0 {
		o.Catalogue = DemoCatalogue()
	}
	s := &Sandbox{
		options:  o,
		signer:   newSigner(o.Now),
		mux:      http.NewServeMux(),
		holdings: newHoldings(o.Catalogue),
		calls:    Calls{ByItem: map[string]int{}, ByCall: map[string]int{}, Mode: ModeOK},
		log:      callLog{limit: o.PerMinute},
	}
	if o.APIToken != "" {
		s.tokens = []Token{{Value: o.APIToken, Scopes: scopes}}
	}
	s.closing, s.shutDown = context.WithCancel(context.Background())
	s.routes()
	return s
}

// ServeHTTP answers API, media and control calls.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.options.Now().UTC().Format(http.TimeFormat))
	s.mux.ServeHTTP(w, r)
}

// Close ends running streams and waiting calls, so that a server can shut down. Later calls for
// endless streams end at once.
func (s *Sandbox) Close() {
	s.shutDown()
}
