package infomaniak

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"

	"usher/paywall"
)

const (
	// tasteBytes of sound or film are enough to know that it plays; an endless
	// stream is hung up after them.
	tasteBytes = 4 << 10
	// mostAsks bounds the requests of one look.
	mostAsks = 8
	// mostPlaylists is how deep a playlist may lead to another one.
	mostPlaylists = 3
	// mostFilms of a player page are tried.
	mostFilms = 2
)

// walk is one look at a source: the requests that a player would make until
// sound or film comes.
type walk struct {
	*Prober
	ctx   context.Context //nolint:containedctx // a walk lives for one call
	query string          // carries the token; parts without a query of their own get it
	asks  int
}

// get asks one address and reads at most so many bytes. What is no answer with
// content is a sight already.
func (w *walk) get(u *url.URL, most int64) (mediaType string, body []byte, sight paywall.Sight) {
	way := w.transportFor(u)
	if way == nil {
		return "", nil, unlisted("an address off the list of media hosts, which was not asked")
	}
	if w.asks++; w.asks > mostAsks {
		return "", nil, paywall.Sight{Sighting: paywall.SightOdd, Detail: "leads from address to address"}
	}
	request, err := http.NewRequestWithContext(w.ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", nil, unlisted("the address cannot be asked")
	}
	request.Header.Set("User-Agent", "Usher (checks the protection of its station's streams)")
	answer, err := way.RoundTrip(request)
	if err != nil {
		return "", nil, noSight(w.ctx, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusPartialContent {
		return "", nil, refusalSight(answer.StatusCode)
	}
	body, err = io.ReadAll(io.LimitReader(answer.Body, most))
	if len(body) == 0 && err != nil {
		return "", nil, noSight(w.ctx, err)
	}
	mediaType, _, _ = mime.ParseMediaType(answer.Header.Get("Content-Type"))
	return mediaType, body, paywall.Sight{Detail: fmt.Sprintf("%d %s, %d bytes", answer.StatusCode, plainType(mediaType), len(body))}
}

// plainType is a content type as it may stand in a log.
func plainType(mediaType string) string {
	if mediaType == "" || len(mediaType) > 60 || !plainText(mediaType) {
		return "of no known type"
	}
	return mediaType
}

// refusalSight sorts an answer by its status.
func refusalSight(status int) paywall.Sight {
	sight := paywall.Sight{Detail: fmt.Sprint(status), Sighting: paywall.SightOdd}
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusUnavailableForLegalReasons:
		sight.Sighting = paywall.SightRefused
	case status == http.StatusNotFound, status == http.StatusGone:
		sight.Sighting = paywall.SightMissing
	case status >= 500, status == http.StatusTooManyRequests:
		sight.Sighting = paywall.SightDown
	case status/100 == 3:
		sight.Detail += ", a redirect, which is not followed"
	}
	return sight
}

// noSight is a request without an answer. The error's own words are left out:
// they hold addresses.
func noSight(ctx context.Context, err error) paywall.Sight {
	sight := paywall.Sight{Sighting: paywall.SightSilent, Detail: "no connection"}
	var name *net.DNSError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errInside):
		return unlisted(errInside.Error())
	case ctx.Err() != nil || isTimeout(err):
		sight.Detail = "no answer in time"
	case errors.As(err, &name):
		sight.Detail = "the name is unknown"
	case errors.As(err, &cert):
		sight.Detail = "the certificate is not valid"
	}
	return sight
}

// media asks for sound or film itself.
func (w *walk) media(u *url.URL) paywall.Sight {
	mediaType, body, sight := w.get(u, tasteBytes)
	if sight.Sighting != "" {
		return sight
	}
	sight.Sighting = paywall.SightOdd
	if len(body) > 0 && playableType(mediaType) {
		sight.Sighting = paywall.SightPlays
	}
	return sight
}

