// Package journey holds tests only: a real Chromium goes through the whole site
// as people do, with the sandbox in Infomaniak's place. It presses real buttons,
// waits until sound really moves, and takes every error in the browser's console
// for a failure.
//
// The tests need /usr/bin/chromium or the like. Without one they are skipped
// loudly; with USHER_TEST_REQUIRE_ALL=1 that is a failure. USHER_SHOTS=DIR keeps
// pictures of every page there, for people to look at.
package journey
