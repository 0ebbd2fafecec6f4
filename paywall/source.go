package paywall

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// SourceKind is the form in which Infomaniak serves a source.
type SourceKind string

// The kinds of source. Each has its own way to ask for a token (Infomaniak
// FAQ 2792 for the streams, FAQ 1366 for VOD).
const (
	SourceStream SourceKind = "stream" // an MP3 or AAC mountpoint
	SourceHLS    SourceKind = "hls"    // an HLS stream
	SourceVOD    SourceKind = "vod"    // a share of a VOD channel
)

// SourceFamily is what one right of an API token covers.
type SourceFamily string

// The families.
const (
	FamilyRadio SourceFamily = "radio"
	FamilyVOD   SourceFamily = "vod"
)

// Family is the one of the kind.
func (k SourceKind) Family() SourceFamily {
	if k == SourceVOD {
		return FamilyVOD
	}
	return FamilyRadio
}

// Bounds of a token's window. Infomaniak documents a minimum of one second and
// no maximum; a day is our own ceiling, because a token outlives a revoked
// grant for as long as its window lasts.
const (
	MinWindow = 30 * time.Second
	MaxWindow = 24 * time.Hour
)

// MaxLabel is the longest label of a source, in characters.
const MaxLabel = 40

// Source is one playable form of an item. URL, Ref and Channel are for entitled
// viewers only: no byte of them may stand in an answer to anybody else.
type Source struct {
	ID     string
	ItemID string
	Kind   SourceKind
	Label  string // quality in words, shown to listeners ("128 kbit/s")
	// URL is the plain listening address of a stream or HLS source, without a
	// token. It is empty for VOD, whose address is built from Channel and Ref.
	URL string
	// Ref is what a token is asked for: mountpoint, stream name or share id.
	Ref string
	// Channel is the VOD channel's number; empty otherwise.
	Channel string
	// Window is the life asked for each token; zero means that of TokenWindow.
	Window time.Duration
	// Position orders the sources of an item, small first.
	Position int
	// TroubleAt and Trouble keep the last failed mint for the owner: a catalogue
	// key, a space, and the supplier's words. They are zero and empty when the
	// last mint succeeded.
	TroubleAt time.Time
	Trouble   string
}

// TokenWindow is the life to ask for, in whole seconds.
//
// A stream checks its token when listening starts, so an hour to press play is
// generous (FAQ 2792 uses 3600). Whether HLS and VOD check again while they
// play is not documented, so theirs must outlast a long evening.
func (s Source) TokenWindow() time.Duration {
	if s.Window > 0 {
		return s.Window
	}
	if s.Kind == SourceStream {
		return time.Hour
	}
	return 6 * time.Hour
}

var (
	mountForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
	channelForm = regexp.MustCompile(`^[0-9]{1,12}$`)
	shareForm   = regexp.MustCompile(`^[a-z0-9]{13}$`)
)

// NewSource makes a source from what an owner typed or pasted: the listening
// address of a stream, or a channel number and a share id or embed address.
// Addresses must lie on the allow-list.
func NewSource(kind SourceKind, address, channel string, hosts MediaHosts) (Source, error) {
	switch kind {
	case SourceStream, SourceHLS:
		return newStreamSource(kind, address, hosts)
	case SourceVOD:
		return newVODSource(address, channel)
	}
	return Source{}, invalidField("kind", "source.error.kind")
}

func newStreamSource(kind SourceKind, address string, hosts MediaHosts) (Source, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || !hosts.Allows(u) {
		return Source{}, invalidField("address", "source.error.host")
	}
	u.RawQuery, u.ForceQuery, u.Fragment = "", false, ""
	ref := path.Base(u.Path)
	if kind == SourceHLS {
		// https://<name>.radiohls.infomaniak.com/<name>/manifest.m3u8
		if !strings.HasSuffix(u.Path, ".m3u8") {
			return Source{}, invalidField("address", "source.error.hls")
		}
		ref = path.Base(path.Dir(u.Path))
	}
	if !mountForm.MatchString(ref) || strings.HasSuffix(ref, ".m3u8") {
		return Source{}, invalidField("address", "source.error.address")
	}
	return Source{ID: NewID(), Kind: kind, URL: u.String(), Ref: ref}, nil
}

func newVODSource(address, channel string) (Source, error) {
	ref := strings.TrimSpace(address)
	if u, err := url.Parse(ref); err == nil && u.Host != "" {
		ref = strings.TrimSuffix(path.Base(u.Path), ".html")
	}
	channel = strings.TrimSpace(channel)
	if !shareForm.MatchString(ref) {
		return Source{}, invalidField("address", "source.error.share")
	}
	if !channelForm.MatchString(channel) {
		return Source{}, invalidField("channel", "source.error.channel")
	}
	return Source{ID: NewID(), Kind: SourceVOD, Ref: ref, Channel: channel}, nil
}

// Validate checks what NewSource does not set: the label, the window, and that
// the kind of source fits the kind of item.
func (s Source) Validate(kind ItemKind) error {
	if (s.Kind == SourceVOD) != (kind == KindVideo) {
		return invalidField("kind", "source.error.kind")
	}
	if utf8.RuneCountInString(s.Label) > MaxLabel || hasControl(s.Label) {
		return invalidField("label", "source.error.label")
	}
	if s.Window != 0 && (s.Window < MinWindow || s.Window > MaxWindow) {
		return invalidField("window", "source.error.window")
	}
	return nil
}
