package paywall

import (
	"sync"
	"time"
)

const (
	// recentFree is how many renders of one source inside a minute get a token
	// of their own; the next ones get the viewer's own still-fresh token again,
	// so that a nervous reload does not use up everybody's budget.
	recentFree = 5
	// recentMost bounds the memory: entries are dropped when their minute ends,
	// and all at once should there ever be more than this.
	recentMost = 20_000
)

// recentKey tells viewers' devices and sources apart. Tokens are never shared
// between two sessions.
type recentKey struct{ sessionID, sourceID string }

type recentMint struct {
	playable Playable
	mintedAt time.Time
	renders  []time.Time // inside the last minute
}

// recentMints remembers what each session was given in the last minute.
type recentMints struct {
	mu    sync.Mutex
	mints map[recentKey]*recentMint
	swept time.Time
}

// reuse answers the viewer's own token if this render is one too many for a
// fresh one and the token has more than half of its life left.
func (r *recentMints) reuse(key recentKey, now time.Time) (Playable, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.mints[key]
	if !ok {
		return Playable{}, false
	}
	if now.Before(m.mintedAt) { // the clock was set back: nothing here is to be trusted
		delete(r.mints, key)
		return Playable{}, false
	}
	m.renders = recentOnly(m.renders, now)
	life := m.playable.ExpiresAt.Sub(m.mintedAt)
	if len(m.renders) < recentFree || m.playable.ExpiresAt.Sub(now) <= life/2 {
		return Playable{}, false
	}
	return m.playable, true
}

// keep remembers a fresh token.
func (r *recentMints) keep(key recentKey, p Playable, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sweep(now)
	m := r.mints[key]
	if m == nil {
		m = &recentMint{}
		r.mints[key] = m
	}
	m.playable, m.mintedAt = p, now
	m.renders = append(recentOnly(m.renders, now), now)
}

// forget drops a session's tokens, at sign-out.
func (r *recentMints) forget(sessionID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key := range r.mints {
		if key.sessionID == sessionID {
			delete(r.mints, key)
		}
	}
}

func (r *recentMints) sweep(now time.Time) {
	if r.mints == nil || len(r.mints) > recentMost {
		r.mints = map[recentKey]*recentMint{}
	}
	if now.Sub(r.swept) < mintMinute {
		return
	}
	r.swept = now
	for key, m := range r.mints {
		if now.Sub(m.mintedAt) >= mintMinute {
			delete(r.mints, key)
		}
	}
}

func recentOnly(renders []time.Time, now time.Time) []time.Time {
	for len(renders) > 0 && now.Sub(renders[0]) >= mintMinute {
		renders = renders[1:]
	}
	return renders
}
