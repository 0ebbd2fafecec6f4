package infomaniak

import (
	"fmt"
	"net/url"

	"usher/paywall"
)

// embedBase is the address to embed without its token, checked against the
// allow-list. A query is appended to it and nothing else, so what is checked
// here holds for the final address too.
func (c *Client) embedBase(s paywall.Source) (string, error) {
	base, err := c.embedAddress(s)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(base)
	if err != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || !plainText(base) {
		return "", fmt.Errorf("%w: its listening address is not a plain address", ErrSource)
	}
	if !c.hosts.Allows(u) {
		return "", fmt.Errorf("%w: %s://%s", ErrHost, u.Scheme, u.Host)
	}
	return base, nil
}

func (c *Client) embedAddress(s paywall.Source) (string, error) {
	if s.Kind != paywall.SourceVOD {
		return s.URL, nil
	}
	share, err := segment(s.Ref)
	if err != nil {
		return "", err
	}
	if c.embed == EmbedRes {
		return c.vod + "/res/embed/" + share + ".html", nil
	}
	return c.player + "/embed/" + share, nil
}
