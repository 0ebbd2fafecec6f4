package paywall_test

import (
	"testing"
	"time"

	"usher/paywall"
)

// TestDays walks through whole years hour by hour in zones whose clocks change at
// night, at midnight and over midnight: each hour lies in the day that its name
// says, days follow each other without a gap, and only some are short or long.
func TestDays(t *testing.T) {
	for _, name := range []string{"Europe/Zurich", "America/New_York", "Asia/Beirut", "America/Santiago", "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"} {
		zone := get(time.LoadLocation(name))(t)
		for at := time.Date(2026, 1, 1, 0, 15, 0, 0, time.UTC); at.Year() < 2028; at = at.Add(30 * time.Minute) {
			day := paywall.DayOf(at, zone)
			if day.Name != paywall.DayName(at, zone) || at.Before(day.From) || !at.Before(day.To) {
				t.Fatalf("%s: %v lies in %+v", name, at, day)
			}
			if next := paywall.DayOf(day.To, zone); !next.From.Equal(day.To) || next.Name <= day.Name {
				t.Fatalf("%s: after %+v comes %+v", name, day, next)
			}
			if length := day.To.Sub(day.From); length < 23*time.Hour || length > 25*time.Hour {
				t.Fatalf("%s: %s has %v", name, day.Name, length)
			}
		}
	}
}

func TestLastDays(t *testing.T) {
	zurich := get(time.LoadLocation("Europe/Zurich"))(t)
	days := paywall.LastDays(time.Date(2026, 3, 29, 22, 30, 0, 0, time.UTC), zurich, 3) // 00:30 in Zurich
	wantSame(t, days, []paywall.Day{
		{Name: "2026-03-28", From: utc(3, 27, 23), To: utc(3, 28, 23)},
		{Name: "2026-03-29", From: utc(3, 28, 23), To: utc(3, 29, 22)}, // 23 hours
		{Name: "2026-03-30", From: utc(3, 29, 22), To: utc(3, 30, 22)},
	})
	days = paywall.LastDays(time.Date(2026, 10, 25, 12, 0, 0, 0, time.UTC), zurich, 1)
	wantSame(t, days, []paywall.Day{{Name: "2026-10-25", From: utc(10, 24, 22), To: utc(10, 25, 23)}}) // 25 hours
}

func utc(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, time.UTC)
}
