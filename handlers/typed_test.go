package handlers

import (
	"testing"
	"time"

	"usher/paywall"
)

// In Santiago the clocks go from midnight to one on 2026-09-06: that day begins
// at one, and the day before ends there.
func TestTypedDays(t *testing.T) {
	zone, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	typed := typedIn(zone)
	begin := time.Date(2026, 9, 6, 4, 0, 0, 0, time.UTC)
	if got := typed.day("from", "2026-09-06", "k").From; !got.Equal(begin) {
		t.Errorf("from %v, want %v", got, begin)
	}
	until := typed.day("until", "2026-09-05", "k").To
	if !until.Equal(begin) {
		t.Errorf("until %v, want %v", until, begin)
	}
	if got := writeLastDay(until, zone); got != "2026-09-05" {
		t.Errorf("an end is written as %q", got)
	}
	if empty := typed.day("none", "", "k"); !empty.From.IsZero() || !empty.To.IsZero() || writeLastDay(empty.To, zone) != "" {
		t.Error("no date is a date")
	}
	if err := typed.refusal(); err != nil {
		t.Error(err)
	}
	typed.day("from", "2026-02-30", "wrong.day")
	typed.number("uses", "-1", "wrong.uses")
	typed.number("codes", "1000001", "wrong.codes")
	typed.instant("at", "2026-01-01", "wrong.at")
	if n := typed.number("days", " 30 ", "wrong.days"); n != 30 {
		t.Errorf("30 days are %d", n)
	}
	err = typed.refusal()
	if paywall.KindOf(err) != paywall.KindInvalid || len(typed.wrong) != 4 || typed.wrong["from"] != "wrong.day" {
		t.Errorf("refused %v: %v", err, typed.wrong)
	}
}
