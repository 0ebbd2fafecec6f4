package infomaniak

import (
	"context"
	"net/http"
	"path"
	"strings"

	"usher/paywall"
)

type radioRow struct {
	ID           label             `json:"id"`
	ProductID    label             `json:"product_id"`
	Product      maybe[radioThing] `json:"product"`
	CustomerName label             `json:"customer_name"`
	Name         label             `json:"name"`
}

type radioThing struct {
	ID label `json:"id"`
}

// id is the number that other calls want. The OpenAPI file does not say which
// field it is.
func (r radioRow) id() string {
	switch {
	case r.ID != "":
		return string(r.ID)
	case r.ProductID != "":
		return string(r.ProductID)
	case r.Product.value != nil:
		return string(r.Product.value.ID)
	}
	return ""
}

func (r radioRow) name() string {
	if r.CustomerName != "" {
		return string(r.CustomerName)
	}
	return string(r.Name)
}

// RadioProducts implements paywall.Supplier.
func (c *Client) RadioProducts(ctx context.Context) ([]paywall.RadioProduct, error) {
	return withKey(ctx, c, c.radioProducts)
}

func (c *Client) radioProducts(ctx context.Context, key *credentials) ([]paywall.RadioProduct, error) {
	accounts, err := c.accounts(ctx, key)
	if err != nil {
		return nil, err
	}
	return overAccounts(accounts, func(account string) ([]paywall.RadioProduct, error) {
		found, err := listAll(ctx, c, key, listing{
			paths: []string{"/2/radios", "/1/radios"}, query: with("account_id", account), scope: paywall.RadioScope,
		}, radioRow.id)
		var all []paywall.RadioProduct
		for _, r := range found {
			all = append(all, paywall.RadioProduct{ID: r.id(), Account: account, Name: r.name()})
		}
		return all, err
	})
}

type stationRow struct {
	ID        label                  `json:"id"`
	Name      label                  `json:"name"`
	Subdomain label                  `json:"subdomain"`
	Thumbnail link                   `json:"thumbnail"`
	IsEnabled flag                   `json:"is_enabled"`
	Streams   maybe[rows[streamRow]] `json:"streams"`
	HLSStream maybe[streamRow]       `json:"hls_stream"`
}

// streamRow is a mountpoint or an HLS stream. The answers carry a hash_key too,
// which is a secret and not read.
type streamRow struct {
	ID                label    `json:"id"`
	Mountpoint        label    `json:"mountpoint"`
	Name              label    `json:"name"`
	Bitrate           number   `json:"bitrate"`
	Bitrates          bitrates `json:"bitrates"`
	URL               link     `json:"url"`
	IsHashRestriction flag     `json:"is_hash_restriction"`
	IsUp              flag     `json:"is_up"`
	IsEnabled         flag     `json:"is_enabled"`
}

// bitrates are a list of numbers, or a text such as "64,96".
type bitrates []number

// UnmarshalJSON reads bitrates.
func (b *bitrates) UnmarshalJSON(raw []byte) error {
	var text label
	_ = text.UnmarshalJSON(raw)
	var list rows[number]
	if text == "" {
		_ = list.UnmarshalJSON(raw)
	}
	for part := range strings.SplitSeq(string(text), ",") {
		var n number
		_ = n.UnmarshalJSON([]byte(`"` + strings.TrimSpace(part) + `"`))
		list = append(list, n)
	}
	*b = bitrates(list)
	return nil
}

func (b bitrates) highest() int {
	best := 0
	for _, n := range b {
		best = max(best, n.whole())
	}
	return best
}

// Stations implements paywall.Supplier.
func (c *Client) Stations(ctx context.Context, productID string) ([]paywall.SupplierStation, error) {
	return withKey(ctx, c, func(ctx context.Context, key *credentials) ([]paywall.SupplierStation, error) {
		return c.stations(ctx, key, productID)
	})
}

