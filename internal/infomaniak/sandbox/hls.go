package sandbox

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A live HLS stream (RFC 8216) of packed audio: each segment is ADTS frames behind an ID3 tag with
// the time of the first one. The time counts on over the seam of the loop, so players see one
// endless stream without discontinuities. A segment's number follows from the clock alone.
const (
	// framesPerSegment of 1024 samples at 48 kHz make segments of exactly 2.048 s.
	framesPerSegment = 96
	// liveSegments are listed; extraSegments older ones can still be fetched by a slow player.
	liveSegments  = 6
	extraSegments = 6

	masterFile  = "manifest.m3u8"
	variantFile = "audio.m3u8"
	segmentExt  = ".aac"

	playlistType = "application/vnd.apple.mpegurl"
)

// segmentSpan is how long one segment sounds.
func segmentSpan() time.Duration {
	l := aacLoop()
	return time.Duration(framesPerSegment * l.samples * int64(time.Second) / l.rate)
}

// newestSegment is the number of the last segment that is complete at an instant.
func newestSegment(now time.Time) int64 {
	return now.UnixNano()/int64(segmentSpan()) - 1
}

// serveHLS serves GET /hls/{stream}/{file}. Whether Infomaniak checks the token again at variants
// and segments is documented nowhere; the stricter answer is given here.
func (s *Sandbox) serveHLS(w http.ResponseWriter, r *http.Request) {
	allowAnyOrigin(w)
	t, ok := s.find(kindHLS, r.PathValue("ref"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	if !s.open(t, r) {
		s.refuseMedia(w)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	newest := newestSegment(s.options.Now())
	switch file := r.PathValue("file"); file {
	case masterFile:
		writeBytes(w, playlistType, masterPlaylist(carried(r)))
	case variantFile:
		writeBytes(w, playlistType, livePlaylist(newest, carried(r)))
	default:
		serveSegment(w, r, file, newest)
	}
}

// carried is the query string that variants and segments need to be let in, as the manifest was.
func carried(r *http.Request) string {
	if token := rawToken(r); token != "" {
		return "?token=" + token
	}
	return ""
}

// masterPlaylist lists the only variant.
func masterPlaylist(query string) []byte {
	return fmt.Appendf(nil, "#EXTM3U\n#EXT-X-VERSION:3\n"+
		"#EXT-X-STREAM-INF:BANDWIDTH=80000,AVERAGE-BANDWIDTH=68000,CODECS=\"mp4a.40.2\"\n%s%s\n",
		variantFile, query)
}

// livePlaylist lists the last segments up to the newest complete one.
func livePlaylist(newest int64, query string) []byte {
	first, span := newest-liveSegments+1, segmentSpan()
	begin := time.Unix(0, first*int64(span)).UTC()
	out := fmt.Appendf(nil, "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:%d\n#EXT-X-MEDIA-SEQUENCE:%d\n",
		int(span.Round(time.Second).Seconds()), first)
	out = fmt.Appendf(out, "#EXT-X-PROGRAM-DATE-TIME:%s\n", begin.Format("2006-01-02T15:04:05.000Z07:00"))
	for n := first; n <= newest; n++ {
		out = fmt.Appendf(out, "#EXTINF:%.3f,\n%d%s%s\n", span.Seconds(), n, segmentExt, query)
	}
	return out
}

// serveSegment answers one segment while it is listed or has just been.
func serveSegment(w http.ResponseWriter, r *http.Request, file string, newest int64) {
	name, isSegment := strings.CutSuffix(file, segmentExt)
	n, err := strconv.ParseInt(name, 10, 64)
	if !isSegment || err != nil || n > newest || n <= newest-liveSegments-extraSegments {
		http.NotFound(w, r)
		return
	}
	writeBytes(w, "audio/aac", segment(n))
}

// segment is the bytes of a segment: its time, then its frames.
func segment(n int64) []byte {
	l, first := aacLoop(), n*framesPerSegment
	// 90 kHz ticks in the 33 bits of an MPEG-2 time stamp. Players know that it wraps.
	ticks := uint64(first*l.samples*90000/l.rate) & (1<<33 - 1)
	return append(timestampTag(ticks), l.join(first, first+framesPerSegment)...)
}

// timestampTag is the ID3v2.4 tag that RFC 8216, 3.4, asks for at the start of packed audio.
func timestampTag(ticks uint64) []byte {
	private := append([]byte("com.apple.streaming.transportStreamTimestamp\x00"),
		binary.BigEndian.AppendUint64(nil, ticks)...)
	const frameHeader = 10
	var b bytes.Buffer
	b.WriteString("ID3\x04\x00\x00")
	b.Write(syncSafe(frameHeader + len(private)))
	b.WriteString("PRIV")
	b.Write(syncSafe(len(private)))
	b.WriteString("\x00\x00")
	b.Write(private)
	return b.Bytes()
}

// syncSafe is a number in four bytes of seven bits each (ID3v2.4, 6.2).
func syncSafe(n int) []byte {
	return []byte{byte(n >> 21 & 0x7F), byte(n >> 14 & 0x7F), byte(n >> 7 & 0x7F), byte(n & 0x7F)}
}

// writeBytes answers a complete body with its length.
func writeBytes(w http.ResponseWriter, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // only fails when the client has gone
}
