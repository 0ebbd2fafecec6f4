package paywall

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
)

// Front is what the site shows of itself on every page: its look and its own
// words. It is kept in memory: pages ask for it at each view. A change holds at
// once on the node that made it, and on others when they next call Refresh.
type Front struct {
	store    Store
	clock    Clock
	defaults Look
	mu       sync.Mutex // of loading
	current  atomic.Pointer[Shown]
}

// Shown is the front as it is now. It never changes; a new one takes its place.
type Shown struct {
	Look
	Terms Terms
	// Logo is the site's own, or empty.
	Logo     Logo
	texts    map[TextPlace]map[string]string
	revision string
}

// NewFront makes the service. defaults hold until an owner sets something else;
// their languages are those that the program knows.
func NewFront(store Store, clock Clock, defaults Look) *Front {
	f := &Front{store: store, clock: clock, defaults: defaults}
	f.current.Store(&Shown{Look: defaults})
	return f
}

// Now is what the site shows. It costs nothing.
func (f *Front) Now() *Shown { return f.current.Load() }

// Name is the site's name.
func (f *Front) Name() string { return f.Now().Name }

// Refresh reads again what was changed, by another node too. It is one small
// query when nothing was.
func (f *Front) Refresh(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	values, err := f.store.SettingValues(ctx)
	if err != nil {
		return err
	}
	if old := f.Now(); old.revision != "" && old.revision == revisionIn(values) {
		return nil
	}
	return f.load(ctx, values)
}

// revisionIn names the last change that is stored.
func revisionIn(values map[string]string) string { return cmp.Or(values[settingFront], "none") }

func (f *Front) load(ctx context.Context, values map[string]string) error {
	shown := &Shown{Look: f.defaults.over(values), texts: map[TextPlace]map[string]string{}, Logo: logoIn(values), revision: revisionIn(values)}
	all, err := f.store.SiteTexts(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		shown.add(t)
	}
	if shown.Terms, err = termsOf(ctx, f.store, shown.Language); err != nil {
		return err
	}
	f.current.Store(shown)
	return nil
}

func (s *Shown) add(t Text) {
	if t.Body == "" {
		return
	}
	if s.texts[t.Place] == nil {
		s.texts[t.Place] = map[string]string{}
	}
	s.texts[t.Place][t.Language] = t.Body
}

// Text gives the words of a place in a language, or in the site's own where they
// are missing, or in any that is offered. The language that they are in comes
// with them; an empty text means that there are none.
func (s *Shown) Text(place TextPlace, language string) (body, written string) {
	bodies := s.bodies(place)
	for _, tag := range []string{language, s.Language} {
		if bodies[tag] != "" {
			return bodies[tag], tag
		}
	}
	for _, tag := range s.Languages {
		if bodies[tag] != "" {
			return bodies[tag], tag
		}
	}
	return "", ""
}

// bodies are the words of a place by language.
func (s *Shown) bodies(place TextPlace) map[string]string {
	if place == PlaceTerms {
		return s.Terms.Bodies
	}
	return s.texts[place]
}

// Written tells in which of the offered languages a place has words.
func (s *Shown) Written(place TextPlace) []string {
	bodies := s.bodies(place)
	return slices.DeleteFunc(slices.Clone(s.Languages), func(tag string) bool { return bodies[tag] == "" })
}

// change does something that the front shows, marks that it was done, and shows
// it. The mark is made new each time: of a count, two changes at once would make
// one number.
func (f *Front) change(ctx context.Context, work func(tx Store) error) error {
	err := f.store.InTx(ctx, func(tx Store) error {
		if err := work(tx); err != nil {
			return err
		}
		return f.mark(ctx, tx)
	})
	if err == nil {
		f.showChange(ctx)
	}
	return err
}

// mark tells other nodes, in the transaction of a change, that there is one.
func (f *Front) mark(ctx context.Context, tx Store) error {
	return tx.PutSetting(ctx, settingFront, NewID(), f.clock())
}

// showChange shows on this node what was stored.
func (f *Front) showChange(ctx context.Context) {
	if err := f.Refresh(ctx); err != nil {
		slog.Warn("a change of the site's look is stored and shows later", "error", err)
	}
}
