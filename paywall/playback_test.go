package paywall_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"usher/paywall"
)

// minter answers as it is told and notes what it was asked.
type minter struct {
	clock paywall.Clock
	mu    sync.Mutex
	asked []asked
	// fail holds the answers of the next calls; nil, and none, is success.
	fail []error
	// hang makes each call wait for the end of its context.
	hang bool
}

type asked struct {
	Ticket paywall.Ticket
	Source paywall.Source
	Window time.Duration
}

func (m *minter) Mint(ctx context.Context, ticket paywall.Ticket, s paywall.Source, window time.Duration) (paywall.Playable, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked = append(m.asked, asked{ticket, s, window})
	if m.hang {
		<-ctx.Done()
		return paywall.Playable{}, ctx.Err()
	}
	if len(m.fail) > 0 {
		err := m.fail[0]
		m.fail = m.fail[1:]
		if err != nil {
			return paywall.Playable{}, err
		}
	}
	url := fmt.Sprintf("%s?token=%d", s.URL, len(m.asked))
	return paywall.Playable{URL: url, ExpiresAt: m.clock().Add(window)}, nil
}

func (m *minter) calls() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.asked)
}

// stage is a site with everything that playback needs.
type stage struct {
	*site
	*paywall.Playback
	minter *minter
	line   *paywall.Line
}

// newStage makes one on a movable clock. limit is the number of calls a minute.
func newStage(t testing.TB, limit int) *stage {
	t.Helper()
	s := newSite(t)
	return stageWith(s.DB, s, s.clock.Now, limit)
}

// stageWith makes one with a store and a clock of the test's choice.
func stageWith(db paywall.Store, s *site, now paywall.Clock, limit int) *stage {
	m := &minter{clock: now}
	line := paywall.NewLine(paywall.NewBudget(db, limit, now), now)
	return &stage{site: s, Playback: paywall.NewPlayback(db, m, line, now), minter: m, line: line}
}

// play looks and starts, as a page does.
func (s *stage) play(t testing.TB, viewer paywall.Viewer, slug string) (paywall.Performance, error) {
	t.Helper()
	return s.Start(t.Context(), viewer, get(s.Look(t.Context(), viewer, slug))(t), "")
}

func (s *stage) member(t testing.TB, name string) paywall.Viewer {
	t.Helper()
	return paywall.Viewer{User: s.addUser(t, name), SessionID: "session of " + name, Network: "192.0.2.0/24"}
}

func guest(network string) paywall.Viewer { return paywall.Viewer{Network: network} }

func TestPlayback_Look(t *testing.T) {
	s := newStage(t, 10)
	ada := s.member(t, "ada")
	collection := paywall.Collection{ID: paywall.NewID(), Title: "Tapes", CreatedAt: opening}
	must(t, s.CreateCollection(t.Context(), collection))
	radio := s.addItem(t, "radio", open)
	concert := s.addItem(t, "concert", func(i *paywall.Item) { i.CollectionID = collection.ID })
	g := s.addGrant(t, ada.User.ID, scope(paywall.ScopeCollection, collection.ID), until(60))
	for name, test := range map[string]struct {
		viewer paywall.Viewer
		item   paywall.Item
		reason paywall.Reason
		grant  paywall.Grant
	}{
		"an open item":             {guest("x"), radio, paywall.ReasonOpen, paywall.Grant{}},
		"a locked item, nobody":    {guest("x"), concert, paywall.ReasonSignedOut, paywall.Grant{}},
		"a locked item, a grant":   {ada, concert, paywall.ReasonGrant, g},
		"a locked item, no grant":  {s.member(t, "bob"), concert, paywall.ReasonNoGrant, paywall.Grant{}},
		"an open item, with grant": {ada, radio, paywall.ReasonOpen, paywall.Grant{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := get(s.Look(t.Context(), test.viewer, test.item.Slug))(t)
			if got.Item.ID != test.item.ID || len(got.Item.Sources) != len(test.item.Sources) {
				t.Errorf("item %+v, want %+v", got.Item, test.item)
			}
			if got.Decision.Grant.ID != test.grant.ID {
				t.Errorf("grant %+v, want %+v", got.Decision.Grant, test.grant)
			}
			if got.Decision.Reason != test.reason {
				t.Errorf("reason %s, want %s", got.Decision.Reason, test.reason)
			}
			wantSame(t, got.Source, paywall.Source{})
			wantSame(t, got.Playable, paywall.Playable{})
		})
	}
	if s.minter.calls() != 0 {
		t.Error("looking asked for a token")
	}
}

// TestPlayback_Draft: a draft and an unknown slug cannot be told apart, except
// by the owner.
func TestPlayback_Draft(t *testing.T) {
	s := newStage(t, 10)
	boss := paywall.Viewer{User: s.addUser(t, "boss", owner), SessionID: "session of boss"}
	s.addItem(t, "draft", draft, open)
	for _, viewer := range []paywall.Viewer{guest("x"), s.member(t, "ada")} {
		hidden, errHidden := s.Look(t.Context(), viewer, "draft")
		unknown, errUnknown := s.Look(t.Context(), viewer, "unknown")
		if errHidden != errUnknown || errHidden != error(paywall.ErrNotFound) {
			t.Errorf("a draft says %v, an unknown slug %v", errHidden, errUnknown)
		}
		wantSame(t, hidden, unknown)
	}
	perf := get(s.play(t, boss, "draft"))(t)
	if perf.Decision.Reason != paywall.ReasonOwner || perf.Playable.URL == "" {
		t.Errorf("the owner gets %+v", perf.Decision)
	}
}

