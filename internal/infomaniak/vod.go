package infomaniak

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"usher/paywall"
)

// channelRow is a channel. The list of the first version is documented as texts
// only, so a bare number is taken too.
type channelRow struct {
	ID          label  `json:"id"`
	Name        label  `json:"name"`
	ChannelName label  `json:"channel_name"`
	MediaCount  number `json:"media_count"`
	MediasCount number `json:"medias_count"`
}

// UnmarshalJSON reads a channel.
func (r *channelRow) UnmarshalJSON(raw []byte) error {
	type plain channelRow
	*r = channelRow{}
	if err := json.Unmarshal(raw, (*plain)(r)); err != nil {
		return r.ID.UnmarshalJSON(raw)
	}
	return nil
}

func (r channelRow) id() string { return string(r.ID) }

func (r channelRow) channel(account string) paywall.SupplierChannel {
	name := string(r.Name)
	if name == "" {
		name = string(r.ChannelName)
	}
	return paywall.SupplierChannel{
		ID: string(r.ID), Account: account, Name: name, Media: max(r.MediaCount.whole(), r.MediasCount.whole()),
	}
}

// Channels implements paywall.Supplier.
func (c *Client) Channels(ctx context.Context) ([]paywall.SupplierChannel, error) {
	return withKey(ctx, c, c.channels)
}

func (c *Client) channels(ctx context.Context, key *credentials) ([]paywall.SupplierChannel, error) {
	accounts, err := c.accounts(ctx, key)
	if err == nil {
		var found []paywall.SupplierChannel
		found, err = overAccounts(accounts, func(account string) ([]paywall.SupplierChannel, error) {
			return c.listChannels(ctx, key, "/2/vod/accounts/"+account+"/channels", account, nil)
		})
		if err == nil {
			return found, nil
		}
	}
	if !paywall.MayNotList(err) {
		return nil, err
	}
	// The list of the first version needs no account.
	found, old := c.listChannels(ctx, key, "/1/vod/channel", key.account, with("account", key.account))
	if old != nil && paywall.MayNotList(old) {
		return nil, err
	}
	return found, old
}

func (c *Client) listChannels(ctx context.Context, key *credentials, path, account string, query map[string][]string) ([]paywall.SupplierChannel, error) {
	found, err := listAll(ctx, c, key, listing{paths: []string{path}, query: query, scope: paywall.VODScope}, channelRow.id)
	var all []paywall.SupplierChannel
	for _, r := range found {
		all = append(all, r.channel(account))
	}
	return all, err
}

// Channel implements paywall.Supplier.
func (c *Client) Channel(ctx context.Context, channelID string) (paywall.SupplierChannel, error) {
	key, err := c.enterAccount(ctx)
	if err != nil {
		return paywall.SupplierChannel{}, err
	}
	l, err := vodListing(key, channelID, "", "")
	if err != nil {
		return paywall.SupplierChannel{}, err
	}
	row, err := one[channelRow](ctx, c, key, l)
	if row.ID == "" {
		row.ID = label(channelID)
	}
	return row.channel(key.account), err
}

// vodListing is a list below a channel, in the first version of the API and, if
// it has one, in the second.
func vodListing(key *credentials, channelID, first, second string) (listing, error) {
	channel, err := segment(channelID)
	l := listing{
		paths: []string{"/1/vod/channel/" + channel + first}, query: with("account", key.account), scope: paywall.VODScope,
	}
	if second != "" {
		l.paths = append(l.paths, "/2/vod/channels/"+channel+second)
	}
	return l, err
}

// folderRow is a folder, whole or as the place of a media. The second version
// writes neither path nor protection.
type folderRow struct {
	ID            label  `json:"id"`
	Name          label  `json:"name"`
	Path          label  `json:"path"`
	KeyRestricted flag   `json:"key_restricted"`
	Discarded     moment `json:"discarded_at"`
}

// UnmarshalJSON reads a folder, of which some answers write the id alone.
func (r *folderRow) UnmarshalJSON(raw []byte) error {
	type plain folderRow
	*r = folderRow{}
	if err := json.Unmarshal(raw, (*plain)(r)); err != nil {
		return r.ID.UnmarshalJSON(raw)
	}
	return nil
}

// path joins names without a slash in front; empty for the root.
func (r folderRow) path() string {
	if r.Path != "" {
		return strings.Trim(string(r.Path), "/ ")
	}
	return strings.Trim(string(r.Name), "/ ")
}

