package infomaniak

import (
	"net/http"
	"testing"
	"time"
)

func TestClockWatch(t *testing.T) {
	theirs := time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC)
	header := http.Header{"Date": {theirs.Format(http.TimeFormat)}}
	for _, c := range []struct{ asked, came, want time.Duration }{
		{0, 0, 0}, {-3 * time.Second, 2 * time.Second, 0}, {900 * time.Millisecond, 4 * time.Second, 0},
		{time.Minute, 61 * time.Second, time.Minute}, {-time.Hour, -time.Hour + 2*time.Second, -time.Hour + 2*time.Second},
	} {
		var watch clockWatch
		watch.note(header, theirs.Add(c.asked), theirs.Add(c.came))
		if watch.ahead != c.want || !watch.at.Equal(theirs.Add(c.came)) {
			t.Errorf("asked at %v, came at %v: %v ahead, want %v", c.asked, c.came, watch.ahead, c.want)
		}
	}
	var watch clockWatch
	watch.note(http.Header{"Date": {"soon"}}, theirs, theirs)
	if !watch.at.IsZero() {
		t.Error("a date that is none was taken for one")
	}
}
