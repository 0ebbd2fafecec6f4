package app

import (
	"sync/atomic"
	"time"

	"usher/paywall"
)

// siteZone is the zone that the site has at the moment. It is asked for with each
// play, so what was loaded last is kept.
func siteZone(front *paywall.Front) func() *time.Location {
	var last atomic.Pointer[time.Location]
	return func() *time.Location {
		name := front.Now().Zone
		if zone := last.Load(); zone != nil && zone.String() == name {
			return zone
		}
		zone, err := time.LoadLocation(name)
		if err != nil {
			zone = time.UTC // the rules let no other in
		}
		last.Store(zone)
		return zone
	}
}
