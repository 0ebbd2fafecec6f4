package paywall_test

import (
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

// BenchmarkPlays_Begin is what counting adds to a player page.
func BenchmarkPlays_Begin(b *testing.B) {
	s := newSite(b)
	plays := paywall.NewPlays(s, theVault(), func() *time.Location { return time.UTC }, s.clock.Now)
	item := storetest.NewItem("jazz")
	perf := paywall.Performance{Item: item, Source: item.Sources[0]}
	viewer := paywall.Viewer{User: storetest.NewUser("ada"), SessionID: paywall.NewID()}
	for b.Loop() {
		plays.Begin(viewer, perf, "")
	}
}
