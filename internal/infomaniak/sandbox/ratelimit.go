package sandbox

import "time"

// rateWindow is the sliding span in which calls are counted.
const rateWindow = time.Minute

// callLog remembers when API calls were answered, in every mode, so that switching to
// ModeRateLimit takes effect at once. The zero limit allows nothing.
type callLog struct {
	limit int
	times []time.Time // oldest first
}

// wait is how long until another call fits into the sliding minute; zero when it fits now.
func (l *callLog) wait(now time.Time) time.Duration {
	l.forget(now)
	over := len(l.times) - l.limit
	if over < 0 {
		return 0
	}
	return l.times[over].Add(rateWindow).Sub(now)
}

// add remembers a call.
func (l *callLog) add(now time.Time) {
	l.forget(now)
	l.times = append(l.times, now)
}

// forget drops calls that have left the window.
func (l *callLog) forget(now time.Time) {
	old := 0
	for old < len(l.times) && !l.times[old].Add(rateWindow).After(now) {
		old++
	}
	l.times = l.times[old:]
}
