package i18n

import (
	"strconv"
	"strings"
	"time"
)

// dateStyle is how a language writes dates. The layouts use words in braces
// instead of Go's reference time, because Go knows English names only.
type dateStyle struct {
	weekdays [7]string
	months   [12]string
	short    [12]string
	// first replaces the number of the first day of a month; empty: "1".
	first string
	// date, dateTime, shortDateTime and shortDate are layouts of {weekday} {day} {month}
	// {short} {mm} {dd} {year} {time} {zone} and, in dateTime, {date}.
	// through says in a sentence with "until" that its {day} is the last.
	date, dateTime, shortDateTime, shortDate, shortDay, through string
	// zones are the language's own zone abbreviations.
	zones map[string]string
}

// Date is the day with its weekday, such as "Sunday 29 November 2026". The
// caller has put t into the site's zone.
func (l *Locale) Date(t time.Time) string { return l.dates.write(l.dates.date, t) }

// DateTime is the day, the time and the zone, such as "Sunday 29 November 2026,
// 20:00 CET".
func (l *Locale) DateTime(t time.Time) string { return l.dates.write(l.dates.dateTime, t) }

// ShortDateTime is a compact date and time for tables, without the zone.
func (l *Locale) ShortDateTime(t time.Time) string { return l.dates.write(l.dates.shortDateTime, t) }

// Until is the end of something, for a sentence that says "until". An end at
// midnight is told by the last day that counts, "and including Thursday 26 November
// 2026": nobody reads Thursday in "Friday 27 November 2026, 00:00".
func (l *Locale) Until(end time.Time) string {
	return l.dates.until(end, l.dates.date, l.dates.dateTime)
}

// ShortUntil is Until for tables, without the zone.
func (l *Locale) ShortUntil(end time.Time) string {
	return l.dates.until(end, l.dates.shortDay, l.dates.shortDateTime)
}

// Ended is when something ended, for a sentence that says "ended on"; see Until.
func (l *Locale) Ended(end time.Time) string {
	return l.dates.ended(end, l.dates.date, l.dates.dateTime)
}

// ShortEnded is Ended for tables, without the zone.
func (l *Locale) ShortEnded(end time.Time) string {
	return l.dates.ended(end, l.dates.shortDay, l.dates.shortDateTime)
}

func (s *dateStyle) until(end time.Time, day, instant string) string {
	if _, whole := lastDay(end); whole {
		return strings.Replace(s.through, "{day}", s.ended(end, day, instant), 1)
	}
	return s.write(instant, end)
}

func (s *dateStyle) ended(end time.Time, day, instant string) string {
	if last, whole := lastDay(end); whole {
		return s.write(day, last)
	}
	return s.write(instant, end)
}

// lastDay gives a moment of the last day before an end, and tells whether that
// whole day counts. Where clocks change at midnight a day begins at another hour.
func lastDay(end time.Time) (last time.Time, whole bool) {
	last = end.Add(-time.Nanosecond)
	return last, last.YearDay() != end.YearDay()
}

// write fills a layout. Dates stand on nearly every page, so it appends to one
// buffer instead of preparing a replacement for each word.
func (s *dateStyle) write(layout string, t time.Time) string {
	out := make([]byte, 0, 64)
	for {
		before, rest, found := strings.Cut(layout, "{")
		out = append(out, before...)
		if !found {
			return string(out)
		}
		word, after, _ := strings.Cut(rest, "}")
		out = s.appendWord(out, word, t)
		layout = after
	}
}

func (s *dateStyle) appendWord(out []byte, word string, t time.Time) []byte {
	switch word {
	case "weekday":
		return append(out, s.weekdays[t.Weekday()]...)
	case "day":
		if t.Day() == 1 && s.first != "" {
			return append(out, s.first...)
		}
		return strconv.AppendInt(out, int64(t.Day()), 10)
	case "month":
		return append(out, s.months[t.Month()-1]...)
	case "short":
		return append(out, s.short[t.Month()-1]...)
	case "dd":
		return t.AppendFormat(out, "02")
	case "mm":
		return t.AppendFormat(out, "01")
	case "year":
		return strconv.AppendInt(out, int64(t.Year()), 10)
	case "time":
		return t.AppendFormat(out, "15:04")
	case "zone":
		return append(out, s.zone(t)...)
	}
	return append(out, word...)
}

// zone is the abbreviation of t's zone. Zones without one are named by Go with
// their offset alone, which reads as a zone only with "UTC" before it.
func (s *dateStyle) zone(t time.Time) string {
	name, _ := t.Zone()
	if own, ok := s.zones[name]; ok {
		return own
	}
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		return "UTC" + name
	}
	return name
}
