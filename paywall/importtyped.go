package paywall

import (
	"context"
	"log/slog"
	"path"
	"slices"
	"strings"
	"time"
)

// TypedSource is what an owner types where the token may not list: the address of
// a stream, or a channel number with the id of a share or of a media.
type TypedSource struct {
	Kind    ItemKind
	Address string
	Channel string
	Access  Access
}

// AlreadyHere tells which item has what was typed.
type AlreadyHere struct{ Item Item }

// Error describes it for the log.
func (e *AlreadyHere) Error() string { return "item " + e.Item.ID + " has this source" }

// Typed makes a draft of it. For a media the share that it has is found, if the
// token may read the channel. Otherwise the id is taken for a share's, and unsure
// tells so.
func (m *Imports) Typed(ctx context.Context, actor Actor, typed TypedSource) (item Item, unsure bool, err error) {
	if strings.TrimSpace(typed.Address) == "" {
		return Item{}, false, invalidField("address", "source.error.address")
	}
	here, err := stockOf(ctx, m.store)
	if err != nil {
		return Item{}, false, err
	}
	in := ItemInput{Kind: typed.Kind, Access: typed.Access}
	switch typed.Kind {
	case KindVideo:
		unsure, err = m.typedVideo(ctx, &in, typed, here)
	case KindRadio:
		err = m.typedStream(&in, typed, here)
	}
	if err != nil {
		return Item{}, false, err
	}
	item, err = NewCatalogue(m.store, m.hosts, m.clock).Create(ctx, actor, in)
	return item, unsure, err
}

// free refuses what an item of the site has already, known by its key or by a way
// to play it.
func (s stock) free(key string, refs ...SupplierRef) error {
	item, _, found := s.find(key, refs)
	if !found {
		return nil
	}
	return invalidField("address", "source.error.here").Because(&AlreadyHere{item})
}

// typedStream names an item after the stream that was typed.
func (m *Imports) typedStream(in *ItemInput, typed TypedSource, here stock) error {
	kind := SourceStream
	if strings.HasSuffix(strings.SplitN(typed.Address, "?", 2)[0], ".m3u8") {
		kind = SourceHLS
	}
	stream, err := newStreamSource(kind, typed.Address, m.hosts)
	if err != nil {
		return err
	}
	in.Title = strings.TrimSuffix(stream.Ref, path.Ext(stream.Ref))
	in.Sources = []SourceInput{{Kind: kind, Address: stream.URL}}
	return here.free("", stream.Supplied())
}

// lookUpTime bounds what the page of a typed id waits for.
const lookUpTime = 4 * time.Second

// typedVideo finds name and share of a media or share that was typed. Where
// nobody tells, what was typed is taken as it is, and unsure is true.
func (m *Imports) typedVideo(ctx context.Context, in *ItemInput, typed TypedSource, here stock) (unsure bool, err error) {
	vod, err := newVODSource(typed.Address, typed.Channel)
	if err != nil {
		return false, err
	}
	in.Title = vod.Ref
	in.Sources = []SourceInput{{Kind: SourceVOD, Address: vod.Ref, Channel: vod.Channel}}
	if err := here.free("", vod.Supplied()); err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	media, shares, err := m.channelOf(ctx, vod.Channel)
	switch {
	case TroubleOf(err) == TroubleGone:
		return false, invalidField("channel", "source.error.no_channel").Because(err)
	case err != nil:
		slog.Info("a typed id was not looked up", "trouble", TroubleOf(err))
		return true, nil
	}
	mediaID, shared := vod.Ref, false
	for _, share := range shares {
		if share.ID == vod.Ref {
			mediaID, shared = share.MediaID, true
		}
	}
	at := slices.IndexFunc(media, func(one SupplierMedia) bool { return one.ID == mediaID })
	if at < 0 && shared {
		return false, nil // it may play a list of media
	}
	if at < 0 {
		return false, invalidField("address", "source.error.not_there")
	}
	one := media[at]
	in.Title, in.Summary, in.Duration = suppliedTitle(one.Name, one.ID), suppliedText(one.Description), statedOfMedia(one).duration
	if shared {
		return false, nil
	}
	channel := HeldChannel{Channel: SupplierChannel{ID: vod.Channel}, Shares: lastingShares(shares)}
	if err := here.free(MediaKey(vod.Channel, mediaID), channel.refs(mediaID)...); err != nil {
		return false, err
	}
	in.Sources[0].Address, err = m.shareOf(ctx, channel, mediaID)
	return false, err
}

// shareOf is the share of a media; one that has none gets one. A media without a
// share cannot be played.
func (m *Imports) shareOf(ctx context.Context, channel HeldChannel, mediaID string) (string, error) {
	if known := channel.Shares[mediaID]; len(known) > 0 {
		return known[0], nil
	}
	made, err := m.supplier.CreateShare(ctx, channel.Channel.ID, mediaID)
	if err != nil {
		return "", invalidField("address", "source.error.no_share").Because(err)
	}
	return made.ID, nil
}

// channelOf reads the media and shares of a channel.
func (m *Imports) channelOf(ctx context.Context, channelID string) ([]SupplierMedia, []SupplierShare, error) {
	shares, err := m.supplier.Shares(ctx, channelID)
	if err != nil {
		return nil, nil, err
	}
	media, err := m.supplier.Media(ctx, channelID)
	return media, shares, err
}
