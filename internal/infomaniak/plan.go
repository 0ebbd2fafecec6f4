package infomaniak

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"usher/paywall"
)

// plan is one mint worked out before a call is spent on it.
type plan struct {
	kind     paywall.SourceKind
	endpoint string        // where the token is asked for
	embed    string        // the address to embed, without a token
	window   time.Duration // whole seconds
}

func (c *Client) plan(key *credentials, s paywall.Source, window time.Duration) (plan, error) {
	p := plan{kind: s.Kind, window: window.Truncate(time.Second)}
	if p.window < time.Second {
		return plan{}, fmt.Errorf("%w: a window of %s is too short", ErrSource, window)
	}
	var err error
	if p.endpoint, err = c.endpoint(key, s); err != nil {
		return plan{}, err
	}
	if p.embed, err = c.embedBase(s); err != nil {
		return plan{}, err
	}
	return p, nil
}

// endpoint is where FAQ 2792 (radio) and FAQ 1366 or the OpenAPI file (VOD)
// say that a token is made.
func (c *Client) endpoint(key *credentials, s paywall.Source) (string, error) {
	ref, err := segment(s.Ref)
	if err != nil {
		return "", err
	}
	switch s.Kind {
	case paywall.SourceStream:
		return c.api + "/1/radios/acl/streams/" + ref + "/token", nil
	case paywall.SourceHLS:
		return c.api + "/1/radios/acl/hls_streams/" + ref + "/token", nil
	case paywall.SourceVOD:
		channel, err := segment(s.Channel)
		if err != nil {
			return "", err
		}
		return c.vodTokenCall(key.style, channel, ref) + key.query, nil
	}
	return "", fmt.Errorf("%w: kind %q is unknown", ErrSource, s.Kind)
}

// vodTokenCall is the address of a VOD token call in one of its two styles.
func (c *Client) vodTokenCall(style paywall.VODStyle, channel, share string) string {
	base := c.api + "/1/vod/channel/"
	if style == paywall.VODStylePub {
		base = c.vod + "/api/pub/v1/channel/"
	}
	return base + channel + "/share/" + share + "/token"
}

// segment makes a text one path segment. Dots alone would climb in the path,
// and escaping leaves them as they are.
func segment(text string) (string, error) {
	if strings.Trim(text, ".") == "" {
		return "", fmt.Errorf("%w: a part of its address is missing", ErrSource)
	}
	return url.PathEscape(text), nil
}

// body is the JSON of a token call. The window is always sent, because the
// default of VOD is not documented; nothing else is, because start and end
// times have no zone.
func (p plan) body() string {
	return fmt.Sprintf(`{"window":%d}`, int64(p.window/time.Second))
}