func (r folderRow) protection() paywall.Protection {
	return paywall.Protection{Known: r.KeyRestricted.told, On: r.KeyRestricted.on, Folder: r.path()}
}

// Folders implements paywall.Supplier.
func (c *Client) Folders(ctx context.Context, channelID string) ([]paywall.SupplierFolder, error) {
	return withKey(ctx, c, func(ctx context.Context, key *credentials) ([]paywall.SupplierFolder, error) {
		return c.folders(ctx, key, channelID)
	})
}

func (c *Client) folders(ctx context.Context, key *credentials, channelID string) ([]paywall.SupplierFolder, error) {
	l, err := vodListing(key, channelID, "/folder", "/folders")
	if err != nil {
		return nil, err
	}
	found, err := listAll(ctx, c, key, l, func(r folderRow) string { return string(r.ID) })
	var all []paywall.SupplierFolder
	for _, r := range found {
		if r.Discarded.told() {
			continue
		}
		folder := paywall.SupplierFolder{ID: string(r.ID), Path: r.path(), Protection: r.protection()}
		folder.Name = folder.Path[strings.LastIndexByte(folder.Path, '/')+1:]
		all = append(all, folder)
	}
	return all, err
}

type shareRow struct {
	ID         label  `json:"id"`
	TargetID   label  `json:"target_id"`
	Target     label  `json:"target"`
	TargetType label  `json:"target_type"`
	Validity   number `json:"validity"` // seconds
	ValidUntil moment `json:"valid_until"`
	CreatedAt  moment `json:"created_at"`
	DeletedAt  moment `json:"deleted_at"`
}

func (r shareRow) share() paywall.SupplierShare {
	share := paywall.SupplierShare{ID: string(r.ID), MediaID: string(r.TargetID), EndsAt: r.ValidUntil.at()}
	if share.MediaID == "" {
		share.MediaID = string(r.Target)
	}
	if share.EndsAt.IsZero() && r.Validity.whole() > 0 && r.CreatedAt.told() {
		share.EndsAt = r.CreatedAt.at().Add(time.Duration(r.Validity.whole()) * time.Second)
	}
	for _, kind := range []string{"media", "playlist"} {
		if strings.Contains(strings.ToLower(string(r.TargetType)), kind) {
			share.Kind = kind
		}
	}
	return share
}

// Shares implements paywall.Supplier.
func (c *Client) Shares(ctx context.Context, channelID string) ([]paywall.SupplierShare, error) {
	return withKey(ctx, c, func(ctx context.Context, key *credentials) ([]paywall.SupplierShare, error) {
		return c.shares(ctx, key, channelID)
	})
}

func (c *Client) shares(ctx context.Context, key *credentials, channelID string) ([]paywall.SupplierShare, error) {
	l, err := vodListing(key, channelID, "/share", "")
	if err != nil {
		return nil, err
	}
	found, err := listAll(ctx, c, key, l, func(r shareRow) string { return string(r.ID) })
	var all []paywall.SupplierShare
	for _, r := range found {
		if !r.DeletedAt.told() {
			all = append(all, r.share())
		}
	}
	return all, err
}

// CreateShare implements paywall.Supplier. The call is never repeated after a
// failure that leaves open whether a share was made.
func (c *Client) CreateShare(ctx context.Context, channelID, mediaID string) (paywall.SupplierShare, error) {
	key, err := c.enterAccount(ctx)
	if err != nil {
		return paywall.SupplierShare{}, err
	}
	l, err := vodListing(key, channelID, "/share", "")
	if err != nil {
		return paywall.SupplierShare{}, err
	}
	body, err := json.Marshal(map[string]string{"target": mediaID})
	if err != nil {
		return paywall.SupplierShare{}, err
	}
	got, err := c.fetch(ctx, key, call{
		method: http.MethodPost, path: l.paths[0], query: l.query, body: string(body), scope: paywall.VODScope,
	})
	if err != nil {
		return paywall.SupplierShare{}, err
	}
	var row shareRow
	if json.Unmarshal(got.Data, &row) != nil || row.ID == "" {
		row.ID = got.ID // the OpenAPI file has it beside the data
	}
	share := row.share()
	if share.ID == "" {
		return share, odd(paywall.VODScope, "a new share without an id")
	}
	share.MediaID = mediaID
	return share, nil
}
