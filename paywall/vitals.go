package paywall

import "time"

// Vitals is how the program itself is: what an owner may know beside the state of
// the sources. It is about this node and about the time since its start.
type Vitals struct {
	Connection ConnectionHealth
	// ClockAhead is how far our clock is ahead of the supplier's, as an answer said
	// at ClockAt; negative: behind. Zero ClockAt: no answer came yet.
	ClockAhead time.Duration
	ClockAt    time.Time
	// DiskFree and DiskSize are the bytes of the disk that holds the data;
	// DiskSize is 0 when that is not known.
	DiskFree, DiskSize int64
	Version            string
	StartedAt          time.Time
}

// ConnectionHealth is how the calls to the supplier went.
type ConnectionHealth struct {
	// Resting tells that calls are held back after several failures.
	Resting bool
	Since   time.Time // when that began, or ended
	// LastOK and LastErrorAt are zero when nothing of the kind happened.
	LastOK      time.Time
	LastErrorAt time.Time
	LastTrouble string // one of the Trouble constants
}

// Failing tells whether the last call failed and none has succeeded since.
func (h ConnectionHealth) Failing() bool { return h.LastErrorAt.After(h.LastOK) }

const (
	// clockTolerance is how far clocks may be apart before tokens could end at the
	// wrong moment.
	clockTolerance = 30 * time.Second
	// clockFresh is how long a comparison of clocks says something.
	clockFresh = 24 * time.Hour
	// leastDisk is the room that should stay free, in bytes, and leastShare the
	// same as one part in so many.
	leastDisk  = 1 << 30
	leastShare = 20
)

// ClockOff tells whether our clock and the supplier's were too far apart when they
// were last compared, if that was of late.
func (v Vitals) ClockOff(now time.Time) bool {
	return !v.ClockAt.IsZero() && now.Sub(v.ClockAt) <= clockFresh && v.ClockAhead.Abs() > clockTolerance
}

// DiskLow tells whether little of the disk is free.
func (v Vitals) DiskLow() bool {
	return v.DiskSize > 0 && (v.DiskFree < leastDisk || v.DiskFree < v.DiskSize/leastShare)
}
