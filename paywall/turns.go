package paywall

import (
	"context"
	"sync"
)

// turns lets one start at a time happen for each device and source. Whoever
// loads a page sixty times at once is served one after the other, and finds the
// own token of the fifth: no single account draws the calls of all.
type turns struct {
	mu   sync.Mutex
	held map[recentKey]*turn
}

type turn struct {
	slot  chan struct{} // full while somebody has the turn
	users int           // who has it or waits for it
}

// take waits for the turn of a key. Visitors without a session have none.
func (t *turns) take(ctx context.Context, key recentKey) (done func(), err error) {
	if key.sessionID == "" {
		return func() {}, nil
	}
	mine := t.join(key)
	select {
	case mine.slot <- struct{}{}:
		return func() { <-mine.slot; t.leave(key, mine) }, nil
	case <-ctx.Done():
		t.leave(key, mine)
		return nil, ctx.Err()
	}
}

func (t *turns) join(key recentKey) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine := t.held[key]
	if mine == nil {
		if t.held == nil {
			t.held = map[recentKey]*turn{}
		}
		mine = &turn{slot: make(chan struct{}, 1)}
		t.held[key] = mine
	}
	mine.users++
	return mine
}

func (t *turns) leave(key recentKey, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mine.users--; mine.users == 0 {
		delete(t.held, key)
	}
}
