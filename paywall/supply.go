package paywall

import (
	"strconv"
	"strings"
	"time"
)

// Supply ties an item or a collection to what it is at Infomaniak, and keeps what
// was said of it there when that was last taken over: so it can be told who
// changed a title, the owner here or somebody there.
type Supply struct {
	Key      string // of StationKey, MediaKey or FolderKey
	TargetID string // of the item or collection
	Title    string
	Poster   string // address at Infomaniak
	PosterID string // of the Picture made of it
	Duration time.Duration
	TakenAt  time.Time
}

// OfFolder tells whether the target is a collection.
func (s Supply) OfFolder() bool { return strings.HasPrefix(s.Key, "folder/") }

// StreamLabel names a stream for listeners: "MP3 128 kbit/s".
func StreamLabel(s SupplierStream) string {
	name := strings.ToUpper(s.Codec)
	if s.Kind == SourceHLS {
		return "HLS"
	}
	if name == "" {
		name = s.Ref
	}
	if s.Bitrate > 0 {
		name += " " + strconv.Itoa(s.Bitrate) + " kbit/s"
	}
	if runes := []rune(name); len(runes) > MaxLabel {
		return string(runes[:MaxLabel])
	}
	return name
}