func (c *Client) stations(ctx context.Context, key *credentials, productID string) ([]paywall.SupplierStation, error) {
	product, err := segment(productID)
	if err != nil {
		return nil, err
	}
	below := "/radios/" + product + "/stations"
	found, err := listAll(ctx, c, key, listing{
		paths: []string{"/2" + below, "/1" + below}, with: "streams,streams.is_up,hls_stream", scope: paywall.RadioScope,
	}, func(r stationRow) string { return string(r.ID) })
	if err != nil {
		return nil, err
	}
	var all []paywall.SupplierStation
	for _, r := range found {
		station, err := c.station(ctx, key, productID, below+"/"+string(r.ID), r)
		if err != nil {
			return nil, err
		}
		all = append(all, station)
	}
	return all, nil
}

// station turns a row into a station; what the row does not tell of its streams
// is asked for.
func (c *Client) station(ctx context.Context, key *credentials, productID, below string, r stationRow) (paywall.SupplierStation, error) {
	station := paywall.SupplierStation{
		ID: string(r.ID), Product: productID, Name: string(r.Name), Thumbnail: c.absolute(string(r.Thumbnail)),
		Enabled: r.IsEnabled.on || !r.IsEnabled.told,
	}
	if !r.Streams.told {
		streams, err := listAll(ctx, c, key, listing{
			paths: []string{"/2" + below + "/streams", "/1" + below + "/streams"}, scope: paywall.RadioScope,
		}, func(s streamRow) string { return string(s.ID) })
		if err != nil {
			return station, err
		}
		all := rows[streamRow](streams)
		r.Streams.value = &all
	}
	if !r.HLSStream.told {
		hls, err := one[streamRow](ctx, c, key, listing{
			paths: []string{"/2" + below + "/hls_stream", "/1" + below + "/hls_stream"}, scope: paywall.RadioScope,
		})
		if err != nil && !hasStatus(err, http.StatusNotFound) {
			return station, err
		}
		r.HLSStream.value = &hls
	}
	if r.Streams.value != nil {
		for _, s := range *r.Streams.value {
			if ref := strings.TrimPrefix(string(s.Mountpoint), "/"); ref != "" {
				station.Streams = append(station.Streams, c.mountpoint(s, ref, string(r.Subdomain)))
			}
		}
	}
	if s := r.HLSStream.value; s != nil && s.Name != "" {
		station.Streams = append(station.Streams, c.hlsStream(*s))
	}
	return station, nil
}

func (c *Client) mountpoint(s streamRow, ref, subdomain string) paywall.SupplierStream {
	address := string(s.URL)
	if address == "" && subdomain != "" {
		address = "https://" + subdomain + ".ice.infomaniak.ch/" + ref
	}
	stream := c.stream(s, paywall.SourceStream, ref, address)
	stream.ID = string(s.ID)
	// What the number of a codec means is documented nowhere; the name tells.
	switch extension := strings.ToLower(path.Ext(ref)); extension {
	case ".mp3", ".aac":
		stream.Codec = extension[1:]
	}
	return stream
}

func (c *Client) hlsStream(s streamRow) paywall.SupplierStream {
	name, address := string(s.Name), string(s.URL)
	if address == "" {
		address = "https://" + name + ".radiohls.infomaniak.com/" + name + "/manifest.m3u8"
	}
	return c.stream(s, paywall.SourceHLS, name, address)
}

func (c *Client) stream(s streamRow, kind paywall.SourceKind, ref, address string) paywall.SupplierStream {
	return paywall.SupplierStream{
		Kind: kind, Ref: ref, URL: c.absolute(address), Bitrate: max(s.Bitrate.whole(), s.Bitrates.highest()),
		Protection: paywall.Protection{Known: s.IsHashRestriction.told, On: s.IsHashRestriction.on},
		Up:         s.IsUp.on || !s.IsUp.told, Enabled: s.IsEnabled.on || !s.IsEnabled.told,
	}
}

// absolute gives an address its scheme, which the API's examples do not have:
// that of the API itself.
func (c *Client) absolute(address string) string {
	if address == "" || strings.Contains(address, "://") {
		return address
	}
	scheme, _, _ := strings.Cut(c.api, "://")
	return scheme + "://" + strings.TrimPrefix(address, "//")
}
