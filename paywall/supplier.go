package paywall

import (
	"context"
	"time"
)

// Supplier is the owner's account at Infomaniak: what it holds and how it is
// protected. Each call may take seconds, because the calls of listeners go
// first; none belongs into a transaction. Lists are complete: all pages are
// read. Failures of the supplier are *SupplierError.
type Supplier interface {
	// Check tries what an API token may do, which need not be the one that is set. It
	// tries to mint for one source of each kind if some are given, and else asks for
	// things that do not exist. Refusals stand in the report; an error means that
	// there is none.
	Check(ctx context.Context, with Credentials, sources []Source) (ConnectionReport, error)

	// RadioProducts lists the radio products of all accounts of the token.
	RadioProducts(ctx context.Context) ([]RadioProduct, error)
	// Stations lists a radio product's stations with their streams.
	Stations(ctx context.Context, productID string) ([]SupplierStation, error)

	// Channels lists the VOD channels of all accounts of the token.
	Channels(ctx context.Context) ([]SupplierChannel, error)
	// Channel finds one by its number, which works without the right to list.
	Channel(ctx context.Context, channelID string) (SupplierChannel, error)
	// Folders lists a channel's folders.
	Folders(ctx context.Context, channelID string) ([]SupplierFolder, error)
	// Media lists a channel's media, those in the trash left out.
	Media(ctx context.Context, channelID string) ([]SupplierMedia, error)
	// Shares lists a channel's shares, ended ones too.
	Shares(ctx context.Context, channelID string) ([]SupplierShare, error)
	// CreateShare publishes a media for ever. Look for a live share of it first:
	// the supplier makes a second one without a word.
	CreateShare(ctx context.Context, channelID, mediaID string) (SupplierShare, error)

	// Protections reads for many things at once whether a token is asked for. A
	// thing that the supplier does not tell of is missing or not Known.
	Protections(ctx context.Context, refs []SupplierRef) (map[SupplierRef]Protection, error)
	// SetProtection switches the token protection of a stream, or of the folder
	// that holds a share's media and so of all media in it. The supplier can
	// answer "done" and do nothing, and needs minutes to spread a change: read it
	// back with Protections and ask the source.
	SetProtection(ctx context.Context, ref SupplierRef, on bool) error

	// Poster fetches the picture at an address that a media or station came
	// with: at most MaxPoster bytes from a host of the supplier, unchecked
	// otherwise. It costs no call of the budget and sends no token.
	Poster(ctx context.Context, address string) ([]byte, error)
}

// MaxPoster bounds a picture that Supplier.Poster fetches, in bytes.
const MaxPoster = 8 << 20

// SupplierScope is a right that an API token has or lacks.
type SupplierScope string

// The scopes that Usher needs.
const (
	RadioScope    SupplierScope = "radio"
	VODScope      SupplierScope = "vod"
	AccountsScope SupplierScope = "accounts" // only to pick instead of typing
)

// SupplierRef names one playable thing as a token is asked for it.
type SupplierRef struct {
	Kind    SourceKind
	Ref     string // mountpoint without slash, HLS stream name, or share id
	Channel string // of a share; empty otherwise
}

// Supplied is what the source is at the supplier.
func (s Source) Supplied() SupplierRef {
	return SupplierRef{Kind: s.Kind, Ref: s.Ref, Channel: s.Channel}
}

// Protection tells whether a thing plays with a token only.
type Protection struct {
	Known bool // the supplier tells
	On    bool
	// Folder is the path of the folder that holds the switch of a share's media;
	// empty for streams.
	Folder string
}

// SupplierAccount is an organisation that the token's person belongs to.
type SupplierAccount struct {
	ID   string
	Name string
}

// RadioProduct is a radio subscription.
type RadioProduct struct {
	ID      string
	Account string // id of the organisation
	Name    string
}

// SupplierStation is a radio station.
type SupplierStation struct {
	ID        string
	Product   string // id of the radio product
	Name      string
	Thumbnail string // address of a picture; may be empty
	Enabled   bool
	// Streams are its mountpoints, and its HLS stream last if it has one.
	Streams []SupplierStream
}

// SupplierStream is a mountpoint or an HLS stream.
type SupplierStream struct {
	ID         string // empty for HLS, which a station has one of
	Kind       SourceKind
	Ref        string // mountpoint without slash, or HLS stream name
	URL        string // listening address, without a token
	Codec      string // "mp3" or "aac"; empty when not known
	Bitrate    int    // kbit/s, of HLS the highest; 0 when not known
	Protection Protection
	Up         bool // it is on the air
	Enabled    bool
}

// Supplied is what the stream is at the supplier.
func (s SupplierStream) Supplied() SupplierRef { return SupplierRef{Kind: s.Kind, Ref: s.Ref} }

// SupplierChannel is a VOD channel.
type SupplierChannel struct {
	ID      string // a number
	Account string // id of the organisation; may be empty
	Name    string
	Media   int // how many media it says it has; 0 when not known
}

// SupplierFolder is a folder of a VOD channel.
type SupplierFolder struct {
	ID         string
	Path       string // names from the root on, joined by "/", without one in front; empty for the root
	Name       string // the last part of the path
	Protection Protection
}

// MediaState is how far the supplier is with a media.
type MediaState string

// The states of a media.
const (
	MediaReady    MediaState = "ready"    // playable and complete
	MediaEncoding MediaState = "encoding" // playable, still being encoded
	MediaWaiting  MediaState = "waiting"  // not playable yet
	MediaFailed   MediaState = "failed"
	MediaUnknown  MediaState = "unknown"
)

// SupplierMedia is a video or sound of a VOD channel.
type SupplierMedia struct {
	ID          string
	Name        string
	Description string
	Duration    time.Duration // 0 when not known
	State       MediaState
	FolderID    string // may be empty
	Folder      string // path, as in SupplierFolder
	Protection  Protection
	Poster      string // address of a picture; may be empty
	// Shares are ids of its shares, if the list tells them; use Supplier.Shares
	// to be sure.
	Shares    []string
	CreatedAt time.Time // zero when not known
}

// SupplierShare is a published form of a media, for which tokens are made.
type SupplierShare struct {
	ID      string
	MediaID string    // what it plays: a media or a playlist
	Kind    string    // "media" or "playlist"; empty when not known
	EndsAt  time.Time // zero: never
}

// Live tells whether the share can be played at an instant.
func (s SupplierShare) Live(now time.Time) bool { return s.EndsAt.IsZero() || now.Before(s.EndsAt) }
