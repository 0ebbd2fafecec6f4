package paywall

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// tokenTurns says which families of sources are to be tried with a token in any
// case, so that a refused API token shows within one interval although sources
// that are well rest for hours.
type tokenTurns struct {
	mu    sync.Mutex
	once  map[SourceFamily]bool // one source of it
	every map[SourceFamily]bool // each source, as far as tries are left
	// waiting counts the sources that no token was tried with.
	waiting int
}

// tokenTurns finds them out.
func (p *Probes) tokenTurns(ctx context.Context, every time.Duration) (*tokenTurns, error) {
	tries, err := p.Store.TokenTries(ctx)
	if err != nil {
		return nil, err
	}
	turns := &tokenTurns{once: map[SourceFamily]bool{}, every: map[SourceFamily]bool{}}
	for _, try := range tries {
		turns.once[try.Family] = p.Clock().Sub(try.LastAt) >= every/2
		turns.every[try.Family] = try.Refused
		turns.waiting += try.Waiting
	}
	return turns, nil
}

// take tells whether a source of the family is to be tried.
func (t *tokenTurns) take(family SourceFamily) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	once := t.once[family]
	t.once[family] = false
	return once || t.every[family]
}

// tokenRest is how long a source is left alone with tokens. One that keeps
// failing rests longer each time, so that many of them leave tries for others.
func (p Probe) tokenRest() time.Duration {
	if p.State == ProbeAmber {
		return troubleRest << min(p.Ambers, 4)
	}
	return tokenRest
}

// soon is after how long a source that waits for its try comes again, when it is one
// of a few; zero: at the next interval. No turns stand for a check by hand.
func (t *tokenTurns) soon(seen Probe, rest time.Duration) time.Duration {
	waiting := 1
	if t != nil {
		waiting = t.waiting
	}
	if seen.Token != "" || seen.Trouble != "" || waiting > fewWaiting {
		return 0
	}
	return rest + seen.some(rest)
}

// tokenTry is one of the tries with a token: the limit that it came out of.
type tokenTry struct {
	name  string
	every time.Duration // zero: none was left
}

// takeTry takes one of the tries that are left.
func (p *Probes) takeTry(ctx context.Context, byHand bool) tokenTry {
	if byHand {
		if try := p.takeOf(ctx, tokenTry{"probe tokens by hand", p.tryEvery(handShare)}, handBurst); try.every != 0 {
			return try
		}
	}
	return p.takeOf(ctx, tokenTry{"probe tokens", p.tryEvery(tokenShare)}, tokenBurst)
}

func (p *Probes) takeOf(ctx context.Context, try tokenTry, burst int) tokenTry {
	if ok, err := p.Store.Take(ctx, try.name, p.Clock(), try.every, burst); err != nil || !ok {
		return tokenTry{}
	}
	return try
}

// tryEvery is how often a try comes free with a share of the budget.
func (p *Probes) tryEvery(share int) time.Duration {
	return mintMinute * time.Duration(share) / time.Duration(max(1, p.PerMinute))
}

// putBack returns a try that cost no call. One that is lost is no harm.
func (p *Probes) putBack(ctx context.Context, try tokenTry) {
	if err := p.Store.PutBack(ctx, try.name, try.every); err != nil {
		slog.WarnContext(ctx, "a try with a token is lost", "error", err)
	}
}

// tryToken asks the supplier for a token and the source with it; false: no call was
// free for it.
func (p *Probes) tryToken(ctx context.Context, task ProbeTask, seen Probe) (Probe, bool) {
	playable, err := p.mint(ctx, task)
	var failed *SupplierError
	switch {
	case errors.As(err, &failed) && failed.Key == TroubleBusy:
		return seen, false // listeners needed the calls: another time
	case errors.As(err, &failed):
		seen.Token, seen.Trouble = "", failed.Key
		seen.Detail += "; no token: " + failed.Error()
	case err != nil:
		seen.Token, seen.Trouble = SightUnlisted, ""
		seen.Detail += "; no token: " + err.Error()
	default:
		with := p.Prober.Probe(ctx, task.Source, playable)
		seen.Token, seen.Trouble = with.Sighting, ""
		seen.Detail += "; with a token: " + with.Detail
	}
	seen.TokenAt = p.Clock()
	return seen, true
}

// watchman is who the probe is for Decide: one who keeps the catalogue and may
// try what it plays. It has no account, no session and no way in.
var watchman = Viewer{User: User{ID: "probe", Role: RoleEditor}}

// mint asks for a token as everybody does, with a ticket of Decide and a call of
// the budget that no listener waits for.
func (p *Probes) mint(ctx context.Context, task ProbeTask) (Playable, error) {
	turn, cancel := context.WithTimeout(ctx, probePause)
	defer cancel()
	if err := p.Pace.Enter(turn); err != nil {
		return Playable{}, err
	}
	ticket := Decide(p.Clock(), watchman, task.Item, nil).Ticket()
	playable, err := p.Minter.Mint(ctx, ticket, task.Source, probeWindow)
	var failed *SupplierError
	if errors.As(err, &failed) && failed.Pause > 0 {
		p.Pace.Rest(ctx, failed.Pause)
	}
	return playable, err
}
