package sandbox

import (
	"testing"
	"time"
)

// The constants tell what is there, so that others can count with them.
func TestBigCatalogue_Counts(t *testing.T) {
	c := BigCatalogue()
	h := newHoldings(c)
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	count := map[string]int{}
	for _, p := range h.products {
		for _, st := range p.stations {
			count["stations"]++
			count["streams"] += len(st.streams)
			if st.hls != nil {
				count["streams"]++
			}
		}
	}
	for _, ch := range h.channels {
		count["channels"]++
		count["folders"] += len(ch.folders)
		count["shares"] += len(ch.shares)
		for _, m := range ch.media {
			live, ended := 0, 0
			for _, sh := range ch.sharesOf(m) {
				if h.things[sh.id].gone(now) {
					ended++
				} else {
					live++
				}
			}
			switch {
			case m.Trashed:
				count["trashed"]++
				continue
			case live > 0:
				count["shared"]++
			case ended > 0:
				count["ended"]++
			default:
				count["unshared"]++
			}
			count["media"]++
		}
	}
	want := map[string]int{
		"stations": BigStations, "streams": BigStreams, "channels": BigChannels, "folders": BigFolders,
		"media": BigMedia, "trashed": BigTrashed, "shares": BigShares,
		"shared": BigShared, "ended": BigEnded, "unshared": BigUnshared,
	}
	for what, n := range want {
		if count[what] != n {
			t.Errorf("%d %s, want %d", count[what], what, n)
		}
	}
}
