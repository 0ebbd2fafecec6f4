package infomaniak

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"usher/paywall"
)

// Protections implements paywall.Supplier. What could be read comes beside an
// error too. One share costs two calls, many cost the pages of their channel.
func (c *Client) Protections(ctx context.Context, refs []paywall.SupplierRef) (map[paywall.SupplierRef]paywall.Protection, error) {
	key, err := c.enterAccount(ctx)
	if err != nil {
		return nil, err
	}
	found, streams := map[paywall.SupplierRef]paywall.Protection{}, map[paywall.SupplierRef]bool{}
	shares := map[string][]string{} // by channel
	for _, ref := range refs {
		if ref.Kind == paywall.SourceVOD {
			shares[ref.Channel] = append(shares[ref.Channel], ref.Ref)
		} else {
			streams[ref] = true
		}
	}
	if len(streams) > 0 {
		err = c.walkStreams(ctx, key, func(_ paywall.SupplierStation, s paywall.SupplierStream) bool {
			if streams[s.Supplied()] {
				found[s.Supplied()] = s.Protection
			}
			return len(found) < len(streams)
		})
	}
	for channel, ids := range shares {
		media, failed := c.mediaOfShares(ctx, key, channel, ids)
		for id, m := range media {
			found[paywall.SupplierRef{Kind: paywall.SourceVOD, Ref: id, Channel: channel}] = m.Protection
		}
		if err == nil {
			err = failed
		}
	}
	return found, err
}

// walkStreams visits all streams until fn wants no more.
func (c *Client) walkStreams(ctx context.Context, key *credentials, fn func(paywall.SupplierStation, paywall.SupplierStream) (more bool)) error {
	products, err := c.radioProducts(ctx, key)
	if err != nil {
		return err
	}
	for _, p := range products {
		stations, err := c.stations(ctx, key, p.ID)
		if err != nil {
			return err
		}
		for _, st := range stations {
			for _, s := range st.Streams {
				if !fn(st, s) {
					return nil
				}
			}
		}
	}
	return nil
}

// mediaOfShares finds what shares play, with its protection. A share that is not
// there any more is missing.
func (c *Client) mediaOfShares(ctx context.Context, key *credentials, channel string, ids []string) (map[string]paywall.SupplierMedia, error) {
	if len(ids) == 1 {
		m, err := c.mediaOfShare(ctx, key, channel, ids[0])
		if err == nil {
			return map[string]paywall.SupplierMedia{ids[0]: m}, nil
		}
		if !unknownRoute(err) {
			return nil, err
		}
	}
	media, err := c.media(ctx, key, channel)
	if err != nil {
		return nil, err
	}
	if err := c.fillProtection(ctx, key, channel, media); err != nil {
		return nil, err
	}
	byID, byShare := map[string]paywall.SupplierMedia{}, map[string]paywall.SupplierMedia{}
	for _, m := range media {
		byID[m.ID] = m
		for _, share := range m.Shares {
			byShare[share] = m
		}
	}
	if !hasAll(byShare, ids) {
		shares, err := c.shares(ctx, key, channel)
		if err != nil {
			return nil, err
		}
		for _, s := range shares {
			if m, known := byID[s.MediaID]; known {
				byShare[s.ID] = m
			}
		}
	}
	wanted := map[string]paywall.SupplierMedia{}
	for _, id := range ids {
		if m, known := byShare[id]; known {
			wanted[id] = m
		}
	}
	return wanted, nil
}

func hasAll[T any](known map[string]T, ids []string) bool {
	for _, id := range ids {
		if _, ok := known[id]; !ok {
			return false
		}
	}
	return true
}

// fillProtection takes the protection of media that do not tell theirs from their
// folders.
func (c *Client) fillProtection(ctx context.Context, key *credentials, channel string, media []paywall.SupplierMedia) error {
	missing := false
	for _, m := range media {
		missing = missing || !m.Protection.Known && m.FolderID != ""
	}
	if !missing {
		return nil
	}
	folders, err := c.folders(ctx, key, channel)
	if err != nil {
		return err
	}
	byID := map[string]paywall.Protection{}
	for _, f := range folders {
		byID[f.ID] = f.Protection
	}
	for i, m := range media {
		if !m.Protection.Known {
			media[i].Protection = byID[m.FolderID]
		}
	}
	return nil
}

// mediaOfShare is what one share plays.
func (c *Client) mediaOfShare(ctx context.Context, key *credentials, channel, id string) (paywall.SupplierMedia, error) {
	share, err := segment(id)
	if err != nil {
		return paywall.SupplierMedia{}, err
	}
	l, err := vodListing(key, channel, "/share/"+share, "")
	if err != nil {
		return paywall.SupplierMedia{}, err
	}
	row, err := one[shareRow](ctx, c, key, l)
	if err != nil {
		return paywall.SupplierMedia{}, err
	}
	target, err := segment(row.share().MediaID)
	if err != nil {
		return paywall.SupplierMedia{}, odd(paywall.VODScope, "a share of nothing")
	}
	l, _ = vodListing(key, channel, "/media/"+target, "")
	l.with = mediaRelations
	found, err := one[mediaRow](ctx, c, key, l)
	if err != nil {
		return paywall.SupplierMedia{}, err
	}
	media := []paywall.SupplierMedia{found.media()}
	return media[0], c.fillProtection(ctx, key, channel, media)
}

