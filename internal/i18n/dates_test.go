package i18n

import (
	"testing"
	"time"
)

func TestLocale_Dates(t *testing.T) {
	zurich, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	winter := time.Date(2026, time.November, 29, 20, 0, 0, 0, zurich)
	summer := time.Date(2027, time.August, 1, 9, 5, 0, 0, zurich)
	for _, c := range []struct {
		tag                   string
		date, dateTime, short string // in winter
		first, firstShort     string // on the first day of a month, in summer
	}{
		{"en", "Sunday 29 November 2026", "Sunday 29 November 2026, 20:00 CET", "29 Nov 2026, 20:00",
			"Sunday 1 August 2027, 09:05 CEST", "1 Aug 2027, 09:05"},
		{"fr", "dimanche 29 novembre 2026", "dimanche 29 novembre 2026 à 20:00 CET", "29 nov. 2026, 20:00",
			"dimanche 1er août 2027 à 09:05 CEST", "1er août 2027, 09:05"},
		{"de", "Sonntag, 29. November 2026", "Sonntag, 29. November 2026, 20:00 Uhr MEZ", "29.11.2026, 20:00",
			"Sonntag, 1. August 2027, 09:05 Uhr MESZ", "01.08.2027, 09:05"},
		{"it", "domenica 29 novembre 2026", "domenica 29 novembre 2026, ore 20:00 CET", "29 nov 2026, 20:00",
			"domenica 1º agosto 2027, ore 09:05 CEST", "1º ago 2027, 09:05"},
		{"es", "domingo 29 de noviembre de 2026", "domingo 29 de noviembre de 2026, 20:00 CET", "29 nov 2026, 20:00",
			"domingo 1 de agosto de 2027, 09:05 CEST", "1 ago 2027, 09:05"},
	} {
		l := locale(t, c.tag)
		for _, got := range []struct{ got, want string }{
			{l.Date(winter), c.date}, {l.DateTime(winter), c.dateTime}, {l.ShortDateTime(winter), c.short},
			{l.DateTime(summer), c.first}, {l.ShortDateTime(summer), c.firstShort},
		} {
			if got.got != got.want {
				t.Errorf("%s: %q, want %q", c.tag, got.got, got.want)
			}
		}
	}
}

// An end at midnight is told by the last day that counts; any other as it is.
func TestLocale_Ends(t *testing.T) {
	zurich, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2026, time.November, 27, 0, 0, 0, 0, zurich)
	for _, c := range []struct{ tag, until, short, ended, shortEnded string }{
		{"en", "and including Thursday 26 November 2026", "and including 26 Nov 2026", "Thursday 26 November 2026", "26 Nov 2026"},
		{"fr", "jeudi 26 novembre 2026 inclus", "26 nov. 2026 inclus", "jeudi 26 novembre 2026", "26 nov. 2026"},
		{"de", "und mit Donnerstag, 26. November 2026", "und mit 26.11.2026", "Donnerstag, 26. November 2026", "26.11.2026"},
		{"it", "giovedì 26 novembre 2026 incluso", "26 nov 2026 incluso", "giovedì 26 novembre 2026", "26 nov 2026"},
		{"es", "jueves 26 de noviembre de 2026 inclusive", "26 nov 2026 inclusive", "jueves 26 de noviembre de 2026", "26 nov 2026"},
	} {
		l := locale(t, c.tag)
		for _, got := range []struct{ got, want string }{
			{l.Until(midnight), c.until}, {l.ShortUntil(midnight), c.short}, {l.Ended(midnight), c.ended}, {l.ShortEnded(midnight), c.shortEnded},
		} {
			if got.got != got.want {
				t.Errorf("%s: %q, want %q", c.tag, got.got, got.want)
			}
		}
		for _, at := range []time.Time{midnight.Add(time.Minute), midnight.Add(-time.Second), midnight.In(time.UTC)} {
			if l.Until(at) != l.DateTime(at) || l.ShortUntil(at) != l.ShortDateTime(at) || l.Ended(at) != l.DateTime(at) || l.ShortEnded(at) != l.ShortDateTime(at) {
				t.Errorf("%s: %v is no end of a day, but %q", c.tag, at, l.Until(at))
			}
		}
	}
	year := time.Date(2027, time.January, 1, 0, 0, 0, 0, zurich)
	if got := Default().Ended(year); got != "Thursday 31 December 2026" {
		t.Errorf("the end of the year is %q", got)
	}
}

// The zone is the one of the time given, and never a bare offset.
func TestLocale_DateTimeNamesTheZone(t *testing.T) {
	at := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		zone *time.Location
		want string
	}{
		{time.UTC, "Sunday 1 March 2026, 12:00 UTC"},
		{time.FixedZone("-03", -3*3600), "Sunday 1 March 2026, 09:00 UTC-03"},
		{time.FixedZone("+0530", 19800), "Sunday 1 March 2026, 17:30 UTC+0530"},
	} {
		if got := Default().DateTime(at.In(c.zone)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestDateStyles_AreComplete(t *testing.T) {
	for _, l := range All() {
		for i, name := range append(l.dates.weekdays[:], l.dates.months[:]...) {
			if name == "" {
				t.Errorf("%s: weekday or month %d has no name", l.Tag(), i)
			}
		}
	}
}
