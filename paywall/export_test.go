package paywall

import (
	"context"
	"encoding/base64"
	"time"
)

// Occupy takes one of the hasher's slots until the returned function is called.
func (h *Hasher) Occupy() (leave func()) {
	h.slots <- struct{}{}
	return func() { <-h.slots }
}

// Numbers that the tests must agree on.
const (
	CrowdPerNetwork  = crowdPerNetwork
	LeaseLife        = leaseLife
	LeasesPerLimit   = leasesPerLimit
	LineGrace        = lineGrace
	LineWait         = lineWait
	RecentFree       = recentFree
	RecentMost       = recentMost
	RetryUnavailable = retryUnavailable
	StartDeadline    = startDeadline
	SweepBatch       = sweepBatch
	TroubleEvery     = troubleEvery
)

// Waiting tells how many places a line holds, absent holders included.
func (l *Line) Waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting)
}

// Remembered tells how many tokens are remembered.
func (p *Playback) Remembered() int {
	p.recent.mu.Lock()
	defer p.recent.mu.Unlock()
	return len(p.recent.mints)
}

// Costs sets how long Pretend takes a hash to last.
func (h *Hasher) Costs(d time.Duration) {
	for range h.costs.last {
		h.costs.add(d)
	}
}

// Pretended is how long Pretend would wait now.
func (h *Hasher) Pretended() time.Duration { return h.costs.any() }

// OldHash is a hash with other costs than today's.
func OldHash(password string) (string, error) {
	h, p := NewHasher(1, time.Minute), argonParams{memory: 19 * 1024, passes: 1, threads: 1}
	salt := make([]byte, saltBytes)
	key, err := h.derive(context.Background(), password, salt, p)
	encode := base64.RawStdEncoding.EncodeToString
	return "$argon2id$v=19$m=19456,t=1,p=1$" + encode(salt) + "$" + encode(key), err
}