// playableType tells whether a content type can be sound or film. Servers of
// segments often know none.
func playableType(mediaType string) bool {
	switch mediaType {
	case "", "application/octet-stream", "application/ogg", "application/dash+xml", "binary/octet-stream":
		return true
	}
	return strings.HasPrefix(mediaType, "audio/") || strings.HasPrefix(mediaType, "video/")
}

// playlist follows an HLS playlist down to the first bytes of sound.
func (w *walk) playlist(u *url.URL, depth int) paywall.Sight {
	_, body, sight := w.get(u, maxBody)
	if sight.Sighting != "" {
		return sight
	}
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("#EXTM3U")) {
		return paywall.Sight{Sighting: paywall.SightOdd, Detail: sight.Detail + ", no playlist"}
	}
	part := firstPart(string(body))
	if part == "" {
		return paywall.Sight{Sighting: paywall.SightDown, Detail: "an empty playlist"}
	}
	next, err := u.Parse(part)
	if err != nil || w.transportFor(next) == nil {
		return paywall.Sight{Sighting: paywall.SightPlays, Detail: "a playlist; its parts lie off the list of media hosts and were not asked"}
	}
	if next.RawQuery == "" {
		next.RawQuery = w.query
	}
	if !strings.HasSuffix(next.Path, ".m3u8") {
		return w.media(next)
	}
	if depth >= mostPlaylists {
		return paywall.Sight{Sighting: paywall.SightOdd, Detail: "playlists that lead to playlists"}
	}
	return w.playlist(next, depth+1)
}

// firstPart is the first address in a playlist.
func firstPart(playlist string) string {
	for line := range strings.Lines(playlist) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return ""
}

// player looks at a VOD player page. The page may come although the film is
// refused, so it proves nothing unless it is refused itself; the film does, where
// the page or the public description of the share tells its address.
func (w *walk) player(u *url.URL, share string) paywall.Sight {
	_, page, sight := w.get(u, maxBody)
	if sight.Sighting != "" {
		return sight
	}
	films := filmsIn(string(page))
	if w.query == "" {
		films = append(films, w.described(share)...)
	}
	tried := 0
	for _, film := range films {
		next, err := u.Parse(film)
		if err != nil || w.transportFor(next) == nil || tried == mostFilms {
			continue
		}
		tried++
		if seen := w.film(next); seen.Sighting == paywall.SightPlays || seen.Sighting == paywall.SightRefused {
			return seen
		}
	}
	return paywall.Sight{Sighting: paywall.SightUnclear, Detail: "a player page that shows no film to ask for"}
}

func (w *walk) film(u *url.URL) paywall.Sight {
	if u.RawQuery == "" {
		u.RawQuery = w.query
	}
	if path.Ext(u.Path) == ".m3u8" {
		return w.playlist(u, 0)
	}
	return w.media(u)
}

// filmAddress finds addresses of films in a page's source.
var filmAddress = regexp.MustCompile(`[^"'\s<>()\\=]+\.(?:m3u8|mpd|mp4|webm|m4a|mp3)(?:\?[^"'\s<>()\\#]*)?`)

func filmsIn(page string) []string {
	page = html.UnescapeString(strings.ReplaceAll(page, `\/`, "/"))
	return filmAddress.FindAllString(page, -1)
}

// described are the film's addresses in the public description of a share. They
// are given out when it is not protected.
func (w *walk) described(share string) []string {
	id, err := segment(share)
	if err != nil {
		return nil
	}
	u, err := url.Parse(w.client.api + "/2/vod/res/shares/" + id + ".json")
	if err != nil {
		return nil
	}
	_, body, sight := w.get(u, maxBody)
	if sight.Sighting != "" {
		return nil
	}
	type description struct {
		Media []struct {
			Source any `json:"source"`
		} `json:"media"`
	}
	var answer struct {
		Data description `json:"data"`
		description
	}
	_ = json.Unmarshal(body, &answer) // what cannot be read tells nothing
	var films []string
	for _, m := range append(answer.Data.Media, answer.Media...) {
		if address, ok := m.Source.(string); ok {
			films = append(films, address)
		}
	}
	return films
}
