package paywall

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"
)

const (
	// startDeadline bounds waiting in the line and minting together, so that a
	// page answers inside five seconds whatever happens.
	startDeadline = 4500 * time.Millisecond
	// retryUnavailable is when a page comes back after the supplier failed.
	retryUnavailable = 8 * time.Second
	// decisionLife is how old a decision may be when a token is minted from it:
	// whoever waited longer in the line is judged again.
	decisionLife = 500 * time.Millisecond
	// noteDeadline bounds what is written by the way, so that a locked database
	// does not hold a page up.
	noteDeadline = 250 * time.Millisecond
	// troubleEvery keeps an outage from writing to the database at each view.
	troubleEvery = time.Minute
)

// Playback opens items: it decides, and only then asks for a token.
type Playback struct {
	store  Store
	minter Minter
	line   *Line
	clock  Clock
	recent recentMints
	turns  turns
	crowd  crowd
}

// NewPlayback makes the service.
func NewPlayback(store Store, minter Minter, line *Line, clock Clock) *Playback {
	return &Playback{store: store, minter: minter, line: line, clock: clock}
}

// Performance is an item as one viewer finds it. Source and Playable are filled
// by Start alone.
type Performance struct {
	Item     Item
	Decision Decision
	Source   Source
	Playable Playable
}

// Look finds an item and decides, without asking for a token. A draft answers
// ErrNotFound like an unknown slug.
func (p *Playback) Look(ctx context.Context, viewer Viewer, slug string) (Performance, error) {
	item, grants, err := p.store.Stage(ctx, slug, viewer.User.ID)
	if errors.Is(err, ErrNotFound) {
		item, grants, err = p.moved(ctx, slug, viewer)
	}
	if err != nil {
		return Performance{}, err
	}
	decision := Decide(p.clock(), viewer, item, grants)
	if decision.Reason == ReasonUnknown {
		return Performance{}, ErrNotFound
	}
	return Performance{Item: item, Decision: decision}, nil
}

// moved finds an item by an address that it had before; the item tells the one
// that it has.
func (p *Playback) moved(ctx context.Context, slug string, viewer Viewer) (Item, []Grant, error) {
	id, err := p.store.MovedItem(ctx, slug)
	if err != nil {
		return Item{}, nil, err
	}
	item, err := p.store.ItemByID(ctx, id)
	if err != nil {
		return Item{}, nil, err
	}
	return p.store.Stage(ctx, item.Slug, viewer.User.ID)
}

// Start asks for a fresh token for an allowed performance. sourceID chooses the
// source; an empty or unknown one means the first. The performance must come
// from Look just now.
func (p *Playback) Start(ctx context.Context, viewer Viewer, perf Performance, sourceID string) (Performance, error) {
	source, ok := perf.Item.Source(sourceID)
	if !ok {
		// A link to a quality that the owner has replaced still plays.
		source, ok = perf.Item.Source("")
	}
	if !ok || !perf.Decision.Allowed() {
		return perf, ErrNotFound
	}
	perf.Source = source
	ctx, cancel := context.WithTimeout(ctx, startDeadline)
	defer cancel()
	key := recentKey{viewer.SessionID, source.ID}
	done, err := p.turns.take(ctx, key)
	if err != nil {
		return perf, unavailable(err)
	}
	defer done()
	if playable, ok := p.reuse(key); ok {
		perf.Playable = playable
		return perf, nil
	}
	if perf.Playable, err = p.draw(ctx, viewer, perf); err != nil {
		return perf, err
	}
	if key.sessionID != "" {
		p.recent.keep(key, perf.Playable, p.clock())
	}
	return perf, nil
}

// draw takes a call of the budget and mints with it.
func (p *Playback) draw(ctx context.Context, viewer Viewer, perf Performance) (Playable, error) {
	if err := p.admit(viewer); err != nil {
		return Playable{}, err
	}
	began := p.clock()
	if err := p.line.Take(ctx, lineKey(viewer), viewer.SignedIn()); err != nil {
		p.giveBack(viewer)
		return Playable{}, unavailable(err)
	}
	if p.clock().Sub(began) > decisionLife {
		again, err := p.Look(ctx, viewer, perf.Item.Slug)
		if err != nil || !again.Decision.Allowed() {
			p.line.GiveBack()
			return Playable{}, cmp.Or(err, error(E(KindForbidden, "error.forbidden")))
		}
		perf.Decision = again.Decision
	}
	playable, err := p.mint(ctx, perf)
	p.noteTrouble(perf.Source, err)
	if err == nil {
		return playable, nil
	}
	var failed *SupplierError
	if errors.As(err, &failed) && failed.Unasked {
		p.giveBack(viewer)
	}
	return Playable{}, unavailable(err)
}

