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

// Typed makes a draft of it. For a media the share that it has is found, if the
// token may read the channel; otherwise the id is taken for a share's.
func (m *Imports) Typed(ctx context.Context, actor Actor, typed TypedSource) (Item, error) {
	in := ItemInput{Kind: typed.Kind, Access: typed.Access, Sources: []SourceInput{{Address: typed.Address, Channel: typed.Channel}}}
	source := &in.Sources[0]
	if strings.TrimSpace(typed.Address) == "" {
		return Item{}, invalidField("address", "source.error.address")
	}
	switch typed.Kind {
	case KindVideo:
		source.Kind = SourceVOD
		in.Title = typed.Address
		if _, err := newVODSource(typed.Address, typed.Channel); err != nil {
			return Item{}, err
		}
		m.lookUp(ctx, &in, source)
	case KindRadio:
		source.Kind = SourceStream
		if strings.HasSuffix(strings.SplitN(typed.Address, "?", 2)[0], ".m3u8") {
			source.Kind = SourceHLS
		}
		stream, err := newStreamSource(source.Kind, typed.Address, m.hosts)
		if err != nil {
			return Item{}, err
		}
		in.Title = strings.TrimSuffix(stream.Ref, path.Ext(stream.Ref))
	}
	item, err := NewCatalogue(m.store, m.hosts, m.clock).Create(ctx, actor, in)
	for _, field := range []string{"address", "channel"} {
		err = renameField(err, "source_0_"+field, field)
	}
	return item, err
}

// lookUpTime bounds what the page of a typed id waits for.
const lookUpTime = 4 * time.Second

// lookUp finds name and share of a typed media; one that has no share gets one.
// Trouble is no reason to refuse: what was typed is taken as it is.
func (m *Imports) lookUp(ctx context.Context, in *ItemInput, source *SourceInput) {
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	vod, err := newVODSource(source.Address, source.Channel)
	if err != nil {
		return
	}
	in.Title = vod.Ref
	media, shares, err := m.channelOf(ctx, vod.Channel)
	if err != nil {
		slog.Info("a typed id was not looked up", "trouble", TroubleOf(err))
		return
	}
	mediaID := vod.Ref
	for _, share := range shares {
		if share.ID == vod.Ref {
			mediaID = share.MediaID
		}
	}
	at := slices.IndexFunc(media, func(one SupplierMedia) bool { return one.ID == mediaID })
	if at < 0 {
		return
	}
	one := media[at]
	in.Title, in.Summary, in.Duration = suppliedTitle(one.Name, one.ID), suppliedText(one.Description), statedOfMedia(one).duration
	if mediaID != vod.Ref {
		return // it is a share already
	}
	if known := lastingShares(shares)[mediaID]; len(known) > 0 {
		source.Address = known[0]
	} else if made, err := m.supplier.CreateShare(ctx, vod.Channel, mediaID); err == nil {
		source.Address = made.ID
	}
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
