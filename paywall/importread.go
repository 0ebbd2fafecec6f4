package paywall

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// readWork is what a run that reads needs.
type readWork struct {
	Channels []string // numbers that the owner typed
}

// MaxTypedChannels is how many channel numbers an owner may type.
const MaxTypedChannels = 10

// StartRead reads the account anew. channels are numbers of VOD channels that the
// token may read but not list.
func (m *Imports) StartRead(ctx context.Context, actor Actor, channels []string) (ImportRun, error) {
	var typed []string
	for _, channel := range channels {
		channel = strings.TrimSpace(channel)
		switch {
		case channel == "" || slices.Contains(typed, channel):
			continue
		case !channelForm.MatchString(channel) || len(typed) == MaxTypedChannels:
			return ImportRun{}, invalidField("channels", "source.error.channel")
		}
		typed = append(typed, channel)
	}
	return m.start(ctx, actor, RunRead, readWork{Channels: typed}, 0, number(LabelChannels, len(typed)))
}

// readAll reads the whole account. Only when it is through, what was read before
// is replaced; of what the token may not read now, it stays.
func (w *importWork) readAll(ctx context.Context) error {
	var work readWork
	if err := json.Unmarshal(w.run.Work, &work); err != nil {
		return err
	}
	w.run.Done, w.run.Total, w.report = 0, 2, RunReport{} // begun anew, if it was broken off
	before, err := w.Holdings(ctx)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	held := Holdings{ReadAt: w.clock()}
	if err := w.readRadio(ctx, &held, before); err != nil {
		return err
	}
	if err := w.advance(ctx); err != nil {
		return err
	}
	if err := w.readVideo(ctx, &held, before, work.Channels); err != nil {
		return err
	}
	if err := w.advance(ctx); err != nil {
		return err
	}
	body, err := json.Marshal(held)
	if err != nil {
		return err
	}
	return w.store.PutHoldings(ctx, body, held.ReadAt)
}

// mayNot tells whether a list is one that the token may not read, which leads to
// typing. Without a token at all there is nothing to go on with.
func mayNot(part *HoldingsPart, err error) bool {
	if !MayNotList(err) {
		return false
	}
	part.Trouble, part.Whole = TroubleOf(err), false
	return true
}

func (w *importWork) readRadio(ctx context.Context, held *Holdings, before Holdings) error {
	held.Radio.Whole = true
	products, err := patiently(ctx, w, func() ([]RadioProduct, error) { return w.supplier.RadioProducts(ctx) })
	if mayNot(&held.Radio, err) {
		held.keepStations(before, "")
		return nil
	}
	if err != nil {
		return err
	}
	w.run.Total += len(products)
	for _, product := range products {
		stations, err := patiently(ctx, w, func() ([]SupplierStation, error) { return w.supplier.Stations(ctx, product.ID) })
		if err != nil {
			if !mayNot(&held.Radio, err) {
				return err
			}
			w.report.problem(product.Name, held.Radio.Trouble)
			held.keepStations(before, product.ID)
		}
		held.Stations = append(held.Stations, stations...)
		if err := w.advance(ctx); err != nil {
			return err
		}
	}
	if len(held.Stations) > 0 && held.Radio.KeptAt.IsZero() {
		held.Radio.Trouble = "" // there is something to pick
	}
	return nil
}

func (w *importWork) readVideo(ctx context.Context, held *Holdings, before Holdings, typed []string) error {
	held.VOD.Whole = true
	channels, err := patiently(ctx, w, func() ([]SupplierChannel, error) { return w.supplier.Channels(ctx) })
	unlisted := mayNot(&held.VOD, err)
	if err != nil && !unlisted {
		return err
	}
	if channels, err = w.findTyped(ctx, held, before, channels, typed); err != nil {
		return err
	}
	w.run.Total += 3 * len(channels)
	for _, channel := range channels {
		one, err := w.readChannel(ctx, channel)
		if err != nil {
			if !mayNot(&held.VOD, err) {
				return err
			}
			w.report.problem(channel.Name, held.VOD.Trouble)
			held.keepChannel(before, channel.ID)
			continue
		}
		one.Typed = slices.Contains(typed, channel.ID)
		held.Channels = append(held.Channels, one)
	}
	for _, channel := range before.Channels {
		if unlisted && !slices.Contains(typed, channel.Channel.ID) {
			held.keepChannel(before, channel.Channel.ID)
		}
	}
	if len(held.Channels) > 0 && held.VOD.KeptAt.IsZero() {
		held.VOD.Trouble = ""
	}
	return nil
}

// findTyped adds the channels whose numbers were typed to those that were listed.
func (w *importWork) findTyped(ctx context.Context, held *Holdings, before Holdings, channels []SupplierChannel, typed []string) ([]SupplierChannel, error) {
	for _, number := range typed {
		if slices.ContainsFunc(channels, func(c SupplierChannel) bool { return c.ID == number }) {
			continue
		}
		channel, err := patiently(ctx, w, func() (SupplierChannel, error) { return w.supplier.Channel(ctx, number) })
		if err == nil {
			channels = append(channels, channel)
			continue
		}
		if !MayNotList(err) {
			return nil, err
		}
		w.report.problem(number, TroubleOf(err))
		if TroubleOf(err) != TroubleGone {
			held.keepChannel(before, number)
		}
	}
	return channels, nil
}

func (w *importWork) readChannel(ctx context.Context, channel SupplierChannel) (HeldChannel, error) {
	one := HeldChannel{Channel: channel}
	var err error
	if one.Folders, err = patiently(ctx, w, func() ([]SupplierFolder, error) { return w.supplier.Folders(ctx, channel.ID) }); err != nil {
		return one, err
	}
	if err := w.advance(ctx); err != nil {
		return one, err
	}
	if one.Media, err = patiently(ctx, w, func() ([]SupplierMedia, error) { return w.supplier.Media(ctx, channel.ID) }); err != nil {
		return one, err
	}
	if err := w.advance(ctx); err != nil {
		return one, err
	}
	shares, err := patiently(ctx, w, func() ([]SupplierShare, error) { return w.supplier.Shares(ctx, channel.ID) })
	if err != nil {
		return one, err
	}
	one.Shares = lastingShares(shares)
	return one, w.advance(ctx)
}
