package sandbox

import "time"

const (
	// burst is how much sound a new listener gets at once, so that the player starts quickly.
	burst = 3 * time.Second
	// maxLag is how far a listener that does not read may fall behind before sound is left out,
	// as a live stream does.
	maxLag = 10 * time.Second
)

// pacer hands out the frames of an endless loop at the speed at which they are heard.
type pacer struct {
	loop   *loop
	origin int64 // frame heard when the listener came
	sent   int64 // first frame not handed out yet
}

// newPacer starts where the station is at that instant: all listeners hear the same.
func newPacer(l *loop, at time.Time) *pacer {
	origin := l.framesIn(time.Duration(at.UnixNano()))
	return &pacer{loop: l, origin: origin, sent: origin - l.framesIn(burst)}
}

// next is the bytes that have become due when elapsed has passed since the listener came.
func (p *pacer) next(elapsed time.Duration) []byte {
	due := p.origin + p.loop.framesIn(elapsed)
	if due-p.sent > p.loop.framesIn(maxLag) {
		p.sent = due - p.loop.framesIn(burst)
	}
	from := p.sent
	p.sent = max(due, from)
	return p.loop.join(from, p.sent)
}
