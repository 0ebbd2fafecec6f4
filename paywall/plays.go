package paywall

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// flushEvery is how long news waits, so that many plays cost one transaction.
	flushEvery = 2 * time.Second
	// flushDeadline bounds one transaction, and flushSize its length: others want
	// to write too.
	flushDeadline = 5 * time.Second
	flushSize     = 200
	// maxWaiting bounds what waits while the database does not answer.
	maxWaiting = 10_000
)

// BeatEvery is how often a player reports that it plays, and ListeningFor how
// long after a report it counts as playing.
const (
	BeatEvery    = time.Minute
	ListeningFor = 150 * time.Second
)

// Plays counts what is played and refused. Nothing of it may hold a player up: a
// page leaves its news here and goes on, and a database that does not answer
// loses a count, never a play.
type Plays struct {
	store Store
	vault *Vault
	zone  func() *time.Location
	clock Clock

	writing sync.Mutex // one flush at a time, so that news stay in order
	mu      sync.Mutex
	news    map[string]slotNews // by slot
	counts  map[DayCount]int
	lost    int
}

// slotNews is what waits to be written about one slot.
type slotNews struct {
	start   *Play
	instead []string // slots that the play takes the place of
	beat    time.Time
	stopped bool
}

// mostInstead is more plays than a browser leaves behind between two flushes. Who
// reports more would make a transaction long that all others wait for.
const mostInstead = 8

func (n *slotNews) takePlaceOf(slots ...string) {
	for _, slot := range slots {
		if len(n.instead) < mostInstead && !slices.Contains(n.instead, slot) {
			n.instead = append(n.instead, slot)
		}
	}
}

// NewPlays makes the service. Days are those of the zone that the site has then.
func NewPlays(store Store, vault *Vault, zone func() *time.Location, clock Clock) *Plays {
	return &Plays{
		store: store, vault: vault, zone: zone, clock: clock,
		news: map[string]slotNews{}, counts: map[DayCount]int{},
	}
}

// Begin notes that a viewer was given a token, and answers the name under which
// the page's player reports. named is the name it has already; empty for a page
// that was loaded.
func (p *Plays) Begin(viewer Viewer, perf Performance, named string) (name string) {
	now, item := p.clock(), perf.Item
	name, slot := p.naming(viewer, item.Slug, named)
	window := perf.Source.TokenWindow()
	play := Play{
		ID: NewID(), Slot: slot, ItemID: item.ID, Kind: perf.Source.Kind, UserID: viewer.User.ID,
		Staff: viewer.May(RightStaff), Window: window, StartedAt: now, Until: now.Add(window),
	}
	p.note(slot, func(n *slotNews) { n.start = &play })
	return name
}

// Beat notes that the player of a viewer plays an item, or that it stopped. A name
// that this site did not give to this viewer is not heard. instead is the name in
// a page that was loaded again and goes on under the name before; else empty.
func (p *Plays) Beat(viewer Viewer, slug, name, instead string, stopped bool) {
	slot, ok := p.slotOf(viewer, slug, name)
	if !ok {
		return
	}
	now := p.clock()
	other, again := p.slotOf(viewer, slug, instead)
	p.note(slot, func(n *slotNews) {
		if again && other != slot {
			n.takePlaceOf(other)
			return // a page that was loaded plays nothing yet
		}
		n.beat, n.stopped = now, stopped
	})
}

// Refuse counts that a visitor met the paywall. Staff look at it without being
// visitors.
func (p *Plays) Refuse(viewer Viewer, perf Performance) {
	if viewer.May(RightStaff) {
		return
	}
	count := DayCount{CountRefusals, DayName(p.clock(), p.zone()), perf.Item.ID, perf.Decision.Reason}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.counts[count]; !known && p.full() {
		p.lost++
		return
	}
	p.counts[count]++
}

func (p *Plays) note(slot string, change func(*slotNews)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	news, known := p.news[slot]
	if !known && p.full() {
		p.lost++
		return
	}
	change(&news)
	p.news[slot] = news
}

func (p *Plays) full() bool { return len(p.news)+len(p.counts) >= maxWaiting }

var slotText = base32.StdEncoding.WithPadding(base32.NoPadding)

// slotSize is the length of a slot, that of an id.
const slotSize = 26

func (p *Plays) mark(place, text string) string {
	return strings.ToLower(slotText.EncodeToString(p.vault.Mark(place, text)))[:slotSize]
}

// naming gives a viewer's player its name for an item, and the slot behind it. A
// session has the same one after each reload. Who has none keeps a name that
// this site gave, or gets a new one: the site sets no cookie for visitors, and
// their network would take many of them for one.
func (p *Plays) naming(viewer Viewer, slug, named string) (name, slot string) {
	if viewer.SignedIn() {
		slot = p.mark("play", viewer.SessionID+" "+slug)
		return slot, slot
	}
	if slot, ok := p.slotOf(viewer, slug, named); ok {
		return named, slot
	}
	slot = NewID()
	return slot + p.mark("visitor's play", slot+" "+slug), slot
}