// TestPlayback_Refused: without a positive decision the supplier is not called,
// and no byte of a source or address comes out.
func TestPlayback_Refused(t *testing.T) {
	s := newStage(t, 10)
	ada := s.member(t, "ada")
	for name, test := range map[string]struct {
		viewer paywall.Viewer
		change func(i *paywall.Item)
	}{
		"signed out":   {guest("x"), func(*paywall.Item) {}},
		"no grant":     {ada, func(*paywall.Item) {}},
		"closed":       {guest("x"), func(i *paywall.Item) { i.Access, i.ClosesAt = paywall.AccessOpen, opening }},
		"not yet open": {guest("x"), func(i *paywall.Item) { i.Access, i.OpensAt = paywall.AccessOpen, at(1) }},
	} {
		t.Run(name, func(t *testing.T) {
			item := s.addItem(t, "item-"+paywall.NewID(), test.change)
			perf, err := s.play(t, test.viewer, item.Slug)
			wantErr(t, err, paywall.ErrNotFound)
			wantSame(t, perf.Source, paywall.Source{})
			wantSame(t, perf.Playable, paywall.Playable{})
		})
	}
	zero, err := s.Start(t.Context(), ada, paywall.Performance{}, "")
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, zero, paywall.Performance{})
	if s.minter.calls() != 0 {
		t.Errorf("the supplier was called %d times", s.minter.calls())
	}
}

// TestPlayback_Sources: the first source unless another is chosen.
func TestPlayback_Sources(t *testing.T) {
	s := newStage(t, 10)
	item := s.addItem(t, "radio", open, func(i *paywall.Item) {
		low := i.Sources[0]
		low.ID, low.Ref, low.Position = paywall.NewID(), "radio-64.mp3", 1
		i.Sources = append(i.Sources, low)
	})
	other := s.addItem(t, "other", open)
	perf := get(s.Look(t.Context(), guest("x"), "radio"))(t)
	for name, test := range map[string]struct {
		id   string
		want paywall.Source
	}{
		"the first by default": {"", item.Sources[0]},
		"the first by its id":  {item.Sources[0].ID, item.Sources[0]},
		"the second":           {item.Sources[1].ID, item.Sources[1]},
		"one that is gone":     {"unknown", item.Sources[0]},
		"another item's":       {other.Sources[0].ID, item.Sources[0]},
	} {
		t.Run(name, func(t *testing.T) {
			got := get(s.Start(t.Context(), guest("x"), perf, test.id))(t)
			wantSame(t, got.Source, test.want)
			last := s.minter.asked[len(s.minter.asked)-1]
			wantSame(t, last.Source, test.want)
			if !last.Ticket.Opens(test.want) || last.Ticket.Opens(other.Sources[0]) {
				t.Error("the ticket is not for this source")
			}
		})
	}
}

func TestPlayback_NoSource(t *testing.T) {
	s := newStage(t, 10)
	s.addItem(t, "radio", open, func(i *paywall.Item) { i.Sources = nil })
	_, err := s.play(t, guest("x"), "radio")
	wantErr(t, err, paywall.ErrNotFound)
}

// TestPlayback_Window: a token lives no longer than the right, but long enough
// to start a player.
func TestPlayback_Window(t *testing.T) {
	for name, test := range map[string]struct {
		window, right time.Duration // right 0: for ever
		want          time.Duration
	}{
		"the source's window":    {90 * time.Minute, 0, 90 * time.Minute},
		"the default window":     {0, 0, time.Hour},
		"the right lasts longer": {time.Hour, 2 * time.Hour, time.Hour},
		"the right ends first":   {time.Hour, 10 * time.Minute, 10 * time.Minute},
		"the right ends at once": {time.Hour, time.Second, paywall.MinWindow},
		"just the shortest":      {time.Hour, paywall.MinWindow, paywall.MinWindow},
		"whole seconds":          {time.Hour, 10*time.Minute + 300*time.Millisecond, 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, 10)
			ada := s.member(t, "ada")
			s.addItem(t, "radio", func(i *paywall.Item) { i.Sources[0].Window = test.window })
			s.addGrant(t, ada.User.ID, func(g *paywall.Grant) {
				if test.right > 0 {
					g.Until = opening.Add(test.right)
				}
			})
			perf := get(s.play(t, ada, "radio"))(t)
			if got := s.minter.asked[0].Window; got != test.want {
				t.Errorf("asked for %v, want %v", got, test.want)
			}
			wantSame(t, perf.Playable, paywall.Playable{
				URL: perf.Source.URL + "?token=1", ExpiresAt: opening.Add(test.want),
			})
		})
	}
}
