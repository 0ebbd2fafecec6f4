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
	date, dateTime, shortDateTime, shortDate string
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
