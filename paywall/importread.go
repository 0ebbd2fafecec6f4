package paywall

import (
	"context"
	"encoding/json"
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
// is replaced.
func (w *importWork) readAll(ctx context.Context) error {
	var work readWork
	if err := json.Unmarshal(w.run.Work, &work); err != nil {
		return err
	}
	w.run.Done, w.run.Total, w.report = 0, 2, RunReport{} // begun anew, if it was broken off
	held := Holdings{ReadAt: w.clock()}
	if err := w.readRadio(ctx, &held); err != nil {
		return err
	}
	if err := w.advance(ctx); err != nil {
		return err
	}
	if err := w.readVideo(ctx, &held, work.Channels); err != nil {
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

func (w *importWork) readRadio(ctx context.Context, held *Holdings) error {
	held.Radio.Whole = true
	products, err := patiently(ctx, w, func() ([]RadioProduct, error) { return w.supplier.RadioProducts(ctx) })
	if mayNot(&held.Radio, err) {
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
		}
		held.Stations = append(held.Stations, stations...)
		if err := w.advance(ctx); err != nil {
			return err
		}
	}
	if len(held.Stations) > 0 {
		held.Radio.Trouble = "" // there is something to pick
	}
	return nil
}

func (w *importWork) readVideo(ctx context.Context, held *Holdings, typed []string) error {
	held.VOD.Whole = true
	channels, err := patiently(ctx, w, func() ([]SupplierChannel, error) { return w.supplier.Channels(ctx) })
	if err != nil && !mayNot(&held.VOD, err) {
		return err
	}
	for _, number := range typed {
		if slices.ContainsFunc(channels, func(c SupplierChannel) bool { return c.ID == number }) {
			continue
		}
		channel, err := patiently(ctx, w, func() (SupplierChannel, error) { return w.supplier.Channel(ctx, number) })
		if err != nil {
			if !MayNotList(err) {
				return err
			}
			w.report.problem(number, TroubleOf(err))
			continue
		}
		channels = append(channels, channel)
	}
	w.run.Total += 3 * len(channels)
	for _, channel := range channels {
		one, err := w.readChannel(ctx, channel)
		if err != nil {
			if !mayNot(&held.VOD, err) {
				return err
			}
			w.report.problem(channel.Name, held.VOD.Trouble)
			continue
		}
		one.Typed = slices.Contains(typed, channel.ID)
		held.Channels = append(held.Channels, one)
	}
	if len(held.Channels) > 0 {
		held.VOD.Trouble = ""
	}
	return nil
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
