package paywall

import "time"

// Day is a day of a zone. It has 23 to 25 hours, and in some zones it does not
// begin at midnight.
type Day struct {
	Name     string    // such as "2026-03-29"
	From, To time.Time // To is the beginning of the next day
}

// DayName names the day of a zone in which an instant lies.
func DayName(t time.Time, zone *time.Location) string { return t.In(zone).Format(time.DateOnly) }

// DayOf is the day of a zone in which an instant lies.
func DayOf(t time.Time, zone *time.Location) Day {
	year, month, day := t.In(zone).Date()
	return dayOf(year, month, day, zone)
}

// LastDays are so many days up to the one of an instant, oldest first.
func LastDays(now time.Time, zone *time.Location, n int) []Day {
	days := make([]Day, n)
	year, month, day := now.In(zone).Date()
	for i := range days {
		days[i] = dayOf(year, month, day-(n-1)+i, zone)
	}
	return days
}

func dayOf(year int, month time.Month, day int, zone *time.Location) Day {
	// At noon every calendar day exists once.
	name := time.Date(year, month, day, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
	return Day{Name: name, From: dayStart(year, month, day, zone), To: dayStart(year, month, day+1, zone)}
}

// dayStart is the first instant of a day. Where clocks are put forward at
// midnight, the hour that time.Date is asked for does not exist and it may answer
// one of the day before; then the day begins with the change. Where they are put
// back over midnight, the day begins a second time, and the first one counts.
func dayStart(year int, month time.Month, day int, zone *time.Location) time.Time {
	name := time.Date(year, month, day, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
	start := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if DayName(start, zone) < name {
		if _, change := start.ZoneBounds(); !change.IsZero() {
			start = change
		}
	}
	if begin, _ := start.ZoneBounds(); !begin.IsZero() && DayName(begin.Add(-time.Nanosecond), zone) == name {
		// The clocks went back to midnight or over it: the hour before belongs here.
		if earlier := time.Date(year, month, day, 0, 0, 0, 0, zoneBefore(begin, zone)); earlier.Before(start) {
			start = earlier
		}
	}
	return start.UTC()
}

// zoneBefore is the offset that held just before an instant.
func zoneBefore(t time.Time, zone *time.Location) *time.Location {
	name, offset := t.Add(-time.Nanosecond).In(zone).Zone()
	return time.FixedZone(name, offset)
}

// DayNamed is the day of a zone with a name such as "2026-03-29".
func DayNamed(name string, zone *time.Location) (Day, bool) {
	t, err := time.Parse(time.DateOnly, name)
	if err != nil {
		return Day{}, false
	}
	return dayOf(t.Year(), t.Month(), t.Day(), zone), true
}
