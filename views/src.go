package views

import (
	"fmt"
	"net/url"
)

// MediaSrc is an address for the src of a player. templ does not sanitise src,
// so only NewMediaSrc makes one.
type MediaSrc struct{ address string }

// NewMediaSrc accepts an absolute address that the allow-list allows. The text
// is kept as it is: a token must not be re-encoded.
func NewMediaSrc(address string, allows func(*url.URL) bool) (MediaSrc, error) {
	u, err := url.Parse(address)
	if err != nil {
		return MediaSrc{}, fmt.Errorf("media address does not parse")
	}
	if !allows(u) {
		return MediaSrc{}, fmt.Errorf("media host %q is not on the allow-list", u.Host)
	}
	return MediaSrc{address: address}, nil
}

// Empty tells whether there is nothing to play.
func (s MediaSrc) Empty() bool { return s.address == "" }

// String is the address.
func (s MediaSrc) String() string { return s.address }
