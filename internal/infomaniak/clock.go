package infomaniak

import (
	"net/http"
	"sync"
	"time"
)

// clockWatch compares this machine's clock with the one that the supplier tells
// in each answer. Tokens are worth nothing when the two differ much.
type clockWatch struct {
	mu    sync.Mutex
	ahead time.Duration
	at    time.Time
}

// note takes the clock of an answer that was asked for at one instant and came at
// another. The supplier's may lie anywhere in between, and tells whole seconds.
func (w *clockWatch) note(header http.Header, asked, came time.Time) {
	theirs, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return
	}
	var ahead time.Duration
	switch {
	case asked.Before(theirs.Add(-time.Second)) && came.Before(theirs):
		ahead = came.Sub(theirs)
	case asked.After(theirs.Add(time.Second)):
		ahead = asked.Sub(theirs)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead, w.at = ahead.Truncate(time.Second), came
}

// Clock tells how far this machine's clock was ahead of the supplier's, and when
// that was seen; negative when it was behind, and the zero time when no answer
// came yet.
func (c *Client) Clock() (ahead time.Duration, at time.Time) {
	c.watch.mu.Lock()
	defer c.watch.mu.Unlock()
	return c.watch.ahead, c.watch.at
}
