package paywall

import "time"

// Vitals is how the program itself is: what an owner may know beside the state of
// the sources. It is about this node and about the time since its start.
type Vitals struct {
	Connection ConnectionHealth
	// ClockAhead is how far the supplier's clock is ahead of ours, as an answer
	// said at ClockAt; zero ClockAt: no answer came yet.
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
	// LastOK and LastErrorAt are zero when nothing of the kind happened.
	LastOK      time.Time
	LastErrorAt time.Time
	LastError   string // secrets removed
}

const (
	// clockTolerance is how far clocks may be apart before tokens could end at the
	// wrong moment.
	clockTolerance = 30 * time.Second
	// leastDisk is the share of a disk that should stay free.
	leastDisk = 0.1
)

// ClockOff tells whether our clock and the supplier's are too far apart.
func (v Vitals) ClockOff() bool { return !v.ClockAt.IsZero() && v.ClockAhead.Abs() > clockTolerance }

// DiskLow tells whether little of the disk is free.
func (v Vitals) DiskLow() bool {
	return v.DiskSize > 0 && float64(v.DiskFree) < leastDisk*float64(v.DiskSize)
}