// SetProtection implements paywall.Supplier.
func (c *Client) SetProtection(ctx context.Context, ref paywall.SupplierRef, on bool) error {
	key, err := c.enterAccount(ctx)
	if err != nil {
		return err
	}
	if ref.Kind == paywall.SourceVOD {
		return c.protectFolder(ctx, key, ref, on)
	}
	return c.protectStream(ctx, key, ref, on)
}

func (c *Client) protectStream(ctx context.Context, key *credentials, ref paywall.SupplierRef, on bool) error {
	var path string
	err := c.walkStreams(ctx, key, func(st paywall.SupplierStation, s paywall.SupplierStream) bool {
		if s.Supplied() != (paywall.SupplierRef{Kind: ref.Kind, Ref: ref.Ref}) {
			return true
		}
		path = fmt.Sprintf("/2/radios/%s/stations/%s/", st.Product, st.ID)
		if path += "hls_stream"; ref.Kind == paywall.SourceStream {
			path = fmt.Sprintf("/2/radios/%s/stations/%s/streams/%s", st.Product, st.ID, s.ID)
		}
		return false
	})
	if err != nil {
		return err
	}
	if path == "" {
		return &paywall.SupplierError{Key: paywall.TroubleGone, Scope: paywall.RadioScope, Status: http.StatusNotFound}
	}
	return c.put(ctx, key, path, map[string]any{"is_hash_restriction": on}, paywall.RadioScope)
}

// folderRules are a folder's restrictions. The answer holds the folder's password
// in clear; only that there is one is read.
type folderRules struct {
	Inherits flag `json:"inherits_restrictions"`

	Password            filled `json:"password"`
	AllowedDomains      filled `json:"allowed_domains"`
	DisallowedDomains   filled `json:"disallowed_domains"`
	AllowedCountries    filled `json:"allowed_countries"`
	DisallowedCountries filled `json:"disallowed_countries"`
	AllowedIPs          filled `json:"allowed_ips"`
	DisallowedIPs       filled `json:"disallowed_ips"`
}

// others tells whether there are rules beside the protection by token.
func (r folderRules) others() bool {
	return bool(r.Password || r.AllowedDomains || r.DisallowedDomains || r.AllowedCountries ||
		r.DisallowedCountries || r.AllowedIPs || r.DisallowedIPs)
}

// filled tells whether there is anything in a field, and nothing of what.
type filled bool

// UnmarshalJSON looks whether a field is empty.
func (f *filled) UnmarshalJSON(raw []byte) error {
	switch string(raw) {
	case "null", `""`, "[]", "{}", "false":
		*f = false
	default:
		*f = true
	}
	return nil
}

// protectFolder turns the switch of the folder that a share's media lies in. A
// folder that takes its rules from above gets its own only when that loses
// nothing: other rules would end with the inheritance.
func (c *Client) protectFolder(ctx context.Context, key *credentials, ref paywall.SupplierRef, on bool) error {
	media, err := c.mediaOfShares(ctx, key, ref.Channel, []string{ref.Ref})
	if err != nil {
		return err
	}
	m, known := media[ref.Ref]
	if !known {
		return &paywall.SupplierError{Key: paywall.TroubleGone, Scope: paywall.VODScope, Status: http.StatusNotFound}
	}
	if m.Protection.Known && m.Protection.On == on {
		return nil
	}
	folder, err := c.folderIDOf(ctx, key, ref.Channel, m)
	if err != nil {
		return err
	}
	path := "/2/vod/folders/" + folder
	rules, err := one[folderRules](ctx, c, key, listing{paths: []string{path}, scope: paywall.VODScope})
	if err != nil {
		return err
	}
	body := map[string]any{"key_restricted": on}
	if rules.Inherits.on {
		if rules.others() {
			return &paywall.SupplierError{Key: paywall.TroubleInherits, Scope: paywall.VODScope, Unasked: true}
		}
		body["inherits_restrictions"] = false
	}
	return c.put(ctx, key, path, body, paywall.VODScope)
}

// folderIDOf is the folder of a media: the root where it names none.
func (c *Client) folderIDOf(ctx context.Context, key *credentials, channel string, m paywall.SupplierMedia) (string, error) {
	if m.FolderID != "" {
		return segment(m.FolderID)
	}
	l, err := vodListing(key, channel, "/folder/root", "/folders/root")
	if err != nil {
		return "", err
	}
	root, err := one[folderRow](ctx, c, key, l)
	if err != nil {
		return "", err
	}
	return segment(string(root.ID))
}

// put makes a change. The answer is the changed thing, or whether it was done.
func (c *Client) put(ctx context.Context, key *credentials, path string, fields map[string]any, scope paywall.SupplierScope) error {
	body, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	got, err := c.fetch(ctx, key, call{method: http.MethodPut, path: path, body: string(body), scope: scope})
	if err != nil {
		return err
	}
	if string(got.Data) == "false" {
		return odd(scope, "the change was not made")
	}
	return nil
}
