package paywall

import (
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
	if err != nil {
		return Performance{}, err
	}
	decision := Decide(p.clock(), viewer, item, grants)
	if decision.Reason == ReasonUnknown {
		return Performance{}, ErrNotFound
	}
	return Performance{Item: item, Decision: decision}, nil
}

// Start asks for a fresh token for an allowed performance. sourceID chooses the
// source; an empty or unknown one means the first. The performance must come from Look just now.
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
	key := recentKey{viewer.SessionID, source.ID}
	if playable, ok := p.reuse(key); ok {
		perf.Playable = playable
		return perf, nil
	}
	if err := p.admit(viewer); err != nil {
		return perf, err
	}
	ctx, cancel := context.WithTimeout(ctx, startDeadline)
	defer cancel()
	if err := p.line.Take(ctx, lineKey(viewer), viewer.SignedIn()); err != nil {
		p.giveBack(viewer)
		return perf, unavailable(err)
	}
	playable, err := p.mint(ctx, perf)
	p.noteTrouble(source, err)
	if err != nil {
		return perf, unavailable(err)
	}
	if key.sessionID != "" {
		p.recent.keep(key, playable, p.clock())
	}
	perf.Playable = playable
	return perf, nil
}

// Forget drops what is remembered of a session that ends.
func (p *Playback) Forget(sessionID string) { p.recent.forget(sessionID) }

// admit keeps anonymous crowds from using up the budget.
func (p *Playback) admit(viewer Viewer) error {
	if viewer.SignedIn() {
		return nil
	}
	if wait := p.crowd.admit(viewer.Network, p.clock()); wait > 0 {
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
	var failed *MintError
	if errors.As(err, &failed) && failed.Transient && p.line.TakeNow(ctx) {
		return p.mintOnce(ctx, perf)
	}
	return playable, err
}

// mintOnce calls the supplier and lets everybody rest if it asks for that.
func (p *Playback) mintOnce(ctx context.Context, perf Performance) (Playable, error) {
	playable, err := p.minter.Mint(ctx, perf.Decision.Ticket(), perf.Source, p.window(perf))
	var failed *MintError
	if !errors.As(err, &failed) {
		return playable, err
	}
	if failed.Unasked {
		p.line.GiveBack()
	}
	if failed.Pause > 0 {
		// The other nodes must learn of it even when this visitor has left.
		if err := p.line.budget.Pause(context.WithoutCancel(ctx), failed.Pause); err != nil {
			slog.WarnContext(ctx, "mint pause not booked", "error", err)
		}
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
	var failed *MintError
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
	ctx, cancel := context.WithTimeout(context.Background(), startDeadline)
	defer cancel()
	if err := p.store.SetSourceTrouble(ctx, source.ID, text, now); err != nil {
		slog.Warn("source trouble not noted", "source", source.ID, "error", err)
	}
}

// unavailable is a failed mint as the visitor learns of it.
func unavailable(err error) error {
	var failed *MintError
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
