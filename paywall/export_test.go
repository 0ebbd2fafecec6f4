package paywall

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