// slotOf is the slot behind a name, if this site gave it to the viewer for the
// item. Nobody can fill the queue with names of their own.
func (p *Plays) slotOf(viewer Viewer, slug, name string) (slot string, ok bool) {
	if viewer.SignedIn() {
		slot = p.mark("play", viewer.SessionID+" "+slug)
		return slot, same(name, slot)
	}
	if len(name) != 2*slotSize {
		return "", false
	}
	slot = name[:slotSize]
	return slot, same(name[slotSize:], p.mark("visitor's play", slot+" "+slug))
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Run writes the news now and then, and what is left when the context ends.
func (p *Plays) Run(ctx context.Context) {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.Flush(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushDeadline)
			defer cancel()
			p.Flush(last)
			if n := p.Waiting(); n > 0 {
				slog.Warn("plays not counted", "lost", n)
			}
			return
		}
	}
}

// Waiting is how much news is not written yet.
func (p *Plays) Waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.news) + len(p.counts)
}

// Flush writes what waits. What the database does not take waits for the next
// time, as far as there is room.
func (p *Plays) Flush(ctx context.Context) {
	p.writing.Lock()
	defer p.writing.Unlock()
	p.mu.Lock()
	news, counts, lost := p.news, p.counts, p.lost
	p.news, p.counts, p.lost = map[string]slotNews{}, map[DayCount]int{}, 0
	p.mu.Unlock()
	if lost > 0 {
		slog.WarnContext(ctx, "plays not counted", "lost", lost)
	}
	slots := slotsInOrder(news)
	for first := true; first || len(slots) > 0; first = false {
		part := slots[:min(flushSize, len(slots))]
		if len(part)+len(counts) == 0 {
			return
		}
		if err := p.write(ctx, part, news, counts); err != nil {
			slog.WarnContext(ctx, "plays wait for the database", "waiting", len(slots)+len(counts), "error", err)
			p.putBack(slots, news, counts)
			return
		}
		slots, counts = slots[len(part):], nil
	}
}

// slotsInOrder are the slots to write: always in the same order, so that two nodes do
// not wait for each other's rows in a circle, and what takes the place of another
// play after all that begin.
func slotsInOrder(news map[string]slotNews) []string {
	return slices.SortedFunc(maps.Keys(news), func(a, b string) int {
		return cmp.Or(cmp.Compare(min(len(news[a].instead), 1), min(len(news[b].instead), 1)), cmp.Compare(a, b))
	})
}

// putBack keeps what was not written. Newer news of a slot know more.
func (p *Plays) putBack(slots []string, news map[string]slotNews, counts map[DayCount]int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for count, amount := range counts {
		if p.full() {
			p.lost++
			continue
		}
		p.counts[count] += amount
	}
	for _, slot := range slots {
		newer, known := p.news[slot]
		if !known && p.full() {
			p.lost++
			continue
		}
		p.news[slot] = news[slot].followedBy(newer)
	}
}

func (n slotNews) followedBy(newer slotNews) slotNews {
	if n.start == nil {
		n.start = newer.start
	} else if newer.start != nil {
		n.start.Until = newer.start.Until
	}
	n.takePlaceOf(newer.instead...)
	if !newer.beat.IsZero() {
		n.beat, n.stopped = newer.beat, newer.stopped
	}
	return n
}

// write writes news of slots and counts in one transaction.
func (p *Plays) write(ctx context.Context, slots []string, news map[string]slotNews, counts map[DayCount]int) error {
	ctx, cancel := context.WithTimeout(ctx, flushDeadline)
	defer cancel()
	return p.store.InTx(ctx, func(tx Store) error {
		sums := maps.Clone(counts)
		if sums == nil {
			sums = map[DayCount]int{}
		}
		for _, slot := range slots {
			if err := p.writeSlot(ctx, tx, slot, news[slot], sums); err != nil {
				return err
			}
		}
		for _, count := range slices.SortedFunc(maps.Keys(sums), DayCount.compare) {
			if sums[count] == 0 {
				continue
			}
			if err := tx.AddCount(ctx, count, sums[count]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *Plays) writeSlot(ctx context.Context, tx Store, slot string, n slotNews, sums map[DayCount]int) error {
	if n.start != nil {
		began, err := tx.StartPlay(ctx, *n.start)
		if err != nil {
			return err
		}
		if began && !n.start.Staff {
			sums[p.playCount(*n.start)]++
		}
	}
	for _, other := range n.instead {
		if err := p.replace(ctx, tx, slot, other, sums); err != nil {
			return err
		}
	}
	if n.beat.IsZero() {
		return nil
	}
	return tx.BeatPlay(ctx, slot, n.beat, n.stopped)
}

// replace undoes the play of a page that was loaded again.
func (p *Plays) replace(ctx context.Context, tx Store, slot, instead string, sums map[DayCount]int) error {
	undone, err := tx.ReplacePlay(ctx, slot, instead, p.clock())
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err == nil && !undone.Staff {
		sums[p.playCount(undone)]--
	}
	return err
}

func (p *Plays) playCount(play Play) DayCount {
	return DayCount{Kind: CountPlays, Day: DayName(play.StartedAt, p.zone()), ItemID: play.ItemID}
}
