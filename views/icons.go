package views

// The icons as pages use them: each is rendered once, for it never changes.
var (
	iconPlay     = once(drawPlay())
	iconPause    = once(drawPause())
	iconVolume   = once(drawVolume())
	iconMute     = once(drawMute())
	iconLock     = once(drawLock())
	iconClock    = once(drawClock())
	iconUser     = once(drawUser())
	iconGlobe    = once(drawGlobe())
	iconCheck    = once(drawCheck())
	iconAlert    = once(drawAlert())
	iconArrow    = once(drawArrow())
	iconKey      = once(drawKey())
	iconUp       = once(drawUp())
	iconDown     = once(drawDown())
	iconUnlocked = once(drawUnlocked())
)
