package sandbox

import (
	"fmt"
	"strings"
	"time"
)

// SetProtected switches the token protection of one mountpoint, HLS stream or share, at once. It
// fails when there is no such thing. Infomaniak protects folders: where a share's media has its
// folder for itself, the folder's switch is turned, else the media gets one of its own, which lasts
// until the folder's is turned through the API. A mountpoint may have the slash in front that the
// API writes.
func (s *Sandbox) SetProtected(ref string, on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.things[strings.TrimPrefix(ref, "/")]
	if !ok {
		return fmt.Errorf("sandbox: there is no %q", ref)
	}
	switch {
	case t.kind != kindShare:
		t.restrict.turn(on, s.options.Now(), 0)
	case s.channelOf(t).lonely(t.media):
		t.media.alone, t.media.folder.inherits = nil, false
		t.media.folder.restrict.turn(on, s.options.Now(), 0)
	default:
		t.media.alone = &on
	}
	return nil
}

func (s *Sandbox) channelOf(t thing) *channel {
	return first(s.channels, func(ch *channel) bool { return ch.id == t.channel })
}

// SetSpread sets how long a change of protection through the API takes to reach the servers. At
// Infomaniak it is some minutes (FAQ 2792); here it is none until somebody asks for it.
func (s *Sandbox) SetSpread(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spread = d
}

// isProtected tells whether the servers ask for a token now.
func (s *Sandbox) isProtected(ref string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.things[ref]
	return !ok || t.shields(s.options.Now())
}

// turn changes a switch through the API.
func (s *Sandbox) turn(t *toggle, on bool) {
	t.turn(on, s.options.Now(), s.spread)
	s.calls.Switched++
}

// turnFolder changes the switch of a folder through the API; it holds for all media in it.
func (s *Sandbox) turnFolder(ch *channel, f *folder, on bool) {
	s.turn(f.restrict, on)
	for _, m := range ch.media {
		if m.folder == f {
			m.alone = nil
		}
	}
}
