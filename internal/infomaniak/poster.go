package infomaniak

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"usher/paywall"
)

// pictureHosts are where Infomaniak keeps pictures, beside the hosts of the API.
var pictureHosts = []string{"https://res.vod2.infomaniak.com", "https://storage.infomaniak.com"}

// Poster implements paywall.Supplier. The address comes out of an answer, so it is
// held against the list of hosts, and neither a redirect nor a token goes along.
func (c *Client) Poster(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || !slices.Contains(c.pictureOrigins(), u.Scheme+"://"+u.Host) {
		return nil, fmt.Errorf("%w: a picture", ErrHost)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout*5/2)
	defer cancel()
	key := newCredentials(paywall.Credentials{})
	key.header = http.Header{"User-Agent": {"Usher"}, "Accept": {"image/*"}}
	_, body, err := c.send(ctx, key, request{method: http.MethodGet, address: address, most: paywall.MaxPoster})
	if err != nil {
		return nil, key.explained(err)
	}
	return body, nil
}

// pictureOrigins are where a picture may be fetched from.
func (c *Client) pictureOrigins() []string {
	all := slices.Clone(pictureHosts)
	for _, base := range []string{c.api, c.vod, c.player} {
		if u, err := url.Parse(base); err == nil {
			all = append(all, u.Scheme+"://"+u.Host)
		}
	}
	return all
}
