package sandbox

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// lines returns the lines of a playlist that are not tags.
func lines(playlist string) (out []string) {
	for line := range strings.Lines(playlist) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

// tagNumber reads the number behind a tag.
func tagNumber(t *testing.T, playlist, tag string) int64 {
	t.Helper()
	_, rest, found := strings.Cut(playlist, tag+":")
	number, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.ParseInt(number, 10, 64)
	if !found || err != nil {
		t.Fatalf("no %s in %s", tag, playlist)
	}
	return n
}

// TestHLS_LiveWindow follows the stream for more than two rounds of the loop.
func TestHLS_LiveWindow(t *testing.T) {
	s, c := newTest(t)
	token := mintToken(t, s, hlsTokenPath, `{"window":3600}`)
	base := "/hls/" + hls + "/"
	master := get(s, base+"manifest.m3u8?"+token)
	wantStatus(t, master, http.StatusOK)
	variant := base + lines(master.Body.String())[0]
	if !strings.HasSuffix(variant, "?"+token) {
		t.Fatalf("the variant %q lost the token", variant)
	}

	heard := map[int64][]byte{}
	last := int64(-1)
	for range 40 {
		w := get(s, variant)
		wantStatus(t, w, http.StatusOK)
		sequence := tagNumber(t, w.Body.String(), "#EXT-X-MEDIA-SEQUENCE")
		if sequence < last || last >= 0 && sequence > last+1 {
			t.Fatalf("media sequence %d after %d", sequence, last)
		}
		last = sequence
		segments := lines(w.Body.String())
		if len(segments) != liveSegments {
			t.Fatalf("%d segments listed", len(segments))
		}
		for i, uri := range segments {
			got := get(s, base+uri)
			wantStatus(t, got, http.StatusOK)
			heard[sequence+int64(i)] = got.Body.Bytes()
		}
		c.advance(time.Second)
	}
	checkContinuous(t, heard, last)
}

// checkContinuous checks that the segments up to newest are one sound without gaps in time stamp
// or frames.
func checkContinuous(t *testing.T, heard map[int64][]byte, newest int64) {
	t.Helper()
	l := aacLoop()
	if rounds := len(heard) * framesPerSegment / len(l.frames); rounds < 2 {
		t.Fatalf("only %d segments were heard", len(heard))
	}
	const span = framesPerSegment * 1024 * 90000 / 48000
	for n := newest; heard[n-1] != nil; n-- {
		if step := ticksOf(heard[n]) - ticksOf(heard[n-1]); step&(1<<33-1) != span {
			t.Errorf("segment %d begins %d ticks after the one before, want %d", n, step, span)
		}
		frames := heard[n][len(timestampTag(0)):]
		if !bytes.Equal(frames, l.join(n*framesPerSegment, (n+1)*framesPerSegment)) {
			t.Errorf("segment %d has other frames", n)
		}
	}
}

// ticksOf reads the time stamp of a segment.
func ticksOf(segment []byte) uint64 {
	return binary.BigEndian.Uint64(segment[len(timestampTag(0))-8:])
}

func TestHLS_TimestampTag(t *testing.T) {
	tag := timestampTag(0x1_2345_6789)
	if len(tag) != 73 || !bytes.HasPrefix(tag, []byte("ID3\x04\x00\x00\x00\x00\x00\x3FPRIV\x00\x00\x00\x35\x00\x00com.apple.")) {
		t.Errorf("tag %q", tag)
	}
	if ticksOf(tag) != 0x1_2345_6789 {
		t.Errorf("ticks %x", ticksOf(tag))
	}
	if got := syncSafe(257); !bytes.Equal(got, []byte{0, 0, 2, 1}) {
		t.Errorf("257 in sync-safe bytes is %v", got)
	}
}

func TestHLS_SegmentSpanIsExact(t *testing.T) {
	if segmentSpan() != 2048*time.Millisecond {
		t.Errorf("a segment sounds %v", segmentSpan())
	}
	if len(aacLoop().frames)%framesPerSegment != 0 {
		t.Error("the loop does not end with a segment")
	}
}

func TestHLS_OutsideTheWindow(t *testing.T) {
	s, c := newTest(t)
	_ = s.SetProtected(hls, false)
	newest := newestSegment(c.now())
	for n, want := range map[int64]int{
		newest: 200, newest + 1: 404, newest - 11: 200, newest - 12: 404, -1: 404,
	} {
		wantStatus(t, get(s, "/hls/"+hls+"/"+strconv.FormatInt(n, 10)+".aac"), want)
	}
	for _, file := range []string{"x.aac", "12", "other.m3u8"} {
		wantStatus(t, get(s, "/hls/"+hls+"/"+file), http.StatusNotFound)
	}
	wantStatus(t, get(s, "/hls/nope/manifest.m3u8"), http.StatusNotFound)
}

func TestHLS_TokenAndCORSEverywhere(t *testing.T) {
	s, c := newTest(t)
	segmentFile := strconv.FormatInt(newestSegment(c.now()), 10) + ".aac"
	token := mintToken(t, s, hlsTokenPath, "")
	for _, file := range []string{"manifest.m3u8", "audio.m3u8", segmentFile} {
		refused, ok := get(s, "/hls/"+hls+"/"+file), get(s, "/hls/"+hls+"/"+file+"?"+token)
		wantStatus(t, refused, http.StatusForbidden)
		wantStatus(t, ok, http.StatusOK)
		for _, w := range []http.Header{refused.Header(), ok.Header()} {
			if w.Get("Access-Control-Allow-Origin") != "*" || w.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: header %v", file, w)
			}
		}
	}
}

func TestHLS_OpenStreamNeedsNoQuery(t *testing.T) {
	s, _ := newTest(t)
	_ = s.SetProtected(hls, false)
	w := get(s, "/hls/"+hls+"/manifest.m3u8")
	wantStatus(t, w, http.StatusOK)
	if got := lines(w.Body.String())[0]; got != "audio.m3u8" {
		t.Errorf("variant %q", got)
	}
}