// Forget drops what is remembered of a session that ends.
func (p *Playback) Forget(sessionID string) { p.recent.forget(sessionID) }

// admit keeps anonymous crowds from using up the budget.
func (p *Playback) admit(viewer Viewer) error {
	if viewer.SignedIn() {
		return nil
	}
	// Members always find at least half of the calls.
	if wait := p.crowd.admit(viewer.Network, p.line.budget.limit/2, p.clock()); wait > 0 {
		return &Error{Kind: KindTooMany, Key: "error.too_many", RetryAfter: wait}
	}
	return nil
}

// giveBack uncounts a visitor who drew no token: whoever waits in the line and
// comes back as told must not be taken for a crowd.
func (p *Playback) giveBack(viewer Viewer) {
	if !viewer.SignedIn() {
		p.crowd.giveBack(viewer.Network)
	}
}

func (p *Playback) reuse(key recentKey) (Playable, bool) {
	if key.sessionID == "" {
		return Playable{}, false
	}
	return p.recent.reuse(key, p.clock())
}

// mint calls the supplier, and once more if that may help and a call is left.
func (p *Playback) mint(ctx context.Context, perf Performance) (Playable, error) {
	playable, err := p.mintOnce(ctx, perf)
	var failed *SupplierError
	if errors.As(err, &failed) && failed.Transient && p.line.TakeNow(ctx) {
		return p.mintOnce(ctx, perf)
	}
	return playable, err
}

// mintOnce calls the supplier and lets everybody rest if it asks for that.
func (p *Playback) mintOnce(ctx context.Context, perf Performance) (Playable, error) {
	playable, err := p.minter.Mint(ctx, perf.Decision.Ticket(), perf.Source, p.window(perf))
	var failed *SupplierError
	if !errors.As(err, &failed) {
		if err != nil && !errors.Is(err, context.Canceled) {
			p.line.GiveBack() // refused by the client itself: nobody was asked
		}
		return playable, err
	}
	if failed.Unasked {
		p.line.GiveBack()
	}
	if failed.Pause > 0 {
		p.line.rest(ctx, failed.Pause)
	}
	return playable, err
}

// window is the token's life, cut at the end of the viewer's right.
func (p *Playback) window(perf Performance) time.Duration {
	window := perf.Source.TokenWindow()
	if until := perf.Decision.Until; !until.IsZero() {
		window = min(window, max(until.Sub(p.clock()), MinWindow))
	}
	return window.Round(time.Second)
}

// noteTrouble keeps the last failure of a source for the owner and clears it
// when the source works again. It is only a note: its failure stops nobody.
func (p *Playback) noteTrouble(source Source, mintErr error) {
	var failed *SupplierError
	text := ""
	if errors.As(mintErr, &failed) {
		text = failed.Key + " " + failed.Error()
	}
	now := p.clock()
	if text == "" && source.TroubleAt.IsZero() || mintErr != nil && text == "" ||
		text != "" && !source.TroubleAt.IsZero() && now.Sub(source.TroubleAt) < troubleEvery {
		return
	}
	// The visitor may have left by now; the note is for the owner all the same.
	ctx, cancel := context.WithTimeout(context.Background(), noteDeadline)
	defer cancel()
	if err := p.store.SetSourceTrouble(ctx, source.ID, text, now); err != nil {
		slog.Warn("source trouble not noted", "source", source.ID, "error", err)
	}
}

// unavailable is a failed mint as the visitor learns of it.
func unavailable(err error) error {
	var failed *SupplierError
	if !errors.As(err, &failed) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &Error{Kind: KindUnavailable, Key: "error.supplier", RetryAfter: retryUnavailable, Err: err}
}

// lineKey tells people in the waiting line apart.
func lineKey(v Viewer) string {
	if v.SignedIn() {
		return "session " + v.SessionID
	}
	return "network " + v.Network
}
