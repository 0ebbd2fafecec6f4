package sandbox

import (
	"fmt"
	"path"
	"time"
)

// kind says which family of calls and addresses a thing belongs to.
type kind string

const (
	kindMount kind = "mountpoint"
	kindHLS   kind = "hls stream"
	kindShare kind = "share"
)

// thing is one playable reference together with the part of the catalogue that describes it.
type thing struct {
	kind     kind
	ref      string
	mount    Mountpoint
	channel  int
	media    *media    // of a share
	endsAt   time.Time // of a share; zero: never
	restrict *toggle   // of a stream
}

// title is the name of a share's media; empty for streams.
func (t thing) title() string {
	if t.media == nil {
		return ""
	}
	return t.media.Name
}

// address is where the thing is played, without a token.
func (t thing) address() string {
	switch t.kind {
	case kindMount:
		return "/ice/" + t.ref
	case kindHLS:
		return path.Join("/hls", t.ref, "manifest.m3u8")
	default:
		return "/embed/" + t.ref
	}
}

// acl is the path that a VOD token opens: a media and one of its encodings.
func (t thing) acl() string {
	return fmt.Sprintf("/hls/%s/%s/*", t.media.ID, encodingID(t.ref))
}

// gone tells that a share has ended, or that its media lies in the trash.
func (t thing) gone(now time.Time) bool {
	if t.kind != kindShare {
		return false
	}
	return t.media.Trashed || !t.endsAt.IsZero() && !now.Before(t.endsAt)
}

// shields tells whether the servers ask for a token at an instant.
func (t thing) shields(now time.Time) bool {
	if t.kind == kindShare {
		return t.media.shields(now)
	}
	return t.restrict.at(now)
}

// find returns the thing of one kind with that reference, unless it has ended.
func (s *Sandbox) find(k kind, ref string) (thing, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.things[ref]
	return t, ok && t.kind == k && !t.gone(s.options.Now())
}
