package handlers

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"usher/paywall"
)

// localTime is how a datetime-local field writes an instant.
const localTime = "2006-01-02T15:04"

// mostNumber bounds typed numbers, so that no unit they are turned into
// overflows.
const mostNumber = 1_000_000

// typedFields reads what was typed into the fields of a form, and keeps a message
// key for each field that does not read. An empty field is the zero value.
type typedFields struct {
	zone  *time.Location // in which dates and times are meant
	wrong map[string]string
}

func typedIn(zone *time.Location) *typedFields {
	return &typedFields{zone: zone, wrong: map[string]string{}}
}

// refusal names the fields that did not read; nil for none.
func (t *typedFields) refusal() error {
	if len(t.wrong) == 0 {
		return nil
	}
	return refusedFields(t.wrong)
}

// number reads a whole number that is not negative.
func (t *typedFields) number(field, text, key string) int {
	if text = strings.TrimSpace(text); text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > mostNumber {
		t.wrong[field] = key
		return 0
	}
	return n
}

// typedNumber is a number alone in its form. What does not read is 0, which the
// rules refuse as they refuse any number that is out of bounds.
func typedNumber(text string) int { return typedIn(time.UTC).number("", text, "") }

// day reads a date. Who means "from" takes its From, who means "until" its To.
func (t *typedFields) day(field, text, key string) paywall.Day {
	day, ok := paywall.DayNamed(text, t.zone)
	if !ok && text != "" {
		t.wrong[field] = key
	}
	return day
}

// instant reads a date with a time of day.
func (t *typedFields) instant(field, text, key string) time.Time {
	if text == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation(localTime, text, t.zone)
	if err != nil {
		t.wrong[field] = key
		return time.Time{}
	}
	return at.UTC()
}

// writeLocal is what instant reads.
func writeLocal(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(localTime)
}

// writeLastDay is the date of which an end is the To; empty for no end.
func writeLastDay(end time.Time, zone *time.Location) string {
	if end.IsZero() {
		return ""
	}
	return paywall.DayName(lastMoment(end), zone)
}

// lastMoment lies on the last day before an end, which itself is the beginning of
// the next.
func lastMoment(end time.Time) time.Time { return end.Add(-time.Millisecond) }

// length reads a length such as "1:23:45", "42:10" or "7": of one number only,
// minutes.
func (t *typedFields) length(field, text, key string) time.Duration {
	if text == "" {
		return 0
	}
	parts := strings.Split(text, ":")
	units := []time.Duration{time.Minute}
	switch len(parts) {
	case 2:
		units = []time.Duration{time.Minute, time.Second}
	case 3:
		units = []time.Duration{time.Hour, time.Minute, time.Second}
	}
	var total time.Duration
	for n, part := range parts {
		value, err := strconv.Atoi(part)
		if err != nil || value < 0 || value > mostNumber || len(parts) > 3 || n > 0 && value > 59 {
			t.wrong[field] = key
			return 0
		}
		total += time.Duration(value) * units[n]
	}
	return total
}

// writeLength is what length reads.
func writeLength(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Hour:
		return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}
