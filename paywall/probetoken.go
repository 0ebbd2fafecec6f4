package paywall

import (
	"context"
	"errors"
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

// mayTry takes one of the tries with a token that are left.
func (p *Probes) mayTry(ctx context.Context, byHand bool) bool {
	name, burst := "probe tokens", tokenBurst
	if byHand {
		name, burst = "probe tokens by hand", handBurst
	}
	every := mintMinute * tokenShare / time.Duration(max(1, p.PerMinute))
	ok, err := p.Store.Take(ctx, name, p.Clock(), every, burst)
	return ok && err == nil
}

// tryToken asks the supplier for a token and the source with it.
func (p *Probes) tryToken(ctx context.Context, task ProbeTask, seen Probe) Probe {
	playable, err := p.mint(ctx, task)
	var failed *SupplierError
	switch {
	case errors.As(err, &failed) && failed.Key == TroubleBusy:
		return seen // listeners needed the calls: another time
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
	return seen
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
